#pragma once

#include "protocols/orders/provider.hpp"

#include <json/value.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace meisim::sandbox {

/// A request as it came in.
struct sandbox_request {
  std::string method;
  /// Without the query, percent signs decoded.
  std::string path;
  std::string query;
  std::string body;
  /// The headers of these names; empty without one.
  std::string authorization;
  std::string idempotency_key;
  /// Of whichever header a provider of the sandbox has for its keys.
  std::string api_key = {};
};

/// A message that is sent later, to an address that the request named.
struct sandbox_callback {
  std::string url;
  std::string body;
  std::chrono::milliseconds after{0};
};

/// How a request is answered.
struct sandbox_answer {
  int status = 200;
  std::string body;
  /// How long the service takes for the answer.
  std::chrono::milliseconds delay{0};
  /// The answer never comes.
  bool lost = false;
  std::string_view content_type = "application/json";
  /// Further headers.
  std::vector<std::pair<std::string_view, std::string>> headers;
  std::vector<sandbox_callback> callbacks = {};
};

/// The upstream provider: sells an eSIM, or tops a SIM up, once for each reference. What it sells
/// follows from the reference alone, so even what it has forgotten (it keeps the last half million
/// orders) is never sold twice. Safe for many threads.
class provider_sandbox {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit provider_sandbox(std::chrono::milliseconds order_delay);

  sandbox_answer answer(const sandbox_request& request, time_point now);

private:
  enum class fate : uint8_t { flaky, completed, refused };

  struct record {
    std::string product;
    /// What was asked for, where a reference names a top-up.
    std::string top_up;
    bool is_revoked = false;
    /// What has become of the eSIM, as a test has said.
    std::string state = "Released";
    int64_t used_mb = 0;
    /// What top-ups have added to its data.
    int64_t added_mb = 0;
    std::string expires_at = {};
    fate status = fate::completed;
    instant ordered_at = {};
    /// How often it was asked for, the first time included.
    uint32_t times = 0;
  };

  sandbox_answer place(const std::string& body, bool is_top_up);
  sandbox_answer sell(const provider_order& order, const std::string& body);
  sandbox_answer check_sim(const std::string& body) const;
  bool is_sold(const provider_order& order) const;
  /// Whether the SIM or eSIM is there that is to be topped up.
  bool is_known(const provider_order& top_up) const;
  /// The data of the product or bundle with this name; zero where it has no limit.
  int64_t data_of(const std::string& name) const;
  sandbox_answer set_usage(const std::string& iccid, const std::string& body);
  void deliver(const std::string& reference, record& known);
  sandbox_answer repeat(const std::string& reference, record& known);
  sandbox_answer look_up(const std::string& reference, bool is_top_up) const;
  /// `rest` is what follows the folder of the eSIMs: an ICCID, and `/revoke` or nothing.
  sandbox_answer answer_about(std::string_view rest, bool is_get);
  /// A page of what was sold in a time.
  sandbox_answer list(const std::string& query) const;
  Json::Value listed(const std::string& reference, const record& known) const;
  sandbox_answer show(const std::string& query) const;
  sandbox_answer show_one(const std::string& reference) const;
  sandbox_answer start_outage(const std::string& body, time_point now);
  /// What the order lacks; empty if nothing.
  std::string missing_in(const provider_order& order) const;
  record& remember(const provider_order& order, const std::string& body, fate status);

  const catalogue catalogue_;
  const std::string catalogue_text_;
  const std::chrono::milliseconds order_delay_;

  mutable std::mutex mutex_;
  std::unordered_map<std::string, record> orders_;
  /// References, oldest first; they point at the keys above.
  std::deque<const std::string*> ages_;
  /// The references of the eSIMs that were sold, by ICCID.
  std::unordered_map<std::string, std::string> sold_for_;
  int64_t sold_ = 0;
  int64_t recharged_ = 0;
  int64_t refused_ = 0;
  int64_t repeated_ = 0;
  time_point outage_until_{};
  bool outage_is_silent_ = false;
};

/// The eSIM that is sold for a reference: an ICCID of 20 digits with its check digit, and an
/// activation code.
esim make_esim(std::string_view reference);

/// The check digit that completes a number by Luhn's rule.
char luhn_digit(std::string_view digits);

} // namespace meisim::sandbox
