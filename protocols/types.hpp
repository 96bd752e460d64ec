#pragma once

#include "protocols/base/id.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

// Every message of the product by name. They are declared here and defined in the headers of their
// subjects. A source includes the headers of the messages that it makes or reads, and is compiled
// anew only when one of these changes.

// What may cross to another node. A name in this list is part of what two neighbouring releases
// agree on.
#define MEISIM_WIRE_TYPES(X) \
  X(account_changed) \
  X(activation_code) \
  X(address_request) \
  X(admission) \
  X(admission_request) \
  X(ask_challenge) \
  X(audit_event) \
  X(challenge) \
  X(check_done) \
  X(check_order) \
  X(count_pool) \
  X(dealer_memory) \
  X(device_report) \
  X(device_test) \
  X(done) \
  X(doubt_device) \
  X(drain_device) \
  X(find_answer) \
  X(finding) \
  X(ip_limiter_memory) \
  X(lookup) \
  X(node_greeting) \
  X(pool_name) \
  X(pool_restocked) \
  X(posting) \
  X(purchase) \
  X(rate_memory) \
  X(receipt) \
  X(remote_answers) \
  X(remote_calls) \
  X(site_greeting) \
  X(stock_counts) \
  X(test_device)

// What stays within a node, where it travels as a shared value and is never written out.
#define MEISIM_LOCAL_TYPES(X) \
  X(account_order) \
  X(account_outcome) \
  X(account_placement) \
  X(add_dealer) \
  X(add_operator) \
  X(add_webhook) \
  X(ask_leave) \
  X(audit_list) \
  X(batch_page) \
  X(batch_report) \
  X(batch_view) \
  X(batch_wish) \
  X(beat_answer) \
  X(begin_intent) \
  X(begin_payment) \
  X(begin_second_factor) \
  X(begun_payment) \
  X(brand_view) \
  X(browse_checks) \
  X(browse_deliveries) \
  X(browse_entries) \
  X(browse_orders) \
  X(browse_price_rules) \
  X(browse_purchases) \
  X(browse_requests) \
  X(cancel_batch) \
  X(catalogue_view) \
  X(change_own_password) \
  X(change_webhook) \
  X(check_heads) \
  X(check_ledger) \
  X(claim_order) \
  X(claimed_order) \
  X(commit_order) \
  X(commit_report) \
  X(complete_order) \
  X(confirm_second_factor) \
  X(count_ask) \
  X(count_jobs) \
  X(count_stock) \
  X(credit_position) \
  X(credit_settled) \
  X(csv_page) \
  X(dealer_changes) \
  X(dealer_overviews) \
  X(dealer_record) \
  X(desk_answer) \
  X(desk_change) \
  X(desk_question) \
  X(device_list) \
  X(dial) \
  X(drain_node) \
  X(end_intent) \
  X(end_operator_session) \
  X(end_price_rule) \
  X(end_second_factor) \
  X(end_session) \
  X(erase_customer) \
  X(erased_customer) \
  X(esim_page) \
  X(esim_question) \
  X(esim_revoked) \
  X(event_start) \
  X(fail_account_order) \
  X(fail_order) \
  X(find_account_order) \
  X(find_batch) \
  X(find_brand) \
  X(find_dealer_id) \
  X(find_esim) \
  X(find_key_owner) \
  X(find_notice_choices) \
  X(find_operator) \
  X(find_order_named) \
  X(find_orders) \
  X(find_own_order) \
  X(find_payment) \
  X(find_price) \
  X(find_price_rules) \
  X(find_receipt) \
  X(find_replacement) \
  X(find_verdict) \
  X(find_well_hosts) \
  X(finish_account_order) \
  X(finish_mail) \
  X(finish_payment) \
  X(finish_recharge) \
  X(finish_refund) \
  X(follow_events) \
  X(forget_deliveries) \
  X(found_price_rules) \
  X(import_result) \
  X(import_stock) \
  X(intent) \
  X(issue_key) \
  X(issued_key) \
  X(job_counts) \
  X(job_list) \
  X(join_cluster) \
  X(json_document) \
  X(json_page) \
  X(keep_job) \
  X(key_list) \
  X(key_used) \
  X(lease_grant) \
  X(lease_jobs) \
  X(lease_rows) \
  X(leave_order) \
  X(ledger_check) \
  X(link_opened) \
  X(link_report) \
  X(list_audit) \
  X(list_batches) \
  X(list_dealers) \
  X(list_devices) \
  X(list_entries) \
  X(list_esims) \
  X(list_keys) \
  X(list_lots) \
  X(list_members) \
  X(list_movements) \
  X(list_node_keys) \
  X(list_nodes) \
  X(list_orders) \
  X(list_payments) \
  X(list_pools) \
  X(list_reviews) \
  X(list_sessions) \
  X(list_skus) \
  X(list_sold_stock) \
  X(list_unmatched) \
  X(list_webhooks) \
  X(load_batch_report) \
  X(load_catalogue) \
  X(load_credit) \
  X(load_dealer) \
  X(load_mail) \
  X(load_month) \
  X(load_order) \
  X(load_price_book) \
  X(load_prices) \
  X(load_refund) \
  X(load_results) \
  X(load_stock) \
  X(load_verdicts) \
  X(load_wallet) \
  X(load_webhook_message) \
  X(login) \
  X(lot_list) \
  X(mail_message) \
  X(make_key) \
  X(member_list) \
  X(month_statement) \
  X(movement_list) \
  X(named_order) \
  X(next_events) \
  X(next_topics) \
  X(node_beat) \
  X(node_leaves) \
  X(node_list) \
  X(note_delivery) \
  X(note_devices) \
  X(note_esim_usage) \
  X(note_movement) \
  X(note_refused_order) \
  X(note_route) \
  X(note_stock) \
  X(note_unmatched) \
  X(noted_devices) \
  X(noted_event) \
  X(notice_choices) \
  X(operator_identity) \
  X(operator_login) \
  X(operator_session) \
  X(operator_totp) \
  X(order_list) \
  X(order_number_block) \
  X(order_overviews) \
  X(order_to_fulfil) \
  X(other_nodes) \
  X(own_password_changed) \
  X(password_check) \
  X(password_to_hash) \
  X(payment_list) \
  X(payment_view) \
  X(placement_view) \
  X(pool_list) \
  X(postpone_job) \
  X(price_book_view) \
  X(price_list) \
  X(provider_list_question) \
  X(provider_news) \
  X(provider_order) \
  X(provider_outcome) \
  X(provider_text) \
  X(quarantine_stock) \
  X(queued_mail) \
  X(recall_payment) \
  X(reconcile_stripe) \
  X(recovery_codes) \
  X(refund_due) \
  X(release_ask) \
  X(release_stock) \
  X(remove_webhook) \
  X(renew_leases) \
  X(replacement_verdicts) \
  X(replacement_view) \
  X(replay_delivery) \
  X(replay_outcome) \
  X(replay_payment) \
  X(report_question) \
  X(report_verdicts) \
  X(request_replacement) \
  X(reserve_order_numbers) \
  X(reserve_usages) \
  X(reset_password) \
  X(resolve_review) \
  X(retry_order) \
  X(review_list) \
  X(revoke_key) \
  X(rotate_key) \
  X(rotate_secret) \
  X(second_factor_secret) \
  X(send_code) \
  X(session) \
  X(session_list) \
  X(set_brand) \
  X(set_notice_choices) \
  X(set_operator_password) \
  X(set_operator_totp) \
  X(set_password) \
  X(set_price) \
  X(set_price_rule) \
  X(set_status) \
  X(settle_credit) \
  X(settle_unmatched) \
  X(show_order) \
  X(show_payment) \
  X(show_wallet) \
  X(sim_question) \
  X(sku) \
  X(sku_list) \
  X(sold_esim) \
  X(sold_stock) \
  X(start_topup) \
  X(stock_quarantined) \
  X(stock_released) \
  X(stock_slice) \
  X(stock_withdrawn) \
  X(stored_receipt) \
  X(stripe_letter) \
  X(stripe_payment) \
  X(stripe_reconciliation) \
  X(take_changes) \
  X(take_step) \
  X(test_webhook) \
  X(told_events) \
  X(topics_now) \
  X(topup_started) \
  X(try_code) \
  X(unmatched_list) \
  X(usage_block) \
  X(verdict_record) \
  X(verdict_report) \
  X(verdicts_written) \
  X(wallet_position) \
  X(wallet_statement) \
  X(web_answer) \
  X(webhook_attempt) \
  X(webhook_list) \
  X(webhook_message) \
  X(webhook_view) \
  X(well_hosts) \
  X(withdraw_stock) \
  X(write_verdicts)

