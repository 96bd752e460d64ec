#include "protocols/base/pem_file.hpp"
#include "protocols/verification/devices.hpp"
#include "tests/base/message_fixture.hpp"
#include "tests/fixtures/folders.hpp"

#include <cstdlib>

// All other words between nodes, and how they look on the wire.

using namespace meisim;
using namespace meisim::test;

BOOST_FIXTURE_TEST_SUITE(message_suite, message_fixture)

BOOST_AUTO_TEST_CASE(the_question_for_admission_and_its_answer_arrive_whole) {
  auto asked = arrived(admission_request{{"hash", 7}, limit_class::login, false, true});
  BOOST_TEST(asked.shown.key_hash == "hash");
  BOOST_TEST(asked.shown.token_epoch == 7);
  BOOST_TEST((asked.limit == limit_class::login));
  BOOST_TEST(!asked.needs_approval);
  BOOST_TEST(asked.needs_portal);
  admission sent{ec::rate_limited, "no", {30, 1, 59}, {}};
  sent.dealer = {dealer_id::make(),      "a@b.co", "C", dealer_status::suspended, 500,
                 money::from_cents(100), true};
  auto got = arrived(sent);
  BOOST_TEST((got.refusal == ec::rate_limited));
  BOOST_TEST(got.message == "no");
  BOOST_TEST(got.rate.limit == 30u);
  BOOST_TEST(got.rate.remaining == 1u);
  BOOST_TEST(got.rate.reset_seconds == 59u);
  BOOST_TEST((got.dealer.id == sent.dealer.id));
  BOOST_TEST(got.dealer.email == "a@b.co");
  BOOST_TEST(got.dealer.company == "C");
  BOOST_TEST((got.dealer.status == dealer_status::suspended));
  BOOST_TEST(got.dealer.markup_basis_points == 500);
  BOOST_TEST((got.dealer.resend_fee == sent.dealer.resend_fee));
  BOOST_TEST(got.dealer.portal);
}

BOOST_AUTO_TEST_CASE(small_values_arrive) {
  auto id = dealer_id::make();
  BOOST_TEST((arrived(id) == id));
  BOOST_TEST((arrived(pool_name{"att", "qr"}) == pool_name{"att", "qr"}));
  auto counts = arrived(stock_counts{1, 2, 3});
  BOOST_TEST(counts.available == 1);
  BOOST_TEST(counts.sold == 2);
  BOOST_TEST(counts.burned == 3);
  arrived(done{});
}

BOOST_AUTO_TEST_CASE(what_proves_a_name_arrives) {
  arrived(ask_challenge{});
  BOOST_TEST(arrived(challenge{"drawn"}).text == "drawn");
  const std::string signature{"\0\xff", 2};
  auto site = arrived(site_greeting{"lab", {"a certificate", signature}});
  BOOST_TEST(site.name == "lab");
  BOOST_TEST(site.proof.certificates == "a certificate");
  BOOST_TEST(site.proof.signature == signature);
  auto node = arrived(node_greeting{"a", uuid{1, 2}, {1, 1}, nullptr, {"another", signature}});
  BOOST_TEST(node.proof.certificates == "another");
  BOOST_TEST(node.proof.signature == signature);
}

BOOST_AUTO_TEST_CASE(what_devices_are_told_and_say_arrives) {
  BOOST_TEST(arrived(doubt_device{"why"}).reason == "why");
  BOOST_TEST(arrived(test_device{"lab.card-1"}).name == "lab.card-1");
  auto test = arrived(device_test{"lab.card-1", "89", "v2.3.0", {{"card", false, "no card"}}});
  BOOST_TEST(test.name == "lab.card-1");
  BOOST_TEST(test.eid == "89");
  BOOST_TEST(test.version == "v2.3.0");
  BOOST_REQUIRE(test.flaw());
  BOOST_TEST(test.flaw()->detail == "no card");
  check_done sent;
  sent.found.fault = blame::host;
  sent.found.detail = "SCardConnect() failed";
  sent.found.seen.was_asked = true;
  sent.device.site = "here";
  sent.device.eid = "89";
  sent.device.state = device_state::refused;
  sent.device.detail = "no card";
  auto got = arrived(sent);
  BOOST_TEST((got.found.fault == blame::host));
  BOOST_TEST(got.found.detail == "SCardConnect() failed");
  BOOST_TEST(got.found.seen.was_asked);
  BOOST_TEST(got.device.site == "here");
  BOOST_TEST(got.device.eid == "89");
  BOOST_TEST((got.device.state == device_state::refused));
  BOOST_TEST(got.device.detail == "no card");
}

