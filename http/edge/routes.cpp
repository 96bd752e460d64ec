#include "http/edge/route.hpp"
#include "http/endpoints/endpoints.hpp"

#include <array>

namespace meisim::http {

namespace {

using enum access;
using enum limit_class;
constexpr auto get = method::get;
constexpr auto post = method::post;
constexpr auto del = method::del;

constexpr std::array public_table{
  route{post, "/dealer/send-otp", open, otp_send, ordinary_body, post_send_otp},
  route{post, "/dealer/verify-otp", open, otp_verify, ordinary_body, post_verify_otp},
  route{post, "/dealer/auth/set-password", any_dealer, none, ordinary_body, post_set_password},
  route{post, "/dealer/auth/login", open, login, ordinary_body, post_dealer_login},
  route{post, "/dealer/login", open, login, ordinary_body, post_dealer_login},
  route{get, "/dealer/keys", access::dealer, read, ordinary_body, get_keys},
  route{del, "/dealer/keys/:prefix", access::dealer, read, ordinary_body, delete_key},

  route{get, "/api/v1/me", any_dealer, read, ordinary_body, get_me},
  route{get, "/api/v1/orders", access::dealer, read, ordinary_body, get_orders},

  route{get, "/api/v1/esim/countries", access::dealer, read, ordinary_body, get_countries},
  route{post, "/api/v1/esim/bundles", access::dealer, read, ordinary_body, post_bundles},
  route{post, "/api/v1/esim/order", access::dealer, order, ordinary_body, post_esim_order},
  route{post, "/api/v1/esim/details", access::dealer, read, ordinary_body, post_esim_details},
  route{post, "/api/v1/esim/revoke", access::dealer, revoke, ordinary_body, post_esim_revoke},

  route{get, "/api/v1/topup/networks", access::dealer, read, ordinary_body, get_networks},
  route{post, "/api/v1/topup/confirm", access::dealer, order, ordinary_body, post_confirm},
  route{post, "/api/v1/topup/recharge", access::dealer, order, ordinary_body, post_recharge},

  route{get, "/dealer/wallet", access::dealer, none, ordinary_body, get_wallet},
  route{get, "/dealer/statement", access::dealer, none, ordinary_body, get_statement, "from to"},
  route{get, "/dealer/topup/preview", access::dealer, none, ordinary_body, get_topup_preview,
        "net"},
  route{post, "/dealer/topup", access::dealer, topup, ordinary_body, post_topup},
  route{post, "/dealer/topup-intent", access::dealer, topup_intent, ordinary_body,
        post_topup_intent},
  // Stripe's events are signed, and may be large.
  route{post, "/stripe/webhook", open, none, webhook_body, post_stripe_webhook},
  route{post, "/dealer/order", access::dealer, order, ordinary_body, post_order},
  route{post, "/dealer/resend-email/:orderId", access::dealer, order, ordinary_body,
        post_resend_email},
  route{post, "/dealer/replace/:orderId", access::dealer, order, ordinary_body, post_replace},

  route{post, "/dealer/esim-verify", access::dealer, order, batch_body, post_verify},
  route{get, "/dealer/esim-verify", access::dealer, none, ordinary_body, get_verify_batches,
        "limit offset"},
  route{get, "/dealer/esim-verify/:batch_id", access::dealer, none, ordinary_body,
        get_verify_batch},
  route{get, "/dealer/esim-verify/:batch_id/results.csv", access::dealer, none, ordinary_body,
        get_results},

  route{get, "/dealer/webhooks", access::dealer, read, ordinary_body, get_webhooks},
  route{post, "/dealer/webhooks", access::dealer, read, ordinary_body, post_webhook},
  route{get, "/dealer/webhooks/:id", access::dealer, read, ordinary_body, get_webhook},
  route{post, "/dealer/webhooks/:id", access::dealer, read, ordinary_body, post_webhook_change},
  route{del, "/dealer/webhooks/:id", access::dealer, read, ordinary_body, delete_webhook},

  route{post, "/api/portal/v1/auth/login", open, login, ordinary_body, post_portal_login},
  route{get, "/api/portal/v1/wallet", portal, none, ordinary_body, get_portal_wallet},
  route{get, "/api/portal/v1/services/:service/skus", portal, none, ordinary_body, get_skus},
  route{post, "/api/portal/v1/services/esim_supply_att/execute", portal, none, ordinary_body,
        post_supply_execute},
  route{post, "/api/portal/v1/services/esim_validate/execute", portal, none, batch_body,
        post_validate_execute},
  route{get, "/api/portal/v1/esim-check/customer/batches", portal, none, ordinary_body,
        get_portal_batches, "limit offset"},
  route{get, "/api/portal/v1/esim-check/customer/batches/:id", portal, none, ordinary_body,
        get_portal_batch},
  route{get, "/api/portal/v1/esim-check/customer/batches/:id/results.csv", portal, none,
        ordinary_body, get_results},
  route{get, "/api/portal/v1/esim-supply/stock", portal, none, ordinary_body, get_stock},
  route{get, "/api/portal/v1/esim-supply/my", portal, none, ordinary_body, get_my_esims,
        "limit offset"},
  route{post, "/api/portal/v1/esim-supply/replace", portal, none, ordinary_body,
        post_supply_replace},
  route{get, "/api/portal/v1/esim-supply/replace/status/:check_id", portal, none, ordinary_body,
        get_replace_status},

  route{get, "/openapi.json", open, none, ordinary_body, get_api_document},
  route{get, "/docs", open, none, ordinary_body, get_docs},
  route{get, "/docs/:file", open, none, ordinary_body, get_docs_file},
};

constexpr std::array admin_table{
  route{get, "/admin/v1/dealers", operators, none, ordinary_body, admin_list_dealers},
  route{post, "/admin/v1/dealers", operators, none, ordinary_body, admin_add_dealer},
  route{get, "/admin/v1/dealers/:email", operators, none, ordinary_body, admin_show_dealer},
  route{post, "/admin/v1/dealers/:email/status", operators, none, ordinary_body, admin_set_status},
  route{post, "/admin/v1/dealers/:email/keys", operators, none, ordinary_body, admin_issue_key},
  route{post, "/admin/v1/dealers/:email/password", operators, none, ordinary_body,
        admin_set_password},
  route{post, "/admin/v1/dealers/:email/adjustments", operators, none, ordinary_body,
        admin_adjust_wallet},
  route{post, "/admin/v1/inventory/:carrier/:plan", operators, none, batch_body,
        admin_import_inventory, "first_line"},
  route{get, "/admin/v1/skus", operators, none, ordinary_body, admin_list_skus},
  route{post, "/admin/v1/skus/:id/price", operators, none, ordinary_body, admin_set_price},
  route{get, "/admin/v1/ledger/check", operators, none, ordinary_body, admin_check_ledger},
  route{get, "/admin/v1/nodes", operators, none, ordinary_body, admin_list_nodes},
  route{post, "/admin/v1/nodes/:name/drain", operators, none, ordinary_body, admin_drain_node},
  route{get, "/admin/v1/devices", operators, none, ordinary_body, admin_list_devices},
  route{post, "/admin/v1/devices/:name/drain", operators, none, ordinary_body, admin_drain_device},
  route{get, "/admin/v1/device-report", operators, none, ordinary_body, admin_report_devices},
  route{get, "/admin/v1/verdicts/:batch/:row", operators, none, ordinary_body, admin_show_verdict},
  route{get, "/admin/v1/reviews", operators, none, ordinary_body, admin_list_reviews},
  route{post, "/admin/v1/reviews/:check", operators, none, ordinary_body, admin_resolve_review},
  route{get, "/healthz", open, none, ordinary_body, get_health},
  route{get, "/readyz", open, none, ordinary_body, get_readiness},
  route{get, "/metrics", open, none, ordinary_body, get_metrics},
};

} // namespace

std::span<const route> public_routes() {
  return public_table;
}

std::span<const route> admin_routes() {
  return admin_table;
}

} // namespace meisim::http
