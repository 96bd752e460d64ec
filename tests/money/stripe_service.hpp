#pragma once

#include "protocols/base/crypto.hpp"
#include "protocols/money/stripe_signature.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

// The service with the sandbox's Stripe, and a dealer who pays by card.

namespace meisim::test {

using namespace std::chrono_literals;

struct stripe_service : service {
  account dealer = add_dealer("0");

  using service::service;

  web_reply start(const std::string& path, const std::string& body,
                  std::vector<std::string> headers = {}) const {
    headers.push_back(dealer.key_header);
    return post(path, body, std::move(headers));
  }

  /// Begins a Checkout session over this amount; its id.
  std::string session(const std::string& amount = "100") const {
    auto started = start("/dealer/topup", R"({"amountUsd":)" + amount + "}");
    BOOST_REQUIRE_EQUAL(started.status, 200);
    auto url = started.json()["checkoutUrl"].asString();
    return url.substr(url.rfind('/') + 1);
  }

  /// Makes the sandbox's Stripe do something.
  Json::Value stripe(const std::string& what, const std::string& body = "") const {
    auto answer = call({"POST", sandbox_url() + "/test/stripe/" + what, {}, body});
    BOOST_REQUIRE_MESSAGE(answer.status == 200, what << ": " << answer.body);
    return answer.json();
  }

  Json::Value events() const {
    return call({"GET", sandbox_url() + "/test/stripe/events", {}, {}}).json()["events"];
  }

  /// Waits until the sandbox has delivered all its events.
  void wait_for_delivery() const {
    for (int i = 0; i < 300; ++i) {
      bool is_done = true;
      for (const auto& event : events())
        is_done = is_done && event["delivered"].asBool();
      if (is_done)
        return;
      std::this_thread::sleep_for(100ms);
    }
    BOOST_FAIL("events stay: " << events().toStyledString());
  }

  web_reply webhook(const std::string& body, const std::string& signature) const {
    return post("/stripe/webhook", body, {"Stripe-Signature: " + signature});
  }

  web_reply signed_webhook(const std::string& body) const {
    return webhook(body, sign_payload(body, stripe_webhook_secret, now()));
  }

  /// The text of the first event of this type.
  std::string event_text(const std::string& type) const {
    for (const auto& event : events())
      if (event["type"].asString() == type)
        return event["body"].asString();
    BOOST_FAIL("no event " << type);
    return {};
  }

  Json::Value wallet() const {
    return get("/dealer/wallet", {dealer.key_header}).json();
  }

  double balance() const {
    return wallet()["balance"].asDouble();
  }
};

} // namespace meisim::test
