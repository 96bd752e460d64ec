#include "tests/access/accounts_fixture.hpp"

using namespace meisim;
using namespace meisim::test;

BOOST_FIXTURE_TEST_SUITE(accounts_suite, accounts_fixture)

BOOST_AUTO_TEST_CASE(codes_go_to_dealers_that_are_not_suspended_and_nobody_hears_which) {
  auto ask = [&](const std::string& address) {
    get<done>(send_code{address});
    // The mail comes after the answer.
    get<dealer_overviews>(list_dealers{});
  };
  ask("nobody@example.test");
  BOOST_TEST(mails() == 0);
  ask(email);
  BOOST_TEST(mails() == 1);
  update_status(db, dealer, dealer_status::suspended);
  ask(email);
  BOOST_TEST(mails() == 1);
}

BOOST_AUTO_TEST_CASE(whoever_loses_a_key_to_a_new_one_is_mailed) {
  std::string first = get<issued_key>(issue_key{email}).key;
  for (int i = 0; i < 19; ++i)
    get<issued_key>(issue_key{email});
  BOOST_TEST(mails("key-displaced") == 0);
  BOOST_TEST(notices("key_made") == 20);
  get<issued_key>(issue_key{email});
  BOOST_TEST(mails("key-displaced") == 1);
  auto mail = key_displaced_from(
    value_of<std::string>("SELECT content::text FROM mails WHERE kind = 'key-displaced'"));
  BOOST_REQUIRE(mail);
  BOOST_TEST(first.starts_with(mail->prefix));
  BOOST_TEST(value_of<std::string>("SELECT DISTINCT recipient FROM mails") == email);
  get<issued_key>(try_code{email, new_code()});
  BOOST_TEST(value_of<int>("SELECT count(*) FROM mails WHERE kind = 'key-displaced'") == 2);
}

BOOST_AUTO_TEST_CASE(a_code_buys_one_key) {
  auto code = new_code();
  auto issued = get<issued_key>(try_code{email, code});
  BOOST_TEST((issued.dealer == dealer));
  BOOST_TEST(issued.key.starts_with("dk_"));
  BOOST_TEST(taken->changed == 1);
  BOOST_TEST(get<key_list>(list_keys{dealer}).keys.size() == 1u);
  auto spent = refusal<issued_key>(try_code{email, code});
  auto unknown = refusal<issued_key>(try_code{"nobody@example.test", code});
  BOOST_TEST((code_of(spent) == ec::unauthorized));
  BOOST_TEST((code_of(unknown) == ec::unauthorized));
  BOOST_TEST(message_of(spent) == message_of(unknown));
}

BOOST_AUTO_TEST_CASE(five_wrong_tries_wear_a_code_out) {
  auto code = new_code();
  for (int i = 0; i < 5; ++i)
    BOOST_TEST((code_of(refusal<issued_key>(try_code{email, "wrong!"})) == ec::unauthorized));
  BOOST_TEST((code_of(refusal<issued_key>(try_code{email, code})) == ec::unauthorized));
}

BOOST_AUTO_TEST_CASE(a_login_needs_the_password_and_does_not_tell_what_was_wrong) {
  auto unset = refusal<session>(login{email, "correct horse", false});
  get<done>(reset_password{email, "correct horse"});
  BOOST_TEST(taken->changed == 1);
  auto opened = get<session>(login{email, "correct horse", true});
  BOOST_TEST((opened.dealer.id == dealer));
  BOOST_TEST(opened.token_epoch == 1);
  auto wrong = refusal<session>(login{email, "wrong horse", false});
  auto unknown = refusal<session>(login{"nobody@example.test", "correct horse", false});
  run("UPDATE dealers SET portal = false");
  auto barred = refusal<session>(login{email, "correct horse", true});
  for (const auto& failure : {unset, wrong, unknown, barred}) {
    BOOST_TEST((code_of(failure) == ec::unauthorized));
    BOOST_TEST(message_of(failure) == message_of(wrong));
  }
}

BOOST_AUTO_TEST_CASE(a_password_is_set_for_the_own_address_only) {
  open_dealer("other@example.test");
  auto failure = refusal<done>(set_password{dealer, "other@example.test", "correct horse"});
  BOOST_TEST((code_of(failure) == ec::invalid));
  BOOST_TEST(message_of(failure) == "email must be the account's own");
}

BOOST_AUTO_TEST_CASE(a_key_is_revoked_before_the_answer) {
  auto issued = get<issued_key>(issue_key{email});
  auto prefix = get<key_list>(list_keys{dealer}).keys.front().prefix;
  BOOST_TEST(issued.key.starts_with(prefix));
  get<done>(revoke_key{dealer, prefix});
  BOOST_TEST(taken->changed == 2);
  BOOST_TEST((code_of(refusal<done>(revoke_key{dealer, prefix})) == ec::not_found));
}

BOOST_AUTO_TEST_CASE(operators_open_accounts_and_change_them) {
  add_dealer wish{"new@example.test", "New"};
  BOOST_TEST(get<dealer_overviews>(wish).dealers.size() == 1u);
  BOOST_TEST((code_of(refusal<dealer_overviews>(wish)) == ec::conflict));
  auto after = get<dealer_overviews>(set_status{wish.email, dealer_status::approved});
  BOOST_TEST((after.dealers.front().dealer.status == dealer_status::approved));
  BOOST_TEST(get<dealer_overviews>(list_dealers{}).dealers.size() == 2u);
  auto unknown = refusal<dealer_overviews>(list_dealers{"nobody@example.test"});
  BOOST_TEST((code_of(unknown) == ec::not_found));
  get<done>(reset_password{wish.email, "correct horse"});
  get<session>(login{wish.email, "correct horse", false});
}

BOOST_AUTO_TEST_CASE(why_a_dealer_was_suspended_is_kept_for_as_long_as_it_is) {
  auto after =
    get<dealer_overviews>(set_status{email, dealer_status::suspended, "three invoices are unpaid"});
  BOOST_TEST(after.dealers.front().suspended_because == "three invoices are unpaid");
  BOOST_TEST(value_of<std::string>("SELECT after->>'reason' FROM audit_events")
             == "three invoices are unpaid");
  after = get<dealer_overviews>(set_status{email, dealer_status::approved});
  BOOST_TEST(after.dealers.front().suspended_because.empty());
}

BOOST_AUTO_TEST_CASE(a_price_is_above_zero_and_of_a_sku) {
  auto nothing = set_price{to_string(sku_id::make()), "", money::from_cents(100)};
  BOOST_TEST((code_of(refusal<sku>(nothing)) == ec::not_found));
  auto id = value_of<std::string>("SELECT id::text FROM skus LIMIT 1");
  BOOST_TEST((code_of(refusal<sku>(set_price{id, "", money{}})) == ec::invalid));
  BOOST_TEST(taken->refreshed == 0);
  auto set = get<sku>(set_price{id, email, money::from_cents(1'234)});
  BOOST_TEST(set.price.cents() == 1'234);
  BOOST_TEST(taken->refreshed == 1);
}

BOOST_AUTO_TEST_SUITE_END()
