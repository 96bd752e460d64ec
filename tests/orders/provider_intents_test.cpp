#include "apps/sandbox/provider_sandbox.hpp"
#include "tests/orders/provider_calls.hpp"

#include <map>
#include <memory>
#include <set>

// Orders at a provider that tells them apart only by product and time.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// What the database would hold.
struct notes {
  std::map<std::string, intent> known;
  std::set<std::string> taken;
  bool is_held = false;
  bool is_away = false;
};

using notes_pointer = std::shared_ptr<notes>;

intent_store_actor::behavior_type store_of(intent_store_actor::pointer, notes_pointer held) {
  return {
    [held](const begin_intent& wish) -> caf::result<intent> {
      if (held->is_away)
        return make_error(ec::unavailable, "away");
      auto found = held->known.find(wish.reference);
      bool is_new = found == held->known.end();
      intent result = is_new ? intent{} : found->second;
      result.may_ask = is_new ? !held->is_held : result.asked_at == wish.again_after;
      result.is_held = is_new && held->is_held;
      if (result.may_ask)
        result.asked_at = now();
      if (!result.is_held)
        held->known[wish.reference] = result;
      return result;
    },
    [held](const claim_order& wish) -> caf::result<claimed_order> {
      claimed_order result;
      std::string one;
      for (const auto& name : wish.candidates)
        if (!held->taken.contains(name)) {
          ++result.free;
          one = name;
        }
      if (result.free == 1) {
        result.provider_order = one;
        held->taken.insert(one);
        held->known[wish.reference].provider_order = one;
      }
      return result;
    },
    [held](const end_intent& end) { held->known.erase(end.reference); },
    [](tick_atom) {},
  };
}

struct fixture : provider_calls {
  notes_pointer held = std::make_shared<notes>();

  fixture() {
    provider_settings settings;
    settings.name = "p5";
    settings.has_bare_names = true;
    settings.format = &esim_go_format;
    settings.url = "http://provider";
    settings.circuit.failures_to_open = 1'000;
    settings.balance_lifetime = 240h;
    settings.intents = spawn(store_of, held);
    begin(std::move(settings));
    // The account, which the catalogue and the balance are both read from, and then the list.
    while (!calls->empty() && !is_list(calls->front()))
      answer(next_call(), 200, R"({"balance":100,"currency":"USD"})");
    advance(1s);
    answer(next_call(), 200,
           R"({"bundles":[{"name":"b","price":6.5,"countries":["JP"]}],"pageCount":1})");
  }

  static bool is_list(const web_request& request) {
    return request.url.find("/catalogue") != std::string::npos;
  }

  /// The checks before orders, which go well.
  void pass_checks() {
    while (!calls->empty() && calls->front().body.find(R"("validate")") != std::string::npos)
      answer(provider_calls::next_call(), 200, R"({"total":6.5,"valid":true})");
  }

  web_request next_call() {
    pass_checks();
    return provider_calls::next_call();
  }

  void lose(const web_request& request) {
    fail(request, web_failure::no_answer);
  }

  auto buy(const std::string& reference, bool may_be_placed = false) {
    provider_order order{reference, "p5:b", {}};
    order.may_be_placed = may_be_placed;
    auto result = ask<provider_outcome>(system, sut, order);
    settle();
    pass_checks();
    return result;
  }

  static std::string profile() {
    return R"([{"iccid":"8988247000106700123","smdpAddress":"smdp.example","matchingId":"M-1"}])";
  }

  static std::string sold(const std::string& number) {
    return R"({"orderReference":")" + number + R"(","createdDate":")" + rfc3339(now())
           + R"(","status":"completed","total":6.5,"order":[{"item":"b","quantity":1,"esims":)"
           + profile() + "}]}";
  }

  static std::string orders(const std::string& list) {
    return R"({"orders":[)" + list + "]}";
  }

  /// Answers look-ups by time until the order has ended, or as long as a caller waits.
  void look_through(const pending_answer<provider_outcome>& order, const std::string& list) {
    for (int i = 0; i < 40 && !order.has_ended(); ++i) {
      advance(1s);
      while (!calls->empty()) {
        auto request = next_call();
        BOOST_TEST(request.method == "GET", request.url);
        bool is_by_time = request.url.find("createdAt") != std::string::npos;
        answer(request, 200, is_by_time ? orders(list) : profile());
      }
    }
  }
};

bool ended_as(const pending_answer<provider_outcome>& what, provider_verdict verdict) {
  return what.get().verdict == verdict;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_intents_suite, fixture)

BOOST_AUTO_TEST_CASE(an_order_is_noted_asked_for_and_keeps_the_providers_name) {
  auto order = buy("r-1");
  BOOST_TEST(held->known.contains("r-1"));
  auto request = next_call();
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.url == "http://provider/orders");
  BOOST_TEST(request.body.find("p5:") == std::string::npos);
  answer(request, 200, sold("o-1"));
  BOOST_REQUIRE(ended_as(order, provider_verdict::placed));
  BOOST_TEST(order.get().bought.provider_order_id == "o-1");
  BOOST_TEST((order.get().bought.cost == money::from_cents(650)));
  BOOST_TEST(held->known["r-1"].provider_order == "o-1");
}