BOOST_AUTO_TEST_CASE(what_is_asked_of_another_node_arrives_in_one_message) {
  auto dealer = dealer_id::make();
  remote_calls sent;
  auto enclose = [&](remote_question what) {
    sent.calls.push_back({sent.calls.size() + 1, sent.calls.size() % 2 == 1, std::move(what)});
  };
  admission_request knock{{"hash", 7}, limit_class::order, true, false, dealer};
  enclose(knock);
  enclose(address_request{limit_class::login, "10.0.0.1"});
  enclose(some_posting());
  purchase wish;
  wish.quantity = 9;
  enclose(wish);
  enclose(count_pool{{"att", "qr"}});
  enclose(account_changed{dealer});
  enclose(pool_restocked{{"att", "qr"}});
  enclose(dealer_memory{dealer, {{{limit_class::read, {1, 2, 3}}}}});
  enclose(ip_limiter_memory{"10.0.0.1", {{{limit_class::otp_send, {4}}}}});
  enclose(find_answer{dealer, "key", "hash"});
  enclose(drain_device{"lab.card-1"});
  enclose(test_device{"lab.card-1"});
  BOOST_REQUIRE_EQUAL(sent.calls.size(), std::variant_size_v<remote_question>);
  auto got = arrived(sent);
  BOOST_REQUIRE_EQUAL(got.calls.size(), sent.calls.size());
  for (size_t i = 0; i < sent.calls.size(); ++i) {
    BOOST_TEST(got.calls[i].call_id == i + 1);
    BOOST_TEST(got.calls[i].is_relayed == (i % 2 == 1));
    BOOST_TEST(got.calls[i].what.index() == i);
  }
  BOOST_TEST((std::get<admission_request>(got.calls[0].what).dealer == dealer));
  BOOST_TEST(std::get<address_request>(got.calls[1].what).address == "10.0.0.1");
  BOOST_TEST((std::get<address_request>(got.calls[1].what).limit == limit_class::login));
  BOOST_TEST(std::get<posting>(got.calls[2].what).lines.size() == 2u);
  BOOST_TEST(std::get<purchase>(got.calls[3].what).quantity == 9);
  BOOST_TEST((std::get<count_pool>(got.calls[4].what).pool == pool_name{"att", "qr"}));
  BOOST_TEST((std::get<account_changed>(got.calls[5].what).dealer == dealer));
  BOOST_TEST((std::get<pool_restocked>(got.calls[6].what).pool == pool_name{"att", "qr"}));
  const auto& windows = std::get<dealer_memory>(got.calls[7].what).what.windows;
  BOOST_REQUIRE_EQUAL(windows.size(), 1u);
  BOOST_TEST((windows.front().group == limit_class::read));
  BOOST_TEST(windows.front().ages == (std::vector<uint32_t>{1, 2, 3}),
             boost::test_tools::per_element());
  BOOST_TEST(std::get<ip_limiter_memory>(got.calls[8].what).address == "10.0.0.1");
  BOOST_TEST(std::get<drain_device>(got.calls[10].what).name == "lab.card-1");
}

BOOST_AUTO_TEST_CASE(what_another_node_answers_arrives_by_call_id) {
  remote_answers sent;
  sent.answers.push_back({7, admission{ec::forbidden, "no", {}, {}}});
  sent.answers.push_back(
    {8, receipt{posting_id::make(), ec::none, balance_receipt{money::from_cents(5)}, false}});
  sent.answers.push_back({9, stock_counts{1, 2, 3}});
  sent.answers.push_back({10, done{}});
  sent.answers.push_back({11, device_test{"lab.card-1", "89", "v2.3.0", {}}});
  auto got = arrived(sent);
  BOOST_REQUIRE_EQUAL(got.answers.size(), 5u);
  for (size_t i = 0; i < 5; ++i) {
    BOOST_TEST(got.answers[i].call_id == 7 + i);
    BOOST_TEST(got.answers[i].what.index() == i + 1);
  }
  BOOST_TEST((std::get<admission>(got.answers[0].what).refusal == ec::forbidden));
  BOOST_TEST(std::get<balance_receipt>(std::get<receipt>(got.answers[1].what).told).balance.cents()
             == 5);
  BOOST_TEST(std::get<stock_counts>(got.answers[2].what).burned == 3);
  BOOST_TEST(std::get<device_test>(got.answers[4].what).eid == "89");
}

