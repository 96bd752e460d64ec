#include "actors/money/commit_batch.hpp"
#include "http/edge/receipt_answer.hpp"
#include "persistence/money/effects.hpp"
#include "persistence/money/payments.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/supply/stock.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

#include <algorithm>
#include <set>

// Every kind of effect has its place in the ledger, and a repeat is answered as the first request.

using namespace meisim;
using namespace meisim::test;

namespace {

struct receipts_fixture : database_fixture {
  dealer_id dealer = open_dealer();
  deciding_hand hand{db, dealer};

  receipts_fixture() {
    commit(topup(dealer, dollars(1'000)));
  }

  std::shared_ptr<const decided_posting> commit(posting what) {
    auto decided = hand.decide(std::move(what));
    BOOST_REQUIRE(
      (commit_batch(db, {decided}).outcomes.front().result == commit_result::committed));
    return decided;
  }

  /// Commits, and looks the receipt up as another node would. Gives the answer.
  std::string repeated(posting what) {
    what.idempotency_key = to_string(what.id);
    what.request_hash = to_hex(sha256("the request"));
    auto first = commit(std::move(what))->answer;
    auto again = receipt_under_key(db, dealer, to_string(first.id));
    auto answer = http::receipt_answer(first);
    BOOST_TEST(http::receipt_answer(again.what) == answer);
    BOOST_TEST((again.what.id == first.id));
    BOOST_TEST((again.what.code == first.code));
    BOOST_TEST(again.request_hash == to_hex(sha256("the request")));
    BOOST_TEST(http::receipt_answer(find_posting(db, first.id).what) == answer);
    kinds.insert(
      value_of<std::string>("SELECT kind FROM postings WHERE id = '" + to_string(first.id) + "'"));
    return answer;
  }

  posting with_effect(posting what, effect done) {
    what.what = std::move(done);
    return what;
  }

  sku_id add_sku() {
    auto id = sku_id::make();
    run("INSERT INTO skus VALUES ('" + to_string(id)
        + "', 'esim_supply_att', 'x', 'att', 'qr', 100)");
    return id;
  }

  payment_id begin_payment_of(money net) {
    start_topup wish;
    wish.dealer = dealer;
    wish.net = net;
    auto begun = start_payment(db, {wish, net});
    BOOST_REQUIRE(begun);
    return begun->id;
  }

  std::set<std::string> kinds;
};

template <class... Effects>
void check_entries(const std::variant<Effects...>*) {
  std::set<std::string_view> names;
  auto check = [&names](const effect& what, size_t place) {
    BOOST_TEST(std::ranges::count(effect_kinds(), place, &effect_kind::place) == 1);
    const auto& kind = kind_of(what);
    BOOST_TEST(kind.place == place);
    BOOST_TEST(find_effect_kind(kind.name) == &kind);
    names.insert(kind.name);
  };
  (check(Effects{}, place_of<Effects>), ...);
  BOOST_TEST(names.size() == sizeof...(Effects));
  BOOST_TEST(effect_kinds().size() == sizeof...(Effects));
  BOOST_TEST(!find_effect_kind(""));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receipts_suite, receipts_fixture)

BOOST_AUTO_TEST_CASE(every_effect_has_one_entry_in_the_table) {
  check_entries(static_cast<const effect*>(nullptr));
}

BOOST_AUTO_TEST_CASE(the_repeat_of_every_effect_is_answered_with_the_same_bytes) {
  BOOST_TEST(repeated(plain_posting(dealer, entry_type::adjustment, -dollars(1)))
             == R"({"ok":true,"balance":999.00})");

  auto order = order_of(dealer, order_id::make(), 3);
  auto placed = repeated(order);
  BOOST_TEST(placed.starts_with(R"({"ok":true,"orderId":")"), placed);
  BOOST_TEST(placed.ends_with(R"("unitPriceUsd":1.00,"totalUsd":3.00,"newBalance":996.00})"),
             placed);
  auto another = order_of(dealer, order_id::make());
  auto& replacing = std::get<order_placed>(another.what);
  replacing.replaces = std::get<order_placed>(order.what).id;
  BOOST_TEST(
    repeated(another).ends_with(",\"replaces\":\"" + to_string(replacing.replaces) + "\"}"));
  // What later becomes of an order is no part of its receipt.
  auto refund = with_effect(plain_posting(dealer, entry_type::refund, dollars(3)),
                            order_refunded{replacing.replaces, 3, true, "none to be had"});
  repeated(refund);
  BOOST_TEST(http::receipt_answer(find_posting(db, order.id).what) == placed);

  auto gift = order_of(dealer, order_id::make());
  gift.lines.front().amount = {};
  std::get<order_placed>(gift.what).unit_price = {};
  auto free_of_charge = repeated(gift);
  BOOST_TEST(
    free_of_charge.ends_with(R"("unitPriceUsd":0.00,"totalUsd":0.00,"newBalance":998.00})"),
    free_of_charge);

  BOOST_TEST(
    insert_stock(db, {{"att", "qr"}, {{1, "8901", "LPA:1$a$1"}, {2, "8902", "LPA:1$a$2"}}}).imported
    == 2);
  auto stock = sellable_rows(db, {{"att", "qr"}, 2, {}, {}}).rows;
  auto sku = add_sku();
  auto sold = repeated(sale_of(dealer, 1'000, sku, {stock[1], stock[0]}));
  BOOST_TEST(sold.find("8902") < sold.find("8901"));
  auto nothing = sale_of(dealer, 1'001, sku, {});
  std::get<supply_sold>(nothing.what).quantity = 4;
  nothing.lines = {{entry_type::debit, -dollars(4), "4 eSIMs", {}},
                   {entry_type::refund, dollars(4), "out of stock", {}}};
  BOOST_TEST(repeated(nothing)
             == R"({"error":"VENDOR_ERROR","message":"att.qr is out of stock; the full debit was)"
                R"( refunded","code":"out_of_stock","usage_id":1001})");

  auto payment = begin_payment_of(dollars(50));
  repeated(with_effect(topup(dealer, dollars(50)), stripe_credited{payment, "cs_1", "pi_1"}));
  repeated(with_effect(
    debit(dealer, dollars(20)),
    stripe_reversed{
      payment, "cs_1", {"re_1", movement_kind::refund, dollars(20), {}, false}, dollars(20), 1}));

  auto resent =
    with_effect(debit(dealer, dollars(2)),
                email_resent{replacing.id, mail_id::make(), "j\"d@x.test", "", "{}", dollars(2)});
  resent.lines.front().order = replacing.id;
  BOOST_TEST(repeated(resent).find(R"("email":"j\"d@x.test","feeUsd":2.00)") != std::string::npos);
  // An operator's costs nothing, so that no transfer names the order.
  auto given =
    repeated(with_effect(debit(dealer, money{}), email_resent{replacing.id, mail_id::make(),
                                                              "jane@x.test", "", "{}", money{}}));
  BOOST_TEST(given.find(to_string(replacing.id)) != std::string::npos, given);

  batch_submitted batch;
  batch.id = batch_id::make();
  batch.unit_price = money::from_cents(25);
  batch.rows = std::vector<batch_row>{{"", "LPA:1$a.example$1"}, {"", "no code"}};
  repeated(with_effect(debit(dealer, money::from_cents(50)), batch));
  auto from_portal = batch;
  from_portal.id = batch_id::make();
  from_portal.source = batch_source::portal;
  from_portal.usage = 1'002;
  from_portal.sku = sku;
  auto queued = repeated(with_effect(debit(dealer, money::from_cents(50)), from_portal));
  BOOST_TEST(queued.starts_with(R"({"usage_id":1002,)"), queued);
  run("UPDATE batches SET error = 1, completed_at = now()");
  repeated(with_effect(plain_posting(dealer, entry_type::refund, money::from_cents(25)),
                       rows_refunded{batch.id, {1}}));
  BOOST_TEST(kinds.size() == std::variant_size_v<effect>);
}

BOOST_AUTO_TEST_CASE(a_key_that_a_card_payment_took_is_no_receipt) {
  start_topup wish;
  wish.dealer = dealer;
  wish.net = dollars(50);
  wish.idempotency_key = "key-1";
  wish.request_hash = to_hex(sha256("a payment"));
  BOOST_REQUIRE(start_payment(db, {wish, dollars(52)}));
  BOOST_TEST(receipt_under_key(db, dealer, "key-1").request_hash == wish.request_hash);
  BOOST_TEST(receipt_under_key(db, dealer, "key-2").request_hash.empty());
}

BOOST_AUTO_TEST_SUITE_END()
