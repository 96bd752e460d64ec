#include "protocols/access/audit.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, audit_kind_count> kind_names{
  "none",
  "dealer.added",
  "dealer.status",
  "dealer.key_issued",
  "dealer.password",
  "wallet.adjusted",
  "price.set",
  "stock.imported",
  "stock.withdrawn",
  "order.retried",
  "order.failed",
  "payment.replayed",
  "stripe_event.settled",
  "review.resolved",
  "node.drained",
  "device.drained",
  "operator.added",
  "operator.role",
  "operator.closed",
  "operator.password",
  "operator.codes",
  "dealer.changed",
  "order.noted",
  "order.resent",
  "mail.resent",
  "provider.held",
  "provider.released",
  "sku.added",
  "work.released",
  "credit.settled",
  "price_rule.set",
  "price_rule.ended",
  "batch.stopped",
  "webhook.replayed",
  "key.rotated",
  "stock.quarantined",
  "stock.released",
  "route.added",
  "route.removed",
  "route.pinned",
  "operator_token.made",
  "operator_token.closed",
  "operator_token.opened",
  "stock.threshold",
  "dealer.viewed",
  "operator.own_password",
  "customer.erased",
  "sign_in",
  "sign_in.failed",
  "sign_in.locked",
  "sign_out",
  "key.made",
  "key.displaced",
  "key.revoked",
  "password.set",
  "second_factor.set",
  "second_factor.ended",
  "webhook.added",
  "webhook.changed",
  "webhook.removed",
  "brand.set",
  "notices.set",
  "esim.revoked",
  "batch.cancelled",
  "limit.reached",
};

} // namespace

std::string_view to_string(audit_kind kind) {
  return kind_names.at(static_cast<size_t>(kind));
}

std::string dealer_actor_name(std::string_view email) {
  return std::string{"dealer:"}.append(email);
}

} // namespace meisim
