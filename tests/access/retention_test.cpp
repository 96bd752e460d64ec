#include "persistence/access/retention.hpp"
#include "tests/fixtures/database.hpp"

#include <string>

// What is kept of customers is emptied after some days.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();

  void add_order(const std::string& status, int days) {
    run("INSERT INTO orders (id, dealer_id, type, product, quantity, unit_price_cents, status, "
        "created_at, customer_email, customer_name, imei, eid, address, customer_reference) VALUES "
        "(gen_random_uuid(), '"
        + to_string(dealer) + "', 'esim', 'p', 1, 100, '" + status + "', now() - interval '"
        + std::to_string(days) + " days', 'jane@example.com', 'Jane Doe', '1', '2', '{}', 'kept')");
  }

  void add_mail(const std::string& kind, const std::string& status, int days) {
    run("INSERT INTO mails (id, recipient, kind, status, content, created_at) VALUES "
        "(gen_random_uuid(), 'jane@example.com', '"
        + kind + "', '" + status + "', '{}', now() - interval '" + std::to_string(days)
        + " days')");
  }

  /// `end` is the column that tells how it ended, or nothing.
  void add_message(const std::string& event, const std::string& end, int days) {
    run("INSERT INTO webhook_messages (id, webhook_id, event, body, created_at"
        + (end.empty() ? "" : ", " + end) + ") VALUES (gen_random_uuid(), gen_random_uuid(), '"
        + event + "', '{\"data\":{\"email_address\":\"jane@example.com\"}}', now() - interval '"
        + std::to_string(days) + " days'" + (end.empty() ? "" : ", now()") + ")");
  }

  /// Empties all that is older than so many days, and tells how many rows.
  int64_t empty_all(int days) {
    retention_place orders;
    retention_place mails;
    retention_place messages;
    int64_t emptied = 0;
    while (auto count = empty_old_orders(db, days, orders))
      emptied += *count;
    while (auto count = empty_old_mails(db, days, mails))
      emptied += *count;
    while (auto count = empty_old_messages(db, days, messages))
      emptied += *count;
    return emptied;
  }

  int orders_with_a_customer(const std::string& where) {
    return value_of<int>("SELECT count(*) FROM orders WHERE num_nonnulls(customer_email, "
                         "customer_name, imei, eid, address) = 5 AND "
                         + where);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(retention_suite, fixture)

BOOST_AUTO_TEST_CASE(old_orders_that_have_ended_keep_nothing_of_their_customers) {
  for (const auto* status : {"completed", "failed", "revoked"})
    add_order(status, 31);
  add_order("processing", 31);
  add_order("pending", 31);
  add_order("completed", 29);
  BOOST_TEST(empty_all(30) == 3);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM orders WHERE num_nonnulls(customer_email, "
                           "customer_name, imei, eid, address) = 0")
             == 3);
  BOOST_TEST(orders_with_a_customer("status IN ('processing', 'pending')") == 2);
  BOOST_TEST(orders_with_a_customer("created_at > now() - interval '30 days'") == 1);
  // What the dealer and the accounting need stays.
  BOOST_TEST(value_of<int>("SELECT count(*) FROM orders WHERE customer_reference = 'kept' AND "
                           "unit_price_cents = 100")
             == 6);
  // Once is enough.
  BOOST_TEST(empty_all(30) == 0);
}

BOOST_AUTO_TEST_CASE(old_mails_to_customers_are_emptied_once_they_are_out) {
  add_mail("esim-activation", "sent", 31);
  add_mail("esim-activation", "failed", 31);
  add_mail("esim-activation", "queued", 31);
  add_mail("esim-activation", "sent", 29);
  add_mail("batch-results", "sent", 31);
  // What dealers are told of their own accounts is not about customers.
  add_mail("account-notice", "sent", 31);
  BOOST_TEST(empty_all(30) == 3);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM mails WHERE recipient = '' AND content IS NULL")
             == 3);
}

BOOST_AUTO_TEST_CASE(old_webhook_messages_about_orders_are_emptied_once_they_are_out) {
  add_message("order.completed", "arrived_at", 11);
  add_message("order.failed", "failed_at", 11);
  add_message("order.completed", "", 11);
  add_message("order.completed", "arrived_at", 9);
  add_message("wallet.low_balance", "arrived_at", 11);
  BOOST_TEST(empty_all(10) == 2);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM webhook_messages WHERE body = '{}'") == 2);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM webhook_messages WHERE body LIKE '%jane%' AND "
                           "(arrived_at IS NULL OR event NOT LIKE 'order.%' OR "
                           "created_at > now() - interval '10 days')")
             == 3);
  BOOST_TEST(empty_all(10) == 0);
}

BOOST_AUTO_TEST_CASE(more_rows_than_a_portion_are_emptied_too) {
  run("INSERT INTO orders (id, dealer_id, type, product, quantity, unit_price_cents, status, "
      "created_at, customer_name) SELECT gen_random_uuid(), '"
      + to_string(dealer)
      + "', 'esim', 'p', 1, 100, 'completed', now() - interval '40 days', 'Jane' FROM "
        "generate_series(1, 1234)");
  BOOST_TEST(empty_all(30) == 1234);
}

BOOST_AUTO_TEST_CASE(one_node_is_at_it_at_a_time) {
  add_order("completed", 31);
  database other{here.connection(), "test"};
  transaction at_work{other};
  other.session() << "SELECT pg_advisory_xact_lock(7205759404)";
  BOOST_TEST(empty_all(30) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
