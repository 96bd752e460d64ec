#pragma once

#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer.hpp"
#include "protocols/base/web.hpp"
#include "protocols/base/work.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/money/commit.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/money/prices.hpp"
#include "protocols/notify/mail.hpp"
#include "protocols/notify/webhook.hpp"
#include "protocols/orders/account_order.hpp"
#include "protocols/orders/jobs.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/records.hpp"
#include "protocols/supply/replacement.hpp"
#include "protocols/supply/supply.hpp"
#include "protocols/verification/activation_code.hpp"
#include "protocols/verification/verdict.hpp"
#include "protocols/verification/verification.hpp"

#include <caf/all.hpp>

namespace meisim {

// They hold handles, and are defined beside these in protocols/interfaces.hpp.
struct leave_order;
struct placement_view;

} // namespace meisim

// What may cross to another node. A name in this block is part of what two neighbouring releases
// agree on.
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

  CAF_ADD_TYPE_ID(meisim_wire, (meisim::account_changed))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::activation_code))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::admission))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::admission_request))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::check_done))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::check_order))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::count_pool))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::dealer_id))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::dealer_memory))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::device_report))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::done))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::finding))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::lookup))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::node_greeting))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::pool_name))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::pool_restocked))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::posting))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::purchase))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::rate_memory))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::receipt))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::remote_answers))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::remote_calls))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::stock_counts))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::address_request))
  CAF_ADD_TYPE_ID(meisim_wire, (meisim::ip_limiter_memory))

CAF_END_TYPE_ID_BLOCK(meisim_wire)

// What stays within a node, where it travels as a shared value and is never written out.
#define MEISIM_LOCAL_TYPES(X) \
  X(account_order) \
  X(account_outcome) \
  X(account_placement) \
  X(add_dealer) \
  X(add_webhook) \
  X(batch_page) \
  X(batch_report) \
  X(batch_view) \
  X(batch_wish) \
  X(beat_answer) \
  X(begin_payment) \
  X(begun_payment) \
  X(catalogue_view) \
  X(change_webhook) \
  X(check_ledger) \
  X(commit_order) \
  X(commit_report) \
  X(complete_order) \
  X(count_stock) \
  X(csv_page) \
  X(dealer_changes) \
  X(dealer_overviews) \
  X(dealer_record) \
  X(delivered_esim) \
  X(device_list) \
  X(dial) \
  X(drain_device) \
  X(drain_node) \
  X(esim_mailed) \
  X(esim_page) \
  X(esim_question) \
  X(esim_revoked) \
  X(fail_account_order) \
  X(find_account_order) \
  X(find_batch) \
  X(find_dealer_id) \
  X(find_esim) \
  X(find_key_owner) \
  X(find_own_order) \
  X(find_payment) \
  X(find_price) \
  X(find_provider_order) \
  X(find_receipt) \
  X(find_replacement) \
  X(find_verdict) \
  X(finish_account_order) \
  X(finish_mail) \
  X(finish_payment) \
  X(finish_recharge) \
  X(finish_refund) \
  X(import_result) \
  X(import_stock) \
  X(issue_key) \
  X(issued_key) \
  X(job_list) \
  X(join_cluster) \
  X(key_list) \
  X(key_used) \
  X(lease_grant) \
  X(lease_jobs) \
  X(lease_rows) \
  X(leave_order) \
  X(ledger_check) \
  X(link_opened) \
  X(link_report) \
  X(list_batches) \
  X(list_dealers) \
  X(list_devices) \
  X(list_entries) \
  X(list_esims) \
  X(list_keys) \
  X(list_members) \
  X(list_nodes) \
  X(list_orders) \
  X(list_pools) \
  X(list_reviews) \
  X(list_skus) \
  X(list_webhooks) \
  X(load_batch_report) \
  X(load_catalogue) \
  X(load_dealer) \
  X(load_mail) \
  X(load_order) \
  X(load_prices) \
  X(load_refund) \
  X(load_results) \
  X(load_stock) \
  X(load_verdicts) \
  X(load_wallet) \
  X(load_webhook_message) \
  X(login) \
  X(mail_message) \
  X(member_list) \
  X(node_beat) \
  X(node_leaves) \
  X(node_list) \
  X(order_list) \
  X(order_to_fulfil) \
  X(password_check) \
  X(password_to_hash) \
  X(placement_view) \
  X(pool_list) \
  X(postpone_job) \
  X(price_list) \
  X(provider_order) \
  X(provider_outcome) \
  X(provider_text) \
  X(queued_mail) \
  X(refund_due) \
  X(remove_webhook) \
  X(renew_leases) \
  X(replacement_verdicts) \
  X(replacement_view) \
  X(report_verdicts) \
  X(request_replacement) \
  X(reserve_usages) \
  X(reset_password) \
  X(resolve_review) \
  X(review_list) \
  X(revoke_key) \
  X(send_code) \
  X(session) \
  X(set_password) \
  X(set_price) \
  X(set_status) \
  X(show_wallet) \
  X(sim_question) \
  X(sku) \
  X(sku_list) \
  X(sold_esim) \
  X(start_topup) \
  X(stock_slice) \
  X(stored_receipt) \
  X(stripe_letter) \
  X(stripe_payment) \
  X(take_changes) \
  X(take_step) \
  X(topup_started) \
  X(try_code) \
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
  X(write_verdicts)

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