BOOST_AUTO_TEST_CASE(a_total_above_the_catalogues_price_is_paid_as_long_as_the_dealer_pays_more) {
  constexpr auto taxed = R"({"total":7.8,"order":[{"item":"b","subTotal":6.5}],"valid":true})";
  auto sold_for = [&](const std::string& reference, int64_t cents) {
    provider_order order{reference, "p5:b", {}};
    order.price = money::from_cents(cents);
    auto result = ask<provider_outcome>(system, sut, order);
    settle();
    answer(provider_calls::next_call(), 200, taxed);
    return result;
  };
  BOOST_TEST(ended_as(sold_for("r-1", 700), provider_verdict::refused));
  BOOST_TEST(calls->empty());
  auto order = sold_for("r-2", 800);
  answer(next_call(), 200, sold("o-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_for_that_cannot_be_noted) {
  held->is_away = true;
  BOOST_TEST(ended_as(buy("r-1"), provider_verdict::unavailable));
  BOOST_TEST(ended_as(buy("r-2", true), provider_verdict::unknown));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(what_is_tried_again_without_a_note_is_looked_for_first) {
  // The worker before died on its way here, or the database that was restored has lost its note.
  auto order = buy("r-1", true);
  answer(next_call(), 200, orders(""));
  auto request = next_call();
  BOOST_TEST(request.method == "POST");
  answer(request, 200, sold("o-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_found_among_the_orders_of_its_time) {
  auto order = buy("r-1");
  lose(next_call());
  held->taken.insert("o-0");
  look_through(order, sold("o-0") + "," + sold("o-1"));
  BOOST_REQUIRE(ended_as(order, provider_verdict::placed));
  BOOST_TEST(order.get().bought.provider_order_id == "o-1");
  BOOST_TEST(order.get().bought.iccid == "8988247000106700123");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_apart_is_never_bought_again) {
  auto order = buy("r-1");
  lose(next_call());
  look_through(order, sold("o-1") + "," + sold("o-2"));
  BOOST_REQUIRE(ended_as(order, provider_verdict::unknown));
  BOOST_TEST(order.get().reason.find("operator") != std::string::npos, order.get().reason);
  held->known["r-1"].age = 24h;
  auto later = buy("r-1", true);
  look_through(later, sold("o-1") + "," + sold("o-2"));
  BOOST_TEST(ended_as(later, provider_verdict::unknown));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_yet_is_not_asked_for_again_before_it_has_settled) {
  auto order = buy("r-1");
  lose(next_call());
  look_through(order, "");
  BOOST_TEST(ended_as(order, provider_verdict::unknown));
  // The next try is another process: nothing but the note is left.
  held->known["r-1"].age = 9min;
  auto second = buy("r-1", true);
  look_through(second, "");
  BOOST_TEST(ended_as(second, provider_verdict::unknown));
  held->known["r-1"].age = 11min;
  auto third = buy("r-1", true);
  answer(next_call(), 200, orders(""));
  advance(4s);
  auto request = next_call();
  BOOST_TEST(request.method == "POST");
  answer(request, 200, sold("o-1"));
  BOOST_TEST(ended_as(third, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(an_order_waits_while_another_of_its_product_is_open) {
  held->is_held = true;
  auto order = buy("r-1");
  advance(2s);
  BOOST_TEST(calls->empty());
  held->is_held = false;
  advance(2s);
  answer(next_call(), 200, sold("o-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(one_that_waits_in_vain_was_not_bought) {
  held->is_held = true;
  auto order = buy("r-1");
  advance(40s);
  BOOST_TEST(ended_as(order, provider_verdict::unavailable));
  BOOST_TEST(!held->known.contains("r-1"));
}

BOOST_AUTO_TEST_CASE(a_refusal_leaves_no_note) {
  auto order = buy("r-1");
  answer(next_call(), 400, R"({"message":"no such bundle"})");
  BOOST_TEST(ended_as(order, provider_verdict::refused));
  settle();
  BOOST_TEST(!held->known.contains("r-1"));
}

BOOST_AUTO_TEST_CASE(a_provider_that_wants_to_be_left_alone_is) {
  auto order = buy("r-1");
  answer(next_call(), 429, "{}", 7);
  advance(6s);
  BOOST_TEST(calls->empty());
  advance(2s);
  answer(next_call(), 200, sold("o-1"));
  BOOST_TEST(ended_as(order, provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(
  an_order_that_is_accepted_and_not_delivered_yet_shows_that_our_account_is_good) {
  auto refused = buy("r-1");
  answer(next_call(), 401, "{}");
  BOOST_TEST(ended_as(refused, provider_verdict::ours));
  advance(4s);
  auto probe = buy("r-2");
  answer(next_call(), 200, R"({"orderReference":"o-2","status":"processing"})");
  auto next = buy("r-3");
  bool is_placed = false;
  for (int i = 0; i < 8 && !is_placed; ++i) {
    advance(1s);
    while (!calls->empty()) {
      auto request = next_call();
      is_placed = is_placed || request.method == "POST";
      answer(request, 200, request.method == "POST" ? sold("o-3") : "[]");
    }
  }
  BOOST_TEST(ended_as(next, provider_verdict::placed));
  BOOST_TEST(!probe.has_ended());
}

BOOST_AUTO_TEST_CASE(orders_keep_their_distance_and_questions_do_not_wait_for_them) {
  auto first = buy("r-1");
  answer(next_call(), 200, sold("o-1"));
  auto second = buy("r-2");
  BOOST_TEST(calls->empty());
  auto told = ask<provider_text>(system, sut, esim_question{"89", false, "p5:b"});
  settle();
  BOOST_TEST(next_call().url == "http://provider/esims/89/bundles?includeUsed=true&limit=200");
  advance(3s);
  BOOST_TEST(next_call().method == "POST");
}

BOOST_AUTO_TEST_SUITE_END()