namespace meisim {

#define MEISIM_DECLARE(name) struct name;
MEISIM_WIRE_TYPES(MEISIM_DECLARE)
MEISIM_LOCAL_TYPES(MEISIM_DECLARE)
#undef MEISIM_DECLARE

} // namespace meisim

CAF_BEGIN_TYPE_ID_BLOCK(meisim_wire, first_custom_type_id)

  CAF_ADD_ATOM(meisim_wire, meisim, changed_atom, "changed")
  CAF_ADD_ATOM(meisim_wire, meisim, dealer_atom, "dealer")
  CAF_ADD_ATOM(meisim_wire, meisim, drain_atom, "drain")
  CAF_ADD_ATOM(meisim_wire, meisim, pool_atom, "pool")
  CAF_ADD_ATOM(meisim_wire, meisim, reload_atom, "reload")
  CAF_ADD_ATOM(meisim_wire, meisim, restock_atom, "restock")
  CAF_ADD_ATOM(meisim_wire, meisim, retire_atom, "retire")
  CAF_ADD_ATOM(meisim_wire, meisim, ip_limiter_atom, "ip-limit")
  CAF_ADD_ATOM(meisim_wire, meisim, wallet_atom, "wallet")

  CAF_ADD_TYPE_ID(meisim_wire, (meisim::dealer_id))
