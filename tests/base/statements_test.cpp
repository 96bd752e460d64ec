#include "persistence/base/statements.hpp"
#include "tests/fixtures/service_role.hpp"

// Whether the statements fit the schema, and the rights of the service's role.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : service_role_fixture {
  /// The statement with the columns of its rows, which a pipeline takes from their list and holds
  /// against the type (persistence/base/pipeline.cpp).
  std::string with_columns(std::string text) {
    constexpr std::string_view placeholder = "{columns}";
    constexpr std::string_view parameter = "$1::";
    auto at = text.find(placeholder);
    if (at == std::string::npos)
      return text;
    auto begin = text.find(parameter) + parameter.size();
    auto type = text.substr(begin, text.find('[', begin) - begin);
    auto columns = value_of<std::string>("SELECT string_agg(attname, ', ' ORDER BY attnum)"
                                         " FROM pg_attribute JOIN pg_type ON attrelid = typrelid"
                                         " WHERE attnum > 0 AND typname = '"
                                         + type + "'");
    return text.replace(at, placeholder.size(), "(" + columns + ") SELECT " + columns);
  }

  /// Has PostgreSQL look at the rights for the statement that was prepared last, which it does once
  /// it has a plan. No value is needed for that, and nothing is done.
  void begin_prepared() {
    std::string call;
    service.session()
      << "SELECT format('EXPLAIN EXECUTE %I', name) || CASE WHEN cardinality(parameter_types) > 0 "
         "THEN '(' || rtrim(repeat('NULL,', cardinality(parameter_types)), ',') || ')' ELSE '' END "
         "FROM pg_prepared_statements ORDER BY prepare_time DESC LIMIT 1",
      soci::into(call);
    service.session() << call;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(statements_suite, fixture)

BOOST_AUTO_TEST_CASE(all_can_be_prepared) {
  BOOST_TEST(!all_statements().empty());
  for (const auto& [name, text] : all_statements())
    try {
      soci::statement statement{db.session()};
      statement.alloc();
      // Without values: PostgreSQL parses it, and looks up its tables, columns and types.
      statement.prepare(with_columns(text));
    } catch (const std::exception& error) {
      BOOST_ERROR(name << ": " << error.what());
    }
}

BOOST_AUTO_TEST_CASE(the_service_may_run_all) {
  for (const auto& [name, text] : all_statements()) {
    // The owner's; and what only reads, and cannot be planned without values.
    if (name == "note_migration" || name.starts_with("copy_"))
      continue;
    try {
      soci::statement statement{service.session()};
      statement.alloc();
      statement.prepare(with_columns(text));
      begin_prepared();
    } catch (const std::exception& error) {
      BOOST_ERROR(name << ": " << error.what());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
