#include "actors/orders/catalogue_merger.hpp"
#include "actors/orders/provider.hpp"
#include "actors/orders/provider_switch.hpp"
#include "apps/sandbox/provider_sandbox.hpp"
#include "protocols/orders/packages_wire.hpp"
#include "protocols/orders/provider_wire.hpp"
#include "tests/fixtures/actors.hpp"

#include <prometheus/text_serializer.h>

#include <deque>

// Two providers, each with an actor, a circuit and a catalogue of its own, behind one actor.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  using call_list = std::shared_ptr<std::deque<web_request>>;

  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::shared_ptr<published<catalogue>> board = std::make_shared<published<catalogue>>();
  std::shared_ptr<catalogue_merger> merger =
    std::make_shared<catalogue_merger>(std::vector<std::string>{"p3", "p4"}, board);
  call_list calls3 = std::make_shared<std::deque<web_request>>();
  call_list calls4 = std::make_shared<std::deque<web_request>>();
  provider_actor p3 = spawn_one("p3", "standard", calls3, 0);
  provider_actor p4 = spawn_one("p4", "packages", calls4, 1);
  providers_actor sut = spawn(provider_switch, std::vector<provider_route>{{"p3", p3}, {"p4", p4}},
                              std::shared_ptr<const published<catalogue>>{board});

  fixture() {
    settle();
  }

  provider_actor spawn_one(std::string name, std::string_view format, call_list calls,
                           size_t place) {
    provider_settings settings;
    settings.name = name;
    settings.has_bare_names = place > 0;
    settings.format = find_provider_format(format);
    settings.url = "http://" + name;
    settings.api_key = "key of " + name;
    settings.publish = [to = merger, place](std::shared_ptr<const catalogue> latest) {
      to->put(place, std::move(latest));
    };
    return spawn(provider, settings, web_connector{[calls](provider_actor) {
                   return [calls](web_request request) { calls->push_back(std::move(request)); };
                 }},
                 registry);
  }

  static web_request next(const call_list& calls) {
    BOOST_REQUIRE(!calls->empty());
    auto result = std::move(calls->front());
    calls->pop_front();
    return result;
  }

  void answer(const provider_actor& to, const web_request& request, int32_t status,
              std::string body) {
    web_answer what;
    what.call_id = request.call_id;
    what.status = status;
    what.body = std::move(body);
    caf::anon_send(to, what);
    settle();
  }

  void fail(const provider_actor& to, const web_request& request) {
    web_answer what;
    what.call_id = request.call_id;
    what.failure = web_failure::not_sent;
    caf::anon_send(to, what);
    settle();
  }

  static catalogue selling(std::vector<std::string> bundles, std::vector<std::string> products) {
    catalogue result;
    result.countries.push_back({"JP", "Japan", "Asia"});
    for (auto& name : bundles)
      result.bundles.push_back({name, {}, "JP", "Asia", 1024, 7, money::from_cents(100)});
    for (auto& id : products)
      result.products.push_back({id, {}, "JP", money::from_cents(100), false, false, false});
    return result;
  }

  void serve_catalogues() {
    answer(p3, next(calls3), 200, to_wire(selling({"esim_a"}, {"p3:x", "p4:stolen"})));
    answer(p4, next(calls4), 200, packages_to_wire(selling({"esim_a"}, {"y"})));
  }

  auto buy(std::string reference, std::string product) {
    auto result = ask<provider_outcome>(
      system, sut, provider_order{std::move(reference), std::move(product), {}});
    settle();
    return result;
  }

  auto view() {
    auto result = ask<catalogue_view>(system, sut, load_catalogue{});
    settle();
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_switch_suite, fixture)

BOOST_AUTO_TEST_CASE(catalogues_are_put_together_and_nobody_sells_under_anothers_prefix) {
  auto early = view();
  serve_catalogues();
  const auto& all = *early.get().current;
  BOOST_TEST(all.countries.size() == 1u);
  BOOST_TEST((find_bundle(all, "esim_a") != nullptr));
  BOOST_TEST((find_bundle(all, "p4:esim_a") != nullptr));
  BOOST_TEST((find_product(all, "p3:x") != nullptr));
  BOOST_TEST((find_product(all, "p4:y") != nullptr));
  BOOST_TEST((find_product(all, "p4:stolen") == nullptr));
  BOOST_TEST(all.products.size() == 2u);
}

