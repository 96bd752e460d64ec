#include "persistence/operators/operators.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/notify/mail_content.hpp"
#include "tests/fixtures/database.hpp"

#include <string>

// Operators' accounts and sessions as the database keeps them.

using namespace meisim;
using namespace meisim::test;

namespace {

constexpr std::chrono::hours lifetime{12};
const std::string email = "jo@example.com";

struct fixture : database_fixture {
  fixture() {
    insert_operator(db, email, operator_role::support, "a hash");
  }

  std::optional<instant> begin(const std::string& token, int64_t step = 0,
                               const std::string& hash = "a hash") {
    return begin_operator_session(db, {email, hash, step, to_hex(sha256(token))}, lifetime);
  }

  bool is_in(const std::string& token) {
    return operator_in_session(db, to_hex(sha256(token))).has_value();
  }

  /// As if the last try had been made so long ago.
  void wait(int seconds) {
    db.session() << "UPDATE operator_tries SET last_at = last_at - :s * interval '1 second'",
      soci::use(seconds, "s");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(operator_records_suite, fixture)

BOOST_AUTO_TEST_CASE(a_session_is_its_operator_s_until_it_ends) {
  BOOST_REQUIRE(begin("one"));
  auto who = operator_in_session(db, to_hex(sha256("one")));
  BOOST_REQUIRE(who);
  BOOST_TEST(who->name == email);
  BOOST_TEST((who->role == operator_role::support));
  BOOST_TEST(!is_in("another"));
  run("UPDATE operator_sessions SET expires_at = now()");
  BOOST_TEST(!is_in("one"));
}

BOOST_AUTO_TEST_CASE(the_fourth_try_waits_and_each_after_it_twice_as_long) {
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(begin_sign_in(db, email).seconds_to_wait == 0);
  BOOST_TEST(begin_sign_in(db, email).seconds_to_wait == 1);
  wait(1);
  BOOST_TEST(begin_sign_in(db, email).seconds_to_wait == 0);
  BOOST_TEST(begin_sign_in(db, email).seconds_to_wait == 2);
  wait(2);
  BOOST_TEST(begin_sign_in(db, email).seconds_to_wait == 0);
  BOOST_TEST(begin_sign_in(db, email).seconds_to_wait == 4);
  // What was tried too early does not count.
  BOOST_TEST(begin_sign_in(db, email).seconds_to_wait == 4);
  // Others do not wait.
  BOOST_TEST(begin_sign_in(db, "ann@example.com").seconds_to_wait == 0);
}

BOOST_AUTO_TEST_CASE(a_pause_is_never_longer_than_a_quarter_of_an_hour) {
  run("INSERT INTO operator_tries VALUES ('jo@example.com', 1000, now())");
  auto pause = begin_sign_in(db, email).seconds_to_wait;
  BOOST_TEST(pause > 890);
  BOOST_TEST(pause <= 900);
}

BOOST_AUTO_TEST_CASE(a_sign_in_that_succeeds_forgets_the_tries_before) {
  for (int i = 0; i < 3; ++i)
    begin_sign_in(db, email);
  BOOST_REQUIRE(begin("one"));
  BOOST_TEST(begin_sign_in(db, email).seconds_to_wait == 0);
}

BOOST_AUTO_TEST_CASE(a_code_begins_one_session) {
  update_operator_totp(db, email, "12345678901234567890123456789012");
  BOOST_TEST(!begin("none"));
  BOOST_REQUIRE(begin("one", 100));
  BOOST_TEST(!begin("two", 100));
  BOOST_TEST(begin("three", 101).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_compared_with_an_older_password_begins_nothing) {
  BOOST_REQUIRE(begin("one"));
  BOOST_TEST(update_operator_password(db, email, "another hash"));
  BOOST_TEST(!is_in("one"));
  BOOST_TEST(!begin("two"));
  BOOST_TEST(begin("three", 0, "another hash").has_value());
}

BOOST_AUTO_TEST_CASE(whoever_changes_their_password_keeps_one_session_of_all) {
  insert_operator(db, "ann@example.com", operator_role::viewer, "a hash");
  BOOST_REQUIRE(begin_operator_session(
    db, {"ann@example.com", "a hash", 0, to_hex(sha256(std::string{"hers"}))}, lifetime));
  BOOST_REQUIRE(begin("one"));
  BOOST_REQUIRE(begin("two"));
  begin_sign_in(db, email);
  new_operator_password what{email, "another hash", "a hash", 0,
                             to_hex(sha256(std::string{"two"}))};
  BOOST_TEST(change_operator_password(db, what));
  BOOST_TEST(!is_in("one"));
  BOOST_TEST(is_in("two"));
  BOOST_TEST(is_in("hers"));
  BOOST_TEST(begin_sign_in(db, email).tries == 1);
  BOOST_TEST(!begin("three"));
  BOOST_TEST(begin("three", 0, "another hash").has_value());
  // It was compared with the password before.
  BOOST_TEST(!change_operator_password(db, what));
  BOOST_TEST(is_in("three"));
}

BOOST_AUTO_TEST_CASE(a_code_changes_one_password_or_begins_one_session) {
  update_operator_totp(db, email, "12345678901234567890123456789012");
  BOOST_REQUIRE(begin("one", 100));
  auto session = to_hex(sha256(std::string{"one"}));
  BOOST_TEST(!change_operator_password(db, {email, "another hash", "a hash", 100, session}));
  BOOST_TEST(change_operator_password(db, {email, "another hash", "a hash", 101, session}));
  BOOST_TEST(!begin("two", 101, "another hash"));
  BOOST_TEST(begin("two", 102, "another hash").has_value());
}

BOOST_AUTO_TEST_CASE(a_closed_account_gets_no_other_password) {
  BOOST_REQUIRE(begin("one"));
  run("UPDATE operators SET disabled_at = now()");
  BOOST_TEST(!change_operator_password(
    db, {email, "another hash", "a hash", 0, to_hex(sha256(std::string{"one"}))}));
}

BOOST_AUTO_TEST_CASE(who_looks_after_the_stock_is_mailed_once_that_a_pool_runs_out) {
  insert_operator(db, "admin@example.com", operator_role::admin, "a hash");
  auto mails = [&] {
    return value_of<int>("SELECT count(*) FROM mails JOIN jobs ON subject = mails.id "
                         "WHERE mails.kind = 'low-stock' AND recipient = 'admin@example.com'");
  };
  const pool_name pool{"att", "qr"};
  note_pool_stock(db, {pool, 20});
  BOOST_TEST(mails() == 0);
  note_pool_stock(db, {pool, 19});
  note_pool_stock(db, {pool, 3});
  BOOST_TEST(mails() == 1);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM mails") == 1);
  auto told = low_stock_from(value_of<std::string>("SELECT content::text FROM mails"));
  BOOST_REQUIRE(told);
  BOOST_TEST(told->pool == "att.qr");
  BOOST_TEST(told->available == 19);
  BOOST_TEST(told->threshold == 20);
  note_pool_stock(db, {pool, 500});
  note_pool_stock(db, {pool, 5});
  BOOST_TEST(mails() == 2);
  // It goes up and down about the threshold.
  auto go_up_and_down = [&] {
    note_pool_stock(db, {pool, 20});
    note_pool_stock(db, {pool, 19});
  };
  go_up_and_down();
  BOOST_TEST(mails() == 2);
  run("UPDATE stock_warnings SET told_at = told_at - interval '16 minutes'");
  go_up_and_down();
  BOOST_TEST(mails() == 3);
}

BOOST_AUTO_TEST_SUITE_END()
