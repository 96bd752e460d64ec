#include "tests/orders/provider_calls.hpp"

#include <memory>

// Providers whose calls bear a token that ends.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

intent_store_actor::behavior_type eager_store(intent_store_actor::pointer) {
  return {
    [](const begin_intent&) {
      intent result;
      result.may_ask = true;
      result.asked_at = now();
      return result;
    },
    [](const claim_order& wish) {
      return claimed_order{wish.candidates.at(0), 1};
    },
    [](const end_intent&) {},
    [](tick_atom) {},
  };
}

struct fixture : provider_calls {
  /// What routes are chosen by.
  std::shared_ptr<provider_status> told = std::make_shared<provider_status>();

  fixture() {
    provider_settings settings;
    settings.name = "p7";
    settings.has_bare_names = true;
    settings.format = &airalo_format;
    settings.url = "http://provider";
    settings.api_key = "id:secret";
    settings.intents = spawn(eager_store);
    settings.tell = [seen = told](provider_status latest) { *seen = std::move(latest); };
    begin(std::move(settings));
  }

  /// Answers the call for a token, after which all that waits goes on.
  void give_token(const std::string& text, int seconds = 86'400) {
    auto request = next_call();
    BOOST_REQUIRE(request.url == "http://provider/token");
    answer(request, 200,
           R"({"data":{"access_token":")" + text + R"(","expires_in":)" + std::to_string(seconds)
             + "}}");
    advance(300ms);
  }

  /// Takes what the actor asks for by itself out of the way.
  void serve_account(const std::string& token) {
    advance(3s);
    while (!calls->empty()) {
      auto request = next_call();
      BOOST_TEST(bears(request, token));
      answer(request, 200,
             R"({"data":[{"country_code":"JP","title":"Japan","operators":[{"packages":[)"
             R"({"id":"b","type":"sim","net_price":6.5}]}]}],"meta":{"last_page":1}})");
    }
  }

  static bool bears(const web_request& request, const std::string& token) {
    return std::find(request.headers.begin(), request.headers.end(),
                     "Authorization: Bearer " + token)
           != request.headers.end();
  }

  auto buy(const std::string& reference) {
    auto result = ask<provider_outcome>(system, sut, provider_order{reference, "p7:b", {}});
    settle();
    return result;
  }

  static std::string sold() {
    return R"({"data":{"id":1,"sims":[{"iccid":"8988247000106700123",)"
           R"("qrcode":"LPA:1$smdp.example$M-1"}]}})";
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_token_suite, fixture)

BOOST_AUTO_TEST_CASE(one_token_is_got_and_borne_by_every_call) {
  auto order = buy("r-1");
  BOOST_TEST(calls->size() == 1u);
  BOOST_TEST(calls->front().body.find("client_secret=secret") != std::string::npos);
  give_token("t-1");
  while (calls->front().method != "POST") {
    BOOST_TEST(bears(calls->front(), "t-1"));
    next_call();
  }
  auto request = next_call();
  BOOST_TEST(request.url == "http://provider/orders");
  BOOST_TEST(bears(request, "t-1"));
  answer(request, 200, sold());
  BOOST_TEST((order.get().verdict == provider_verdict::placed));
}

BOOST_AUTO_TEST_CASE(a_token_that_is_refused_is_renewed_once_and_the_call_repeated) {
  give_token("t-1");
  serve_account("t-1");
  auto order = buy("r-1");
  answer(next_call(), 401, R"({"code":14})");
  advance(100ms);
  give_token("t-2");
  auto again = next_call();
  BOOST_TEST(again.method == "POST");
  BOOST_TEST(bears(again, "t-2"));
  // The new one is no better: it is our credentials.
  answer(again, 401, R"({"code":14,"reason":"why"})");
  BOOST_TEST((order.get().verdict == provider_verdict::ours));
}

BOOST_AUTO_TEST_CASE(a_token_is_renewed_before_it_ends) {
  give_token("t-1", 100);
  serve_account("t-1");
  advance(90s);
  calls->clear();
  auto order = buy("r-1");
  advance(200ms);
  give_token("t-2");
  while (calls->front().method != "POST")
    next_call();
  BOOST_TEST(bears(next_call(), "t-2"));
}

BOOST_AUTO_TEST_CASE(without_a_token_nothing_is_bought) {
  auto order = buy("r-1");
  answer(next_call(), 401, "{}");
  advance(10s);
  BOOST_TEST(calls->empty());
  // A waiting dealer hears it soon, and another provider may sell the same.
  BOOST_TEST((order.get().verdict == provider_verdict::ours));
  BOOST_TEST((buy("r-2").get().verdict == provider_verdict::ours));
  BOOST_TEST(calls->empty());
  auto asked = ask<provider_text>(system, sut, esim_question{"89", false, "p7:b"});
  settle();
  BOOST_TEST((asked.code() == ec::unavailable));
  // So other providers are asked first until this one is worth a try.
  BOOST_TEST(told->is_account_refused);
  BOOST_TEST((told->retry_at > now() + 5s));
  advance(20s);
  auto later = buy("r-3");
  give_token("t-1");
  BOOST_TEST(!told->is_account_refused);
  BOOST_TEST(!later.has_ended());
}

BOOST_AUTO_TEST_CASE(a_new_token_brings_no_credit) {
  give_token("t-1", 100);
  serve_account("t-1");
  auto order = buy("r-1");
  answer(next_call(), 422, R"({"code":11,"reason":"no credit is left"})");
  BOOST_TEST((order.get().verdict == provider_verdict::ours));
  BOOST_TEST(told->is_account_refused);
  advance(90s);
  calls->clear();
  auto later = buy("r-2");
  advance(200ms);
  give_token("t-2");
  BOOST_TEST(told->is_account_refused);
  while (calls->front().method != "POST")
    next_call();
  answer(next_call(), 200, sold());
  BOOST_TEST((later.get().verdict == provider_verdict::placed));
  BOOST_TEST(!told->is_account_refused);
}

BOOST_AUTO_TEST_CASE(an_esim_of_a_provider_that_revokes_none_stays) {
  give_token("t-1");
  serve_account("t-1");
  auto ended = ask<provider_text>(system, sut, esim_question{"89", true, "p7:b"});
  settle();
  BOOST_TEST((ended.code() == ec::conflict));
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(stock_that_stays_short_is_a_refusal_in_the_end) {
  give_token("t-1");
  serve_account("t-1");
  auto order = buy("r-1");
  for (int tries = 0; tries < 5; ++tries) {
    BOOST_REQUIRE(!order.has_ended());
    answer(next_call(), 422, R"({"code":33,"reason":"too little is left"})");
    advance(3s);
  }
  BOOST_TEST((order.get().verdict == provider_verdict::refused));
  BOOST_TEST(order.get().reason == "too little is left");
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(an_order_that_has_to_rest_is_left_alone_for_as_long) {
  give_token("t-1");
  serve_account("t-1");
  auto order = buy("r-1");
  // Maintenance.
  answer(next_call(), 422, R"({"code":13,"reason":"why"})");
  BOOST_TEST((order.get().verdict == provider_verdict::unavailable));
  BOOST_TEST(order.get().retry_after_seconds == 60);
  advance(2s);
  BOOST_TEST(calls->empty());
}

BOOST_AUTO_TEST_CASE(a_revocation_is_declined_with_the_way_that_is_left) {
  auto answer = ask<provider_text>(system, sut, esim_question{"8988247000106700123", true, "p7:b"});
  settle();
  BOOST_TEST((answer.code() == ec::conflict));
  BOOST_TEST(message_of(**answer.failure).find("our support asks them") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
