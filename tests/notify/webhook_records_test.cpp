#include "persistence/orders/account_orders.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/orders/recharges.hpp"
#include "tests/notify/webhook_fixture.hpp"

#include <thread>

// Dealers are told of what happens in the transaction that makes it happen.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;

struct fixture : webhook_fixture {
  /// An order that ends well.
  order_id complete(const std::string& iccid, const std::string& lpa = "LPA:1$a$b") {
    auto order = place();
    add_delivery_to_order(db, {{order, 1, iccid, lpa}, {}, 0});
    BOOST_TEST(mark_completed(db, {order, 0}));
    return order;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhook_records, fixture)

BOOST_AUTO_TEST_CASE(nobody_is_told_who_does_not_listen) {
  commit({topup(dealer, dollars(100))});
  complete("8901");
  BOOST_TEST(messages().empty());
  listen({"batch.completed"});
  commit({topup(dealer, dollars(100))});
  complete("8902", "LPA:1$a$c");
  BOOST_TEST(messages().empty());
  BOOST_TEST(jobs() == 0);
}

BOOST_AUTO_TEST_CASE(money_that_comes_in_is_told_of) {
  listen({"wallet.credited"});
  commit(
    {topup(dealer, dollars(100)), debit(dealer, dollars(10)), topup(dealer, money::from_cents(5))});
  auto sent = messages();
  BOOST_REQUIRE_EQUAL(sent.size(), 2u);
  const auto& data = sent[0].body["data"];
  BOOST_TEST(data["type"].asString() == "topup");
  BOOST_TEST(data["amount_usd"].asDouble() == 100.0);
  BOOST_TEST(data["balance_after_usd"].asDouble() == 100.0);
  BOOST_TEST(data["description"].asString() == "a \"quoted\" \\ line");
  BOOST_TEST(data["stripe_session_id"].isNull());
  BOOST_TEST(sent[1].body["data"]["balance_after_usd"].asDouble() == 90.05);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM webhook_messages WHERE body LIKE '%100.00%'")
             == 1);
}

BOOST_AUTO_TEST_CASE(a_low_balance_is_told_of_once_when_it_falls) {
  listen({"wallet.low_balance"}, dollars(50));
  commit({topup(dealer, dollars(100)), debit(dealer, dollars(50))});
  BOOST_TEST(messages().empty());
  commit({debit(dealer, money::from_cents(1))});
  auto sent = messages();
  BOOST_REQUIRE_EQUAL(sent.size(), 1u);
  BOOST_TEST(sent[0].body["data"]["balance_usd"].asDouble() == 49.99);
  BOOST_TEST(sent[0].body["data"]["threshold_usd"].asDouble() == 50.0);
  commit({debit(dealer, dollars(5)), debit(dealer, dollars(5))});
  BOOST_TEST(messages().size() == 1u);
  // Up and down again within one commit.
  commit({topup(dealer, dollars(100)), debit(dealer, dollars(80)), debit(dealer, dollars(20))});
  BOOST_TEST(messages().size() == 2u);
}

BOOST_AUTO_TEST_CASE(each_webhook_has_its_own_threshold_and_events) {
  listen({"wallet.low_balance"}, dollars(50));
  listen({"wallet.low_balance", "wallet.credited"}, dollars(20));
  commit({topup(dealer, dollars(100)), debit(dealer, dollars(60))});
  BOOST_TEST(events() == (names{"wallet.credited", "wallet.low_balance"}),
             boost::test_tools::per_element());
  commit({debit(dealer, dollars(30))});
  BOOST_TEST(messages().size() == 3u);
}

BOOST_AUTO_TEST_CASE(orders_are_told_of_when_they_end) {
  commit({topup(dealer, dollars(100))});
  listen({"order.completed", "order.failed"});
  auto done_order = complete("8988");
  mark_completed(db, {done_order, 0});
  auto failed_order = place();
  commit({refund_of(failed_order, true)});
  auto sent = messages();
  BOOST_REQUIRE_EQUAL(sent.size(), 2u);
  BOOST_TEST(sent[0].event == "order.completed");
  const auto& data = sent[0].body["data"];
  BOOST_TEST(data["id"].asString() == to_string(done_order));
  BOOST_TEST(data["iccid"].asString() == "8988");
  BOOST_TEST(data["status"].asString() == "completed");
  BOOST_TEST(data["amount"].asDouble() == 1.0);
  BOOST_TEST(data["bundle_name"].asString() == "p3:att-prepaid-30");
  BOOST_TEST(sent[1].event == "order.failed");
  BOOST_TEST(sent[1].body["data"]["failure"].asString() == "sold out");
  const auto& esim = data["esims"][0];
  BOOST_TEST(esim["lpa"].asString() == "LPA:1$a$b");
  BOOST_TEST(esim["smdp"].asString() == "a");
  BOOST_TEST(esim["matchingId"].asString() == "b");
  BOOST_TEST(esim["installUrl"].asString()
             == "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA%3A1%24a%24b");
  BOOST_TEST(esim["state"].asString() == "delivered");
  BOOST_TEST(sent[1].body["data"]["esims"][0]["state"].asString() == "failed");
}

