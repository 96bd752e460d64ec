#pragma once

#include "protocols/types.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>

// Every typed actor interface of the product. Errors stand in protocols/base/error.hpp; messages
// are declared in protocols/types.hpp.

namespace meisim {

// -- entities: one actor per thing, found through the REGION, passivated when idle ----------------

/// The DEALER: decides whether a dealer's requests may pass.
using dealer_actor = caf::typed_actor<
  // May this request pass? Checks credential, status and rate window, in this order.
  caf::replies_to<admission_request>::with<admission>,
  // The account was changed in the database: what is known of it is stale.
  caf::reacts_to<reload_atom>,
  // What the last owner remembers of the dealer's requests.
  caf::reacts_to<rate_memory>,
  // INTERNAL: another node is the owner now.
  caf::reacts_to<leave_order>,
  // INTERNAL: leave if idle.
  caf::reacts_to<retire_atom>>;

/// The WALLET: decides every change of one dealer's balance.
using wallet_actor = caf::typed_actor<
  // Do this once. Answers after the commit.
  caf::replies_to<posting>::with<receipt>,
  // What was answered under this idempotency key? Waits for the request that is under way.
  caf::replies_to<find_answer>::with<receipt>,
  // INTERNAL: the ledger writer tells how commits ended.
  caf::reacts_to<commit_report>,
  // INTERNAL: a repeat that has waited long enough for the first request under its idempotency key
  // is refused.
  caf::reacts_to<tick_atom>,
  // INTERNAL: another node is the owner now.
  caf::reacts_to<leave_order>,
  // INTERNAL: leave if idle.
  caf::reacts_to<retire_atom>>;

/// The INVENTORY POOL: decides which rows of one pool a purchase gets.
using pool_actor = caf::typed_actor<
  // Buy eSIMs. Answers after the commit.
  caf::replies_to<purchase>::with<receipt>,
  // How much is there?
  caf::replies_to<count_pool>::with<stock_counts>,
  // There are new rows in the database.
  caf::reacts_to<restock_atom>,
  // INTERNAL: another node is the owner now.
  caf::reacts_to<leave_order>,
  // INTERNAL: leave if idle.
  caf::reacts_to<retire_atom>>;

/// The IP LIMITER: keeps the rate windows of one IP address, or network of IPv6, for requests
/// without a sign-in.
using ip_limiter_actor = caf::typed_actor<
  // May one more request of this group pass?
  caf::replies_to<address_request>::with<admission>,
  // What the last owner remembers of the address's requests.
  caf::reacts_to<rate_memory>,
  // INTERNAL: another node is the owner now.
  caf::reacts_to<leave_order>>;

/// The PEER LINK: stands for all entities that belong to one other node, and carries questions
/// there. It answers `not_owner` while the node cannot be reached or does not answer in time.
using peer_link_actor = caf::typed_actor<
  caf::replies_to<admission_request>::with<admission>,
  caf::replies_to<address_request>::with<admission>, caf::replies_to<posting>::with<receipt>,
  caf::replies_to<find_answer>::with<receipt>, caf::replies_to<purchase>::with<receipt>,
  caf::replies_to<count_pool>::with<stock_counts>, caf::replies_to<account_changed>::with<done>,
  caf::replies_to<pool_restocked>::with<done>, caf::replies_to<drain_device>::with<done>,
  caf::replies_to<test_device>::with<device_test>, caf::reacts_to<dealer_memory>,
  caf::reacts_to<ip_limiter_memory>,
  // The peer's answers.
  caf::reacts_to<remote_answers>,
  // The peer has dialled.
  caf::reacts_to<link_opened>,
  // INTERNAL: send what has gathered.
  caf::reacts_to<flush_atom>,
  // INTERNAL: dial if there is no link; give up what has waited too long.
  caf::reacts_to<tick_atom>>;

/// The NODE GATE: what other nodes reach, by mutual TLS and nothing else.
using node_gate_actor = caf::typed_actor<
  // Another node opens a link and tells who it is. `not_owner` until this node has heard of it,
  // `forbidden` if its proof fails.
  caf::replies_to<node_greeting>::with<node_greeting>,
  // Questions to entities of this node; the sender gets remote_answers.
  caf::reacts_to<remote_calls>,
  // INTERNAL: send the answers that have gathered.
  caf::reacts_to<flush_atom>>;

/// The DIALLER: reaches the gate of another node. It blocks while it tries.
using dialler_actor = caf::typed_actor<caf::replies_to<dial>::with<node_gate_actor>>;

/// The VALIDATOR DEVICE: decides what its device does now, and ends checks that take too long.
using validator_device_actor = caf::typed_actor<
  // Check a code; the sender gets a check_done.
  caf::reacts_to<check_order>,
  // End what is under way, and take nothing more.
  caf::reacts_to<drain_atom>,
  // Rest for a while, unless a code is being checked.
  caf::reacts_to<doubt_device>,
  // Run the self-test, after the check that is under way.
  caf::replies_to<test_device>::with<device_test>,
  // INTERNAL: see whether a check is too late, or a rest is over.
  caf::reacts_to<tick_atom>>;

} // namespace meisim

