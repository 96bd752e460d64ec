#include "apps/meisimd/provider_options.hpp"
#include "protocols/orders/exact_decimal.hpp"
#include "protocols/orders/provider.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

// Prices in other currencies than dollars, to the cent.

using namespace meisim;

namespace {

const instant yesterday = from_micros(1'800'000'000'000'000);

const std::vector<exchange_rate> rates{{"EUR", *exact_up("1.09"), yesterday},
                                       {"COP", *exact_up("0.00025"), yesterday}};

/// Sells something that is a cent, as long as it is taken for dollars.
void sell(catalogue& by, const std::string& name, const std::string& amount,
          const std::string& currency) {
  bundle item;
  item.name = name;
  item.price = money::from_cents(1);
  add_offer(by, item, {currency, amount});
}

} // namespace

BOOST_AUTO_TEST_SUITE(foreign_charge_suite)

BOOST_AUTO_TEST_CASE(a_decimal_is_read_digit_by_digit_and_rounded_up) {
  BOOST_TEST(*exact_up("1.09") == 109'000'000);
  BOOST_TEST(*exact_up("0") == 0);
  BOOST_TEST(*exact_up("10000000") == 10'000'000 * exact_unit);
  BOOST_TEST(*exact_up("0.123456789") == 12'345'679);
  for (const auto* text : {"", ".5", "5.", "-1", "+1", "1e3", "1,09", "10000000.00000001", " 1"})
    BOOST_TEST(!exact_up(text).has_value(), text);
  BOOST_TEST(exact_to_string(109'000'000) == "1.09");
  BOOST_TEST(exact_to_string(100'000'000) == "1.00");
  BOOST_TEST(exact_to_string(25'000) == "0.00025");
  BOOST_TEST(product_up(7, 3, 2) == 11);
  BOOST_TEST(product_up(1'000'000'000'000'000, 10'000'000'000, 100'000'000)
             == 100'000'000'000'000'000);
}

BOOST_AUTO_TEST_CASE(an_amount_is_turned_into_dollars_at_its_rate_and_rounded_up) {
  BOOST_TEST((dollars_up("10", "EUR", rates) == money::from_cents(1'090)));
  BOOST_TEST((dollars_up("4.20", "EUR", rates) == money::from_cents(458)));
  BOOST_TEST((dollars_up("5000", "COP", rates) == money::from_cents(125)));
  BOOST_TEST((dollars_up("1", "COP", rates) == money::from_cents(1)));
  BOOST_TEST((dollars_up("6.501", "USD", rates) == money::from_cents(651)));
  BOOST_TEST(!dollars_up("1", "GBP", rates).has_value());
  BOOST_TEST(!dollars_up("x", "EUR", rates).has_value());
  BOOST_TEST(!dollars_up("9999999", "EUR", rates).has_value());
}

BOOST_AUTO_TEST_CASE(a_catalogue_is_sold_in_dollars_and_what_has_no_rate_is_not) {
  catalogue all;
  sell(all, "euro", "4.20", "EUR");
  sell(all, "dollar", "", "");
  sell(all, "pound", "1.00", "GBP");
  sell(all, "pound too", "2.00", "GBP");
  network airtime;
  airtime.name = "airtime";
  airtime.currency = "JMD";
  airtime.least = 100;
  airtime.most = 10'000;
  airtime.usd_rate = *exact_up("0.0078125");
  airtime.usd_fee = *exact_up("0.10");
  airtime.charge.currency = "EUR";
  all.networks.push_back(airtime);
  charge_in_dollars(all, rates);
  BOOST_REQUIRE(all.bundles.size() == 2u);
  BOOST_REQUIRE(all.products.size() == 2u);
  const auto* euro = find_product(all, "euro");
  BOOST_TEST((euro->price == money::from_cents(458)));
  BOOST_TEST(euro->charge.amount == "4.20");
  BOOST_TEST(euro->charge.usd_rate == 109'000'000);
  BOOST_TEST((euro->charge.rate_at == yesterday));
  BOOST_TEST((find_product(all, "dollar")->price == money::from_cents(1)));
  BOOST_TEST(find_product(all, "dollar")->charge.currency.empty());
  // 100 JMD are 0.78125 EUR, that is 0.85156… dollars, and the fee 0.109.
  BOOST_TEST((price_of(*find_network(all, "airtime"), 10'000) == money::from_cents(97)));
  // The bundles and the products of both that cost pounds.
  BOOST_REQUIRE(all.refused.size() == 1u);
  BOOST_TEST(all.refused[0]
             == "4 lines: the provider charges GBP, for which no rate-GBP is configured");
  BOOST_TEST(all.unrated == std::vector<std::string>{"GBP"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_currency_of_an_account_is_that_of_all_its_lines) {
  for (const auto* currency : {"EUR", "USD"}) {
    catalogue all;
    sell(all, "a", "10", "");
    all.currency = currency;
    charge_in_dollars(all, rates);
    auto price = money::from_cents(all.currency == "EUR" ? 1'090 : 1);
    BOOST_TEST((find_bundle(all, "a")->price == price));
  }
}

BOOST_AUTO_TEST_CASE(a_network_that_costs_too_much_is_not_sold) {
  catalogue all;
  network dear;
  dear.name = "dear";
  dear.least = 1;
  dear.most = 100'000'000;
  dear.usd_rate = 11 * exact_unit;
  all.networks.push_back(dear);
  charge_in_dollars(all, rates);
  BOOST_TEST(all.networks.empty());
  BOOST_TEST(all.refused.size() == 1u);
}

BOOST_AUTO_TEST_CASE(further_values_of_a_network_are_added_and_the_cheaper_of_two_stays) {
  std::vector<network> all;
  network page;
  page.name = "n";
  page.least = page.most = 500;
  page.values = {{500, 100, {}, "a"}};
  BOOST_TEST(add_network(all, page));
  BOOST_TEST(!add_network(all, page));
  page.least = page.most = 200;
  page.values = {{200, 50, {}, "b"}, {500, 90, {}, "c"}};
  BOOST_TEST(add_network(all, page));
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_REQUIRE(all[0].values.size() == 2u);
  BOOST_TEST(all[0].values[0].code == "b");
  BOOST_TEST(all[0].values[1].code == "c");
  page.currency = "GBP";
  page.values = {{900, 1, {}, "d"}};
  BOOST_TEST(!add_network(all, page));
  BOOST_TEST(all[0].values.size() == 2u);
  BOOST_TEST(all[0].least == 200);
  BOOST_TEST(all[0].most == 500);
}

BOOST_AUTO_TEST_CASE(a_network_has_a_name_that_can_be_written) {
  BOOST_TEST(network_name("Vodafone UK", "341") == "Vodafone-UK-341");
  BOOST_TEST(network_name("AT&T  (prepaid)", "1") == "AT-T-prepaid-1");
  BOOST_TEST(network_name("", "7") == "7");
  BOOST_TEST(network_name("\xd0\x9c\xd0\xa2\xd0\xa1", "7") == "7");
}

BOOST_AUTO_TEST_CASE(rates_stand_in_the_providers_line) {
  auto read =
    read_provider("p8=reloadly@https://h,rate-EUR=1.09,concurrency=3,rate-JPY=0.0065", {});
  BOOST_REQUIRE(read.rates.size() == 2u);
  BOOST_TEST(read.rates[0].currency == "EUR");
  BOOST_TEST(read.rates[0].usd == 109'000'000);
  BOOST_TEST(read.rates[1].usd == 650'000);
  BOOST_TEST((read.rates[0].at <= now()));
  BOOST_TEST(read.limits.concurrency == 3u);
  for (const auto* setting :
       {"rate-EUR=0", "rate-EUR=", "rate-EUR=x", "rate-EUR=-1", "rate-EUR=1001", "rate-eur=1",
        "rate-=1", "rate-USD=1", "rate-EURO=1", "rate-EUR=1,rate-EUR=2"})
    BOOST_CHECK_THROW(read_provider(std::string{"p8=reloadly@https://h,"} + setting, {}),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
