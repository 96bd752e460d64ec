#include "persistence/operators/topics.hpp"
#include "tests/fixtures/database.hpp"

#include <string>
#include <vector>

// When the database says that a topic of the operators has changed.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  /// What has changed by this statement.
  std::vector<std::string_view> changed_by(const std::string& statement) {
    auto before = load_topic_marks(db);
    run(statement);
    return changed_topics(before, load_topic_marks(db));
  }

  void is_changed(std::string_view topic, const std::string& statement) {
    std::vector<std::string_view> wanted{topic};
    BOOST_TEST(changed_by(statement) == wanted, boost::test_tools::per_element());
  }
};

constexpr auto order = "'019e1b5c-8000-7000-8000-0000000000a1'";

} // namespace

BOOST_FIXTURE_TEST_SUITE(topic_records_suite, fixture)

BOOST_AUTO_TEST_CASE(each_topic_but_the_last_has_a_mark_which_stays_while_nothing_happens) {
  BOOST_TEST(load_topic_marks(db).size() == topics.size() - 1);
  BOOST_TEST(changed_by("SELECT 1").empty());
}

BOOST_AUTO_TEST_CASE(orders_that_come_end_and_are_tried_once_more_are_told) {
  is_changed("orders.changed",
             "INSERT INTO orders (id, dealer_id, type, product, quantity, unit_price_cents, status,"
             " created_at) VALUES ("
               + std::string{order} + ", " + order
               + ", 'esim', 'p3:data-us-5gb', 1, 500, 'processing', now())");
  is_changed("orders.changed",
             "UPDATE orders SET status = 'completed', completed_at = now() WHERE id = "
               + std::string{order});
  auto refused = changed_by("INSERT INTO jobs (kind, subject, failing_since) VALUES ('fulfil', "
                            + std::string{order} + ", now())");
  std::vector<std::string_view> both{"orders.changed", "jobs.changed"};
  BOOST_TEST(refused == both, boost::test_tools::per_element());
  BOOST_TEST(changed_by("UPDATE jobs SET attempts = attempts + 1") == both,
             boost::test_tools::per_element());
  BOOST_TEST(changed_by("DELETE FROM jobs") == both, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(
  a_device_and_a_node_are_told_of_when_their_state_changes_and_not_with_each_beat) {
  is_changed("devices.changed",
             "INSERT INTO devices (name, driver, node, site, state, checks, failures,"
             " failures_in_a_row, last_results) VALUES ('d1', 'simulated', 'n', 's', 'idle', 0, 0,"
             " 0, '[]')");
  is_changed("devices.changed", "UPDATE devices SET state = 'checking'");
  BOOST_TEST(changed_by("UPDATE devices SET seen_at = clock_timestamp()").empty());
  is_changed("devices.changed", "UPDATE devices SET seen_at = now() - interval '2 minutes'");
  is_changed("nodes.changed",
             "INSERT INTO nodes (name, incarnation, http, admin, cluster, wire_oldest, wire_newest,"
             " pid, roles, state, entities, beat_at) VALUES ('n', gen_random_uuid(), '', '', '', 1,"
             " 1, 1, '', 'up', 0, clock_timestamp() + interval '1 hour')");
  BOOST_TEST(changed_by("UPDATE nodes SET entities = 5").empty());
  is_changed("nodes.changed", "UPDATE nodes SET beat_at = clock_timestamp() - interval '1 minute'");
}

BOOST_AUTO_TEST_CASE(an_audit_event_that_is_committed_late_is_told_too) {
  constexpr auto add = "INSERT INTO audit_events (id, actor, address, request_id, kind, subject)"
                       " OVERRIDING SYSTEM VALUE VALUES (";
  constexpr auto rest = ", 'jo@example.com', '', 'r', 'sign_out', 'jo@example.com')";
  is_changed("audit.added", std::string{add} + "11" + rest);
  // Its number was drawn before.
  is_changed("audit.added", std::string{add} + "10" + rest);
}

BOOST_AUTO_TEST_CASE(mails_and_what_is_held_are_work) {
  is_changed("jobs.changed", "INSERT INTO mails (id, recipient, kind) VALUES (gen_random_uuid(),"
                             " 'end@example.com', 'esim')");
  is_changed("jobs.changed", "UPDATE mails SET status = 'sent', sent_at = now()");
  is_changed("jobs.changed",
             "INSERT INTO job_holds (kind, lane, reason) VALUES ('fulfil', 'p3', 'test')");
}

BOOST_AUTO_TEST_SUITE_END()
