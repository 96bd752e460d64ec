# Writes OUTPUT, the source that names version, commit and kind of the build. If nothing has changed, it leaves OUTPUT
# as it is, so that nothing is compiled anew. Without a repository the commit is what COMMIT says.
find_package(Git QUIET)
if(Git_FOUND)
  execute_process(
    COMMAND "${GIT_EXECUTABLE}" -c safe.directory=* describe --always --abbrev=12 --dirty --exclude=*
    WORKING_DIRECTORY "${SOURCE}" OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
    RESULT_VARIABLE failed)
  if(NOT failed)
    set(COMMIT "${described}")
  endif()
endif()
if(NOT COMMIT)
  set(COMMIT "unknown")
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT [[
#include "apps/version/version.hpp"

namespace meisim {

std::string version_line(const std::string& program) {
  return program + " @VERSION@ (commit @COMMIT@, @BUILD@)";
}

std::string release_name() {
  return "@VERSION@ (@COMMIT@)";
}

} // namespace meisim
]])