CAF_BEGIN_TYPE_ID_BLOCK(meisim_handles, id_block::meisim_local::end)

  CAF_ADD_TYPE_ID(meisim_handles, (meisim::dealer_actor))
  CAF_ADD_TYPE_ID(meisim_handles, (meisim::node_gate_actor))
  CAF_ADD_TYPE_ID(meisim_handles, (meisim::pool_actor))
  CAF_ADD_TYPE_ID(meisim_handles, (meisim::validator_device_actor))
  CAF_ADD_TYPE_ID(meisim_handles, (meisim::ip_limiter_actor))
  CAF_ADD_TYPE_ID(meisim_handles, (meisim::wallet_actor))

CAF_END_TYPE_ID_BLOCK(meisim_handles)

namespace meisim {

/// The REGION: resolves an entity to the actor that owns it, on whatever node; activates it first
/// if it belongs here.
using region_actor = caf::typed_actor<
  // Who decides for this dealer?
  caf::replies_to<dealer_atom, dealer_id, lookup>::with<dealer_actor>,
  // Who decides about this dealer's balance?
  caf::replies_to<wallet_atom, dealer_id, lookup>::with<wallet_actor>,
  // Who decides about this stock?
  caf::replies_to<pool_atom, pool_name, lookup>::with<pool_actor>,
  // Who counts the requests of this IP address?
  caf::replies_to<ip_limiter_atom, std::string, lookup>::with<ip_limiter_actor>,
  // The account was changed in the database; answers once no request can pass by the old state.
  caf::replies_to<changed_atom, dealer_id, lookup>::with<done>,
  // Any account may have been changed: all that is known of accounts is stale.
  caf::reacts_to<changed_atom>,
  // New stock was imported into this pool.
  caf::replies_to<restock_atom, pool_name, lookup>::with<done>,
  // From now on entities are placed on these nodes.
  caf::reacts_to<placement_view>,
  // Has all that belongs to other nodes left? Answers once it has.
  caf::replies_to<leave_atom>::with<done>,
  // INTERNAL: look again for the owners that callers wait for.
  caf::reacts_to<wake_atom, uint64_t>,
  // INTERNAL: forget entities that have left.
  caf::reacts_to<tick_atom>,
  // INTERNAL: ask idle entities to leave.
  caf::reacts_to<sweep_atom>>;

// -- detached actors that own a database session each ---------------------------------------------

/// The LEDGER WRITER: commits decided postings, many in one transaction, and tells their wallets
/// how that ended.
using ledger_writer_actor = caf::typed_actor<
  // Commit this posting.
  caf::reacts_to<commit_order>,
  // INTERNAL: commit what has gathered.
  caf::reacts_to<flush_atom>,
  // INTERNAL: look up what became of commits whose answers were lost.
  caf::reacts_to<tick_atom>>;

/// The RECORDS: answer questions that only read the database.
using records_actor = caf::typed_actor<
  caf::replies_to<find_key_owner>::with<dealer_id>,
  caf::replies_to<find_dealer_id>::with<dealer_id>,
  caf::replies_to<load_dealer>::with<dealer_record>,
  caf::replies_to<load_wallet>::with<wallet_position>,
  caf::replies_to<load_credit>::with<credit_position>,
  caf::replies_to<find_receipt>::with<stored_receipt>,
  caf::replies_to<list_orders>::with<order_list>,
  caf::replies_to<find_orders>::with<order_overviews>,
  caf::replies_to<browse_orders>::with<json_page>, caf::replies_to<show_order>::with<json_document>,
  caf::replies_to<browse_entries>::with<json_page>,
  caf::replies_to<browse_purchases>::with<json_page>,
  caf::replies_to<browse_checks>::with<json_page>, caf::replies_to<find_brand>::with<brand_view>,
  caf::replies_to<browse_requests>::with<json_page>,
  caf::replies_to<find_notice_choices>::with<notice_choices>,
  caf::replies_to<show_wallet>::with<wallet_statement>,
  caf::replies_to<list_entries>::with<csv_page>, caf::replies_to<load_month>::with<month_statement>,
  caf::replies_to<load_stock>::with<stock_slice>, caf::replies_to<count_stock>::with<stock_counts>,
  caf::replies_to<list_pools>::with<pool_list>, caf::replies_to<list_esims>::with<esim_page>,
  caf::replies_to<find_esim>::with<sold_esim>,
  caf::replies_to<find_own_order>::with<order_to_fulfil>,
  caf::replies_to<find_order_named>::with<named_order>,
  caf::replies_to<reserve_order_numbers>::with<order_number_block>,
  caf::replies_to<load_prices>::with<price_list>,
  caf::replies_to<browse_price_rules>::with<json_page>,
  caf::replies_to<find_price_rules>::with<found_price_rules>,
  caf::replies_to<reserve_usages>::with<usage_block>,
  caf::replies_to<check_ledger>::with<ledger_check>,
  caf::replies_to<check_heads>::with<ledger_check>, caf::replies_to<find_batch>::with<batch_view>,
  caf::replies_to<list_batches>::with<batch_page>, caf::replies_to<load_results>::with<csv_page>,
  caf::replies_to<load_batch_report>::with<batch_report>,
  caf::replies_to<find_verdict>::with<verdict_record>,
  caf::replies_to<report_verdicts>::with<verdict_report>,
  caf::replies_to<find_replacement>::with<replacement_view>,
  caf::replies_to<list_reviews>::with<review_list>, caf::replies_to<list_lots>::with<lot_list>,
  caf::replies_to<list_sold_stock>::with<sold_stock>,
  // Count the jobs and the orders that are stuck.
  caf::replies_to<count_jobs>::with<job_counts>, caf::replies_to<list_audit>::with<audit_list>,
  caf::replies_to<find_operator>::with<operator_identity>,
  caf::replies_to<desk_question>::with<desk_answer>,
  caf::replies_to<report_question>::with<csv_page>>;

/// The NODE STORE: what the nodes of a cluster know of each other.
using node_store_actor = caf::typed_actor<
  caf::replies_to<node_beat>::with<beat_answer>, caf::replies_to<node_leaves>::with<done>,
  caf::replies_to<list_members>::with<member_list>,
  caf::replies_to<take_changes>::with<dealer_changes>, caf::replies_to<list_nodes>::with<node_list>,
  caf::replies_to<drain_node>::with<done>>;

/// What a wallet reads from the records.
using wallet_memory_actor = caf::typed_actor<caf::replies_to<load_wallet>::with<wallet_position>,
                                             caf::replies_to<find_receipt>::with<stored_receipt>>;

/// What an inventory pool reads from the records.
using stock_memory_actor = caf::typed_actor<caf::replies_to<load_stock>::with<stock_slice>,
                                            caf::replies_to<count_stock>::with<stock_counts>,
                                            caf::replies_to<reserve_usages>::with<usage_block>>;

/// What a price cache reads from the records.
using price_memory_actor = caf::typed_actor<caf::replies_to<load_prices>::with<price_list>>;

/// What a dealer reads from the records.
using dealer_memory_actor = caf::typed_actor<caf::replies_to<load_dealer>::with<dealer_record>>;

/// The ACCOUNTS: everything that changes who a dealer is and how it signs in.
using accounts_actor = caf::typed_actor<
  // Mail a one-time code, if the address is a dealer's.
  caf::replies_to<send_code>::with<done>,
  // Exchange a one-time code for an API key.
  caf::replies_to<try_code>::with<issued_key>,
  // Set the password of the dealer that is signed in.
  caf::replies_to<set_password>::with<done>,
  // Email and password for a session.
  caf::replies_to<login>::with<session>, caf::replies_to<list_sessions>::with<session_list>,
  // End it; answers once no request can pass with its token.
  caf::replies_to<end_session>::with<done>,
  caf::replies_to<begin_second_factor>::with<second_factor_secret>,
  caf::replies_to<confirm_second_factor>::with<recovery_codes>,
  caf::replies_to<end_second_factor>::with<done>, caf::replies_to<list_keys>::with<key_list>,
  caf::replies_to<make_key>::with<issued_key>,
  // Revoke; answers once no request can pass with it.
  caf::replies_to<revoke_key>::with<done>, caf::replies_to<set_brand>::with<done>,
  caf::replies_to<set_notice_choices>::with<done>,
  // Write down an event that changes nothing else in the database, or whose change is made
  // elsewhere.
  caf::replies_to<audit_event>::with<done>,
  // INTERNAL: write down which keys were used.
  caf::reacts_to<key_used>, caf::reacts_to<flush_atom>,
  // INTERNAL: a refusal is due.
  caf::reacts_to<wake_atom>,
  // The operator's part.
  caf::replies_to<add_dealer>::with<dealer_overviews>,
  caf::replies_to<list_dealers>::with<dealer_overviews>,
  caf::replies_to<set_status>::with<dealer_overviews>, caf::replies_to<issue_key>::with<issued_key>,
  caf::replies_to<reset_password>::with<done>,
  caf::replies_to<erase_customer>::with<erased_customer>,
  // Set a price; answers with the SKU at that price, once this node sells by it.
  caf::replies_to<set_price>::with<sku>,
  // The same for rules, which are answered as JSON.
  caf::replies_to<set_price_rule>::with<json_document>,
  caf::replies_to<end_price_rule>::with<json_document>,
  // Import stock into a pool.
  caf::replies_to<import_stock>::with<import_result>,
  // Withdraw stock; answers once no pool sells it.
  caf::replies_to<withdraw_stock>::with<stock_withdrawn>,
  // Quarantine, and release, what may have been sold before the database was restored.
  caf::replies_to<quarantine_stock>::with<stock_quarantined>,
  caf::replies_to<release_stock>::with<stock_released>>;

/// The LONG CHANGES: make operators' changes that take long, so that nobody's sign-in waits for
/// them.
using long_changes_actor =
  caf::typed_actor<caf::replies_to<erase_customer>::with<erased_customer>,
                   caf::replies_to<import_stock>::with<import_result>,
                   // Answers once no pool sells it.
                   caf::replies_to<withdraw_stock>::with<stock_withdrawn>,
                   caf::replies_to<quarantine_stock>::with<stock_quarantined>,
                   caf::replies_to<release_stock>::with<stock_released>>;

/// The RETENTION: empties what is kept of customers after some days.
using retention_actor = caf::typed_actor<
  // INTERNAL: empty the next portion, or begin anew.
  caf::reacts_to<tick_atom>>;

/// The MONTH KEEPER: makes the tables of the months to come in time.
using month_keeper_actor = caf::typed_actor<
  // INTERNAL: look again.
  caf::reacts_to<tick_atom>>;

/// The REQUEST RECORDER: writes down what dealers' programs have asked for, and forgets it after
/// some days.
using request_recorder_actor = caf::typed_actor<
  // INTERNAL: write down what has gathered.
  caf::reacts_to<tick_atom>,
  // INTERNAL: forget what is old.
  caf::reacts_to<sweep_atom>>;

/// The OPERATORS: the accounts of the people who run the service, and what they change.
using operators_actor = caf::typed_actor<
  // Email and password for a session.
  caf::replies_to<operator_login>::with<operator_session>,
  // Sign out. A session that has ended already stays so.
  caf::replies_to<end_operator_session>::with<done>,
  // The password of who is signed in.
  caf::replies_to<change_own_password>::with<own_password_changed>,
  caf::replies_to<add_operator>::with<desk_answer>,
  caf::replies_to<set_operator_password>::with<done>,
  caf::replies_to<set_operator_totp>::with<operator_totp>,
  caf::replies_to<settle_credit>::with<credit_settled>,
  // Do it once; answers once all actors that remember what was changed have heard of it.
  caf::replies_to<desk_change>::with<desk_answer>,
  // A pool was counted.
  caf::reacts_to<note_stock>>;

/// The KEY KEEPER: keeps the node's secrets in step with its files and with the other nodes.
using key_keeper_actor = caf::typed_actor<
  // Replace a secret; answers once the new one is in force here. Other nodes follow.
  caf::replies_to<rotate_key>::with<desk_answer>,
  caf::replies_to<list_node_keys>::with<desk_answer>,
  // Read all files again.
  caf::replies_to<refresh_atom>::with<done>,
  // INTERNAL: look for what other nodes have changed.
  caf::reacts_to<tick_atom>>;

/// The JOB STORE: the rows of work that outlives a request.
using job_store_actor = caf::typed_actor<
  caf::replies_to<lease_jobs>::with<job_list>, caf::reacts_to<postpone_job>,
  caf::reacts_to<keep_job>, caf::replies_to<load_order>::with<order_to_fulfil>,
  caf::replies_to<note_delivery>::with<done>, caf::replies_to<complete_order>::with<done>,
  caf::replies_to<load_mail>::with<queued_mail>, caf::replies_to<finish_mail>::with<done>,
  // Place an order on account, or find it; answers once that is durable.
  caf::replies_to<account_order>::with<account_placement>,
  caf::replies_to<find_account_order>::with<account_placement>,
  caf::replies_to<finish_account_order>::with<done>, caf::replies_to<finish_recharge>::with<done>,
  caf::replies_to<fail_account_order>::with<done>, caf::replies_to<esim_revoked>::with<done>,
  caf::replies_to<note_esim_usage>::with<done>, caf::replies_to<note_route>::with<done>,
  // Make the work due that this news concerns.
  caf::replies_to<provider_news>::with<done>,
  // Make an order's job due.
  caf::replies_to<retry_order>::with<done>>;

/// The INTENT STORE: keeps what providers are about to be asked for, if asking twice may buy twice.
using intent_store_actor = caf::typed_actor<
  // Note that an order is asked for; answers once that is durable.
  caf::replies_to<begin_intent>::with<intent>,
  // Which of these orders at the provider is ours?
  caf::replies_to<claim_order>::with<claimed_order>, caf::reacts_to<end_intent>,
  // INTERNAL: forget what is of no use any more.
  caf::reacts_to<tick_atom>>;

/// The PAYMENT STORE: card payments as the database keeps them.
using payment_store_actor = caf::typed_actor<
  // Write a payment down before Stripe is asked; `conflict` if the key belongs to another request.
  caf::replies_to<begin_payment>::with<begun_payment>,
  // Keep what Stripe made; answers once that is durable.
  caf::replies_to<finish_payment>::with<done>,
  // Which payment is this? `not_found` if it is none of ours.
  caf::replies_to<find_payment>::with<stripe_payment>,
  // Keep a movement that changes no balance; `moved` if the payment has gone on meanwhile.
  caf::replies_to<note_movement>::with<done>,
  // Write a payment down anew that a restored database has lost; harmless when repeated. `conflict`
  // if its dealer is not there.
  caf::replies_to<recall_payment>::with<done>,
  // Events that moved no money although they should.
  caf::replies_to<note_unmatched>::with<noted_event>, caf::replies_to<settle_unmatched>::with<done>,
  caf::replies_to<list_unmatched>::with<unmatched_list>,
  // The operator's views.
  caf::replies_to<list_payments>::with<payment_list>,
  caf::replies_to<show_payment>::with<payment_view>,
  caf::replies_to<list_movements>::with<movement_list>>;

/// The WEBHOOK STORE: webhooks and their messages as the database keeps them.
using webhook_store_actor = caf::typed_actor<
  // Make a webhook; `invalid` for an address that must not be called.
  caf::replies_to<add_webhook>::with<webhook_view>,
  caf::replies_to<list_webhooks>::with<webhook_list>,
  caf::replies_to<change_webhook>::with<webhook_view>, caf::replies_to<remove_webhook>::with<done>,
  caf::replies_to<rotate_secret>::with<webhook_view>,
  caf::replies_to<test_webhook>::with<json_document>,
  caf::replies_to<browse_deliveries>::with<json_page>,
  caf::replies_to<replay_delivery>::with<json_document>,
  caf::replies_to<forget_deliveries>::with<done>,
  // Tell the dealer of an order that was refused; nobody waits for it.
  caf::replies_to<note_refused_order>::with<done>,
  // Which message is to be sent? `not_found` if nobody wants it any more.
  caf::replies_to<load_webhook_message>::with<webhook_message>,
  // Note what came of a try.
  caf::replies_to<webhook_attempt>::with<done>>;

/// The EVENT FEED: tells those who follow a dealer's events, and operators, what has happened. It
/// looks at the database for all of them at once.
using event_feed_actor = caf::typed_actor<caf::replies_to<follow_events>::with<event_start>,
                                          // Wait for what is new.
                                          caf::replies_to<next_events>::with<told_events>,
                                          caf::replies_to<next_topics>::with<topics_now>,
                                          // INTERNAL: look again.
                                          caf::reacts_to<tick_atom>,
                                          // INTERNAL: forget what is old.
                                          caf::reacts_to<sweep_atom>>;

/// The VERIFICATION STORE: batches and their rows as the database keeps them.
using verification_store_actor = caf::typed_actor<
  caf::replies_to<lease_rows>::with<lease_grant>,
  caf::replies_to<write_verdicts>::with<verdicts_written>,
  caf::replies_to<renew_leases>::with<done>, caf::replies_to<note_devices>::with<noted_devices>,
  caf::replies_to<list_devices>::with<device_list>,
  caf::replies_to<find_well_hosts>::with<well_hosts>,
  // Answers whether the code may be asked for once more.
  caf::replies_to<count_ask>::with<ask_leave>, caf::replies_to<release_ask>::with<done>,
  // Answers with all that is owed for the batch from now on.
  caf::replies_to<cancel_batch>::with<refund_due>, caf::replies_to<load_refund>::with<refund_due>,
  caf::replies_to<finish_refund>::with<done>,
  // Begin to check an eSIM that is said to be broken, or find the open check.
  caf::replies_to<request_replacement>::with<replacement_view>,
  caf::replies_to<load_verdicts>::with<replacement_verdicts>,
  caf::replies_to<take_step>::with<replacement_view>,
  caf::replies_to<resolve_review>::with<replacement_view>>;

// -- services of a node ---------------------------------------------------------------------------

/// The MEMBERSHIP of this node in the cluster.
using membership_actor = caf::typed_actor<
  // Begin; answers once this node has a link to every other, or `unavailable` if it gets none. Only
  // once.
  caf::replies_to<join_cluster>::with<done>,
  // Take no more work; answers once all entities have been handed over.
  caf::replies_to<leave_atom>::with<done>,
  // Another node opens a link.
  caf::replies_to<node_greeting>::with<node_greeting>,
  // INTERNAL: a link is up or down.
  caf::reacts_to<link_report>,
  // INTERNAL: is a heartbeat due, and has an account been changed?
  caf::reacts_to<tick_atom>>;

/// The JOB WATCH: counts work, and orders that are stuck, for the metrics.
using job_watch_actor = caf::typed_actor<
  // INTERNAL: look again.
  caf::reacts_to<tick_atom>>;

/// The REPLICA WATCH: says whether the replica answers, and how old it is.
using replica_watch_actor = caf::typed_actor<
  // INTERNAL: look again.
  caf::reacts_to<tick_atom>>;

/// The HEALTH WATCH: says once in the log when something goes, and when it comes back.
using health_watch_actor = caf::typed_actor<
  // INTERNAL: look again.
  caf::reacts_to<tick_atom>>;

/// The ORDER DESK: retries and ends orders for operators.
using order_desk_actor = caf::typed_actor<caf::replies_to<retry_order>::with<done>,
                                          caf::replies_to<fail_order>::with<done>>;

/// The PASSWORD HASHER: spends the time that Argon2id takes, on a thread of its own.
using password_hasher_actor =
  caf::typed_actor<caf::replies_to<password_check>::with<bool>,
                   caf::replies_to<password_to_hash>::with<std::string>>;

/// The PRICE CACHE: SKUs and the rules of prices, kept in memory and refreshed behind the requests.
using price_cache_actor = caf::typed_actor<caf::replies_to<find_price>::with<sku>,
                                           caf::replies_to<load_price_book>::with<price_book_view>,
                                           caf::replies_to<list_skus>::with<sku_list>,
                                           // Read the database again; answers once it has.
                                           caf::replies_to<refresh_atom>::with<done>,
                                           // INTERNAL: time to look again.
                                           caf::reacts_to<tick_atom>>;

/// The PROVIDERS: pass each question to the provider that it is for.
using providers_actor = caf::typed_actor<
  // What is there to buy? A catalogue is about a minute old at most, or older while its provider is
  // away.
  caf::replies_to<load_catalogue>::with<catalogue_view>,
  // Buy. Harmless to repeat with the same reference.
  caf::replies_to<provider_order>::with<provider_outcome>,
  // The provider's own words about an eSIM; `unavailable` if it has none.
  caf::replies_to<esim_question>::with<provider_text>,
  // The provider's own words about a SIM that is to be topped up; `unavailable` if it has none.
  caf::replies_to<sim_question>::with<provider_text>,
  // A page of what we have ordered from one provider in a period; `unavailable` if no provider has
  // that prefix.
  caf::replies_to<provider_list_question>::with<provider_text>>;

/// The PROVIDER: buys eSIMs and top-ups upstream, repeats what may be repeated, and does not call a
/// provider that is down.
using provider_actor = providers_actor::extend<
  // INTERNAL: a call of the provider has ended.
  caf::reacts_to<web_answer>,
  // INTERNAL: take this piece of work up again, if it is still at this step.
  caf::reacts_to<wake_atom, uint64_t, uint32_t>,
  // INTERNAL: time to fetch the catalogue.
  caf::reacts_to<tick_atom>>;

/// STRIPE: prepares card payments, and does what Stripe's events say to the wallets.
using stripe_actor = caf::typed_actor<
  // A dealer wants to pay.
  caf::replies_to<start_topup>::with<topup_started>,
  // Do what this event says, once; answers after the commit. `invalid` if Stripe has not signed it
  // just now.
  caf::replies_to<stripe_letter>::with<done>,
  // Ask Stripe about a payment or an event, and do what is missing; answers after the commit.
  caf::replies_to<replay_payment>::with<replay_outcome>,
  // Compare our movements with all that Stripe says has moved.
  caf::replies_to<reconcile_stripe>::with<stripe_reconciliation>,
  // INTERNAL: how many events wait for the operator?
  caf::reacts_to<tick_atom>,
  // INTERNAL: a call of Stripe has ended.
  caf::reacts_to<web_answer>,
  // INTERNAL: make a call again.
  caf::reacts_to<wake_atom, uint64_t>>;

/// The MAILER: hands a mail over, one at a time. `unavailable` may be repeated, `vendor_error` is
/// final.
using mailer_actor = caf::typed_actor<caf::replies_to<mail_message>::with<done>>;

/// A JOB WORKER takes jobs of one kind and does them: the FULFILMENT, the MAIL QUEUE and the
/// REFUNDS.
using job_worker_actor = caf::typed_actor<
  // There may be new jobs.
  caf::reacts_to<wake_atom>,
  // INTERNAL: look again after a while.
  caf::reacts_to<tick_atom>>;

/// The WEBHOOK SENDER: sends dealers the messages about what has happened.
using webhook_sender_actor = caf::typed_actor<
  // There may be new messages.
  caf::reacts_to<wake_atom>,
  // INTERNAL: look again after a while.
  caf::reacts_to<tick_atom>,
  // INTERNAL: forget what was sent long ago.
  caf::reacts_to<sweep_atom>,
  // INTERNAL: a call has ended.
  caf::reacts_to<web_answer>>;

/// A DEVICE DRIVER: checks codes on one device, one at a time, without using them up. The asker
/// watches the time: it kills and replaces a driver that hangs.
using device_driver_actor = caf::typed_actor<caf::replies_to<activation_code>::with<finding>,
                                             // Find out whether the device works, without a code.
                                             caf::replies_to<test_device>::with<device_test>>;

/// What a verification needs of the verification store.
using row_memory_actor = caf::typed_actor<
  caf::replies_to<lease_rows>::with<lease_grant>,
  caf::replies_to<write_verdicts>::with<verdicts_written>,
  caf::replies_to<renew_leases>::with<done>, caf::replies_to<note_devices>::with<noted_devices>,
  caf::replies_to<list_devices>::with<device_list>,
  caf::replies_to<find_well_hosts>::with<well_hosts>, caf::replies_to<count_ask>::with<ask_leave>,
  caf::replies_to<release_ask>::with<done>>;

/// The VERIFICATION: decides which row is checked next, and by which of the node's devices.
using verification_actor = caf::typed_actor<
  // A device is there, or has changed its state without a check.
  caf::reacts_to<device_report, validator_device_actor>,
  // A device has ended a check.
  caf::reacts_to<check_done>,
  // There may be new rows.
  caf::reacts_to<wake_atom>,
  // INTERNAL: look for rows, keep leases.
  caf::reacts_to<tick_atom>, caf::replies_to<list_devices>::with<device_list>,
  // Take a device out of service, on whatever node it works. `not_found` if no node has a device of
  // this name, `unavailable` if a node that may have it cannot be asked.
  caf::replies_to<drain_device>::with<done>,
  // The same, if the device works for this node.
  caf::replies_to<drain_device, lookup>::with<done>,
  // Have a device test itself; found as above.
  caf::replies_to<test_device>::with<device_test>,
  caf::replies_to<test_device, lookup>::with<device_test>,
  // The other nodes, which may have devices.
  caf::reacts_to<other_nodes>>;

/// The VERIFICATION as its devices see it.
using device_owner_actor = caf::typed_actor<
  // A device is there, or has changed its state without a check.
  caf::reacts_to<device_report, validator_device_actor>,
  // A device has ended a check.
  caf::reacts_to<check_done>>;

/// The DEVICE GATE: what sites find at the devices' port.
using device_gate_actor = device_owner_actor::extend<
  // A site is about to say who it is.
  caf::replies_to<ask_challenge>::with<challenge>,
  // A site tells who it is, before anything else; `forbidden` if its proof fails.
  caf::replies_to<site_greeting>::with<done>>;

/// The DEVICE LINK of a node that has devices and nothing else.
using device_link_actor = caf::typed_actor<
  // INTERNAL: try to reach a core node.
  caf::reacts_to<tick_atom>>;

/// The REPLACEMENT: decides what a validator's verdict means for an eSIM that is said to be broken.
using replacement_actor = caf::typed_actor<
  // Check an eSIM; answers with the check that is open for it. `not_found` if it was not sold to
  // the dealer, `conflict` if it has been replaced.
  caf::replies_to<request_replacement>::with<replacement_view>,
  // The operator's decision; `not_found` if the check does not wait for one.
  caf::replies_to<resolve_review>::with<replacement_view>,
  // There may be verdicts.
  caf::reacts_to<wake_atom>,
  // INTERNAL: look again after a while.
  caf::reacts_to<tick_atom>>;

/// The BATCH INTAKE: takes batches against the dealer's wallet, and cancels them.
using batch_intake_actor = caf::typed_actor<caf::replies_to<batch_wish>::with<receipt>,
                                            // Answers once the rows that have not begun were given
                                            // back, or are left to the REFUNDS.
                                            caf::replies_to<cancel_batch>::with<done>>;

/// The CREDIT ORDERS: takes orders on account, whose callers wait for the provider.
using credit_orders_actor =
  caf::typed_actor<caf::replies_to<account_order>::with<account_outcome>,
                   // What became of it? Waits for the end of one that is under way here.
                   caf::replies_to<find_account_order>::with<account_outcome>>;

} // namespace meisim
