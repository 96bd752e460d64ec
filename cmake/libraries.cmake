# Each library that we use is one imported target. Those without a CMake or pkg-config file of their own (CAF 0.17, SOCI,
# cpp-jwt) are found by hand.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(jsoncpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(PostgreSQL REQUIRED)
# Only the tests need more of it than headers.
find_package(Boost 1.74 REQUIRED OPTIONAL_COMPONENTS unit_test_framework)
pkg_check_modules(pistache REQUIRED IMPORTED_TARGET libpistache)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(liboath REQUIRED IMPORTED_TARGET liboath)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
# Pages in PDF. Its own flags have -pthread, with which the others' precompiled header would not fit.
pkg_check_modules(pangocairo REQUIRED pangocairo cairo-pdf)
add_library(pangocairo INTERFACE)
target_include_directories(pangocairo SYSTEM INTERFACE ${pangocairo_INCLUDE_DIRS})
target_link_libraries(pangocairo INTERFACE ${pangocairo_LINK_LIBRARIES})

# meisim_import(target library header): an imported target for a plain system library.
function(meisim_import target library header)
  string(MAKE_C_IDENTIFIER "${library}" id)
  find_library(MEISIM_${id}_LIBRARY ${library} REQUIRED)
  find_path(MEISIM_${id}_INCLUDE ${header} REQUIRED)
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${MEISIM_${id}_LIBRARY}")
  target_include_directories(${target} SYSTEM INTERFACE "${MEISIM_${id}_INCLUDE}")
endfunction()

meisim_import(caf::core caf_core caf/all.hpp)
meisim_import(caf::io caf_io caf/io/all.hpp)
meisim_import(caf::openssl caf_openssl caf/openssl/all.hpp)
target_link_libraries(caf::core INTERFACE Threads::Threads)
target_link_libraries(caf::io INTERFACE caf::core)
target_link_libraries(caf::openssl INTERFACE caf::io OpenSSL::SSL)

# Messages are made on one thread and freed on another. glibc's allocator is slow at that. The sanitizers bring their own
# allocator.
meisim_import(jemalloc jemalloc jemalloc/jemalloc.h)

meisim_import(csv csv csv.h)
meisim_import(phonenumber phonenumber phonenumbers/phonenumberutil.h)

meisim_import(soci::core soci_core soci/soci.h)
meisim_import(soci::postgresql soci_postgresql soci/postgresql/soci-postgresql.h)
target_link_libraries(soci::postgresql INTERFACE soci::core PostgreSQL::PostgreSQL)

find_path(MEISIM_JWT_INCLUDE jwt/jwt.hpp REQUIRED)
add_library(cpp_jwt INTERFACE)
target_include_directories(cpp_jwt SYSTEM INTERFACE "${MEISIM_JWT_INCLUDE}")
target_link_libraries(cpp_jwt INTERFACE nlohmann_json::nlohmann_json OpenSSL::Crypto)
