# The pages (portal/) are built by npm and compiled into the layer http: `portal_files()` of http/edge/embedded_files.hpp.
# Without npm, or with -DMEISIM_PORTAL=OFF, there are none, and neither /portal nor /console is found.

find_program(MEISIM_NPM npm)
if(MEISIM_NPM)
  set(meisim_has_npm ON)
else()
  set(meisim_has_npm OFF)
endif()
option(MEISIM_PORTAL "Build the pages of portal/ and compile them in; needs Node.js and npm" ${meisim_has_npm})

set(portal_source "${CMAKE_SOURCE_DIR}/portal")
set(portal_table "${CMAKE_CURRENT_BINARY_DIR}/portal_files.cpp")
set(portal_output "")
set(portal_build "")
set(portal_inputs "")
if(MEISIM_PORTAL)
  set(portal_output "${CMAKE_BINARY_DIR}/portal")
  set(portal_build COMMAND bash "${portal_source}/build.sh" "${portal_output}")
  file(GLOB_RECURSE portal_inputs CONFIGURE_DEPENDS
    "${portal_source}/src/*" "${portal_source}/scripts/*" "${CMAKE_SOURCE_DIR}/http/openapi/*.json"
    "${CMAKE_SOURCE_DIR}/http/openapi/document.mjs")
  list(APPEND portal_inputs "${portal_source}/build.sh" "${portal_source}/dealer.html" "${portal_source}/operator.html"
    "${portal_source}/package.json" "${portal_source}/package-lock.json" "${portal_source}/tsconfig.json"
    "${portal_source}/tsconfig.operator.json" "${portal_source}/vite.config.ts")
  list(FILTER portal_inputs EXCLUDE REGEX "/(schema\\.ts|licences\\.json)$")
endif()
add_custom_command(
  OUTPUT "${portal_table}"
  ${portal_build}
  COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${portal_table}" "-DFOLDER=${portal_output}" -DHEADER=http/edge/embedded_files.hpp
    -DTYPE=embedded_file -DFUNCTION=portal_files -DNAMESPACE=meisim::http -P "${CMAKE_SOURCE_DIR}/cmake/embed_folder.cmake"
  DEPENDS ${portal_inputs} "${CMAKE_SOURCE_DIR}/cmake/embed_folder.cmake"
  COMMENT "Building the pages" VERBATIM)
target_sources(http PRIVATE "${portal_table}")
