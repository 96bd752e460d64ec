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

/// The lists of dealers that may have more rows than a dealer would wait for.
constexpr std::array<std::string_view, 11> dealers_lists{
  "browse_orders", "browse_failed_orders",   "browse_revoked_orders", "browse_top_ups",
  "list_orders",   "list_batches",           "browse_deliveries",     "browse_purchases",
  "browse_checks", "browse_dealer_requests", "browse_failed_requests"};

/// Fills the tables of these lists for the one dealer that there is.
constexpr std::array<const char*, 8> rows_of_one_dealer{
  "INSERT INTO dealers (id, email, company, status) "
  "SELECT md5('dealer')::uuid, 'one@example.com', 'One', 'approved'",
  "INSERT INTO orders (id, dealer_id, type, product, quantity, unit_price_cents, status, failure, "
  "created_at, revoked_at) SELECT gen_random_uuid(), md5('dealer')::uuid, "
  "CASE n % 5 WHEN 0 THEN 'topup' ELSE 'esim' END, 'p3:one', 1, 100, 'completed', "
  "CASE n % 5 WHEN 1 THEN 'why' END, now() - n * interval '1 second', "
  "CASE n % 5 WHEN 2 THEN now() END FROM generate_series(1, 2000) AS n",
  "INSERT INTO batches (id, dealer_id, source, label, unit_price_cents, total_rows, created_at) "
  "SELECT md5('batch ' || n)::uuid, md5('dealer')::uuid, 'dealer', 'one', 100, 1, "
  "now() - n * interval '1 second' FROM generate_series(1, 2000) AS n",
  "INSERT INTO webhook_messages (id, webhook_id, event, body, created_at) "
  "SELECT gen_random_uuid(), md5('webhook')::uuid, 'order.completed', '{}', "
  "now() - n * interval '1 second' FROM generate_series(1, 2000) AS n",
  "INSERT INTO usages (id, dealer_id, posting_id, sku_id, quantity, unit_price_cents, "
  "inventory_ids, created_at) SELECT n, md5('dealer')::uuid, gen_random_uuid(), "
  "gen_random_uuid(), 1, 400, '{}', now() FROM generate_series(1, 2000) AS n",
  "INSERT INTO dealer_requests (dealer_id, request_id, at, method, path, status, address) "
  "SELECT md5('dealer')::uuid, 'one', now(), 'GET', '/', CASE n % 5 WHEN 0 THEN 404 ELSE 200 END, "
  "'127.0.0.1' FROM generate_series(1, 2000) AS n",
  "INSERT INTO inventory (id, carrier, plan_type, iccid, lpa) SELECT md5('esim ' || n)::uuid, "
  "'att', 'qr', '8901' || lpad(n::text, 15, '0'), 'LPA:1$one.example.com$ONE-' || n "
  "FROM generate_series(1, 2000) AS n",
  "INSERT INTO replacement_checks (id, dealer_id, inventory_id, usage_id, first_batch, "
  "requested_at) SELECT gen_random_uuid(), md5('dealer')::uuid, md5('esim ' || n)::uuid, n, "
  "md5('batch ' || n)::uuid, now() - n * interval '1 second' FROM generate_series(1, 2000) AS n"};

/// What the proof since the last one counts.
constexpr std::array<std::string_view, 2> counted_each_day{"count_moved_orders_unlike_refunds",
                                                           "count_proved_gone"};

/// The whole ledger's proof, and files, which are read piece by piece; and what an import looks for
/// by the summaries of times, which only pay for a large table.
bool reads_all(std::string_view name) {
  if (std::ranges::find(counted_each_day, name) != counted_each_day.end())
    return false;
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

// Where one dealer has nearly all rows, an index by time looks as good as one by dealer and time.
// With it, each page would need a sort, and a dealer with few rows would wait for a scan of all.
BOOST_AUTO_TEST_CASE(a_dealers_lists_are_read_in_the_order_of_an_index) {
  for (const auto* rows : rows_of_one_dealer)
    run(rows);
  run("ANALYZE orders, batches, webhook_messages, usages, dealer_requests, inventory, "
      "replacement_checks");
  for (auto name : dealers_lists) {
    const auto& statements = all_statements();
    auto found = std::ranges::find(statements, name, [](const auto& one) { return one.name; });
    BOOST_TEST_REQUIRE((found != statements.end()), name);
    soci::statement statement{service.session()};
    statement.alloc();
    statement.prepare(found->text);
    auto explain = explain_prepared();
    std::string line;
    soci::statement plan = (service.session().prepare << explain, soci::into(line));
    plan.execute();
    while (plan.fetch())
      BOOST_TEST((line.find("Sort") == std::string::npos && line.find("_by_time") == line.npos),
                 name << ": " << line);
  }
}

BOOST_AUTO_TEST_SUITE_END()
