#include "persistence/base/statements.hpp"
#include "tests/fixtures/database.hpp"

// Whether the statements fit the schema.

using namespace meisim;
using namespace meisim::test;

BOOST_FIXTURE_TEST_SUITE(statements_suite, database_fixture)

BOOST_AUTO_TEST_CASE(all_can_be_prepared) {
  BOOST_TEST(!all_statements().empty());
  for (const auto& [name, text] : all_statements())
    try {
      soci::statement statement{db.session()};
      statement.alloc();
      // Without values: PostgreSQL parses it, and looks up its tables, columns and types.
      statement.prepare(text);
    } catch (const std::exception& error) {
      BOOST_ERROR(name << ": " << error.what());
    }
}

BOOST_AUTO_TEST_SUITE_END()
