# Writes OUTPUT, a source that defines `std::span<const TYPE> FUNCTION()` of NAMESPACE, as HEADER declares it. Each
# entry has the name and the content of one file below FOLDER, whatever it holds; no entry without FOLDER. The assembler
# reads the content, because a compiler would need minutes for so long a text.
set(names "")
if(FOLDER)
  file(GLOB_RECURSE names RELATIVE "${FOLDER}" "${FOLDER}/*")
  list(SORT names)
endif()
list(LENGTH names count)
set(contents "")
set(declarations "")
set(table "")
set(index 0)
foreach(name IN LISTS names)
  set(symbol "${FUNCTION}_${index}")
  # The object depends on what the files hold.
  file(SHA256 "${FOLDER}/${name}" hash)
  string(APPEND contents "// ${hash}
asm(\".pushsection .rodata\\n.global ${symbol}_begin, ${symbol}_end\\n${symbol}_begin: .incbin \\\"${FOLDER}/${name}\\\"\\n${symbol}_end: .byte 0\\n.popsection\");
")
  string(APPEND declarations "extern const char ${symbol}_begin[];\nextern const char ${symbol}_end[];\n")
  string(APPEND table
    "    ${TYPE}{\"${name}\", {${symbol}_begin, static_cast<size_t>(${symbol}_end - ${symbol}_begin)}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}.new" "#include \"${HEADER}\"

#include <array>

${contents}
extern \"C\" {
${declarations}}

namespace ${NAMESPACE} {

std::span<const ${TYPE}> ${FUNCTION}() {
  static const std::array<${TYPE}, ${count}> table{{
${table}  }};
  return table;
}

} // namespace ${NAMESPACE}
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}")
