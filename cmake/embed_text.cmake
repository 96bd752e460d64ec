# Writes OUTPUT, a source that defines `std::span<const TYPE> FUNCTION()` of NAMESPACE, as HEADER declares it. Each entry
# has the name and the text of one of FILES (separated by '|'). The name is the file's own: with its folders if there is a
# ROOT, and without its ending if BARE is on.
string(REPLACE "|" ";" files "${FILES}")
set(table "")
foreach(file IN LISTS files)
  file(READ "${file}" text)
  get_filename_component(name "${file}" NAME)
  if(ROOT)
    file(RELATIVE_PATH name "${ROOT}" "${file}")
  elseif(BARE)
    get_filename_component(name "${file}" NAME_WE)
  endif()
  string(APPEND table "    {\"${name}\", R\"~text~(${text})~text~\"},\n")
endforeach()
list(LENGTH files count)
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

#include <array>

namespace ${NAMESPACE} {

namespace {

constexpr std::array<${TYPE}, ${count}> ${FUNCTION}_table{{
${table}}};

} // namespace

std::span<const ${TYPE}> ${FUNCTION}() {
  return ${FUNCTION}_table;
}

} // namespace ${NAMESPACE}
")
