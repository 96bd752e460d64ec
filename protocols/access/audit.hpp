#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"

#include <caf/meta/type_name.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// What was done. The kinds up to `customer_erased` are operators' changes, each of one endpoint;
/// the others are dealers' security events. Only the names (audit.cpp) are stored.
enum class audit_kind : uint8_t {
  none,
  dealer_added,
  dealer_status_set,
  dealer_key_issued,
  dealer_password_set,
  wallet_adjusted,
  price_set,
  stock_imported,
  stock_withdrawn,
  order_retried,
  order_failed,
  payment_replayed,
  event_settled,
  review_resolved,
  node_drained,
  device_drained,
  operator_added,
  operator_role_set,
  operator_closed,
  operator_password_set,
  operator_codes_set,
  dealer_changed,
  order_noted,
  order_resent,
  mail_resent,
  provider_held,
  provider_released,
  sku_added,
  work_released,
  credit_settled,
  price_rule_set,
  price_rule_ended,
  batch_stopped,
  webhook_replayed,
  key_rotated,
  stock_quarantined,
  stock_released,
  route_added,
  route_removed,
  route_pinned,
  operator_token_made,
  operator_token_closed,
  operator_token_opened,
  stock_threshold_set,
  dealer_viewed,
  own_password_set,
  customer_erased,
  signed_in,
  sign_in_failed,
  sign_in_locked,
  signed_out,
  key_made,
  key_displaced,
  key_revoked,
  password_set,
  second_factor_set,
  second_factor_ended,
  webhook_added,
  webhook_changed,
  webhook_removed,
  brand_set,
  notices_set,
  esim_revoked,
  batch_cancelled,
  limit_reached,
};

constexpr size_t audit_kind_count = static_cast<size_t>(audit_kind::limit_reached) + 1;

/// `dealer.status`: what is done to what.
std::string_view to_string(audit_kind kind);

/// Whether a kind is an operator's change.
constexpr bool is_of_operators(audit_kind kind) {
  return kind != audit_kind::none && kind <= audit_kind::customer_erased;
}

/// Who does something, and from where. It travels with whatever changes something, and becomes an
/// audit event in the commit of the change.
struct audit_stamp {
  audit_kind kind = audit_kind::none;
  /// An operator's mail address; `token:` and the name of a script; `automation` for the admin
  /// token; `dealer:` and a mail address; or `service` for what nobody asked for.
  std::string actor = "service";
  /// The IP address of the client.
  std::string address = {};
  std::string request_id = {};

  /// The same request, for another kind of event.
  audit_stamp as(audit_kind other) const {
    auto result = *this;
    result.kind = other;
    return result;
  }
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, audit_stamp& x) {
  return f(caf::meta::type_name("audit_stamp"), x.kind, x.actor, x.address, x.request_id);
}

/// The actor's name of a dealer.
std::string dealer_actor_name(std::string_view email);

/// One thing that was done.
struct audit_event {
  audit_stamp by;
  /// What it was done to: a mail address, an order's id, a node's name.
  std::string subject;
  /// The dealer that it concerns; none if zero.
  dealer_id dealer = {};
  /// JSON objects of what was changed; empty for none. They never hold a secret.
  std::string before = {};
  std::string after = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, audit_event& x) {
  return f(caf::meta::type_name("audit_event"), x.by, x.subject, x.dealer, x.before, x.after);
}

/// Which events? An empty or zero member leaves its question open.
struct list_audit {
  std::string actor;
  std::string subject;
  instant since;
  /// Only those with a smaller number, for the next page.
  int64_t before = 0;
  int32_t limit = 100;
};

/// An event as it was written.
struct audit_entry {
  int64_t id = 0;
  instant at;
  std::string actor;
  std::string address;
  std::string request_id;
  std::string kind;
  std::string subject;
  /// JSON; empty for none.
  std::string before;
  std::string after;
};

/// Newest first.
struct audit_list {
  std::vector<audit_entry> events;
};

} // namespace meisim
