#include "protocols/base/instant.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/ctl.hpp"
#include "tests/fixtures/folders.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <future>

// Paid orders at a provider that answers as providers do on a bad day
// (tests/node/awkward_provider.mjs), over real HTTP.

using namespace meisim::test;

namespace {

struct fixture {
  child_process awkward{"/usr/bin/env",
                        {"node", source_folder() + "/tests/node/awkward_provider.mjs"},
                        "awkward provider ready "};
  service here{{"--rate-limits", "off", "--stuck-after-seconds", "1", "--provider",
                "p9=standard@" + awkward.rest_of_line() + ",concurrency=4"}};
  service::account owner = here.add_dealer("100.00");

  fixture() {
    // When a case begins, the catalogue is there and this first order has ended.
    web_reply first;
    BOOST_REQUIRE(comes_true([&] { return (first = order("good")).status == 200; }));
    BOOST_REQUIRE(end_of(first.json()["orderId"].asString()) == "completed");
  }

  web_reply order(const std::string& product) const {
    return here.post("/dealer/order",
                     R"({"productId":"p9:)" + product
                       + R"(","customerEmail":"e@example.com","customerName":"E"})",
                     {owner.key_header});
  }

  std::string place(const std::string& product) const {
    auto answer = order(product);
    BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return answer.json()["orderId"].asString();
  }

  std::string end_of(const std::string& id) const {
    return here.final_status(owner, id);
  }

  /// In cents.
  long balance() const {
    return std::lround(here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble()
                       * 100);
  }

  Json::Value overview(const std::string& id) const {
    return here.admin_get("/admin/v1/orders/" + id).json();
  }

  bool is_listed_as_stuck(const std::string& id) const {
    auto list = here.admin_get("/admin/v1/orders?stuck=true").json();
    return std::any_of(list.begin(), list.end(),
                       [&](const auto& one) { return one["id"].asString() == id; });
  }

  web_reply act(const std::string& id, const std::string& what) const {
    return here.admin_post("/admin/v1/orders/" + id + what, R"({"reason":"the provider is odd"})");
  }

  int sold() const {
    return call({"GET", awkward.rest_of_line() + "/test/sold", {}, {}}).json()["count"].asInt();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(awkward_provider_suite, fixture)

BOOST_AUTO_TEST_CASE(every_paid_order_is_delivered_or_given_back) {
  auto before = balance();
  BOOST_TEST(end_of(place("missing")) == "failed");
  BOOST_TEST(balance() == before);
  auto doubled = order("doubled").json();
  BOOST_TEST(end_of(doubled["orderId"].asString()) == "completed");
  BOOST_TEST(end_of(place("gift")) == "completed");
  BOOST_TEST(balance() == before - std::lround(doubled["totalUsd"].asDouble() * 100));
  // Its price cannot be charged; the others can all the same.
  BOOST_TEST(order("third-of-a-cent").status == 404);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(an_esim_that_somebody_has_is_for_the_operator_who_gives_the_money_back_once) {
  BOOST_TEST(end_of(place("twin")) == "completed");
  auto before = balance();
  auto second = place("twin");
  BOOST_REQUIRE(comes_true([&] { return is_listed_as_stuck(second); }));
  auto words = overview(second)["lastWords"].asString();
  BOOST_TEST(words.find("has already") != std::string::npos, words);
  BOOST_TEST(here.admin_get("/metrics").body.find("meisim_stuck_orders") != std::string::npos);
  BOOST_TEST(act(second, "/retry").status == 200);
  auto ended = act(second, "/fail");
  BOOST_REQUIRE_MESSAGE(ended.status == 200, ended.body);
  BOOST_TEST(ended.json()["status"].asString() == "failed");
  BOOST_TEST(ended.json()["failure"].asString() == "the provider is odd");
  BOOST_TEST(balance() == before);
  BOOST_TEST(act(second, "/fail").status == 409);
  BOOST_TEST(act(second, "/retry").status == 409);
  BOOST_TEST(balance() == before);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_provider_that_wants_money_holds_its_own_orders_and_no_others) {
  std::vector<std::string> held;
  for (int i = 0; i < 40; ++i)
    held.push_back(place("unpaid"));
  auto answer = here.post("/dealer/order",
                          R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com",)"
                          R"("customerName":"E"})",
                          {owner.key_header});
  BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
  BOOST_TEST(end_of(answer.json()["orderId"].asString()) == "completed");
  BOOST_TEST(comes_true([&] {
    return here.admin_get("/metrics")
             .body.find("meisim_provider_account_refused{provider=\"p9\"} 1")
           != std::string::npos;
  }));
  BOOST_TEST(comes_true([&] { return is_listed_as_stuck(held.front()); }));
  call({"POST", awkward.rest_of_line() + "/test/pay", {}, "{}"});
  // One probes, then all may pass; what has ended meanwhile needs no other try. Each try gets its
  // time: one that is under way is given up for the next.
  for (const auto& id : held) {
    auto is_completed = [&] { return overview(id)["status"].asString() == "completed"; };
    BOOST_TEST(comes_true([&] {
      std::ignore = act(id, "/retry");
      return comes_true(is_completed, std::chrono::seconds{2});
    }));
  }
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_list_without_an_end_is_read_so_far) {
  auto today = meisim::rfc3339(meisim::now()).substr(0, 10);
  auto ended = ctl(here, "provider reconcile p9 --fetch --from " + today + " --to " + today);
  BOOST_TEST(ended.status == 1, ended.output);
  BOOST_TEST(ended.output.find("more than 1000 pages") != std::string::npos, ended.output);
}

BOOST_AUTO_TEST_CASE(whoever_was_refused_has_not_bought) {
  auto before = sold();
  std::vector<std::future<web_reply>> asked;
  for (int i = 0; i < 60; ++i)
    asked.push_back(std::async(std::launch::async, [this] {
      return here.post("/api/v1/esim/order", R"({"bundleName":"p9:data_slow"})",
                       {owner.key_header});
    }));
  int bought = 0;
  int pending = 0;
  for (auto& one : asked) {
    auto answer = one.get();
    BOOST_TEST((answer.status == 200 || answer.status == 202 || answer.status == 503), answer.body);
    bought += answer.status == 200 ? 1 : 0;
    pending += answer.status == 202 ? 1 : 0;
  }
  BOOST_TEST(bought > 0);
  BOOST_TEST(sold() - before >= bought);
  BOOST_TEST(sold() - before <= bought + pending);
}

BOOST_AUTO_TEST_SUITE_END()
