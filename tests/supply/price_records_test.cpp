#include "persistence/supply/prices.hpp"
#include "tests/fixtures/read_json.hpp"
#include "tests/supply/stock_fixture.hpp"

#include <algorithm>
#include <future>
#include <optional>
#include <string>
#include <vector>

// Rules of prices as the database keeps them.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : stock_fixture {
  const std::string email = "dealer@example.test";
  dealer_id dealer = open_dealer(email);

  static set_price_rule wish(const std::string& whose, const std::string& product, int64_t cents) {
    set_price_rule result{whose};
    result.product = product;
    result.price = money::from_cents(cents);
    result.by.actor = "ann@operators.example";
    return result;
  }

  static set_price_rule at(set_price_rule what, instant from) {
    what.from = from;
    return what;
  }

  static std::optional<price_rule_change> put(database& by, const set_price_rule& what) {
    transaction tx{by};
    auto change = put_price_rule(by, what);
    tx.commit();
    return change;
  }

  price_rule_change put(const set_price_rule& what) {
    return put(db, what).value();
  }

  std::optional<price_rule_change> end(const std::string& id) {
    transaction tx{db};
    auto change = end_rule(db, price_rule_id::parse(id).value());
    tx.commit();
    return change;
  }

  static Json::Value json(const std::string& line) {
    return read_json(line);
  }

  /// What this dealer pays for a product that costs us $10.00.
  int64_t price(const std::string& product, instant when = now()) {
    price_book book{all_prices(db).rules};
    return book.decide({product, "JP", money::from_cents(1'000)}, {dealer, 0, when}).price.cents();
  }

  std::vector<std::string> states(bool with_past = true) {
    std::vector<std::string> result;
    browse_price_rules question;
    question.with_past = with_past;
    for (const auto& line : browse(db, question).items)
      result.push_back(json(line)["state"].asString());
    return result;
  }
};

using names = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(price_records_suite, fixture)

BOOST_AUTO_TEST_CASE(a_rule_is_told_as_it_was_set) {
  auto set = put(at(wish(email, "p3:jp", 1'234), from_micros(1'767'225'600'000'000)));
  BOOST_TEST(set.is_change);
  BOOST_TEST(set.before.empty());
  BOOST_TEST(set.subject == "p3:jp");
  BOOST_TEST((set.dealer == dealer));
  auto rule = json(set.after);
  BOOST_TEST(rule["dealer"].asString() == email);
  BOOST_TEST(rule["country"].isNull());
  BOOST_TEST(rule["product"].asString() == "p3:jp");
  BOOST_TEST(rule["priceUsd"].asDouble() == 12.34);
  BOOST_TEST(rule["markupPct"].isNull());
  BOOST_TEST(rule["from"].asString() == "2026-01-01T00:00:00Z");
  BOOST_TEST(rule["state"].asString() == "active");
  BOOST_TEST(rule["endedAt"].isNull());
  BOOST_TEST(rule["createdBy"].asString() == "ann@operators.example");
  BOOST_TEST(price("p3:jp") == 1'234);
}

BOOST_AUTO_TEST_CASE(a_markup_of_a_country_reaches_whoever_pays) {
  set_price_rule markup{""};
  markup.country = "JP";
  markup.markup_basis_points = 1'250;
  auto rule = json(put(markup).after);
  BOOST_TEST(rule["markupPct"].asDouble() == 12.5);
  BOOST_TEST(rule["priceUsd"].isNull());
  BOOST_TEST(price("p3:jp") == 1'125);
}

BOOST_AUTO_TEST_CASE(the_same_wish_twice_sets_one_rule) {
  auto first = put(wish("", "p3:jp", 1'500));
  auto again = put(wish("", "p3:jp", 1'500));
  BOOST_TEST(!again.is_change);
  BOOST_TEST(json(again.after)["id"] == json(first.after)["id"]);
  auto later = at(wish("", "p3:jp", 1'600), now() + 1h);
  BOOST_TEST(put(later).is_change);
  BOOST_TEST(!put(later).is_change);
  BOOST_TEST((states() == names{"scheduled", "active"}));
}

BOOST_AUTO_TEST_CASE(a_later_rule_replaces_an_earlier_one_and_both_stay) {
  put(wish("", "p3:jp", 1'500));
  auto second = put(wish("", "p3:jp", 1'600));
  BOOST_TEST(json(second.before)["priceUsd"].asDouble() == 15.0);
  BOOST_TEST(price("p3:jp") == 1'600);
  BOOST_TEST((states() == names{"active", "replaced"}));
  BOOST_TEST((states(false) == names{"active"}));
}

BOOST_AUTO_TEST_CASE(a_rule_of_the_future_is_loaded_before_it_begins) {
  put(wish("", "p3:jp", 1'500));
  put(at(wish("", "p3:jp", 1'700), now() + 1h));
  BOOST_TEST(price("p3:jp") == 1'500);
  BOOST_TEST(price("p3:jp", now() + 2h) == 1'700);
}

BOOST_AUTO_TEST_CASE(what_was_replaced_long_ago_is_not_loaded) {
  put(at(wish("", "p3:jp", 1'500), now() - 3h));
  put(at(wish("", "p3:jp", 1'600), now() - 2h));
  put(at(wish("", "p3:jp", 1'700), now() - 1min));
  // The last one has begun so lately that another node's clock may be before it.
  BOOST_TEST(all_prices(db).rules.size() == 2u);
  BOOST_TEST(price("p3:jp") == 1'700);
}

BOOST_AUTO_TEST_CASE(a_rule_that_ends_brings_none_back_and_leaves_what_is_to_come) {
  put(wish("", "p3:jp", 1'500));
  auto held = json(put(wish("", "p3:jp", 1'600)).after)["id"].asString();
  put(at(wish("", "p3:jp", 1'700), now() + 1h));
  auto ended = end(held);
  BOOST_REQUIRE(ended);
  BOOST_TEST(ended->is_change);
  BOOST_TEST(json(ended->after)["state"].asString() == "ended");
  BOOST_TEST(json(ended->before)["state"].asString() == "active");
  BOOST_TEST(price("p3:jp") == 1'000);
  BOOST_TEST((states() == names{"scheduled", "ended", "ended"}));
  auto again = end(held);
  BOOST_REQUIRE(again);
  BOOST_TEST(!again->is_change);
  BOOST_TEST(again->after == ended->after);
  BOOST_TEST(!end(to_string(make_uuid())));
}

BOOST_AUTO_TEST_CASE(a_rule_that_has_not_begun_ends_alone) {
  put(wish("", "p3:jp", 1'500));
  end(json(put(at(wish("", "p3:jp", 1'700), now() + 1h)).after)["id"].asString());
  BOOST_TEST(price("p3:jp", now() + 2h) == 1'500);
}

BOOST_AUTO_TEST_CASE(what_held_at_a_time_is_found_later) {
  put(at(wish("", "p3:jp", 1'500), now() - 2h));
  auto held = json(put(at(wish("", "p3:jp", 1'600), now() - 1h)).after)["id"].asString();
  put(wish(email, "p3:other", 100));
  end(held);
  auto found = [&](instant when) {
    return price_rules_for(db, {email, "JP", "p3:jp", when}).value();
  };
  BOOST_TEST(found(now()).rules.empty());
  BOOST_TEST((found(now()).dealer == dealer));
  BOOST_TEST(found(now()).markup_basis_points == 500);
  BOOST_TEST(found(now() - 90min).rules.size() == 1u);
  auto both = found(now() - 30min).rules;
  BOOST_REQUIRE_EQUAL(both.size(), 2u);
  BOOST_TEST(both.front().price->cents() == 1'600);
  BOOST_TEST(!price_rules_for(db, {"nobody@example.test", "JP", "p3:jp", now()}));
}

BOOST_AUTO_TEST_CASE(a_rule_for_nobody_is_refused) {
  BOOST_TEST(!put(db, wish("nobody@example.test", "p3:jp", 100)));
  BOOST_TEST(states().empty());
}

BOOST_AUTO_TEST_CASE(the_list_pages_and_is_narrowed) {
  for (int i = 1; i <= 5; ++i)
    put(wish(i % 2 == 0 ? email : "", "p3:" + std::to_string(i), 1'000));
  browse_price_rules question;
  question.page.limit = 2;
  names products;
  for (bool has_more = true; has_more;) {
    auto page = browse(db, question);
    for (const auto& line : page.items)
      products.push_back(json(line)["product"].asString());
    has_more = !page.next_cursor.empty();
    if (has_more)
      question.page.behind = parse_page_cursor(page.next_cursor).value();
  }
  BOOST_TEST((products == names{"p3:5", "p3:4", "p3:3", "p3:2", "p3:1"}));
  question = {};
  question.dealer = email;
  BOOST_TEST(browse(db, question).items.size() == 2u);
  question.product = "p3:4";
  BOOST_TEST(browse(db, question).items.size() == 1u);
}

BOOST_AUTO_TEST_CASE(operators_who_set_a_price_at_once_leave_one_that_holds) {
  std::vector<std::future<int64_t>> setting;
  for (int i = 0; i < 8; ++i)
    setting.push_back(std::async(std::launch::async, [this, i] {
      database own{here.connection(), "test"};
      // Two of each price.
      auto cents = 1'500 + i / 2;
      put(own, wish("", "p3:jp", cents));
      return int64_t{cents};
    }));
  std::vector<int64_t> prices;
  for (auto& one : setting)
    prices.push_back(one.get());
  auto shown = states();
  BOOST_TEST(std::ranges::count(shown, "active") == 1);
  auto held = price("p3:jp");
  BOOST_TEST(std::ranges::count(prices, held) == 2);
}

BOOST_AUTO_TEST_CASE(rules_are_neither_changed_nor_removed) {
  put(wish("", "p3:jp", 1'500));
  for (const auto* statement :
       {"UPDATE price_rules SET price_cents = 1", "UPDATE price_rules SET starts_at = now()",
        "DELETE FROM price_rules", "TRUNCATE price_rules"}) {
    BOOST_CHECK_THROW(run(statement), soci::soci_error);
    db.close();
  }
  run("UPDATE price_rules SET ended_at = now()");
  BOOST_CHECK_THROW(run("UPDATE price_rules SET ended_at = NULL"), soci::soci_error);
}

BOOST_AUTO_TEST_CASE(a_sku_has_a_list_price_and_costs_what_the_newest_of_its_pool_did) {
  auto sku_of = [&](sku_id id) {
    auto skus = all_prices(db).skus;
    auto found = std::ranges::find(skus, id, &sku::id);
    BOOST_REQUIRE((found != skus.end()));
    return *found;
  };
  auto id = add_sku(400);
  BOOST_TEST(sku_of(id).price.cents() == 400);
  BOOST_TEST(!sku_of(id).cost);
  import_stock rows{att, {{1, "89000000000000000017", "LPA:1$smdp.test$A"}}, "lot-1"};
  rows.cost = money::from_cents(250);
  insert_stock(db, rows);
  BOOST_REQUIRE(sku_of(id).cost);
  BOOST_TEST(sku_of(id).cost->cents() == 250);
  BOOST_TEST(find_sku(db, id)->service == "esim_supply_att");
  BOOST_TEST(!find_sku(db, sku_id::make()));
}

BOOST_AUTO_TEST_SUITE_END()
