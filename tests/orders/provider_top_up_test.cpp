#include "protocols/orders/exact_decimal.hpp"
#include "tests/orders/provider_calls.hpp"

#include <memory>

// Top-ups at a provider that has names of its own for what it sells, and charges in euros.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : provider_calls {
  std::string news_url = "https://dealers.example.com/provider/p9/webhook/";

  void start(std::vector<exchange_rate> rates) {
    provider_settings settings;
    settings.name = "p9";
    settings.has_bare_names = true;
    settings.format = &dt_one_format;
    settings.url = "http://provider";
    settings.api_key = "key:secret";
    settings.rates = std::move(rates);
    settings.news_url = news_url;
    settings.news_secret = "a-secret";
    begin(std::move(settings));
  }

  static std::vector<exchange_rate> euros() {
    return {{"EUR", *exact_up("1.09"), now()}};
  }

  /// Answers what the actor asks for by itself.
  void serve_account(const std::string& values = "10") {
    auto list = next_call();
    BOOST_REQUIRE(list.url.starts_with("http://provider/products"));
    BOOST_REQUIRE(next_call().url == "http://provider/balances");
    answer(list, 200,
           R"([{"id":77,"type":"FIXED_VALUE_RECHARGE","benefits":[{"type":"CREDITS"}],)"
           R"("operator":{"id":11,"name":"Vodafone UK","country":{"iso_code":"GBR"}},)"
           R"("destination":{"unit":"GBP","unit_type":"CURRENCY","amount":)"
             + values + R"(},"prices":{"wholesale":{"amount":11,"unit":"EUR","fee":0}}}])");
  }

  auto buy(const std::string& reference, int64_t value = 1'000) {
    recharge what;
    what.network = "p9:Vodafone-UK-11-GBP";
    what.sim.contact_number = "+447700900000";
    what.currency = "GBP";
    what.value = value;
    provider_order order{reference, what.network, {}};
    order.top_up = what;
    auto result = ask<provider_outcome>(system, sut, order);
    settle();
    return result;
  }

  static std::string in_class(const std::string& number, const std::string& words = {}) {
    return R"({"id":5,"external_id":"r-1","status":{"message":")" + words + R"(","class":{"id":)"
           + number + "}}}";
  }

  auto view() {
    auto result = ask<catalogue_view>(system, sut, load_catalogue{});
    settle();
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_top_up_suite, fixture)

BOOST_AUTO_TEST_CASE(what_is_ordered_bears_the_providers_name_for_it) {
  start(euros());
  serve_account();
  auto order = buy("r-1");
  auto request = next_call();
  BOOST_TEST(request.url == "http://provider/async/transactions");
  BOOST_TEST(request.body.find(R"("product_id":77,)") != std::string::npos, request.body);
  BOOST_TEST(request.body.find("https://dealers.example.com/provider/p9/webhook/a-secret\"")
               != std::string::npos,
             request.body);
  answer(request, 201, in_class("2"));
  advance(1s);
  auto question = next_call();
  BOOST_TEST(question.url == "http://provider/transactions?external_id=r-1");
  answer(question, 200, "[" + in_class("7") + "]");
  auto ended = order.get();
  BOOST_TEST((ended.verdict == provider_verdict::placed));
  // By the catalogue: 11 euros.
  BOOST_TEST((ended.bought.cost == money::from_cents(1'199)));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_to_call_where_there_is_no_address) {
  news_url.clear();
  start(euros());
  serve_account();
  auto order = buy("r-1");
  auto request = next_call();
  BOOST_TEST(request.body.find("callback_url") == std::string::npos, request.body);
  BOOST_TEST(!order.has_ended());
}

BOOST_AUTO_TEST_CASE(an_order_waits_for_the_catalogue_and_what_it_does_not_list_is_refused) {
  start(euros());
  auto early = buy("r-1");
  BOOST_TEST(calls->size() == 2u);
  serve_account();
  advance(1s);
  BOOST_TEST(next_call().url == "http://provider/async/transactions");
  auto other = buy("r-2", 700);
  BOOST_TEST((other.get().verdict == provider_verdict::refused));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(what_is_charged_in_a_currency_without_a_rate_is_not_sold) {
  start({});
  serve_account();
  BOOST_TEST(view().get().current->networks.empty());
  BOOST_TEST(view().get().current->refused.size() == 1u);
  // What was sold while there was a rate waits for the operator to give one again.
  auto waiting = buy("r-1");
  for (int i = 0; i < 20 && !waiting.has_ended(); ++i)
    advance(1s);
  BOOST_TEST((waiting.get().verdict == provider_verdict::unavailable));
  BOOST_TEST(waiting.get().reason.starts_with("no rate-EUR is configured"), waiting.get().reason);
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(a_balance_that_was_found_used_up_behind_the_answer_holds_further_orders) {
  start(euros());
  serve_account();
  auto order = buy("r-1");
  answer(next_call(), 201, in_class("2"));
  advance(1s);
  answer(next_call(), 200, "[" + in_class("3", "REJECTED-INSUFFICIENT-BALANCE") + "]");
  BOOST_TEST((order.get().verdict == provider_verdict::refused));
  BOOST_TEST((buy("r-2").get().verdict == provider_verdict::ours));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(a_sim_is_asked_for_where_the_catalogue_has_its_network) {
  start(euros());
  serve_account();
  auto known =
    ask<provider_text>(system, sut, sim_question{"p9:Vodafone-UK-11-GBP", {"+447700900000", {}}});
  settle();
  auto request = next_call();
  BOOST_TEST(request.url == "http://provider/lookup/mobile-number/%2B447700900000");
  answer(request, 200, R"([{"id":12,"identified":true}])");
  BOOST_TEST(known.get().status == 404);
  auto unknown = ask<provider_text>(system, sut, sim_question{"p9:Other-1", {"+447700900000", {}}});
  settle();
  BOOST_TEST((unknown.code() == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(a_provider_without_esims_says_so) {
  start(euros());
  serve_account();
  auto esim = ask<provider_outcome>(system, sut, provider_order{"r-1", "p9:x", {}});
  settle();
  BOOST_TEST((esim.get().verdict == provider_verdict::refused));
  auto about = ask<provider_text>(system, sut, esim_question{"8944000000000000000", false, "p9:x"});
  settle();
  BOOST_TEST((about.code() == ec::conflict));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_SUITE_END()
