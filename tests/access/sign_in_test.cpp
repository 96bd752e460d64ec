#include "tests/access/accounts_fixture.hpp"
#include "tests/fixtures/authenticator.hpp"

// What stands between a guesser and an account.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(sign_in_suite, accounts_fixture)

BOOST_AUTO_TEST_CASE(
  five_wrong_codes_in_a_row_lock_all_codes_but_not_where_somebody_has_signed_in) {
  get<issued_key>(try_code{email, new_code(), from("192.0.2.1")});
  // Wrong ones of several codes, from several addresses.
  for (int i = 0; i < 5; ++i) {
    if (i % 2 == 0)
      new_code();
    refusal<issued_key>(try_code{email, "wrong!", from("198.51.100." + std::to_string(i))});
  }
  BOOST_TEST(notices("codes_locked") == 1);
  BOOST_TEST(events("sign_in.locked") == 1);
  BOOST_TEST(events("sign_in.failed") == 5);
  run("UPDATE sign_in_guards SET code_mails = '{}'");
  auto code = new_code();
  auto locked = refusal<issued_key>(try_code{email, code, from("198.51.100.9")});
  BOOST_TEST(message_of(locked) == "the code is wrong or has expired");
  BOOST_TEST(get<issued_key>(try_code{email, code, from("192.0.2.1")}).key.starts_with("dk_"));
  // It has ended by itself.
  run(
    "UPDATE sign_in_guards SET codes_locked_until = now() - interval '1 second', code_mails = '{}'");
  get<issued_key>(try_code{email, new_code(), from("198.51.100.9")});
}

BOOST_AUTO_TEST_CASE(a_right_code_begins_the_count_anew) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 4; ++i)
      refusal<issued_key>(try_code{email, "wrong!", from("198.51.100.7")});
    get<issued_key>(try_code{email, new_code(), from("198.51.100.7")});
  }
  BOOST_TEST(events("sign_in.locked") == 0);
}

BOOST_AUTO_TEST_CASE(an_account_gets_five_codes_in_fifteen_minutes_wherever_they_are_asked_for) {
  for (int i = 0; i < 8; ++i)
    get<done>(send_code{email, from("198.51.100." + std::to_string(i))});
  get<dealer_overviews>(list_dealers{});
  BOOST_TEST(mails() == 5);
  run("UPDATE sign_in_guards SET code_mails = ARRAY(SELECT m - interval '15 minutes' FROM "
      "unnest(code_mails) AS m)");
  new_code();
  BOOST_TEST(mails() == 6);
}

BOOST_AUTO_TEST_CASE(wrong_passwords_make_sign_ins_pause_for_longer_and_longer) {
  get<done>(reset_password{email, "correct horse"});
  // A wrong password is counted after its answer, so another question is answered before.
  auto fails = [&](const std::string& password, const std::string& address) {
    auto failure = refusal<session>(login{email, password, false, {}, from(address)});
    get<dealer_overviews>(list_dealers{});
    return message_of(failure);
  };
  auto seconds_paused = [&] {
    return value_of<int>("SELECT extract(epoch FROM passwords_paused_until - now())::int "
                         "FROM sign_in_guards");
  };
  get<session>(login{email, "correct horse", false, {}, from("192.0.2.1")});
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(fails("wrong horse", "198.51.100.7") == "email or password is wrong");
  BOOST_TEST(notices("passwords_paused") == 1);
  BOOST_TEST((seconds_paused() > 50 && seconds_paused() <= 60));
  // Not even the right code is accepted, and nobody is told why.
  BOOST_TEST(fails("correct horse", "198.51.100.7") == "email or password is wrong");
  get<session>(login{email, "correct horse", false, {}, from("192.0.2.1")});
  run("UPDATE sign_in_guards SET wrong_passwords = 5, passwords_paused_until = now()");
  fails("wrong horse", "198.51.100.7");
  BOOST_TEST((seconds_paused() > 110 && seconds_paused() <= 120));
  run("UPDATE sign_in_guards SET wrong_passwords = 40, passwords_paused_until = now()");
  fails("wrong horse", "198.51.100.7");
  BOOST_TEST((seconds_paused() > 3'500 && seconds_paused() <= 3'600));
}

