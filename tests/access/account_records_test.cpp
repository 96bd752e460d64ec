#include "persistence/access/api_keys.hpp"
#include "persistence/access/otps.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/notify/mails.hpp"
#include "protocols/base/crypto.hpp"
#include "tests/fixtures/database.hpp"

#include <algorithm>
#include <thread>

// Accounts, keys and one-time codes as the database keeps them.

using namespace meisim;
using namespace meisim::test;

namespace {

std::string hash_of(const std::string& secret) {
  return to_hex(sha256(secret));
}

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();

  void issue(const std::string& code) {
    replace_code(db, dealer, hash_of(code));
    pipeline steps{db};
    queue_mail(steps, {mail_id::make(), "dealer@example.test", "one-time-code", "en",
                       R"({"code":"123456"})"});
    steps.run();
  }

  std::vector<std::string> issue_keys(int count) {
    std::vector<std::string> keys;
    for (int i = 0; i < count; ++i)
      insert_key(db, dealer, {keys.emplace_back(make_api_key())});
    return keys;
  }

  void use_days_ago(const std::string& key, double days) {
    auto hash = hash_of(key);
    db.session() << "UPDATE api_keys SET last_used_at = now() - :days * interval '1 day' "
                    "WHERE hash = decode(:hash, 'hex')",
      soci::use(days, "days"), soci::use(hash, "hash");
  }

