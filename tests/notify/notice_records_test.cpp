#include "persistence/notify/notices.hpp"
#include "tests/fixtures/waiting_session.hpp"
#include "tests/notify/webhook_fixture.hpp"

#include <thread>

// Dealers are mailed of what they have chosen, in the transaction that makes it happen.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct notice_fixture : webhook_fixture {
  void choose(const notice_choices& what) {
    audit_stamp by;
    by.kind = audit_kind::notices_set;
    put_notice_choices(db, {dealer, what, by});
  }

  int mails(const std::string& what) {
    return value_of<int>("SELECT count(*) FROM mails m JOIN jobs j ON j.kind = 'mail' AND"
                         " j.subject = m.id WHERE m.kind = 'account-notice' AND m.recipient ="
                         " 'dealer@example.test' AND m.content ->> 'what' = '"
                         + what + "'");
  }

  std::string last_detail() {
    return value_of<std::string>("SELECT content ->> 'detail' FROM mails ORDER BY created_at DESC"
                                 " LIMIT 1");
  }

  void fail_an_order() {
    commit({refund_of(place(), true)});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(notice_records, notice_fixture)

BOOST_AUTO_TEST_CASE(choices_are_kept_and_written_down) {
  auto before = notice_choices_of(db, dealer);
  BOOST_TEST(before.language == "en");
  BOOST_TEST(!before.low_balance.has_value());
  BOOST_TEST(!before.failed_orders);
  BOOST_TEST(before.disabled_webhooks);
  choose({"ja", dollars(50), true, false});
  auto after = notice_choices_of(db, dealer);
  BOOST_TEST(after.language == "ja");
  BOOST_TEST((after.low_balance == dollars(50)));
  BOOST_TEST(after.failed_orders);
  BOOST_TEST(!after.disabled_webhooks);
  choose({});
  BOOST_TEST(!notice_choices_of(db, dealer).low_balance.has_value());
  BOOST_TEST(value_of<int>("SELECT count(*) FROM audit_events WHERE kind = 'notices.set'") == 2);
  BOOST_TEST(value_of<std::string>("SELECT after ->> 'language' FROM audit_events WHERE kind ="
                                   " 'notices.set' ORDER BY id LIMIT 1")
             == "ja");
}

BOOST_AUTO_TEST_CASE(a_wallet_tells_as_long_as_somebody_wants_to_know) {
  BOOST_TEST(!wallet_listens());
  choose({"en", dollars(50), false, true});
  BOOST_TEST(wallet_listens());
  choose({});
  BOOST_TEST(!wallet_listens());
  choose({"en", {}, true, true});
  BOOST_TEST(wallet_listens());
}

BOOST_AUTO_TEST_CASE(a_balance_that_falls_below_the_limit_is_mailed_of_once) {
  choose({"de", dollars(50), false, true});
  commit({topup(dealer, dollars(100)), debit(dealer, dollars(50))});
  BOOST_TEST(mails("balance_low") == 0);
  commit({debit(dealer, money::from_cents(1))});
  BOOST_TEST(mails("balance_low") == 1);
  BOOST_TEST(last_detail() == "49.99");
  BOOST_TEST(value_of<std::string>("SELECT language FROM mails") == "de");
  commit({debit(dealer, dollars(5))});
  BOOST_TEST(mails("balance_low") == 1);
  commit({topup(dealer, dollars(100)), debit(dealer, dollars(100))});
  BOOST_TEST(mails("balance_low") == 2);
}

BOOST_AUTO_TEST_CASE(orders_that_fail_around_the_limit_are_mailed_of_once_in_a_while) {
  choose({"en", dollars(50), false, true});
  commit({topup(dealer, dollars(50))});
  for (int i = 0; i < 3; ++i)
    fail_an_order();
  BOOST_TEST(mails("balance_low") == 1);
  run("UPDATE dealer_notices SET balance_told_at = now() - interval '16 minutes'");
  // The money that came in lies before that, too.
  run("ALTER TABLE transfers DISABLE TRIGGER transfers_are_final");
  run("UPDATE transfers SET created_at = created_at - interval '20 minutes' WHERE type = 'topup'");
  run("ALTER TABLE transfers ENABLE TRIGGER transfers_are_final");
  fail_an_order();
  fail_an_order();
  BOOST_TEST(mails("balance_low") == 2);
  choose({"de", dollars(50), false, true});
  fail_an_order();
  BOOST_TEST(mails("balance_low") == 2);
  choose({"de", money::from_cents(49'50), false, true});
  fail_an_order();
  BOOST_TEST(mails("balance_low") == 3);
}

BOOST_AUTO_TEST_CASE(who_has_chosen_nothing_is_mailed_of_no_balance_and_no_order) {
  listen(all);
  commit({topup(dealer, dollars(100)), debit(dealer, dollars(90))});
  fail_an_order();
  BOOST_TEST(value_of<int>("SELECT count(*) FROM mails") == 0);
}

BOOST_AUTO_TEST_CASE(of_many_orders_that_fail_the_first_is_mailed_of) {
  commit({topup(dealer, dollars(100))});
  choose({"en", {}, true, true});
  fail_an_order();
  BOOST_TEST(mails("order_failed") == 1);
  BOOST_TEST(last_detail()
             == value_of<std::string>("SELECT short_id(number) FROM orders WHERE status ="
                                      " 'failed'"));
  fail_an_order();
  BOOST_TEST(mails("order_failed") == 1);
  run("UPDATE dealer_notices SET order_told_at = now() - interval '16 minutes'");
  fail_an_order();
  BOOST_TEST(mails("order_failed") == 2);
}

BOOST_AUTO_TEST_CASE(who_chooses_waits_for_an_order_that_fails_without_the_wallet_that_it_wants) {
  choose({"en", {}, true, true});
  database other{here.connection(), "other"};
  std::jthread chooser;
  {
    // As far as a commit is before it moves the wallet.
    transaction tx{db};
    run("SELECT mail_failed_order('" + to_string(dealer) + "', 'MS-1')");
    chooser = std::jthread{[&] {
      audit_stamp by;
      by.kind = audit_kind::notices_set;
      put_notice_choices(other, {dealer, {"ja"}, by});
    }};
    BOOST_TEST(somebody_waits(here.connection()));
    BOOST_CHECK_NO_THROW(run("SELECT FROM wallets FOR UPDATE NOWAIT"));
    tx.commit();
  }
  chooser.join();
  BOOST_TEST(notice_choices_of(db, dealer).language == "ja");
}

BOOST_AUTO_TEST_CASE(a_webhook_that_is_disabled_is_mailed_of_unless_that_is_not_wanted) {
  auto made = listen({"wallet.credited"});
  auto gone = [&] {
    run("UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL");
    run("UPDATE wallets SET has_listeners = true");
    run("DELETE FROM jobs WHERE kind = 'webhook'");
    run("DELETE FROM webhook_messages");
    commit({topup(dealer, dollars(1))});
    note_attempt(db, {only_message(), made.id, webhook_attempt::outcome::gone, 0s, "answered 410"});
    BOOST_TEST(!webhooks_of(db, dealer)[0].disabled_reason.empty());
  };
  gone();
  BOOST_TEST(mails("webhook_disabled") == 1);
  BOOST_TEST(last_detail() == "https://example.com/hook");
  choose({"en", {}, false, false});
  gone();
  BOOST_TEST(mails("webhook_disabled") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
