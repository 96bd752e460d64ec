# Everything that all of our own code is compiled with stands on one target.

set(MEISIM_SANITIZE "" CACHE STRING "Sanitizers to build with, as g++ names them, e.g. address,undefined")

# -O2 takes a quarter longer to compile, and orders on one wallet were no faster for it in four alternating runs: their time goes
# to PostgreSQL, the kernel, and libraries that are compiled already.
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

add_library(meisim_flags INTERFACE)
target_compile_features(meisim_flags INTERFACE cxx_std_20)
target_compile_options(meisim_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # CAF's templates fill the compiler's heap; collecting it takes a tenth of its time.
  target_compile_options(meisim_flags INTERFACE "SHELL:--param ggc-min-heapsize=1000000")
  if(CMAKE_UNITY_BUILD)
    # The compiler takes sources that are compiled together for headers.
    target_compile_options(meisim_flags INTERFACE -Wno-subobject-linkage)
  endif()
endif()
# A message type that is not announced to CAF fails to compile, not to arrive.
target_compile_definitions(meisim_flags INTERFACE CAF_ENABLE_TYPE_ID_CHECKS)
set(CMAKE_CXX_EXTENSIONS OFF)

if(MEISIM_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(meisim_flags INTERFACE -fpch-preprocess)
endif()

if(MEISIM_SANITIZE)
  target_compile_options(meisim_flags INTERFACE "-fsanitize=${MEISIM_SANITIZE}" -fno-omit-frame-pointer)
  target_link_options(meisim_flags INTERFACE "-fsanitize=${MEISIM_SANITIZE}")
  if(MEISIM_SANITIZE MATCHES "undefined")
    # Checking virtual tables needs type information that SOCI does not export, and CAF 0.17 calls functions without
    # state through a null pointer.
    target_compile_options(meisim_flags INTERFACE -fno-sanitize=vptr,null -fno-sanitize-recover=undefined)
  endif()
endif()
