# The viewer of /docs comes from npm, and is compiled into the layer http: `viewer_files()` of http/edge/embedded_files.hpp.
# Without npm, or with -DMEISIM_VIEWER=OFF, there is none, and the page lists the operations.

find_program(MEISIM_NPM npm)
if(MEISIM_NPM)
  set(meisim_has_npm ON)
else()
  set(meisim_has_npm OFF)
endif()
option(MEISIM_VIEWER "Compile in the viewer of /docs; needs Node.js and npm" ${meisim_has_npm})

set(viewer_script "${CMAKE_SOURCE_DIR}/cmake/fetch_viewer.sh")
set(viewer_table "${CMAKE_CURRENT_BINARY_DIR}/viewer_files.cpp")
set(viewer_output "")
set(viewer_build "")
if(MEISIM_VIEWER)
  set(viewer_output "${CMAKE_BINARY_DIR}/viewer")
  set(viewer_build COMMAND bash "${viewer_script}" "${viewer_output}")
endif()
add_custom_command(
  OUTPUT "${viewer_table}"
  ${viewer_build}
  COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${viewer_table}" "-DFOLDER=${viewer_output}" -DHEADER=http/edge/embedded_files.hpp
    -DTYPE=embedded_file -DFUNCTION=viewer_files -DNAMESPACE=meisim::http -P "${CMAKE_SOURCE_DIR}/cmake/embed_folder.cmake"
  DEPENDS "${viewer_script}" "${CMAKE_SOURCE_DIR}/cmake/embed_folder.cmake"
  COMMENT "Fetching the viewer of /docs" VERBATIM)
target_sources(http PRIVATE "${viewer_table}")