BOOST_AUTO_TEST_CASE(a_later_password_needs_the_current_one_or_a_code) {
  auto key = get<issued_key>(try_code{email, new_code()}).key;
  auto hash = to_hex(sha256(key));
  auto made = get<issued_key>(make_key{dealer, "bot", scopes::manage});
  set_password first{dealer, email, "correct horse", to_hex(sha256(made.key))};
  BOOST_TEST((code_of(refusal<done>(first)) == ec::forbidden));
  first.key_hash = hash;
  get<done>(first);
  BOOST_TEST(notices("password_set") == 1);
  BOOST_TEST(events("password.set") == 1);
  set_password later{dealer, email, "battery staple", hash};
  BOOST_TEST((code_of(refusal<done>(later)) == ec::invalid));
  later.current_password = "wrong horse";
  BOOST_TEST((code_of(refusal<done>(later)) == ec::unauthorized));
  later.current_password = "correct horse";
  get<done>(later);
  set_password by_code{dealer, email, "third password", hash, {}, "000000"};
  BOOST_TEST((code_of(refusal<done>(by_code)) == ec::unauthorized));
  by_code.code = new_code();
  get<done>(by_code);
  get<session>(login{email, "third password"});
}

BOOST_AUTO_TEST_CASE(a_session_is_listed_and_ended_alone) {
  get<done>(reset_password{email, "correct horse"});
  auto first = get<session>(login{email, "correct horse", false, {}, from("192.0.2.1")});
  auto second = get<session>(login{email, "correct horse", true, {}, from("192.0.2.2")});
  BOOST_TEST(!get<session_list>(list_sessions{dealer}).has_second_factor);
  auto list = get<session_list>(list_sessions{dealer}).sessions;
  BOOST_REQUIRE_EQUAL(list.size(), 2u);
  BOOST_TEST(list[0].address == "192.0.2.2");
  BOOST_TEST(list[0].audience == "portal");
  BOOST_TEST((list[1].id == first.id));
  get<done>(end_session{dealer, first.id});
  BOOST_TEST((code_of(refusal<done>(end_session{dealer, first.id})) == ec::not_found));
  auto other = open_dealer("other@example.test");
  BOOST_TEST((code_of(refusal<done>(end_session{other, second.id})) == ec::not_found));
  auto record = load_dealer_record(db, dealer);
  BOOST_REQUIRE(record);
  BOOST_TEST((record->ended_sessions == std::vector{first.id}));
  BOOST_TEST(get<session_list>(list_sessions{dealer}).sessions.size() == 1u);
  // A new password ends the other sessions.
  get<done>(reset_password{email, "battery staple"});
  BOOST_TEST(get<session_list>(list_sessions{dealer}).sessions.empty());
}

BOOST_AUTO_TEST_CASE(a_place_where_nobody_has_signed_in_for_long_is_forgotten) {
  get<done>(reset_password{email, "correct horse"});
  for (const auto* place : {"192.0.2.1", "192.0.2.2"})
    get<session>(login{email, "correct horse", false, {}, from(place)});
  run("UPDATE sign_in_places SET last_at = now() - interval '181 days'");
  get<session>(login{email, "correct horse", false, {}, from("192.0.2.2")});
  BOOST_TEST(value_of<std::string>("SELECT host(place) FROM sign_in_places") == "192.0.2.2");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM sign_in_places") == 1);
}

BOOST_AUTO_TEST_CASE(a_second_factor_is_asked_for_and_each_of_its_codes_is_taken_once) {
  get<done>(reset_password{email, "correct horse"});
  auto wrong = refusal<second_factor_secret>(begin_second_factor{dealer, "wrong horse"});
  BOOST_TEST((code_of(wrong) == ec::unauthorized));
  auto made = get<second_factor_secret>(begin_second_factor{dealer, "correct horse"});
  BOOST_TEST(made.url.starts_with("otpauth://totp/MeiSIM:dealer%40example.test?secret="));
  // It does not count before it is confirmed.
  get<session>(login{email, "correct horse"});
  BOOST_TEST(
    (code_of(refusal<recovery_codes>(confirm_second_factor{dealer, "000000"})) == ec::invalid));
  auto spare =
    get<recovery_codes>(confirm_second_factor{dealer, code_at(made.secret, now() - 30s)}).codes;
  BOOST_TEST(spare.size() == 10u);
  BOOST_TEST(get<session_list>(list_sessions{dealer}).has_second_factor);
  auto sign_in = [&](const std::string& code) {
    auto answer = tell<session>(login{email, "correct horse", false, code});
    return std::holds_alternative<session>(answer);
  };
  BOOST_TEST(!sign_in(""));
  BOOST_TEST(!sign_in("000000"));
  auto code = code_at(made.secret, now() + 30s);
  BOOST_TEST(sign_in(code));
  BOOST_TEST(!sign_in(code));
  BOOST_TEST(sign_in(spare[0]));
  BOOST_TEST(!sign_in(spare[0]));
  get<done>(end_second_factor{dealer, spare[1]});
  BOOST_TEST(sign_in(""));
  BOOST_TEST(events("second_factor.set") == 1);
  BOOST_TEST(events("second_factor.ended") == 1);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM recovery_codes") == 0);
}

