#pragma once

#include "actors/orders/provider.hpp"
#include "apps/sandbox/provider_sandbox.hpp"
#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/orders/provider_wire.hpp"
#include "tests/fixtures/actors.hpp"

#include <deque>
#include <memory>
#include <string>

// A provider actor on the fake clock, with calls that end as the test says.

namespace meisim::test {

using namespace std::chrono_literals;

struct provider_fixture : actor_fixture {
  std::shared_ptr<std::deque<web_request>> calls = std::make_shared<std::deque<web_request>>();
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  provider_actor sut;

  provider_fixture() {
    provider_settings settings;
    settings.url = "http://provider/";
    settings.api_key = "secret";
    settings.concurrency = 2;
    settings.most_tasks = 4;
    auto seen = calls;
    sut = spawn(provider, settings, web_connector{[seen](provider_actor) {
                  return [seen](web_request request) { seen->push_back(std::move(request)); };
                }},
                registry);
    settle();
  }

  /// The oldest call that has not been answered.
  web_request next_call() {
    BOOST_REQUIRE(!calls->empty());
    auto result = std::move(calls->front());
    calls->pop_front();
    return result;
  }

  void answer(const web_request& request, int32_t status, std::string body = {}) {
    web_answer what;
    what.call_id = request.call_id;
    what.status = status;
    what.body = std::move(body);
    caf::anon_send(sut, what);
    settle();
  }

  void fail(const web_request& request, web_failure failure) {
    web_answer what;
    what.call_id = request.call_id;
    what.failure = failure;
    caf::anon_send(sut, what);
    settle();
  }

  /// Answers the first fetch, which every provider begins with.
  void serve_catalogue() {
    answer(next_call(), 200, to_wire(sandbox::make_catalogue()));
  }

  auto buy(std::string reference) {
    auto result = ask<provider_outcome>(system, sut,
                                        provider_order{std::move(reference), "p3:data-us-5gb", {}});
    settle();
    return result;
  }

  auto look_up(std::string reference) {
    auto result = ask<provider_outcome>(system, sut, find_provider_order{std::move(reference)});
    settle();
    return result;
  }

  auto view() {
    auto result = ask<catalogue_view>(system, sut, load_catalogue{});
    settle();
    return result;
  }

  static std::string bought(std::string reference) {
    return to_wire(provider_order{reference, "p3:data-us-5gb", {}},
                   placed(sandbox::make_esim(reference)));
  }

  /// Brings down the circuit with calls that cannot connect.
  void open_circuit() {
    auto doomed = buy("doomed");
    for (int i = 0; i < 5; ++i) {
      advance(3s);
      fail(next_call(), web_failure::not_sent);
    }
    BOOST_REQUIRE((doomed.get().verdict == provider_verdict::unavailable));
    calls->clear();
  }
};

inline bool ended_as(const pending_answer<provider_outcome>& what, provider_verdict verdict) {
  return what.get().verdict == verdict;
}

} // namespace meisim::test
