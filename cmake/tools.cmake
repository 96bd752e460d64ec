# These make a build faster, if they are installed: a compiler cache and a linker. The build is the same without them.

find_program(MEISIM_CCACHE ccache)
if(MEISIM_CCACHE)
  # The cache stays inside the checkout, unless the caller keeps one elsewhere. Paths are relative to the checkout, as those
  # of debug information are (flags.cmake), so that several checkouts can share a cache. ccache needs the sloppiness to cache
  # compilations with a precompiled header.
  if(DEFINED ENV{CCACHE_DIR})
    set(meisim_ccache_dir "$ENV{CCACHE_DIR}")
  else()
    set(meisim_ccache_dir "${CMAKE_SOURCE_DIR}/build/ccache")
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_DIR=${meisim_ccache_dir};CCACHE_BASEDIR=${CMAKE_SOURCE_DIR};CCACHE_NOHASHDIR=1;CCACHE_SLOPPINESS=pch_defines,time_macros;${MEISIM_CCACHE}")
endif()

find_program(MEISIM_MOLD mold)
if(MEISIM_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Ninja starts two compilers more than there are cores. On two cores that makes all of them a twentieth slower.
cmake_host_system_information(RESULT meisim_cores QUERY NUMBER_OF_LOGICAL_CORES)
set_property(GLOBAL APPEND PROPERTY JOB_POOLS "compilers=${meisim_cores}")
set(CMAKE_JOB_POOL_COMPILE compilers)
