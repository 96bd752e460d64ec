#include "tests/notify/webhook_fixture.hpp"

// What was sent to webhooks is kept, and can be sent again.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(delivery_records, webhook_fixture)

BOOST_AUTO_TEST_CASE(a_message_that_arrived_is_kept_for_a_month) {
  auto made = listen(all);
  commit({topup(dealer, dollars(100))});
  auto message = message_to_send(db, only_message());
  BOOST_REQUIRE(message);
  BOOST_TEST(message->secret == made.secret);
  BOOST_TEST(message->url == made.url);
  BOOST_TEST((message->webhook == made.id));
  BOOST_TEST(message->attempts == 0);
  webhook_attempt attempt{message->id, made.id, webhook_attempt::outcome::arrived, 0s, {}};
  attempt.status = 204;
  attempt.answer = "thanks";
  note_attempt(db, attempt);
  BOOST_TEST(jobs() == 0);
  BOOST_TEST(!message_to_send(db, message->id));
  auto kept = read_json(browse(db, browse_deliveries{dealer, made.id, {}}).items.at(0));
  BOOST_TEST(kept["status"].asString() == "delivered");
  BOOST_TEST(kept["httpStatus"].asInt() == 204);
  BOOST_TEST(kept["answer"].asString() == "thanks");
  BOOST_TEST(kept["body"]["type"].asString() == "wallet.credited");
  run("UPDATE webhook_messages SET created_at = now() - interval '29 days'");
  drop_old_deliveries(db);
  BOOST_TEST(delivery_document(db, message->id).has_value());
  run("UPDATE webhook_messages SET created_at = now() - interval '31 days'");
  drop_old_deliveries(db);
  BOOST_TEST(!delivery_document(db, message->id));
  BOOST_TEST(micros(webhooks_of(db, dealer)[0].last_success_at) != 0);
}

BOOST_AUTO_TEST_CASE(a_message_is_sent_once_more_under_its_id) {
  auto made = listen(all);
  commit({topup(dealer, dollars(100))});
  auto id = only_message();
  note_attempt(db, {id, made.id, webhook_attempt::outcome::arrived, 0s, {}});
  auto stranger = webhook_id::make();
  BOOST_TEST(!queue_again(db, {dealer, stranger, id}));
  BOOST_TEST(queue_again(db, {dealer, made.id, id}));
  BOOST_TEST(queue_again(db, {dealer, made.id, id}));
  BOOST_TEST(jobs() == 1);
  BOOST_TEST(message_to_send(db, id)->age.count() == 0);
}

BOOST_AUTO_TEST_CASE(for_a_day_messages_are_signed_by_two_secrets) {
  auto made = listen(all);
  commit({topup(dealer, dollars(100))});
  BOOST_TEST(!renew_secret(db, {dealer_id::make(), made.id}));
  auto changed = renew_secret(db, {dealer, made.id});
  BOOST_REQUIRE(changed);
  BOOST_TEST(changed->secret != made.secret);
  auto message = message_to_send(db, only_message());
  BOOST_TEST(message->secret == changed->secret);
  BOOST_TEST(message->former_secret == made.secret);
  run("UPDATE webhooks SET former_secret_until = now() - interval '1 second'");
  BOOST_TEST(message_to_send(db, message->id)->former_secret.empty());
  BOOST_TEST(micros(webhooks_of(db, dealer)[0].former_secret_until) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
