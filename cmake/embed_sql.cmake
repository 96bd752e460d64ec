# Writes OUTPUT, a source that defines embedded_migrations() with name and text of each of FILES (separated by '|').
string(REPLACE "|" ";" files "${FILES}")
set(table "")
foreach(file IN LISTS files)
  file(READ "${file}" text)
  get_filename_component(name "${file}" NAME_WE)
  string(APPEND table "    {\"${name}\", R\"~sql~(${text})~sql~\"},\n")
endforeach()
list(LENGTH files count)
file(WRITE "${OUTPUT}" "#include \"persistence/embedded_migrations.hpp\"

#include <array>

namespace meisim {

namespace {

constexpr std::array<embedded_migration, ${count}> migrations{{
${table}}};

} // namespace

std::span<const embedded_migration> embedded_migrations() {
  return migrations;
}

} // namespace meisim
")
