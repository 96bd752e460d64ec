#include "persistence/base/statements.hpp"
#include "tests/fixtures/service_role.hpp"

#include <algorithm>
#include <array>
#include <string_view>

// Whether the statements fit the schema, and the rights of the service's role.

using namespace meisim;
using namespace meisim::test;

namespace {

constexpr std::array<std::string_view, 20> growing{
  "archived_",       "audit_events", "batch_rows", "batches",     "check_attempts",
  "checked_codes",   "inventory",    "mails",      "order_esims", "order_notes",
  "orders",          "postings",     "recharges",  "row_refunds", "stripe_payments",
  "stripe_postings", "transfers",    "usages",     "verdicts",    "webhook_messages"};

/// Statements that read all of a table for an operator, or that are planned by their values when
/// they run.
constexpr std::array<std::string_view, 8> for_operators{"desk_order",
                                                        "desk_sold_of_late",
                                                        "empty_mails_to_customer",
                                                        "empty_messages_about_customer",
                                                        "find_selected",
                                                        "list_lots",
                                                        "list_sold_of",
                                                        "report_verdicts"};

/// The ledger's proof, and files, which are read piece by piece; and what an import looks for by
/// the summaries of times, which only pay for a large table.
bool reads_all(std::string_view name) {
  return name.starts_with("count_") || name.starts_with("copy_") || name == "sum_accounts"
         || name == "find_delivered_meanwhile"
         || std::ranges::find(for_operators, name) != for_operators.end();
}

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

  /// Explains the statement that was prepared last. No value is needed for that, and nothing is
  /// done.
  std::string explain_prepared() {
    std::string call;
    service.session()
      << "SELECT format('EXPLAIN EXECUTE %I', name) || CASE WHEN cardinality(parameter_types) > 0 "
         "THEN '(' || rtrim(repeat('NULL,', cardinality(parameter_types)), ',') || ')' ELSE '' END "
         "FROM pg_prepared_statements ORDER BY prepare_time DESC LIMIT 1",
      soci::into(call);
    return call;
  }

  /// The growing table of which this line of a plan says that all of it is read; otherwise nothing.
  static std::string_view read_through(std::string_view line) {
    constexpr std::string_view scan = "Seq Scan on ";
    auto at = line.find(scan);
    if (at == std::string_view::npos)
      return {};
    auto table = line.substr(at + scan.size());
    // A month of it is meant as well.
    auto found = std::ranges::find_if(growing, [&](auto name) { return table.starts_with(name); });
    return found == growing.end() ? std::string_view{} : *found;
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
    // Statements of the owner, and statements that only read and cannot be planned without values.
    if (name == "note_migration" || name.starts_with("copy_"))
      continue;
    try {
      soci::statement statement{service.session()};
      statement.alloc();
      statement.prepare(with_columns(text));
      // With a plan it looks at the rights.
      service.session() << explain_prepared();
    } catch (const std::exception& error) {
      BOOST_ERROR(name << ": " << error.what());
    }
  }
}

// Sessions avoid reading whole tables, so an empty table shows what would happen to a full one: if
// it is read nevertheless, no index fits.
BOOST_AUTO_TEST_CASE(nobody_waits_while_a_table_that_grows_is_read_through) {
  for (const auto& [name, text] : all_statements()) {
    if (name == "note_migration" || reads_all(name))
      continue;
    try {
      soci::statement statement{service.session()};
      statement.alloc();
      statement.prepare(with_columns(text));
      auto explain = explain_prepared();
      std::string line;
      soci::statement plan = (service.session().prepare << explain, soci::into(line));
      plan.execute();
      while (plan.fetch())
        BOOST_TEST(read_through(line).empty(), name << " reads all of " << read_through(line));
    } catch (const std::exception& error) {
      BOOST_ERROR(name << ": " << error.what());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
