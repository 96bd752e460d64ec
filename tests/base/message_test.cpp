#include "protocols/cluster/cluster.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/interfaces.hpp"
#include "tests/fixtures/actors.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

// Messages that may cross to another node arrive as they were sent. Messages that are cut off are
// refused.

using namespace meisim;
using namespace meisim::test;

namespace {

using bytes = caf::binary_serializer::container_type;

struct fixture {
  deterministic_config config;
  caf::actor_system system{config};

  bytes written(caf::message what) {
    bytes result;
    caf::binary_serializer sink{system, result};
    BOOST_REQUIRE(sink(what) == caf::none);
    return result;
  }

  caf::error read(const bytes& from, caf::message& into) {
    caf::binary_deserializer source{system, from};
    return source(into);
  }

  /// CAF gives an empty message for one that it cannot read.
  bool is_refused(const bytes& from) {
    caf::message result;
    return read(from, result) != caf::none || result.empty();
  }

  /// What arrives of `sent` at the other node.
  template <class T>
  T arrived(const T& sent) {
    auto whole = written(caf::make_message(sent));
    caf::message result;
    BOOST_REQUIRE(read(whole, result) == caf::none);
    BOOST_REQUIRE(result.match_elements<T>());
    // An error holds a message within the message. If that is cut off, it is the empty one.
    auto cuts = std::is_same_v<T, caf::error> ? 0 : whole.size();
    for (size_t size = 0; size < cuts; ++size) {
      auto begin = whole.begin();
      bytes part{begin, begin + static_cast<std::ptrdiff_t>(size)};
      BOOST_REQUIRE_MESSAGE(is_refused(part), size << " of " << whole.size());
    }
    BOOST_TEST((written(result) == whole));
    return result.get_as<T>(0);
  }
};

posting some_posting() {
  posting result;
  result.id = posting_id::make();
  result.dealer = dealer_id::make();
  result.lines = {{entry_type::debit, money::from_cents(-1'234), "a \"line\"", order_id::make()},
                  {entry_type::credit, money::from_cents(34), {}, {}}};
  result.idempotency_key = "key";
  result.request_hash = "hash";
  result.ceiling = money::from_cents(99);
  return result;
}

bool is_same(const stock_row& a, const stock_row& b) {
  return a.id == b.id && a.iccid == b.iccid && a.lpa == b.lpa;
}

bool is_same(const postal_address& a, const postal_address& b) {
  return a.first_name == b.first_name && a.last_name == b.last_name
         && a.address_line_1 == b.address_line_1 && a.city == b.city && a.state == b.state
         && a.zip_code == b.zip_code && a.phone == b.phone;
}

/// Sends an empty effect of this place in the variant. It must arrive as the same kind.
template <size_t Index>
void check_kind(fixture& here) {
  auto sent = some_posting();
  sent.what.emplace<Index>();
  BOOST_TEST(here.arrived(sent).what.index() == Index);
}

template <size_t Index>
void check_receipt(fixture& here) {
  receipt sent;
  sent.told.emplace<Index>();
  BOOST_TEST(here.arrived(sent).told.index() == Index);
}

template <size_t... Index>
void check_receipts(fixture& here, std::index_sequence<Index...>) {
  (check_receipt<Index>(here), ...);
}

template <size_t... Index>
void check_kinds(fixture& here, std::index_sequence<Index...>) {
  (check_kind<Index>(here), ...);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(message_suite, fixture)

BOOST_AUTO_TEST_CASE(a_posting_arrives_with_its_lines_and_its_guard) {
  auto sent = some_posting();
  auto got = arrived(sent);
  BOOST_TEST((got.id == sent.id));
  BOOST_TEST((got.dealer == sent.dealer));
  BOOST_REQUIRE_EQUAL(got.lines.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    BOOST_TEST((got.lines[i].type == sent.lines[i].type));
    BOOST_TEST((got.lines[i].amount == sent.lines[i].amount));
    BOOST_TEST(got.lines[i].description == sent.lines[i].description);
    BOOST_TEST((got.lines[i].order == sent.lines[i].order));
  }
  BOOST_TEST(got.idempotency_key == "key");
  BOOST_TEST(got.request_hash == "hash");
  auto asked = arrived(find_answer{sent.dealer, "key", "hash"});
  BOOST_TEST((asked.dealer == sent.dealer));
  BOOST_TEST(asked.idempotency_key == "key");
  BOOST_TEST(asked.request_hash == "hash");
  BOOST_TEST((got.ceiling == sent.ceiling));
}

BOOST_AUTO_TEST_CASE(every_kind_of_effect_arrives_as_what_it_is) {
  check_kinds(*this, std::make_index_sequence<std::variant_size_v<effect>>{});
}

BOOST_AUTO_TEST_CASE(an_order_arrives_with_its_customer) {
  auto sent = some_posting();
  order_placed order{order_id::make(), "p3:x", "X", {"a@b.co", "A", "de", "1", "2", {}}, 3, {}, {}};
  order.unit_price = money::from_cents(2'500);
  order.buyer.address = {"a", "b", "c", "d", "e", "f", "g"};
  sent.what = order;
  auto got = std::get<order_placed>(arrived(sent).what);
  BOOST_TEST((got.id == order.id));
  BOOST_TEST(got.product == "p3:x");
  BOOST_TEST(got.buyer.email == "a@b.co");
  BOOST_TEST(got.buyer.name == "A");
  BOOST_TEST(got.buyer.language == "de");
  BOOST_TEST(got.buyer.imei == "1");
  BOOST_TEST(got.buyer.eid == "2");
  BOOST_TEST(is_same(got.buyer.address, order.buyer.address));
  BOOST_TEST(got.quantity == 3);
  BOOST_TEST((got.unit_price == order.unit_price));
}

BOOST_AUTO_TEST_CASE(a_refund_arrives_with_its_reason) {
  auto sent = some_posting();
  order_refunded refund{order_id::make(), 2, false, "refused", 7};
  sent.what = refund;
  auto got = std::get<order_refunded>(arrived(sent).what);
  BOOST_TEST((got.id == refund.id));
  BOOST_TEST(got.units == 2);
  BOOST_TEST(!got.failed);
  BOOST_TEST(got.reason == "refused");
  BOOST_TEST(got.attempt == 7);
}

BOOST_AUTO_TEST_CASE(a_sale_arrives_with_its_rows) {
  auto sent = some_posting();
  supply_sold sale{7, sku_id::make(), {"att", "qr"}, 3, money::from_cents(400), {}, now()};
  sale.rows = std::vector<stock_row>{{inventory_id::make(), "1", "LPA:1"},
                                     {inventory_id::make(), "2", "LPA:2"}};
  sent.what = sale;
  auto got = std::get<supply_sold>(arrived(sent).what);
  BOOST_TEST(got.usage == 7);
  BOOST_TEST((got.sku == sale.sku));
  BOOST_TEST((got.pool == sale.pool));
  BOOST_TEST(got.quantity == 3);
  BOOST_TEST((got.unit_price == sale.unit_price));
  BOOST_REQUIRE_EQUAL(got.rows.size(), 2u);
  for (size_t i = 0; i < 2; ++i)
    BOOST_TEST(is_same(got.rows[i], sale.rows[i]));
  BOOST_TEST((got.assigned_at == sale.assigned_at));
}

BOOST_AUTO_TEST_CASE(an_effect_of_a_later_release_is_refused) {
  auto sent = some_posting();
  sent.what = wallet_adjusted{};
  auto whole = written(caf::make_message(sent));
  // An adjustment has no content: its place in the variant is the last byte.
  whole.back() = static_cast<bytes::value_type>(std::variant_size_v<effect>);
  BOOST_TEST(is_refused(whole));
}

BOOST_AUTO_TEST_CASE(a_purchase_arrives_whole) {
  purchase sent{posting_id::make(),
                dealer_id::make(),
                sku_id::make(),
                {"att", "qr"},
                9,
                money::from_cents(400),
                "key",
                "hash",
                money::from_cents(5'000)};
  auto got = arrived(sent);
  BOOST_TEST((got.id == sent.id));
  BOOST_TEST((got.dealer == sent.dealer));
  BOOST_TEST((got.sku == sent.sku));
  BOOST_TEST((got.pool == sent.pool));
  BOOST_TEST(got.quantity == 9);
  BOOST_TEST((got.unit_price == sent.unit_price));
  BOOST_TEST(got.idempotency_key == "key");
  BOOST_TEST(got.request_hash == "hash");
  auto asked = arrived(find_answer{sent.dealer, "key", "hash"});
  BOOST_TEST((asked.dealer == sent.dealer));
  BOOST_TEST(asked.idempotency_key == "key");
  BOOST_TEST(asked.request_hash == "hash");
  BOOST_TEST((got.ceiling == sent.ceiling));
}

BOOST_AUTO_TEST_CASE(every_kind_of_receipt_arrives_as_what_it_is) {
  check_receipts(*this, std::make_index_sequence<std::variant_size_v<receipt_values>>{});
}

BOOST_AUTO_TEST_CASE(a_receipt_arrives_whole) {
  order_receipt told{order_id::make(), money::from_cents(250), 3, order_id::make(),
                     money::from_cents(99)};
  auto got = arrived(receipt{posting_id{{1, 2}}, ec::vendor_error, told, true});
  BOOST_TEST((got.id == posting_id{{1, 2}}));
  BOOST_TEST((got.code == ec::vendor_error));
  BOOST_TEST(got.replayed);
  auto order = std::get<order_receipt>(got.told);
  BOOST_TEST((order.id == told.id));
  BOOST_TEST((order.unit_price == told.unit_price));
  BOOST_TEST(order.quantity == 3);
  BOOST_TEST((order.replaces == told.replaces));
  BOOST_TEST((order.balance == told.balance));
}

BOOST_AUTO_TEST_CASE(the_receipts_of_a_mail_and_a_batch_arrive_whole) {
  resend_receipt resent{order_id::make(), "a@b.co", money::from_cents(100), money::from_cents(1)};
  auto mail = std::get<resend_receipt>(arrived(receipt{{}, ec::none, resent, false}).told);
  BOOST_TEST((mail.order == resent.order));
  BOOST_TEST(mail.recipient == "a@b.co");
  BOOST_TEST((mail.fee == resent.fee));
  BOOST_TEST((mail.balance == resent.balance));
  batch_receipt paid{batch_id::make(),    batch_source::portal, 7, money::from_cents(2), 8,
                     money::from_cents(1)};
  auto batch = std::get<batch_receipt>(arrived(receipt{{}, ec::none, paid, false}).told);
  BOOST_TEST((batch.id == paid.id));
  BOOST_TEST((batch.source == batch_source::portal));
  BOOST_TEST(batch.rows == 7);
  BOOST_TEST((batch.unit_price == paid.unit_price));
  BOOST_TEST(batch.usage == 8);
  BOOST_TEST((batch.balance == paid.balance));
}

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
}

BOOST_AUTO_TEST_CASE(what_another_node_answers_arrives_by_call_id) {
  remote_answers sent;
  sent.answers.push_back({7, admission{ec::forbidden, "no", {}, {}}});
  sent.answers.push_back(
    {8, receipt{posting_id::make(), ec::none, balance_receipt{money::from_cents(5)}, false}});
  sent.answers.push_back({9, stock_counts{1, 2, 3}});
  sent.answers.push_back({10, done{}});
  auto got = arrived(sent);
  BOOST_REQUIRE_EQUAL(got.answers.size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    BOOST_TEST(got.answers[i].call_id == 7 + i);
    BOOST_TEST(got.answers[i].what.index() == i + 1);
  }
  BOOST_TEST((std::get<admission>(got.answers[0].what).refusal == ec::forbidden));
  BOOST_TEST(std::get<balance_receipt>(std::get<receipt>(got.answers[1].what).told).balance.cents()
             == 5);
  BOOST_TEST(std::get<stock_counts>(got.answers[2].what).burned == 3);
}

/// What a released version of the nodes' protocol looks like on the wire. If this fails, a message
/// has changed, and the release before would not understand it any more. Give the new message a
/// name of its own, and raise the version.
BOOST_AUTO_TEST_CASE(released_messages_do_not_change) {
  BOOST_TEST((spoken_here() == wire_range{1, 1}));
  auto digest = [&](const auto& what) {
    auto whole = written(caf::make_message(what));
    return to_hex(sha256(std::string_view{whole.data(), whole.size()})).substr(0, 16);
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
  remote_answers answers;
  answers.answers.push_back({1, receipt{posting_id{known}, ec::none, balance_receipt{}, true}});
  answers.answers.push_back({2, admission{ec::forbidden, "no", {30, 1, 59}, {}}});
  answers.answers.push_back({3, stock_counts{1, 2, 3}});
  BOOST_TEST(digest(answers) == "7f861238ad12b151");
  BOOST_TEST(digest(node_greeting{"a", known, {1, 1}, nullptr}) == "99f27026b98ab13d");
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
}

BOOST_AUTO_TEST_SUITE_END()