#define MEISIM_ADD(name) CAF_ADD_TYPE_ID(meisim_wire, (meisim::name))
  MEISIM_WIRE_TYPES(MEISIM_ADD)
#undef MEISIM_ADD

CAF_END_TYPE_ID_BLOCK(meisim_wire)

#define MEISIM_UNSAFE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(meisim::name)
MEISIM_LOCAL_TYPES(MEISIM_UNSAFE)
#undef MEISIM_UNSAFE

CAF_BEGIN_TYPE_ID_BLOCK(meisim_local, id_block::meisim_wire::end)

  CAF_ADD_ATOM(meisim_local, meisim, flush_atom, "flush")
  CAF_ADD_ATOM(meisim_local, meisim, leave_atom, "leave")
  CAF_ADD_ATOM(meisim_local, meisim, refresh_atom, "refresh")
  CAF_ADD_ATOM(meisim_local, meisim, sweep_atom, "sweep")
  CAF_ADD_ATOM(meisim_local, meisim, tick_atom, "tick")
  CAF_ADD_ATOM(meisim_local, meisim, wake_atom, "wake")

#define MEISIM_ADD(name) CAF_ADD_TYPE_ID(meisim_local, (meisim::name))
  MEISIM_LOCAL_TYPES(MEISIM_ADD)
#undef MEISIM_ADD

CAF_END_TYPE_ID_BLOCK(meisim_local)

#undef MEISIM_WIRE_TYPES
#undef MEISIM_LOCAL_TYPES
