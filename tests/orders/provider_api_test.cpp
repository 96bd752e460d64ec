#include "actors/orders/provider.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/cluster/registry.hpp"
#include "tests/fixtures/child_process.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>

#include <algorithm>
#include <set>
#include <thread>

// The provider actor against the sandbox, over real HTTP.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct real_config : caf::actor_system_config {
  real_config() {
    announce_messages(*this);
  }
};

struct fixture {
  child_process sandbox{
    "meisim-sandbox", {"--port", "0", "--latency-ms", "1"}, "meisim-sandbox ready "};
  real_config config;
  caf::actor_system system{config};
  provider_actor sut;

  fixture() {
    provider_settings settings;
    settings.url = sandbox.rest_of_line();
    settings.timeout = 500ms;
    settings.first_pause = 20ms;
    settings.longest_pause = 100ms;
    settings.patience = 5s;
    settings.circuit = {5, 100ms, 200ms};
    sut = system.spawn(provider, settings, submit_for<provider_actor>,
                       std::make_shared<prometheus::Registry>());
  }

  ~fixture() {
    caf::anon_send_exit(sut, caf::exit_reason::user_shutdown);
  }

  template <class Answer, class Question>
  Answer ask(Question question) {
    caf::scoped_actor self{system};
    Answer result;
    self->request(sut, 20s, std::move(question))
      .receive([&](Answer& answer) { result = std::move(answer); },
               [](const caf::error& failure) { BOOST_FAIL(message_of(failure)); });
    return result;
  }

  provider_outcome buy(std::string reference, std::string product) {
    return ask<provider_outcome>(provider_order{std::move(reference), std::move(product), {}});
  }

  Json::Value shown(const std::string& path) {
    return *parse_json_object(http_get(sandbox.rest_of_line() + "/test/provider/orders" + path));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(against_the_sandbox, fixture)

BOOST_AUTO_TEST_CASE(the_catalogue_comes_over) {
  auto view = ask<catalogue_view>(load_catalogue{});
  BOOST_REQUIRE(view.current);
  BOOST_TEST((find_bundle(*view.current, "esim_5gb_30days_jp") != nullptr));
}

BOOST_AUTO_TEST_CASE(every_product_ends_in_its_way) {
  BOOST_TEST((buy("a", "p3:data-us-5gb").verdict == provider_verdict::placed));
  BOOST_TEST((buy("b", "p3:sandbox-reject").verdict == provider_verdict::refused));
  BOOST_TEST((buy("c", "p3:sandbox-flaky").verdict == provider_verdict::placed));
  auto late = buy("d", "esim_sandbox-timeout");
  BOOST_TEST((late.verdict == provider_verdict::placed));
  BOOST_TEST(shown("/d")["iccid"].asString() == late.bought.iccid);
  BOOST_TEST(shown("/d")["times_asked"].asInt() == 1);
  BOOST_TEST(shown("")["count"].asInt() == 3);
}

BOOST_AUTO_TEST_CASE(many_at_once_buy_each_once) {
  constexpr int count = 500;
  caf::scoped_actor self{system};
  std::set<std::string> iccids;
  // Each is asked for twice at the same time.
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < count; ++i)
      self->send(caf::actor_cast<caf::actor>(sut),
                 provider_order{std::to_string(i), "p3:data-us-5gb", {}});
  for (int i = 0; i < 2 * count; ++i)
    self->receive([&](const provider_outcome& outcome) {
      BOOST_REQUIRE((outcome.verdict == provider_verdict::placed));
      iccids.insert(outcome.bought.iccid);
    });
  BOOST_TEST(iccids.size() == static_cast<size_t>(count));
  BOOST_TEST(shown("?limit=1")["count"].asInt() == count);
}

BOOST_AUTO_TEST_CASE(an_outage_is_ridden_out) {
  BOOST_REQUIRE(ask<catalogue_view>(load_catalogue{}).current);
  http_post(sandbox.rest_of_line() + "/test/provider/outage", R"({"seconds":1})");
  for (int i = 0; i < 3; ++i)
    BOOST_TEST((buy("r", "p3:data-us-5gb").verdict == provider_verdict::unavailable));
  BOOST_TEST((ask<catalogue_view>(load_catalogue{}).current != nullptr));
  std::this_thread::sleep_for(1300ms);
  BOOST_TEST((buy("r", "p3:data-us-5gb").verdict == provider_verdict::placed));
  BOOST_TEST(shown("")["count"].asInt() == 1);
}

BOOST_AUTO_TEST_CASE(a_silent_outage_leaves_an_order_unknown_until_it_is_over) {
  http_post(sandbox.rest_of_line() + "/test/provider/outage", R"({"seconds":2,"silent":true})");
  BOOST_TEST((buy("r", "p3:data-us-5gb").verdict == provider_verdict::placed));
  BOOST_TEST(shown("")["count"].asInt() == 1);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_gone_is_unavailable) {
  sandbox.stop();
  for (int i = 0; i < 3; ++i)
    BOOST_TEST((buy("r", "p3:data-us-5gb").verdict == provider_verdict::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
