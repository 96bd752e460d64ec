#include "tests/base/message_fixture.hpp"

// What is asked of wallets and pools, and their receipts, between nodes.

using namespace meisim;
using namespace meisim::test;

namespace {

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
void check_kind(message_fixture& here) {
  auto sent = some_posting();
  sent.what.emplace<Index>();
  BOOST_TEST(here.arrived(sent).what.index() == Index);
}

template <size_t Index>
void check_receipt(message_fixture& here) {
  receipt sent;
  sent.told.emplace<Index>();
  BOOST_TEST(here.arrived(sent).told.index() == Index);
}

template <size_t... Index>
void check_receipts(message_fixture& here, std::index_sequence<Index...>) {
  (check_receipt<Index>(here), ...);
}

template <size_t... Index>
void check_kinds(message_fixture& here, std::index_sequence<Index...>) {
  (check_kind<Index>(here), ...);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(posting_message_suite, message_fixture)

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
  order.number = 77;
  order.buyer.address = {"a", "b", "c", "d", "e", "f", "g"};
  order.origin = {"request", "trace"};
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
  BOOST_TEST(got.number == 77);
  BOOST_TEST(got.origin.id == "request");
  BOOST_TEST(got.origin.trace_parent == "trace");
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
  order_receipt told{order_id::make(),     77, money::from_cents(250), 3, order_id::make(),
                     money::from_cents(99)};
  auto got = arrived(receipt{posting_id{{1, 2}}, ec::vendor_error, told, true});
  BOOST_TEST((got.id == posting_id{{1, 2}}));
  BOOST_TEST((got.code == ec::vendor_error));
  BOOST_TEST(got.replayed);
  auto order = std::get<order_receipt>(got.told);
  BOOST_TEST((order.id == told.id));
  BOOST_TEST(order.number == 77);
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

BOOST_AUTO_TEST_SUITE_END()