BOOST_AUTO_TEST_CASE(orders_on_account_are_told_of_too) {
  listen({"order.completed", "order.failed"});
  account_order order;
  order.id = order_id::make();
  order.dealer = dealer;
  order.product = "esim_5gb_30days_jp";
  order.price = money::from_cents(650);
  order.customer_reference = "ORDER-1";
  place_order_on_account(db, order, 60);
  finish_account_order end;
  end.unit = {order.id, 1, "8981", "LPA:1$a$b"};
  mark_account_order_finished(db, end);
  mark_account_order_finished(db, end);
  order.id = order_id::make();
  place_order_on_account(db, order, 60);
  mark_account_order_failed(db, {order.id, "refused"});
  mark_account_order_failed(db, {order.id, "refused"});
  BOOST_TEST(events() == (names{"order.completed", "order.failed"}),
             boost::test_tools::per_element());
  BOOST_TEST(messages()[0].body["data"]["customer_reference"].asString() == "ORDER-1");
}

BOOST_AUTO_TEST_CASE(top_ups_of_sims_are_told_of) {
  listen({"order.completed"});
  account_order order;
  order.id = order_id::make();
  order.dealer = dealer;
  order.product = "Vodafone-UK";
  order.price = money::from_cents(650);
  order.top_up = recharge{};
  order.top_up->sim.contact_number = "+447700900000";
  order.top_up->currency = "GBP";
  order.top_up->value = 2'000;
  place_order_on_account(db, order, 60);
  finish_recharge end;
  end.id = order.id;
  mark_recharge_finished(db, end);
  mark_recharge_finished(db, end);
  auto sent = messages();
  BOOST_REQUIRE_EQUAL(sent.size(), 1u);
  BOOST_TEST(sent[0].body["data"]["order_type"].asString() == "topup");
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_tells_nobody) {
  listen(all);
  auto first = hand.decide(topup(dealer, dollars(100)));
  run("UPDATE wallets SET version = version + 1");
  std::vector<std::shared_ptr<const decided_posting>> batch{first};
  BOOST_TEST((commit_postings(db, batch).front() == commit_result::wallet_conflict));
  BOOST_TEST(messages().empty());
}

BOOST_AUTO_TEST_CASE(a_wallet_knows_whether_anybody_listens) {
  BOOST_TEST(!wallet_listens());
  auto first = listen(all);
  auto second = listen(all);
  BOOST_TEST(wallet_listens());
  BOOST_TEST(delete_webhook(db, {dealer, first.id}));
  BOOST_TEST(wallet_listens());
  change_webhook off{dealer, second.id, {}, {}, {}, true};
  BOOST_TEST(update_webhook(db, off)->disabled_reason == "by the dealer");
  BOOST_TEST(!wallet_listens());
  off.is_disabled = false;
  BOOST_TEST(update_webhook(db, off)->disabled_reason.empty());
  BOOST_TEST(wallet_listens());
  BOOST_TEST(delete_webhook(db, {dealer, second.id}));
  BOOST_TEST(!wallet_listens());
}

BOOST_AUTO_TEST_CASE(a_webhook_is_its_dealers_alone) {
  auto made = listen({"order.failed", "wallet.credited"}, dollars(7));
  auto other = dealer_id::make();
  BOOST_TEST(webhooks_of(db, other).empty());
  BOOST_TEST(!delete_webhook(db, {other, made.id}));
  BOOST_TEST(!update_webhook(db, {other, made.id, {}, {}, {}, true}));
  auto listed = webhooks_of(db, dealer);
  BOOST_REQUIRE_EQUAL(listed.size(), 1u);
  BOOST_TEST(listed[0].secret.empty());
  BOOST_TEST(listed[0].events == (names{"order.failed", "wallet.credited"}),
             boost::test_tools::per_element());
  BOOST_TEST((listed[0].low_balances == std::vector{dollars(7)}));
  auto changed = update_webhook(db, {dealer,
                                     made.id,
                                     "https://example.org/x",
                                     names{"order.failed"},
                                     std::vector{dollars(9), dollars(2)},
                                     {}});
  BOOST_REQUIRE(changed);
  BOOST_TEST(changed->url == "https://example.org/x");
  BOOST_TEST(changed->events.size() == 1u);
  BOOST_TEST((changed->low_balances == std::vector{dollars(9), dollars(2)}));
}