BOOST_AUTO_TEST_CASE(guesses_at_a_second_factor_make_a_pause_too) {
  get<done>(reset_password{email, "correct horse"});
  auto stranger = from("198.51.100.7");
  auto counted = [&] {
    get<dealer_overviews>(list_dealers{});
    return value_of<int>("SELECT coalesce(max(wrong_passwords), 0) FROM sign_in_guards");
  };
  refusal<second_factor_secret>(begin_second_factor{dealer, "wrong horse", stranger});
  BOOST_TEST(counted() == 1);
  auto made = get<second_factor_secret>(begin_second_factor{dealer, "correct horse", stranger});
  get<recovery_codes>(confirm_second_factor{dealer, code_at(made.secret, now()), stranger});
  auto code = code_at(made.secret, now() + 30s);
  for (int i = 1; i < 5; ++i)
    BOOST_TEST(
      (code_of(refusal<done>(end_second_factor{dealer, "000000", stranger})) == ec::invalid));
  BOOST_TEST(notices("passwords_paused") == 1);
  // Not even the right code ends it now.
  BOOST_TEST((code_of(refusal<done>(end_second_factor{dealer, code, stranger})) == ec::invalid));
}

BOOST_AUTO_TEST_CASE(a_key_for_a_purpose_is_kept_with_what_it_is_good_for) {
  auto made = get<issued_key>(make_key{dealer,
                                       "price robot",
                                       scopes::read | scopes::verify,
                                       now() + 24h,
                                       {"192.0.2.0/24", "2001:db8::1"}});
  auto listed = get<key_list>(list_keys{dealer}).keys.at(0);
  BOOST_TEST(listed.label == "price robot");
  BOOST_TEST((listed.scopes == (scopes::read | scopes::verify)));
  BOOST_TEST((listed.networks == std::vector<std::string>{"192.0.2.0/24", "2001:db8::1"}));
  BOOST_TEST((listed.expires_at > now() + 23h));
  auto record = load_dealer_record(db, dealer);
  BOOST_REQUIRE(record);
  const auto& grant = record->keys.at(0);
  BOOST_TEST(grant.hash == to_hex(sha256(made.key)));
  BOOST_TEST((grant.scopes == listed.scopes));
  BOOST_TEST((grant.networks == listed.networks));
  BOOST_TEST((grant.expires_at == listed.expires_at));
  BOOST_TEST(notices("key_made") == 1);
  BOOST_TEST(events("key.made") == 1);
}

BOOST_AUTO_TEST_CASE(a_customer_is_forgotten_but_for_what_is_under_way) {
  auto order = [&](const std::string& status) {
    run(
      "INSERT INTO orders (id, dealer_id, type, product, customer_email, customer_name, quantity, "
      "unit_price_cents, status, created_at) SELECT gen_random_uuid(), id, 'esim', 'x', "
      "'Jane@example.com', 'Jane', 1, 100, '"
      + status + "', now() FROM dealers");
  };
  order("completed");
  order("failed");
  order("processing");
  for (const auto* kind : {"esim-activation", "batch-results"})
    run("INSERT INTO mails (id, recipient, kind, status) VALUES (gen_random_uuid(), "
        "'jane@example.com', '"
        + std::string{kind} + "', 'sent')");
  // One that has ended, and one that has not.
  for (const auto* rest : {"1, now()", "0, NULL"})
    run("INSERT INTO batches (id, dealer_id, source, label, notify_email, unit_price_cents, "
        "total_rows, created_at, available, completed_at) SELECT gen_random_uuid(), id, 'dealer', "
        "'x', 'jane@example.com', 100, 1, now(), "
        + std::string{rest} + " FROM dealers");
  auto erased = get<erased_customer>(erase_customer{"jane@example.com"});
  BOOST_TEST(erased.orders == 2);
  BOOST_TEST(erased.mails == 2);
  BOOST_TEST(erased.orders_under_way == 1);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM batches WHERE notify_email IS NOT NULL") == 1);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM batches WHERE notify_email IS NOT NULL AND "
                           "completed_at IS NULL")
             == 1);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM orders WHERE customer_name = 'Jane'") == 1);
  BOOST_TEST(value_of<int>("SELECT count(*) FROM audit_events WHERE subject LIKE '%jane%'") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
