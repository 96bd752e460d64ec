#pragma once

#include "protocols/base/strict_json.hpp"
#include "protocols/orders/provider_format.hpp"
#include "tests/orders/sandbox_call.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <utility>

namespace meisim::test {

/// A provider's format, and what the sandbox answers to what it asks.
struct wire_fixture {
  explicit wire_fixture(const provider_format& what) : format(what) {
    // nop
  }

  virtual ~wire_fixture() = default;

  virtual sandbox::sandbox_answer call(const provider_call& what) = 0;

  provider_outcome buy(const provider_order& what) {
    auto answer = call(format.order_call(what));
    return format.read_outcome(answer.status, answer.body, what, false);
  }

  /// What the provider says before an order; nothing where it has no objection.
  std::optional<provider_outcome> check(provider_order& what) {
    auto next = format.check_call(what);
    BOOST_REQUIRE(next.has_value());
    auto answer = call(*next);
    return format.read_check(answer.status, answer.body, what);
  }

  provider_outcome look_up(const provider_order& what) {
    auto answer = call(format.look_up_call(what));
    return format.read_outcome(answer.status, answer.body, what, true);
  }

  /// How many orders the provider has taken.
  int sold() {
    return (*parse_json_object(call({"GET", "/test/orders"}).body))["count"].asInt();
  }

  const provider_format& format;
};

/// One that tops SIMs up, with its catalogue.
struct top_up_wire_fixture : wire_fixture {
  using wire_fixture::wire_fixture;

  /// All pages of what can be topped up.
  catalogue listed() {
    catalogue result;
    auto next = std::optional{format.catalogue_call()};
    for (pages = 0; next; ++pages) {
      auto answer = call(*next);
      auto read = format.read_catalogue(answer.body);
      BOOST_REQUIRE(read);
      for (auto& item : read->networks)
        add_network(result.networks, std::move(item));
      result.left_out += read->left_out;
      next = format.next_page_call(answer.body, pages);
    }
    return result;
  }

  /// Of the list that was read last.
  int32_t pages = 0;
};

inline bool has(const provider_outcome& outcome, provider_verdict verdict) {
  return outcome.verdict == verdict;
}

} // namespace meisim::test
