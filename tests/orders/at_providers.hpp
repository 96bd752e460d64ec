#pragma once

#include "tests/fixtures/service.hpp"

#include <string>

// What became of orders at the providers that the sandbox plays.

namespace meisim::test {

/// How many orders the provider below this path of the sandbox has taken.
inline int sold_at(const service& here, const std::string& root) {
  auto url = here.sandbox_url() + root + "/test/orders";
  return call({"GET", url, {}, {}}).json()["count"].asInt();
}

/// The status that the dealer is told of an order; empty if it is not listed.
inline std::string status_of(const service& here, const service::account& owner,
                             const std::string& id) {
  for (const auto& known : here.get("/api/v1/orders", {owner.key_header}).json())
    if (known["id"].asString() == id)
      return known["status"].asString();
  return {};
}

} // namespace meisim::test
