#pragma once

#include "apps/sandbox/provider_sandbox.hpp"
#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/orders/provider_wire.hpp"
#include "tests/orders/provider_calls.hpp"

#include <memory>
#include <string>

// A provider actor on the fake clock, with calls that end as the test says.

namespace meisim::test {

using namespace std::chrono_literals;

struct provider_fixture : provider_calls {
  /// What the provider's actor has told last.
  provider_status told;

  provider_fixture() {
    provider_settings settings;
    settings.url = "http://provider/";
    settings.api_key = "secret";
    settings.concurrency = 2;
    settings.most_tasks = 4;
    settings.tell = [this](provider_status latest) { told = std::move(latest); };
    begin(std::move(settings));
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

  /// Of an order that may have been placed before.
  auto look_up(std::string reference) {
    provider_order order{std::move(reference), "p3:data-us-5gb", {}};
    order.may_be_placed = true;
    auto result = ask<provider_outcome>(system, sut, std::move(order));
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
