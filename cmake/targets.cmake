# How our targets are made. Each layer, a folder of the source tree, is a library with its own include root. So
# `#include "persistence/base/session.hpp"` compiles only in a layer that names persistence among its DEPENDS.

# meisim_include_root(layer): puts in `root` a folder whose only entry is this layer.
function(meisim_include_root layer root)
  set(dir "${CMAKE_BINARY_DIR}/layers/${layer}")
  file(MAKE_DIRECTORY "${dir}")
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${layer}" "${dir}/${layer}" SYMBOLIC)
  set(${root} "${dir}" PARENT_SCOPE)
endfunction()

# The sources of a subject are compiled together, eight at most. The precompiled header leaves templates to be
# instantiated by each file, which is more than half of a small one's time. A source named ALONE takes long by itself,
# and after a change of one nobody should wait for several.

# meisim_group(target file..): which sources are compiled together.
function(meisim_group target)
  set(seen "")
  foreach(file IN LISTS ARGN)
    get_filename_component(subject "${file}" DIRECTORY)
    list(APPEND seen "subject:${subject}")
    set(same ${seen})
    list(FILTER same INCLUDE REGEX "^subject:${subject}$")
    list(LENGTH same count)
    math(EXPR batch "(${count} - 1) / 8")
    set_source_files_properties("${file}" PROPERTIES UNITY_GROUP "${subject}_${batch}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

# meisim_library(layer SOURCES file.. [ALONE file..] [DEPENDS layer..] [LIBRARIES target..] [PCH header.. | PCH_FROM layer])
function(meisim_library layer)
  cmake_parse_arguments(arg "" "PCH_FROM" "SOURCES;ALONE;DEPENDS;LIBRARIES;PCH" ${ARGN})
  if(NOT arg_SOURCES)
    # A layer without a source is a library all the same.
    set(empty "${CMAKE_BINARY_DIR}/layers/${layer}_empty.cpp")
    file(CONFIGURE OUTPUT "${empty}" CONTENT "")
    set(arg_SOURCES "${empty}")
  endif()
  meisim_include_root(${layer} root)
  add_library(${layer} STATIC ${arg_SOURCES} ${arg_ALONE})
  meisim_group(${layer} ${arg_SOURCES})
  target_include_directories(${layer} PUBLIC "${root}")
  target_link_libraries(${layer} PUBLIC ${arg_DEPENDS} ${arg_LIBRARIES} PRIVATE meisim_hardened)
  if(arg_PCH_FROM)
    target_precompile_headers(${layer} REUSE_FROM ${arg_PCH_FROM})
  elseif(arg_PCH)
    target_precompile_headers(${layer} PRIVATE ${arg_PCH})
  endif()
endfunction()

# meisim_program(name SOURCES file.. [ALONE file..] [DEPENDS layer..] [LIBRARIES target..] [PCH_FROM layer])
function(meisim_program name)
  cmake_parse_arguments(arg "" "PCH_FROM" "SOURCES;ALONE;DEPENDS;LIBRARIES" ${ARGN})
  meisim_include_root(apps root)
  add_executable(${name} ${arg_SOURCES} ${arg_ALONE})
  meisim_group(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${root}")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} ${arg_LIBRARIES} meisim_hardened)
  if(arg_PCH_FROM)
    target_precompile_headers(${name} REUSE_FROM ${arg_PCH_FROM})
  endif()
endfunction()

# meisim_tests(subject unit|actor|db|api|fault FILES file.. [SOURCES file..] [DEPENDS layer..] [LIBRARIES target..]
#              [TIMEOUT seconds] [PROGRAMS target..])
# The tests of a subject with one label: one Boost.Test program SUBJECT_LABEL_tests, and a ctest entry for each of FILES, by
# its name. SOURCES are linked in besides. PROGRAMS are built before it and found in $MEISIM_BIN. Those labelled api and
# fault have the whole product.
function(meisim_tests subject label)
  cmake_parse_arguments(arg "" "TIMEOUT" "FILES;SOURCES;DEPENDS;LIBRARIES;PROGRAMS" ${ARGN})
  set(program ${subject}_${label}_tests)
  set(cost_of_unit 1)
  set(cost_of_actor 1)
  set(cost_of_db 20)
  set(cost_of_api 50)
  set(cost_of_fault 100)
  set(cost ${cost_of_${label}})
  if(label MATCHES "^(api|fault)$")
    list(APPEND arg_LIBRARIES test_service)
    list(APPEND arg_PROGRAMS meisimd meisim-sandbox)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  meisim_include_root(tests root)
  add_executable(${program} ${arg_FILES} ${arg_SOURCES})
  target_include_directories(${program} PRIVATE "${root}")
  target_link_libraries(${program} PRIVATE test_main ${arg_LIBRARIES} ${arg_DEPENDS} meisim_flags)
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_compile_options(${program} PRIVATE -O0)
  target_precompile_headers(${program} REUSE_FROM test_main)
  if(arg_PROGRAMS)
    add_dependencies(${program} ${arg_PROGRAMS})
  endif()
  if(label MATCHES "^(unit|actor|db)$")
    add_dependencies(tests_below_http ${program})
  else()
    add_dependencies(tests_of_product ${program})
  endif()
  foreach(file IN LISTS arg_FILES)
    get_filename_component(name "${file}" NAME_WE)
    # Built by its name too: cmake --build build/release --target wallet_test
    add_custom_target(${name} DEPENDS ${program})
    add_test(NAME ${name} COMMAND ${program} --log_level=test_suite -- ${name})
    # Those that take longest begin first.
    set_tests_properties(${name} PROPERTIES
      COST ${cost} LABELS ${label} TIMEOUT ${arg_TIMEOUT}
      ENVIRONMENT "MEISIM_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};MEISIM_SOURCE=${CMAKE_SOURCE_DIR}")
    # A test that asks the whole service writes the answers down. They are checked when all tests have ended.
    if("test_service" IN_LIST arg_LIBRARIES)
      set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED api_answers)
      set_property(GLOBAL APPEND PROPERTY MEISIM_ANSWERED ${name})
    endif()
  endforeach()
endfunction()

# meisim_embed(layer HEADER header TYPE type FUNCTION name NAMESPACE name [BARE | ROOT folder] FILES file..): compiles text
# files into the layer's library; see embed_text.cmake.
function(meisim_embed layer)
  cmake_parse_arguments(arg "BARE" "HEADER;TYPE;FUNCTION;NAMESPACE;ROOT" "FILES" ${ARGN})
  set(script "${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${arg_FUNCTION}.cpp")
  list(TRANSFORM arg_FILES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  list(JOIN arg_FILES "|" joined)
  if(arg_ROOT)
    set(arg_ROOT "${CMAKE_CURRENT_SOURCE_DIR}/${arg_ROOT}")
  endif()
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DFILES=${joined}" "-DHEADER=${arg_HEADER}" "-DTYPE=${arg_TYPE}"
      "-DFUNCTION=${arg_FUNCTION}" "-DNAMESPACE=${arg_NAMESPACE}" "-DBARE=${arg_BARE}"
      "-DROOT=${arg_ROOT}" -P "${script}"
    DEPENDS ${arg_FILES} "${script}"
    COMMENT "Embedding ${arg_FUNCTION}" VERBATIM)
  target_sources(${layer} PRIVATE "${output}")
endfunction()

# meisim_statements(layer file..): makes a header of each .sql file, which only the layer's own sources see
# (embed_sql.cmake), and the list of all statements (list_statements.cmake). The target `statements` makes the headers alone,
# for what reads the sources without building them.
function(meisim_statements layer)
  set(root "${CMAKE_CURRENT_BINARY_DIR}/statements")
  set(script "${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake")
  set(lister "${CMAKE_SOURCE_DIR}/cmake/list_statements.cmake")
  set(files "")
  set(headers "")
  foreach(file IN LISTS ARGN)
    set(source "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    set(header "${root}/${layer}/${file}.hpp")
    get_filename_component(folder "${header}" DIRECTORY)
    file(MAKE_DIRECTORY "${folder}")
    add_custom_command(
      OUTPUT "${header}"
      COMMAND "${CMAKE_COMMAND}" "-DFILE=${source}" "-DNAME=${layer}/${file}" "-DOUTPUT=${header}" -P "${script}"
      DEPENDS "${source}" "${script}"
      COMMENT "Embedding ${file}" VERBATIM)
    list(APPEND headers "${header}")
    list(APPEND files "${source}")
  endforeach()
  target_sources(${layer} PRIVATE ${headers})
  add_custom_target(statements DEPENDS ${headers})
  list(JOIN ARGN "|" joined)
  set(table "${root}/all_statements.cpp")
  add_custom_command(
    OUTPUT "${table}"
    COMMAND "${CMAKE_COMMAND}" "-DROOT=${CMAKE_CURRENT_SOURCE_DIR}" "-DFILES=${joined}" "-DOUTPUT=${table}" -P "${lister}"
    DEPENDS ${files} "${lister}"
    COMMENT "Listing the statements" VERBATIM)
  target_sources(${layer} PRIVATE "${table}")
  target_include_directories(${layer} PRIVATE "${root}")
endfunction()
