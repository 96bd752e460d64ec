# Writes OUTPUT, a source that defines `std::span<const TYPE> FUNCTION()` of NAMESPACE as declared in HEADER: name and
# text of each of FILES (separated by '|'). The name is the file's, without its ending if BARE is on, with its folders below
# ROOT if there is one.
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
