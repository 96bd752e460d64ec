#pragma once

#include "apps/sandbox/provider_sandbox.hpp"
#include "protocols/base/web.hpp"
#include "protocols/money/stripe_wire.hpp"

#include <json/value.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace meisim::sandbox {

/// The part of Stripe that the product calls: Checkout sessions, PaymentIntents, refunds, error
/// objects, idempotency keys, and webhooks that are signed and repeated until they are taken.
///
/// `POST /test/stripe/pay/{session or intent}` pays ({"currency", "amount"}: in the buyer's
/// currency), `…/refund/{…}` ({"amount": cents}, all of it without one), `…/fail-refund/{refund}`,
/// `…/dispute/{…}` ({"fee": cents}, none without one), `…/reinstate/{…}` and `…/withdraw/{…}` (once
/// more after that) do what their names say, `…/webhook` ({"url": …}) says where events go (nowhere
/// with an empty one), and `GET /test/stripe/events` shows what became of them. Paying or disputing
/// what is paid or disputed sends the same events again. Safe for many threads.
class stripe_sandbox {
public:
  struct settings {
    std::string api_key;
    std::string webhook_secret;
    /// Where events go; empty for nowhere yet.
    std::string webhook_url;
  };

  /// How events are sent: `send` makes a call whose end comes to `take`, and `after` does something
  /// after a while.
  struct outside {
    std::function<void(web_request)> send;
    std::function<void(std::chrono::milliseconds, std::function<void()>)> after;
  };

  stripe_sandbox(settings values, outside out);

  /// Whether the path is one of this service's.
  static bool serves(std::string_view path);

  /// Where this sandbox is found, for the addresses of its pages.
  void set_address(std::string url);

  sandbox_answer answer(const sandbox_request& request);

  /// The end of a delivery.
  void take(const web_answer& answer);

  /// Stops sending events.
  void close();

private:
  struct event_record {
    std::string id;
    std::string type;
    std::string text;
    int attempts = 0;
    int last_status = 0;
    bool is_delivered = false;
    bool is_under_way = false;
  };

  struct keyed_answer {
    std::string request;
    sandbox_answer answer;
  };

  sandbox_answer answer_api(const sandbox_request& request);
  sandbox_answer answer_test(const sandbox_request& request);
  sandbox_answer post(std::string_view path, const form_fields& fields);
  sandbox_answer get(std::string_view path, const std::string& query) const;
  sandbox_answer get_event(const std::string& id) const;
  /// A list as Stripe pages it, newest first: those of `all` that fit the query.
  sandbox_answer list(const std::vector<Json::Value>& all, std::string_view path,
                      const form_fields& query) const;
  sandbox_answer list_transactions(const form_fields& query) const;
  Json::Value object_with(const std::string& id) const;

  sandbox_answer create_session(const form_fields& fields);
  sandbox_answer create_intent(const form_fields& fields);
  sandbox_answer create_refund(const form_fields& fields);
  sandbox_answer page_of(const std::string& session) const;

  sandbox_answer pay(const std::string& id, const std::string& body, bool is_browser);
  sandbox_answer refund(const std::string& id, const std::string& body);
  sandbox_answer fail_refund(const std::string& id);
  sandbox_answer dispute(const std::string& id, const std::string& body);
  sandbox_answer reinstate(const std::string& id);
  sandbox_answer withdraw(const std::string& id);
  sandbox_answer set_webhook(const std::string& body);
  sandbox_answer show_events() const;

  Json::Value make_intent(int64_t amount, const std::string& currency, Json::Value metadata);
  void complete_intent(Json::Value& intent);
  Json::Value make_charge(const Json::Value& intent);
  Json::Value make_dispute(const Json::Value& charge);
  /// The dispute of a payment; null if there is none.
  Json::Value* dispute_of(const std::string& id);
  /// Money moves: a line of the balance.
  Json::Value add_transaction(std::string_view type, int64_t amount, int64_t fee,
                              const Json::Value& source);
  void move_disputed(Json::Value& dispute, int64_t amount, int64_t fee);
  /// The charge of a paid session or intent; null if there is none.
  Json::Value* charge_behind(const std::string& id);
  Json::Value refund_charge(Json::Value& charge, int64_t amount);
  std::string make_id(std::string_view prefix) const;

  void emit(std::string_view type, const Json::Value& object);
  void deliver(size_t index);

  settings settings_;
  outside out_;
  mutable std::mutex mutex_;
  std::string address_;
  std::map<std::string, Json::Value> sessions_;
  std::map<std::string, Json::Value> intents_;
  /// By the id of their intent.
  std::map<std::string, Json::Value> charges_;
  std::map<std::string, Json::Value> disputes_;
  std::map<std::string, Json::Value> refunds_;
  /// In the order in which they were made.
  std::vector<Json::Value> transactions_;
  std::map<std::string, keyed_answer> keyed_;
  std::vector<event_record> events_;
};

} // namespace meisim::sandbox
