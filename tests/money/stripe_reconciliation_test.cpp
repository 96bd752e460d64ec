#include "protocols/money/stripe_reconciliation.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// Our movements compared with Stripe's list.

using namespace meisim;
using namespace std::chrono_literals;

namespace {

constexpr auto cents(int64_t value) {
  return money::from_cents(value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(reconciliation_suite)

BOOST_AUTO_TEST_CASE(a_page_of_balance_transactions_is_read_by_what_each_stems_from) {
  auto line = [](std::string type, std::string source) {
    return R"({"id":"txn_)" + type + R"(","type":")" + type + R"(","amount":100,"created":1000,)"
           + R"("source":)" + source + "}";
  };
  auto page = balance_page_from_wire(
    R"({"object":"list","has_more":true,"data":[)"
    + line("charge", R"({"id":"ch_1","object":"charge","payment_intent":"pi_1"})") + ","
    + line("refund", R"({"id":"re_1","object":"refund","charge":"ch_1"})") + ","
    + line("refund_failure", R"({"id":"re_1","object":"refund"})") + ","
    + line("adjustment", R"({"id":"dp_1","object":"dispute"})") + ","
    + line("payout", R"({"id":"po_1","object":"payout"})") + "]}");
  BOOST_REQUIRE(page);
  BOOST_TEST(page->has_more);
  BOOST_REQUIRE_EQUAL(page->entries.size(), 5u);
  BOOST_TEST(page->entries[0].key == "pi_1");
  BOOST_TEST(page->entries[1].key == "re_1");
  BOOST_TEST(page->entries[1].other_key == "ch_1");
  BOOST_TEST(page->entries[2].key == "re_1 failed");
  BOOST_TEST(page->entries[3].key == "txn_adjustment");
  BOOST_TEST(page->entries[3].other_key == "dp_1");
  BOOST_TEST(page->entries[4].key == "");
}

BOOST_AUTO_TEST_CASE(what_only_one_side_has_is_named) {
  auto at = now();
  auto entry = [&](std::string key, instant when) {
    return balance_entry{"txn_" + key, "charge", key, "", cents(1), when};
  };
  auto kept = [&](std::string key, instant when) {
    return kept_movement{std::move(key), "paid", cents(1), when};
  };
  reconcile_stripe question{at - 24h, at};
  auto held =
    compare_with_stripe(question,
                        {entry("pi_both", at - 1h), entry("pi_there", at - 2h),
                         entry("pi_before", at - 25h), entry("pi_late", at - 23h), entry("", at)},
                        {kept("pi_both", at - 1h), kept("pi_here", at - 3h),
                         kept("pi_after", at + 1h), kept("pi_late", at + 1h)},
                        "here");
  BOOST_TEST(held.at_stripe == 3);
  BOOST_TEST(held.here == 2);
  BOOST_REQUIRE_EQUAL(held.missing_here.size(), 1u);
  BOOST_TEST(held.missing_here[0].id == "pi_there");
  BOOST_REQUIRE_EQUAL(held.missing_at_stripe.size(), 1u);
  BOOST_TEST(held.missing_at_stripe[0].id == "pi_here");
}

BOOST_AUTO_TEST_CASE(what_another_installation_has_sold_on_the_same_account_is_not_missing) {
  auto at = now();
  auto seconds = std::to_string(micros(at) / 1'000'000);
  auto line = [&](std::string id, std::string type, std::string source) {
    return R"({"id":")" + id + R"(","type":")" + type + R"(","amount":100,"created":)" + seconds
           + R"(,"source":)" + source + "}";
  };
  auto charge = [&](std::string number, std::string installation) {
    return line("txn_" + number, "charge",
                R"({"id":"ch_)" + number + R"(","payment_intent":"pi_)" + number
                  + R"(","metadata":{"meisim_installation":")" + installation + R"("}})");
  };
  auto page = balance_page_from_wire(
    R"({"data":[)" + line("txn_4", "refund", R"({"id":"re_1","charge":"ch_1"})") + ","
    + line("txn_5", "adjustment", R"({"id":"dp_1","object":"dispute","charge":"ch_1"})") + ","
    + line("txn_6", "refund", R"({"id":"re_2","charge":"ch_2"})") + "," + charge("1", "elsewhere")
    + "," + charge("2", "here") + "," + charge("3", "") + "]}");
  BOOST_REQUIRE(page);
  auto held = compare_with_stripe({at - 1h, at + 1h}, page->entries, {}, "here");
  std::vector<std::string> missing;
  for (const auto& each : held.missing_here)
    missing.push_back(each.id);
  const std::vector<std::string> ours{"re_2", "pi_2", "pi_3"};
  BOOST_TEST(missing == ours, boost::test_tools::per_element());
  BOOST_TEST(held.at_stripe == 3);
}

BOOST_AUTO_TEST_SUITE_END()