  bool spend(const std::string& code) {
    return spend_code(db, dealer, hash_of(code));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(dealer_records_suite, fixture)

BOOST_AUTO_TEST_CASE(an_account_is_read_as_it_was_opened) {
  auto key = make_api_key();
  insert_key(db, dealer, {key});
  auto record = load_dealer_record(db, dealer);
  BOOST_REQUIRE(record);
  BOOST_TEST(record->snapshot.email == "dealer@example.test");
  BOOST_TEST(record->snapshot.company == "Example");
  BOOST_TEST((record->snapshot.status == dealer_status::approved));
  BOOST_TEST(record->snapshot.markup_basis_points == 500);
  BOOST_TEST(record->snapshot.resend_fee.cents() == 100);
  BOOST_TEST(record->snapshot.portal);
  BOOST_TEST(record->keys.size() == 1u);
  BOOST_TEST(record->keys.front().hash == hash_of(key));
  BOOST_TEST(record->token_epoch == 0);
  BOOST_TEST((dealer_with_email(db, "dealer@example.test") == dealer));
}

BOOST_AUTO_TEST_CASE(who_does_not_exist_is_not_found) {
  BOOST_TEST(!load_dealer_record(db, dealer_id::make()));
  BOOST_TEST(!dealer_with_email(db, "nobody@example.test"));
  BOOST_TEST(!password_of(db, "nobody@example.test", ""));
  BOOST_TEST(!key_owner(db, hash_of("nothing")));
  BOOST_TEST(!update_status(db, dealer_id::make(), dealer_status::approved));
}

BOOST_AUTO_TEST_CASE(an_address_belongs_to_one_account_only) {
  auto again = guarded(db, "opening an account", [&] { return open_dealer(); });
  BOOST_REQUIRE(!again);
  BOOST_TEST((code_of(again.error()) == ec::conflict));
  BOOST_TEST(value_of<int>("SELECT count(*) FROM wallets") == 1);
}

BOOST_AUTO_TEST_CASE(a_new_password_ends_the_tokens_before) {
  update_password(db, dealer, "$argon2id$1");
  auto known = password_of(db, "dealer@example.test", "");
  BOOST_REQUIRE(known);
  BOOST_TEST(known->hash == "$argon2id$1");
  BOOST_TEST(known->account.token_epoch == 1);
  update_password(db, dealer, "$argon2id$2");
  BOOST_TEST(load_dealer_record(db, dealer)->token_epoch == 2);
}

BOOST_AUTO_TEST_CASE(operators_see_all_accounts_or_one) {
  open_dealer("another@example.test");
  insert_key(db, dealer, {make_api_key()});
  update_status(db, dealer, dealer_status::suspended);
  auto all = dealer_overviews_of(db, "");
  BOOST_TEST(all.size() == 2u);
  BOOST_TEST(all.front().dealer.email == "another@example.test");
  auto one = dealer_overviews_of(db, "dealer@example.test");
  BOOST_REQUIRE(one.size() == 1u);
  BOOST_TEST((one.front().dealer.status == dealer_status::suspended));
  BOOST_TEST(one.front().keys == 1);
  BOOST_TEST(!one.front().has_password);
  BOOST_TEST(one.front().balance.cents() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(key_records_suite, fixture)

BOOST_AUTO_TEST_CASE(the_twenty_first_key_takes_the_place_of_the_oldest_where_none_was_used) {
  auto keys = issue_keys(20);
  BOOST_TEST(keys_of(db, dealer).size() == 20u);
  auto next = make_api_key();
  BOOST_TEST(insert_key(db, dealer, {next}) == std::vector{key_prefix(keys[0])});
  auto known = keys_of(db, dealer);
  BOOST_REQUIRE(known.size() == 20u);
  BOOST_TEST(known.front().prefix == key_prefix(keys[1]));
  BOOST_TEST(known.back().prefix == key_prefix(next));
  BOOST_TEST(!key_owner(db, hash_of(keys[0])));
  BOOST_TEST((key_owner(db, hash_of(next)) == dealer));
}

BOOST_AUTO_TEST_CASE(the_key_that_was_unused_for_the_longest_time_is_displaced) {
  auto keys = issue_keys(20);
  run("UPDATE api_keys SET created_at = now() - interval '90 days'");
  for (int i = 0; i < 20; ++i)
    use_days_ago(keys[i], 40 + i % 19);
  BOOST_TEST(insert_key(db, dealer, {make_api_key()}) == std::vector{key_prefix(keys[18])});
}

BOOST_AUTO_TEST_CASE(a_key_used_within_a_month_outlives_a_newer_one_that_was_never_used) {
  auto keys = issue_keys(20);
  for (int i = 0; i < 19; ++i)
    use_days_ago(keys[i], 29);
  // It was issued just now, and is the only key without recent use.
  BOOST_TEST(insert_key(db, dealer, {make_api_key()}) == std::vector{key_prefix(keys[19])});
  run("UPDATE api_keys SET last_used_at = now() WHERE last_used_at IS NULL");
  use_days_ago(keys[7], 28);
  use_days_ago(keys[3], 29.5);
  BOOST_TEST(insert_key(db, dealer, {make_api_key()}) == std::vector{key_prefix(keys[3])});
}

BOOST_AUTO_TEST_CASE(keys_that_are_issued_at_once_are_twenty_at_most) {
  std::vector<std::thread> hands;
  for (int i = 0; i < 4; ++i)
    hands.emplace_back([this] {
      database own{here.connection(), "test"};
      for (int j = 0; j < 10; ++j)
        insert_key(own, dealer, {make_api_key()});
    });
  for (auto& hand : hands)
    hand.join();
  BOOST_TEST(keys_of(db, dealer).size() == 20u);
}

BOOST_AUTO_TEST_CASE(a_key_is_revoked_by_its_prefix_and_only_by_its_owner) {
  auto key = make_api_key();
  insert_key(db, dealer, {key});
  auto other = open_dealer("other@example.test");
  BOOST_TEST(!delete_key(db, other, key_prefix(key)));
  BOOST_TEST(delete_key(db, dealer, key_prefix(key)));
  BOOST_TEST(!delete_key(db, dealer, key_prefix(key)));
  BOOST_TEST(keys_of(db, dealer).empty());
}

BOOST_AUTO_TEST_CASE(the_use_of_many_keys_is_noted_at_once) {
  auto used = make_api_key();
  insert_key(db, dealer, {used});
  insert_key(db, dealer, {make_api_key()});
  note_key_use(db, {hash_of(used), hash_of("revoked meanwhile")});
  auto known = keys_of(db, dealer);
  BOOST_TEST(micros(known[0].last_used_at) > 0);
  BOOST_TEST(micros(known[1].last_used_at) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(code_records_suite, fixture)

BOOST_AUTO_TEST_CASE(a_code_is_good_once) {
  issue("123456");
  BOOST_TEST(spend("123456"));
  BOOST_TEST(!spend("123456"));
}

BOOST_AUTO_TEST_CASE(five_wrong_tries_wear_a_code_out) {
  issue("123456");
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(!spend("000000"));
  BOOST_TEST(!spend("123456"));
}

BOOST_AUTO_TEST_CASE(the_fifth_try_still_counts) {
  issue("123456");
  for (int i = 0; i < 4; ++i)
    spend("000000");
  BOOST_TEST(spend("123456"));
}

BOOST_AUTO_TEST_CASE(tries_at_once_are_no_more_than_five) {
  issue("123456");
  std::vector<std::thread> hands;
  for (int i = 0; i < 8; ++i)
    hands.emplace_back([this] {
      database own{here.connection(), "test"};
      spend_code(own, dealer, hash_of("000000"));
    });
  for (auto& hand : hands)
    hand.join();
  BOOST_TEST(value_of<int>("SELECT attempts FROM otps") == 5);
}

BOOST_AUTO_TEST_CASE(a_code_is_good_for_five_minutes) {
  issue("123456");
  BOOST_TEST(value_of<int>("SELECT extract(epoch FROM expires_at - now())::int FROM otps") <= 300);
  BOOST_TEST(value_of<int>("SELECT extract(epoch FROM expires_at - now())::int FROM otps") > 290);
  run("UPDATE otps SET expires_at = now() - interval '1 millisecond'");
  BOOST_TEST(!spend("123456"));
}

BOOST_AUTO_TEST_CASE(another_code_takes_the_place_of_the_last) {
  issue("111111");
  for (int i = 0; i < 5; ++i)
    spend("000000");
  issue("222222");
  BOOST_TEST(!spend("111111"));
  BOOST_TEST(spend("222222"));
}

BOOST_AUTO_TEST_CASE(a_code_brings_its_mail_and_the_mail_forgets_it) {
  issue("123456");
  auto jobs = take_due_jobs(db, {"mail", 10, 60});
  BOOST_REQUIRE(jobs.size() == 1u);
  mail_id id{jobs.front().subject};
  auto mail = find_mail(db, id);
  BOOST_REQUIRE(mail);
  BOOST_TEST(mail->recipient == "dealer@example.test");
  BOOST_TEST(mail->kind == "one-time-code");
  BOOST_TEST(mail->language == "en");
  BOOST_TEST(mail->values.find("123456") != std::string::npos);
  mark_mail_finished(db, {id, ""});
  mark_mail_finished(db, {id, ""});
  BOOST_TEST(!find_mail(db, id));
  BOOST_TEST(value_of<int>("SELECT count(content) FROM mails") == 0);
  BOOST_TEST(value_of<std::string>("SELECT status FROM mails") == "sent");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs") == 0);
}

BOOST_AUTO_TEST_CASE(a_mail_that_never_goes_out_says_why) {
  issue("123456");
  mail_id id{take_due_jobs(db, {"mail", 1, 60}).front().subject};
  mark_mail_finished(db, {id, "no such mailbox"});
  BOOST_TEST(value_of<std::string>("SELECT status || ' ' || failure FROM mails")
             == "failed no such mailbox");
  // The code is forgotten all the same.
  BOOST_TEST(value_of<int>("SELECT count(content) FROM mails") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
