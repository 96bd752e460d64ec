#include "persistence/money/ledger_check.hpp"
#include "tests/fixtures/service_role.hpp"

#include <string>
#include <vector>

// What an intruder could do in the service's session on the database.

using namespace meisim;
using namespace meisim::test;
using namespace std::string_literals;

namespace {

const std::string insufficient_privilege = "42501";
const std::string restrict_violation = "23001";

const std::vector<std::string> added_only{
  "audit_events", "batch_rows",      "check_attempts", "order_notes", "postings", "row_refunds",
  "settlements",  "stripe_postings", "transfers",      "usages",      "verdicts"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rights_suite, service_role_fixture)

BOOST_AUTO_TEST_CASE(what_is_only_ever_added_is_neither_changed_nor_removed) {
  for (const auto& table : added_only) {
    auto column = value_of<std::string>("SELECT attname FROM pg_attribute WHERE attnum > 0 AND "
                                        "attidentity = '' AND attrelid = '"
                                        + table + "'::regclass ORDER BY attnum LIMIT 1");
    for (const auto& attempt :
         {"UPDATE " + table + " SET " + column + " = " + column, "DELETE FROM " + table,
          "TRUNCATE " + table, "ALTER TABLE " + table + " ADD COLUMN x integer",
          "ALTER TABLE " + table + " DISABLE TRIGGER ALL", "DROP TABLE " + table,
          "CREATE TRIGGER t BEFORE INSERT ON " + table
            + " FOR EACH ROW EXECUTE FUNCTION refuse_change()"})
      BOOST_TEST(refusal_of(attempt) == insufficient_privilege, attempt);
  }
}

BOOST_AUTO_TEST_CASE(the_triggers_that_keep_the_ledger_cannot_be_gone_round) {
  const auto* harmless = "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE "
                         "plpgsql AS 'BEGIN RETURN NEW; END'";
  for (const auto* attempt :
       {"DROP TRIGGER transfers_are_final ON transfers", "DROP FUNCTION refuse_change() CASCADE",
        harmless, "SET session_replication_role = replica", "CREATE TABLE transfers_2 (x integer)",
        "INSERT INTO schema_migrations (name, checksum) VALUES ('0000', '')"})
    BOOST_TEST(refusal_of(attempt) == insufficient_privilege, attempt);
}

BOOST_AUTO_TEST_CASE(the_tables_of_months_are_reached_through_the_whole_alone) {
  auto first = value_of<std::string>("SELECT min(relname) FROM pg_class WHERE relispartition AND "
                                     "relkind = 'r' AND relname LIKE 'transfers_2%'");
  for (const auto& month : {first, "transfers_at_other_times"s})
    for (const auto& attempt :
         {"SELECT FROM " + month, "UPDATE " + month + " SET type = 'x'", "DELETE FROM " + month,
          "TRUNCATE " + month, "ALTER TABLE transfers DETACH PARTITION " + month})
      BOOST_TEST(refusal_of(attempt) == insufficient_privilege, attempt);
  BOOST_TEST(refusal_of("SELECT archive_before('2020-01-01')") == insufficient_privilege);
  BOOST_TEST(refusal_of("INSERT INTO ledger_archived VALUES (gen_random_uuid(), 1, 0, '')")
             == insufficient_privilege);
  // The tables of months to come, which it may have made.
  BOOST_TEST(refusal_of("SELECT make_months(now() + interval '5 months')") == "");
  BOOST_TEST(refusal_of("SELECT make_months(now() + interval '50 years')") == "22023");
}

BOOST_AUTO_TEST_CASE(what_the_owner_does_calls_no_function_of_the_services) {
  // This is so if the database comes from an old PostgreSQL.
  run("GRANT CREATE ON SCHEMA public TO " + role);
  BOOST_TEST(refusal_of("CREATE FUNCTION public.date_trunc(text, timestamptz) RETURNS timestamptz "
                        "LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''called as %'', current_user; "
                        "END'")
             == "");
  BOOST_TEST(refusal_of("SELECT make_months(now() + interval '6 months')") == "");
}

BOOST_AUTO_TEST_CASE(what_is_sold_stays_sold_and_stays_what_it_was) {
  run("INSERT INTO inventory (id, carrier, plan_type, iccid, lpa, place) VALUES "
      "(gen_random_uuid(), 'att', 'qr', '8901410000000000011', 'LPA:1$a$b', 7)");
  BOOST_TEST(refusal_of("SELECT mark_sold(ARRAY[7::bigint])") == "");
  BOOST_TEST(refusal_of("UPDATE inventory_sold SET places = 0::bit(1024)") == restrict_violation);
  for (const auto* attempt : {"DELETE FROM inventory_sold", "TRUNCATE inventory_sold",
                              "DELETE FROM inventory", "UPDATE inventory SET lpa = 'LPA:1$a$c'",
                              "UPDATE inventory SET iccid = '1'", "UPDATE inventory SET place = 8"})
    BOOST_TEST(refusal_of(attempt) == insufficient_privilege, attempt);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM stock WHERE is_sold") == 1);
}

BOOST_AUTO_TEST_CASE(money_and_orders_are_never_removed) {
  for (const auto* table : {"dealers", "wallets", "orders", "order_esims", "batches",
                            "stripe_payments", "stripe_movements", "replacement_checks"})
    BOOST_TEST(refusal_of(std::string{"DELETE FROM "} + table) == insufficient_privilege, table);
}

BOOST_AUTO_TEST_CASE(the_service_can_prove_the_ledger) {
  BOOST_TEST(prove_ledger(service).mismatches.empty());
  BOOST_TEST(!owns_ledger(service));
  BOOST_TEST(owns_ledger(db));
}

BOOST_AUTO_TEST_CASE(a_schema_that_is_up_to_date_needs_no_owner) {
  BOOST_CHECK_NO_THROW(migrate(service));
  run("DELETE FROM schema_migrations WHERE name = (SELECT max(name) FROM schema_migrations)");
  service.session() << "SET ROLE " + role;
  BOOST_CHECK_THROW(migrate(service), soci::soci_error);
}

BOOST_AUTO_TEST_CASE(rights_can_be_given_again) {
  BOOST_CHECK_NO_THROW(grant_rights(db, role));
  BOOST_TEST(refusal_of("DELETE FROM transfers") == insufficient_privilege);
  BOOST_TEST(refusal_of("DELETE FROM jobs") == "");
}

BOOST_AUTO_TEST_SUITE_END()
