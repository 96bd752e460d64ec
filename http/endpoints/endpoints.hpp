#pragma once

#include "http/edge/exchange.hpp"

namespace meisim::http {

// The handlers of the routes, by the file that they stand in. Each gets an exchange that has been
// admitted, and answers it once.

// auth_endpoints.cpp
void post_send_otp(const exchange_pointer& x);
void post_verify_otp(const exchange_pointer& x);
void post_set_password(const exchange_pointer& x);
void post_dealer_login(const exchange_pointer& x);
void post_portal_login(const exchange_pointer& x);
void get_keys(const exchange_pointer& x);
void delete_key(const exchange_pointer& x);

// account_endpoints.cpp
void get_me(const exchange_pointer& x);
void get_orders(const exchange_pointer& x);
void get_wallet(const exchange_pointer& x);
void get_statement(const exchange_pointer& x);

// esim_endpoints.cpp
void get_countries(const exchange_pointer& x);
void post_bundles(const exchange_pointer& x);
void post_esim_order(const exchange_pointer& x);
void post_esim_details(const exchange_pointer& x);
void post_esim_revoke(const exchange_pointer& x);

// sim_topup_endpoints.cpp
void get_networks(const exchange_pointer& x);
void post_confirm(const exchange_pointer& x);
void post_recharge(const exchange_pointer& x);

// order_endpoints.cpp
void post_order(const exchange_pointer& x);

// card_payment_endpoints.cpp
void get_topup_preview(const exchange_pointer& x);
void post_topup(const exchange_pointer& x);
void post_topup_intent(const exchange_pointer& x);
void post_stripe_webhook(const exchange_pointer& x);

// webhook_endpoints.cpp
void post_webhook(const exchange_pointer& x);
void get_webhooks(const exchange_pointer& x);
void get_webhook(const exchange_pointer& x);
void post_webhook_change(const exchange_pointer& x);
void delete_webhook(const exchange_pointer& x);

// order_followup_endpoints.cpp
void post_resend_email(const exchange_pointer& x);
void post_replace(const exchange_pointer& x);

// portal_endpoints.cpp
void get_skus(const exchange_pointer& x);
void post_supply_execute(const exchange_pointer& x);
void get_stock(const exchange_pointer& x);
void get_my_esims(const exchange_pointer& x);
void get_portal_wallet(const exchange_pointer& x);

// verification_endpoints.cpp
void post_verify(const exchange_pointer& x);
void get_verify_batches(const exchange_pointer& x);
void get_verify_batch(const exchange_pointer& x);
void get_results(const exchange_pointer& x);
void post_validate_execute(const exchange_pointer& x);
void get_portal_batches(const exchange_pointer& x);
void get_portal_batch(const exchange_pointer& x);

// replacement_endpoints.cpp
void post_supply_replace(const exchange_pointer& x);
void get_replace_status(const exchange_pointer& x);
void admin_list_reviews(const exchange_pointer& x);
void admin_resolve_review(const exchange_pointer& x);

// device_endpoints.cpp
void admin_list_nodes(const exchange_pointer& x);
void admin_drain_node(const exchange_pointer& x);
void admin_list_devices(const exchange_pointer& x);
void admin_drain_device(const exchange_pointer& x);
void admin_show_verdict(const exchange_pointer& x);
void admin_report_devices(const exchange_pointer& x);

// document_endpoints.cpp
void get_api_document(const exchange_pointer& x);
void get_docs(const exchange_pointer& x);
void get_docs_file(const exchange_pointer& x);

// admin_endpoints.cpp
void admin_list_dealers(const exchange_pointer& x);
void admin_show_dealer(const exchange_pointer& x);
void admin_add_dealer(const exchange_pointer& x);
void admin_set_status(const exchange_pointer& x);
void admin_issue_key(const exchange_pointer& x);
void admin_set_password(const exchange_pointer& x);
void admin_adjust_wallet(const exchange_pointer& x);
void admin_import_inventory(const exchange_pointer& x);
void admin_list_skus(const exchange_pointer& x);
void admin_set_price(const exchange_pointer& x);
void admin_check_ledger(const exchange_pointer& x);

// health_endpoints.cpp
void get_health(const exchange_pointer& x);
void get_readiness(const exchange_pointer& x);
void get_metrics(const exchange_pointer& x);

} // namespace meisim::http
