#pragma once

#include "http/edge/route.hpp"

namespace meisim::http {

/// All endpoints of the public port, and those of the operators' port.
route_table public_routes();
route_table admin_routes();

// The table at the end of each file here. The first group is public, the second the operator's.

route_table auth_routes();
route_table key_routes();
route_table session_routes();
route_table page_session_routes();
route_table page_routes();
route_table account_routes();
route_table statement_routes();
route_table esim_routes();
route_table sim_topup_routes();
route_table card_payment_routes();
route_table provider_webhook_routes();
route_table order_routes();
route_table order_followup_routes();
route_table order_view_routes();
route_table product_routes();
route_table receipt_routes();
route_table brand_routes();
route_table notice_routes();
route_table request_log_routes();
route_table view_routes();
route_table verification_routes();
route_table webhook_routes();
route_table event_routes();
route_table operator_event_routes();
route_table portal_routes();
route_table replacement_routes();
route_table document_routes();

route_table dealer_routes();
route_table view_pass_routes();
route_table order_desk_routes();
route_table audit_routes();
route_table ledger_routes();
route_table payment_routes();
route_table stock_routes();
route_table price_routes();
route_table sale_routes();
route_table node_routes();
route_table node_key_routes();
route_table device_routes();
route_table review_routes();
route_table desk_routes();
route_table operator_routes();
route_table operator_token_routes();
route_table health_routes();
route_table console_routes();

} // namespace meisim::http