/// What a released version of the nodes' protocol looks like on the wire. If this fails, a message
/// has changed, and the release before would not understand it any more. Give the new message a
/// name of its own, and raise the version.
BOOST_AUTO_TEST_CASE(released_messages_do_not_change) {
  BOOST_TEST((spoken_here() == wire_range{1, 1}));
  auto bytes_of = [&](const auto& what) {
    auto whole = written(caf::make_message(what));
    return std::string{whole.data(), whole.size()};
  };
  auto digest = [&](const auto& what) { return to_hex(sha256(bytes_of(what))).substr(0, 16); };
  // Or the fuzzer would begin with what is refused at once. `xxd -r -p` makes the file of the text.
  auto check_seed = [&](const char* name, const auto& what) {
    auto hex = [](const std::string& text) {
      return to_hex(reinterpret_cast<const uint8_t*>(text.data()), text.size());
    };
    auto file = source_folder() + "/tests/fuzz/corpus/messages/" + name;
    BOOST_TEST(hex(file_text(file)) == hex(bytes_of(what)), name);
  };
  uuid known{0x0123456789abcdefU, 0xfedcba9876543210U};
  posting paid;
  paid.id = posting_id{known};
  paid.dealer = dealer_id{known};
  paid.lines = {{entry_type::debit, money::from_cents(-1'234), "line", order_id{known}}};
  paid.idempotency_key = "key";
  remote_calls calls;
  calls.calls.push_back({1, false, paid});
  calls.calls.push_back(
    {2, true, admission_request{{"hash", 7}, limit_class::order, true, false, dealer_id{known}}});
  calls.calls.push_back({3, false, address_request{limit_class::login, "10.0.0.1"}});
  calls.calls.push_back({0, false, dealer_memory{dealer_id{known}, {{{limit_class::read, {1}}}}}});
  BOOST_TEST(digest(calls) == "c52ec6f98c770683");
  check_seed("calls", calls);
  remote_answers answers;
  answers.answers.push_back({1, receipt{posting_id{known}, ec::none, balance_receipt{}, true}});
  answers.answers.push_back({2, admission{ec::forbidden, "no", {30, 1, 59}, {}}});
  answers.answers.push_back({3, stock_counts{1, 2, 3}});
  BOOST_TEST(digest(answers) == "7f861238ad12b151");
  check_seed("answers", answers);
  node_greeting greeting{"a", known, {1, 1}, nullptr};
  BOOST_TEST(digest(greeting) == "5161be13fa2e5f9c");
  check_seed("greeting", greeting);
  check_seed("site-greeting", site_greeting{"lab", {"a certificate", "a signature"}});
  check_done checked;
  checked.call_id = 7;
  checked.device.name = "lab.a";
  checked.device.node = "lab";
  checked.device.last_results = {"used"};
  check_seed("check-done", checked);
}

BOOST_AUTO_TEST_CASE(the_words_between_entities_arrive) {
  arrived(changed_atom_v);
  arrived(dealer_atom_v);
  arrived(pool_atom_v);
  arrived(reload_atom_v);
  arrived(restock_atom_v);
  arrived(retire_atom_v);
  arrived(ip_limiter_atom_v);
  arrived(wallet_atom_v);
}

BOOST_AUTO_TEST_CASE(errors_arrive_with_what_they_say) {
  for (size_t code = 1; code < ec_count; ++code) {
    auto got = arrived(make_error(static_cast<ec>(code), "a sentence"));
    BOOST_TEST((code_of(got) == static_cast<ec>(code)));
    BOOST_TEST(message_of(got) == "a sentence");
  }
  for (const auto& known : causes()) {
    auto got = arrived(make_error(known.what, "a sentence", "a_field"));
    BOOST_TEST((cause_of(got) == known.what));
    BOOST_TEST((code_of(got) == known.kind));
    BOOST_TEST(message_of(got) == "a sentence");
    BOOST_TEST(field_of(got) == "a_field");
  }
  auto funds = arrived(insufficient_funds(money::from_cents(1), money::from_cents(2)));
  BOOST_TEST(shortfall_of(funds).balance.cents() == 1);
  BOOST_TEST(shortfall_of(funds).required.cents() == 2);
  auto credit =
    arrived(credit_limit_reached(money::from_cents(3), money::from_cents(2), money::from_cents(5)));
  BOOST_TEST(credit_shortfall_of(credit).limit.cents() == 3);
  BOOST_TEST(credit_shortfall_of(credit).used.cents() == 2);
  BOOST_TEST(credit_shortfall_of(credit).required.cents() == 5);
}

BOOST_AUTO_TEST_SUITE_END()
