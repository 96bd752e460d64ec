#pragma once

#include "actors/orders/provider.hpp"
#include "tests/fixtures/actors.hpp"

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace meisim::test {

/// A provider's actor on the fake clock, with calls that end as the test says.
struct provider_calls : actor_fixture {
  std::shared_ptr<std::deque<web_request>> calls = std::make_shared<std::deque<web_request>>();
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  provider_actor sut;

  void begin(provider_settings settings) {
    sut = spawn(provider, std::move(settings), web_connector{[seen = calls](provider_actor) {
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

  void answer(const web_request& request, int32_t status, std::string body = {},
              int32_t retry_after_seconds = 0) {
    web_answer what;
    what.call_id = request.call_id;
    what.status = status;
    what.body = std::move(body);
    what.retry_after_seconds = retry_after_seconds;
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
};

} // namespace meisim::test