BOOST_AUTO_TEST_CASE(there_is_a_most_of_webhooks) {
  for (int i = 0; i < most_webhooks; ++i)
    listen(all);
  BOOST_TEST(!insert_webhook(db, {dealer, "https://example.com", all, {dollars(50)}}));
}

BOOST_AUTO_TEST_CASE(a_message_goes_with_its_webhook) {
  auto made = listen(all);
  commit({topup(dealer, dollars(100))});
  BOOST_TEST(jobs() == 1);
  delete_webhook(db, {dealer, made.id});
  BOOST_TEST(jobs() == 0);
  BOOST_TEST(messages().empty());
}

BOOST_AUTO_TEST_CASE(a_message_that_did_not_is_due_again_later) {
  auto made = listen(all);
  commit({topup(dealer, dollars(100))});
  auto id = only_message();
  note_attempt(db, {id, made.id, webhook_attempt::outcome::postponed, 30s, "answered 500"});
  BOOST_TEST(message_to_send(db, id)->attempts == 1);
  BOOST_TEST(webhooks_of(db, dealer)[0].last_error == "answered 500");
  BOOST_TEST(take_due_jobs(db, {"webhook", 10, 60}).empty());
  run("UPDATE jobs SET run_at = run_at - interval '30 seconds'");
  BOOST_TEST(take_due_jobs(db, {"webhook", 10, 60}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_receiver_that_is_dead_for_a_day_or_gone_is_left_alone) {
  auto made = listen(all);
  commit({topup(dealer, dollars(100))});
  auto first = only_message();
  note_attempt(db, {first, made.id, webhook_attempt::outcome::given_up, 0s, "timeout"});
  auto shown = webhooks_of(db, dealer)[0];
  BOOST_TEST(shown.disabled_reason == "no message arrived for a day: timeout");
  BOOST_TEST(jobs() == 0);
  commit({topup(dealer, dollars(100))});
  BOOST_TEST(messages().empty());
  // A failed message that others overtook disables nothing.
  run("UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL, last_success_at = now()");
  run("DELETE FROM webhook_messages");
  commit({topup(dealer, dollars(100))});
  run("UPDATE webhook_messages SET created_at = now() - interval '1 day', "
      "queued_at = now() - interval '1 day'");
  note_attempt(db, {only_message(), made.id, webhook_attempt::outcome::given_up, 0s, "timeout"});
  BOOST_TEST(webhooks_of(db, dealer)[0].disabled_reason.empty());
  run("DELETE FROM webhook_messages");
  commit({topup(dealer, dollars(100))});
  note_attempt(db, {only_message(), made.id, webhook_attempt::outcome::gone, 0s, "answered 410"});
  BOOST_TEST(webhooks_of(db, dealer)[0].disabled_reason == "the receiver answered 410");
}

BOOST_AUTO_TEST_CASE(each_threshold_that_a_balance_falls_below_is_told_of) {
  commit({topup(dealer, dollars(100))});
  insert_webhook(db, {dealer,
                      "https://example.com",
                      {"wallet.low_balance"},
                      {dollars(80), dollars(50), dollars(10)}});
  commit({debit(dealer, dollars(60))});
  auto sent = messages();
  BOOST_REQUIRE_EQUAL(sent.size(), 2u);
  BOOST_TEST(sent[0].body["data"]["threshold_usd"].asDouble() == 80);
  BOOST_TEST(sent[1].body["data"]["threshold_usd"].asDouble() == 50);
}

BOOST_AUTO_TEST_CASE(an_order_that_the_wallet_does_not_cover_is_told_of) {
  listen({"order.refused_for_funds"});
  tell_of_refused_order(db, {dealer, "p3:x", 2, "ORDER-1", dollars(1), dollars(18)});
  auto sent = messages();
  BOOST_REQUIRE_EQUAL(sent.size(), 1u);
  BOOST_TEST(sent[0].body["data"]["required_usd"].asDouble() == 18);
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_disabled_webhook_is_not_sent) {
  auto made = listen(all);
  commit({topup(dealer, dollars(100))});
  auto id = only_message();
  update_webhook(db, {dealer, made.id, {}, {}, {}, true});
  BOOST_TEST(!message_to_send(db, id));
  BOOST_TEST(jobs() == 0);
}

BOOST_AUTO_TEST_CASE(webhooks_come_and_go_while_money_moves) {
  std::thread changes{[this] {
    database other{here.connection(), "other"};
    for (int i = 0; i < 50; ++i) {
      auto made = insert_webhook(other, {dealer, "https://example.com", all, {dollars(50)}});
      delete_webhook(other, {dealer, made->id});
    }
  }};
  for (int i = 0; i < 200; ++i)
    commit({topup(dealer, dollars(1)), debit(dealer, money::from_cents(50))});
  changes.join();
  BOOST_TEST(!wallet_listens());
  BOOST_TEST(value_of<int>("SELECT count(*) FROM webhooks") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