#undef MEISIM_LOCAL_TYPES

// What many files would compile for themselves is compiled once, in types.cpp: how the larger of
// the types above are read, written and shown, and the messages that nearly every actor sends.
// NOLINTBEGIN(bugprone-macro-parentheses): the names of types.
#define MEISIM_INSPECTED_BY(prefix, inspector, type) \
  prefix template inspector::result_type meisim::inspect(inspector&, meisim::type&);
#define MEISIM_INSPECTED(prefix, type) \
  MEISIM_INSPECTED_BY(prefix, caf::serializer, type) \
  MEISIM_INSPECTED_BY(prefix, caf::deserializer, type) \
  MEISIM_INSPECTED_BY(prefix, caf::detail::stringification_inspector, type)
#define MEISIM_MESSAGE(prefix, type) \
  prefix template class caf::detail::type_erased_value_impl<type>; \
  prefix template class caf::detail::tuple_vals_impl<caf::type_erased_tuple, type>; \
  prefix template class caf::detail::tuple_vals_impl<caf::detail::message_data, type>; \
  prefix template class caf::detail::tuple_vals<type>;
// NOLINTEND(bugprone-macro-parentheses)
#define MEISIM_SHARED_CODE(prefix) \
  MEISIM_INSPECTED(prefix, activation_code) \
  MEISIM_INSPECTED(prefix, admission) \
  MEISIM_INSPECTED(prefix, admission_request) \
  MEISIM_INSPECTED(prefix, check_done) \
  MEISIM_INSPECTED(prefix, check_order) \
  MEISIM_INSPECTED(prefix, device_report) \
  MEISIM_INSPECTED(prefix, finding) \
  MEISIM_INSPECTED(prefix, pool_name) \
  MEISIM_INSPECTED(prefix, posting) \
  MEISIM_INSPECTED(prefix, purchase) \
  MEISIM_INSPECTED(prefix, receipt) \
  MEISIM_INSPECTED(prefix, remote_answers) \
  MEISIM_INSPECTED(prefix, remote_calls) \
  MEISIM_INSPECTED(prefix, stock_counts) \
  MEISIM_MESSAGE(prefix, caf::atom_value) \
  MEISIM_MESSAGE(prefix, caf::error) \
  MEISIM_MESSAGE(prefix, meisim::dealer_id) \
  MEISIM_MESSAGE(prefix, meisim::done) \
  MEISIM_MESSAGE(prefix, meisim::posting) \
  MEISIM_MESSAGE(prefix, meisim::receipt)

MEISIM_SHARED_CODE(extern)
