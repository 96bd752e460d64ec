# One target has every flag that all of our own code is compiled with.

set(MEISIM_SANITIZE "" CACHE STRING "Sanitizers to build with, as g++ names them, e.g. address,undefined")

# What ships. Its debug information is enough for stack traces with lines. The Debian package has it in files of its own
# (CPACK_DEBIAN_DEBUGINFO_PACKAGE), which gdb finds by the programs' build ids. `cmake --install --strip` leaves it out.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
# The developer's quick build: as little work for the compiler as the tests' running time allows.
set(CMAKE_CXX_FLAGS_QUICK "-O1 -g0 -DNDEBUG")
set(CMAKE_EXE_LINKER_FLAGS_QUICK "")

add_library(meisim_flags INTERFACE)
target_compile_features(meisim_flags INTERFACE cxx_std_20)
target_compile_options(meisim_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Further warnings of clang are no errors: only the fuzz targets are built with it, and clang-tidy looks for itself.
  target_compile_options(meisim_flags INTERFACE -Werror)
  # CAF's templates fill the compiler's heap. Without this, the compiler spends a tenth of its time on collecting it.
  target_compile_options(meisim_flags INTERFACE "SHELL:--param ggc-min-heapsize=1000000")
  if(CMAKE_UNITY_BUILD)
    # In a unity build the compiler takes our sources for headers, and warns of things that are right in a source.
    target_compile_options(meisim_flags INTERFACE -Wno-subobject-linkage)
  endif()
endif()
# A message type that CAF does not know fails to compile, instead of failing to arrive.
target_compile_definitions(meisim_flags INTERFACE CAF_ENABLE_TYPE_ID_CHECKS)
set(CMAKE_CXX_EXTENSIONS OFF)

# Programs are position independent, whatever the compiler's default is. Their tables of addresses are read-only from the
# start.
target_compile_options(meisim_flags INTERFACE -fPIE)
target_link_options(meisim_flags INTERFACE -pie -Wl,-z,relro,-z,now -Wl,--build-id)

# Only a release has these, and not its tests, which are compiled without optimisation. A buffer that is overrun, or an index
# out of its bounds, ends the program.
add_library(meisim_hardened INTERFACE)
target_link_libraries(meisim_hardened INTERFACE meisim_flags)
target_compile_options(meisim_hardened INTERFACE
  $<$<CONFIG:Release>:-fstack-protector-strong>
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>
  $<$<CONFIG:Release>:-D_GLIBCXX_ASSERTIONS>)

# Debug information names sources relative to the checkout, wherever it stands.
target_compile_options(meisim_flags INTERFACE "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

if(MEISIM_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(meisim_flags INTERFACE -fpch-preprocess)
endif()

if(MEISIM_SANITIZE)
  target_compile_options(meisim_flags INTERFACE "-fsanitize=${MEISIM_SANITIZE}" -fno-omit-frame-pointer)
  target_link_options(meisim_flags INTERFACE "-fsanitize=${MEISIM_SANITIZE}")
  if(MEISIM_SANITIZE MATCHES "undefined")
    # Checking virtual tables needs type information that SOCI does not export, and CAF 0.17 calls functions without
    # state through a null pointer. Checking alignment, at each use of a pointer, takes a quarter of the compiler's time.
    target_compile_options(meisim_flags INTERFACE -fno-sanitize=vptr,null,alignment -fno-sanitize-recover=undefined)
  endif()
endif()
