#include "http/endpoints/routes.hpp"

#include <initializer_list>

namespace meisim::http {

namespace {

std::vector<route> joined(std::initializer_list<route_table> tables) {
  std::vector<route> all;
  for (const auto& table : tables)
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

} // namespace

route_table public_routes() {
  static const auto all = joined({auth_routes(),
                                  page_session_routes(),
                                  key_routes(),
                                  session_routes(),
                                  account_routes(),
                                  statement_routes(),
                                  esim_routes(),
                                  sim_topup_routes(),
                                  card_payment_routes(),
                                  order_routes(),
                                  order_followup_routes(),
                                  order_view_routes(),
                                  product_routes(),
                                  receipt_routes(),
                                  brand_routes(),
                                  verification_routes(),
                                  webhook_routes(),
                                  event_routes(),
                                  portal_routes(),
                                  replacement_routes(),
                                  document_routes(),
                                  page_routes(),
                                  provider_webhook_routes(),
                                  notice_routes(),
                                  request_log_routes(),
                                  view_routes()});
  return all;
}

route_table admin_routes() {
  static const auto all = joined(
    {dealer_routes(), order_desk_routes(), audit_routes(), ledger_routes(), payment_routes(),
     stock_routes(), price_routes(), sale_routes(), node_routes(), node_key_routes(),
     device_routes(), review_routes(), desk_routes(), operator_routes(), operator_token_routes(),
     operator_event_routes(), health_routes(), console_routes(), view_pass_routes()});
  return all;
}

} // namespace meisim::http
