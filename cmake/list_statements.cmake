# Writes OUTPUT, a source that defines `all_statements()` (persistence/base/statements.hpp): those of FILES, which stand below
# ROOT and are separated by '|'. As it includes the headers of all of them, a name that two statements have does not compile.
string(REPLACE "|" ";" files "${FILES}")
set(includes "")
set(table "")
foreach(file IN LISTS files)
  string(APPEND includes "#include \"persistence/${file}.hpp\"\n")
  file(STRINGS "${ROOT}/${file}" names REGEX "^-- name: ")
  list(TRANSFORM names REPLACE "^-- name: " "")
  foreach(name IN LISTS names)
    string(APPEND table "  {\"${name}\", sql::${name}},\n")
  endforeach()
endforeach()
file(WRITE "${OUTPUT}" "#include \"persistence/base/statements.hpp\"

${includes}
namespace meisim {

namespace {

constexpr named_statement statement_table[] = {
${table}};

} // namespace

std::span<const named_statement> all_statements() {
  return statement_table;
}

} // namespace meisim
")