BOOST_AUTO_TEST_CASE(one_that_is_away_does_not_keep_the_others_from_selling) {
  auto early = view();
  fail(p4, next(calls4));
  answer(p3, next(calls3), 200, to_wire(selling({"esim_a"}, {"p3:x"})));
  BOOST_TEST(early.get().current->bundles.size() == 1u);
  advance(3s);
  answer(p4, next(calls4), 200, packages_to_wire(selling({"esim_a"}, {"y"})));
  BOOST_TEST(view().get().current->bundles.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_order_goes_to_whom_its_prefix_names_in_its_own_words) {
  serve_catalogues();
  auto theirs = buy("r-4", "p4:y");
  BOOST_TEST(calls3->empty());
  auto request = next(calls4);
  BOOST_TEST(request.url == "http://p4/orders");
  BOOST_TEST(package_order_from_wire(request.body)->product == "y");
  BOOST_TEST((std::ranges::find(request.headers, "X-Api-Key: key of p4") != request.headers.end()));
  answer(p4, request, 200,
         R"({"data":)" + package_order_to_wire("r-4", placed(sandbox::make_esim("r-4"))) + "}");
  BOOST_TEST((theirs.get().verdict == provider_verdict::placed));
  for (const auto* name : {"p3:x", "esim_a"}) {
    buy(name, name);
    auto ours = next(calls3);
    BOOST_TEST(ours.url == "http://p3/v1/orders");
    BOOST_TEST(order_from_wire(ours.body)->product == name);
    BOOST_TEST(calls4->empty());
    answer(p3, ours, 422, "{}");
  }
}

BOOST_AUTO_TEST_CASE(what_bears_an_unknown_prefix_is_nobodys) {
  serve_catalogues();
  BOOST_TEST((buy("r-9", "p9:z").get().verdict == provider_verdict::unavailable));
  // It may have been bought before its provider left the configuration.
  provider_order again{"r-9", "p9:z", {}};
  again.may_be_placed = true;
  auto later = ask<provider_outcome>(system, sut, again);
  auto question = ask<provider_text>(system, sut, esim_question{"89001", true, "p9:z"});
  settle();
  BOOST_TEST((later.get().verdict == provider_verdict::unknown));
  BOOST_TEST((question.code() == ec::unavailable));
  BOOST_TEST(calls3->empty());
  BOOST_TEST(calls4->empty());
}

BOOST_AUTO_TEST_CASE(a_name_with_an_unknown_prefix_is_not_for_sale) {
  answer(p3, next(calls3), 200, to_wire(selling({"esim_a", "p9:b"}, {"p3:x", "p9:y"})));
  answer(p4, next(calls4), 200, packages_to_wire(selling({}, {"y"})));
  const auto& all = *view().get().current;
  BOOST_TEST((find_bundle(all, "p9:b") == nullptr));
  BOOST_TEST((find_product(all, "p9:y") == nullptr));
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_lost_is_looked_up_where_it_was_bought) {
  serve_catalogues();
  auto order = buy("r-4", "p4:y");
  web_answer lost;
  lost.call_id = next(calls4).call_id;
  lost.failure = web_failure::no_answer;
  caf::anon_send(p4, lost);
  settle();
  advance(300ms);
  auto question = next(calls4);
  BOOST_TEST(question.method == "GET");
  BOOST_TEST(question.url == "http://p4/orders?client_ref=r-4");
  answer(p4, question, 200,
         R"({"data":[)" + package_order_to_wire("r-4", placed(sandbox::make_esim("r-4"))) + "]}");
  BOOST_TEST((order.get().verdict == provider_verdict::placed));
  BOOST_TEST(calls3->empty());
}

BOOST_AUTO_TEST_CASE(questions_about_esims_go_to_their_seller_and_top_ups_to_who_sells_them) {
  serve_catalogues();
  ask<provider_text>(system, sut, esim_question{"89001", true, "p4:esim_a"});
  settle();
  auto theirs = next(calls4);
  BOOST_TEST(theirs.method == "DELETE");
  BOOST_TEST(theirs.url == "http://p4/sims/89001");
  ask<provider_text>(system, sut, esim_question{"89001", false, "esim_a"});
  settle();
  BOOST_TEST(next(calls3).url == "http://p3/v1/esims/89001");
  auto none = ask<provider_text>(system, sut, sim_question{"p4:N", {"+15555550100", {}}});
  settle();
  BOOST_TEST((none.code() == ec::vendor_error));
}

BOOST_AUTO_TEST_CASE(each_has_a_circuit_and_figures_of_its_own) {
  serve_catalogues();
  auto doomed = buy("doomed", "p4:y");
  for (int i = 0; i < 5; ++i) {
    advance(3s);
    fail(p4, next(calls4));
  }
  BOOST_TEST((doomed.get().verdict == provider_verdict::unavailable));
  calls4->clear();
  BOOST_TEST((buy("r-1", "p4:y").get().verdict == provider_verdict::unavailable));
  BOOST_TEST(calls4->empty());
  auto ours = buy("r-2", "p3:x");
  answer(p3, next(calls3), 201,
         to_wire(provider_order{"r-2", "p3:x", {}}, placed(sandbox::make_esim("r-2"))));
  BOOST_TEST((ours.get().verdict == provider_verdict::placed));
  auto text = prometheus::TextSerializer{}.Serialize(registry->Collect());
  for (const auto* line :
       {"meisim_provider_circuit{provider=\"p3\"} 0", "meisim_provider_circuit{provider=\"p4\"} 2",
        "meisim_provider_orders_total{outcome=\"placed\",provider=\"p3\"} 1",
        "meisim_provider_orders_total{outcome=\"unavailable\",provider=\"p4\"} 2"})
    BOOST_TEST(text.find(line) != std::string::npos, line << " is not in " << text);
}

BOOST_AUTO_TEST_SUITE_END()
