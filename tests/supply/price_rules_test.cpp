#include "protocols/supply/price_rules.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

// Which rule makes a price. A product of $10.00 in Japan, and rules of a dealer and of all.

using namespace meisim;

namespace {

constexpr auto cost = money::from_cents(1'000);
const auto ours = *dealer_id::parse("019e1b5c-8000-7000-8000-00000000000a");
const auto theirs = *dealer_id::parse("019e1b5c-8000-7000-8000-00000000000b");

/// Seconds since 1970.
instant second(int64_t number) {
  return from_micros(number * 1'000'000);
}

price_rule rule_of(price_scope scope, int32_t markup, instant from = second(100)) {
  static int64_t number = 0;
  price_rule rule;
  rule.id = price_rule_id::make();
  rule.number = ++number;
  rule.scope = std::move(scope);
  rule.markup_basis_points = markup;
  rule.from = from;
  return rule;
}

price_rule price_of_product(dealer_id dealer, const std::string& product, int64_t cents,
                            instant from = second(100)) {
  auto rule = rule_of({dealer, {}, product}, 0, from);
  rule.price = money::from_cents(cents);
  return rule;
}

int64_t price_at(const price_book& book, instant at, dealer_id dealer = ours,
                 int32_t account_markup = 0, goods what = goods::product) {
  return book.decide({"p3:jp", "JP", cost, what}, {dealer, account_markup, at}).price.cents();
}

/// Each rule raises by another percentage, so that the price tells which of them won.
struct level_case {
  /// How many of the levels have a rule, from the least exact on.
  int levels;
  int32_t account_markup;
  int64_t price;
};

std::ostream& operator<<(std::ostream& out, const level_case& x) {
  return out << x.levels << " levels, account " << x.account_markup;
}

price_book book_of(int levels) {
  std::vector<price_rule> rules{
    rule_of({{}, {}, {}}, 1'000),      rule_of({{}, "JP", {}}, 2'000),
    rule_of({{}, {}, "p3:jp"}, 3'000), rule_of({ours, {}, {}}, 4'000),
    rule_of({ours, "JP", {}}, 5'000),  rule_of({ours, {}, "p3:jp"}, 6'000),
  };
  rules.resize(static_cast<size_t>(levels));
  return price_book{std::move(rules)};
}

const level_case level_table[] = {
  {0, 0, 1'000},
  {1, 0, 1'100},
  {2, 0, 1'200},
  {3, 0, 1'300},
  {4, 0, 1'400},
  {5, 0, 1'500},
  {6, 0, 1'600},
  // The account's own markup comes after the dealer's rules and before those for all.
  {0, 500, 1'050},
  {3, 500, 1'050},
  {4, 500, 1'400},
  {6, 500, 1'600},
};

} // namespace

BOOST_AUTO_TEST_SUITE(price_rules)

BOOST_DATA_TEST_CASE(the_most_exact_rule_wins, boost::unit_test::data::make(level_table), line) {
  BOOST_TEST(price_at(book_of(line.levels), second(200), ours, line.account_markup) == line.price);
}

BOOST_AUTO_TEST_CASE(what_is_for_one_dealer_is_not_for_another) {
  BOOST_TEST(price_at(book_of(6), second(200), theirs) == 1'300);
  BOOST_TEST(price_at(book_of(6), second(200), dealer_id{}) == 1'300);
}

BOOST_AUTO_TEST_CASE(a_rule_counts_from_its_time_on) {
  price_book book{{price_of_product({}, "p3:jp", 1'500, second(100)),
                   price_of_product({}, "p3:jp", 1'800, second(200))}};
  BOOST_TEST(price_at(book, second(99)) == 1'000);
  BOOST_TEST(price_at(book, second(100)) == 1'500);
  BOOST_TEST(price_at(book, second(200) - std::chrono::microseconds{1}) == 1'500);
  BOOST_TEST(price_at(book, second(200)) == 1'800);
}

BOOST_AUTO_TEST_CASE(of_rules_that_begin_together_the_last_that_was_set_wins) {
  auto first = price_of_product({}, "p3:jp", 1'500);
  auto second_one = price_of_product({}, "p3:jp", 1'600);
  // In whatever order they come.
  BOOST_TEST(price_at(price_book{{second_one, first}}, second(100)) == 1'600);
  BOOST_TEST(price_at(price_book{{first, second_one}}, second(100)) == 1'600);
}

BOOST_AUTO_TEST_CASE(an_exact_rule_that_has_not_begun_leaves_the_others) {
  price_book book{
    {price_of_product(ours, "p3:jp", 700, second(300)), rule_of({{}, "JP", {}}, 2'000)}};
  BOOST_TEST(price_at(book, second(200)) == 1'200);
  BOOST_TEST(price_at(book, second(300)) == 700);
}

BOOST_AUTO_TEST_CASE(a_markup_of_nothing_is_a_rule_too) {
  price_book book{{rule_of({ours, {}, {}}, 0), rule_of({{}, {}, {}}, 1'000)}};
  BOOST_TEST(price_at(book, second(200), ours, 500) == 1'000);
}

BOOST_AUTO_TEST_CASE(no_fixed_price_makes_a_top_up_of_any_value_cost_the_same) {
  price_book book{{price_of_product({}, "p3:jp", 1), rule_of({{}, "JP", {}}, 2'000)}};
  BOOST_TEST(price_at(book, second(200), ours, 0, goods::top_up) == 1'200);
}

BOOST_AUTO_TEST_CASE(a_sku_has_its_list_price_unless_a_rule_names_it) {
  BOOST_TEST(price_at(book_of(2), second(200), ours, 500, goods::sku) == 1'000);
  price_book book{{price_of_product({}, "p3:jp", 350), price_of_product(ours, "p3:jp", 290)}};
  BOOST_TEST(price_at(book, second(200), theirs, 500, goods::sku) == 350);
  BOOST_TEST(price_at(book, second(200), ours, 500, goods::sku) == 290);
}

BOOST_AUTO_TEST_CASE(the_decision_names_the_rule) {
  auto rule = price_of_product({}, "p3:jp", 1'500);
  price_book book{{rule}};
  priced_item item{"p3:jp", "JP", cost};
  auto won = book.decide(item, {ours, 0, second(200)});
  BOOST_REQUIRE(won.rule != nullptr);
  BOOST_TEST((won.rule->id == rule.id));
  auto account = book.decide(item, {ours, 500, second(200)});
  BOOST_TEST(account.rule == nullptr);
  BOOST_TEST(account.is_by_account);
  auto list = book.decide(item, {ours, 0, second(50)});
  BOOST_TEST(list.rule == nullptr);
  BOOST_TEST(!list.is_by_account);
}

BOOST_AUTO_TEST_CASE(a_book_with_one_rule_more_leaves_the_first_as_it_was) {
  auto book = book_of(6);
  auto other = book.with(price_of_product(ours, "p3:jp", 1'111));
  BOOST_TEST(price_at(other, second(200)) == 1'111);
  BOOST_TEST(price_at(book, second(200)) == 1'600);
  // One that was set for a later time still begins then.
  auto later = price_of_product(ours, "p3:jp", 1'222, second(150));
  BOOST_TEST(price_at(price_book{{later}}.with(price_of_product(ours, "p3:jp", 1'111)), second(200))
             == 1'222);
}

BOOST_AUTO_TEST_CASE(levels_have_names) {
  BOOST_TEST(to_string(level_of({ours, {}, "x"})) == "dealer+product");
  BOOST_TEST(to_string(level_of({ours, "JP", {}})) == "dealer+country");
  BOOST_TEST(to_string(level_of({ours, {}, {}})) == "dealer");
  BOOST_TEST(to_string(level_of({{}, {}, "x"})) == "product");
  BOOST_TEST(to_string(level_of({{}, "JP", {}})) == "country");
  BOOST_TEST(to_string(level_of({})) == "default");
}

BOOST_AUTO_TEST_SUITE_END()
