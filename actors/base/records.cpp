#include "actors/base/records.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/access/api_keys.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/credit.hpp"
#include "persistence/access/dealer_requests.hpp"
#include "persistence/access/dealers.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/money/history.hpp"
#include "persistence/money/ledger.hpp"
#include "persistence/money/ledger_check.hpp"
#include "persistence/money/receipts.hpp"
#include "persistence/notify/brands.hpp"
#include "persistence/notify/notices.hpp"
#include "persistence/operators/desk.hpp"
#include "persistence/operators/operators.hpp"
#include "persistence/operators/reports.hpp"
#include "persistence/orders/account_orders.hpp"
#include "persistence/orders/order_desk.hpp"
#include "persistence/orders/order_views.hpp"
#include "persistence/orders/orders.hpp"
#include "persistence/supply/prices.hpp"
#include "persistence/supply/replacements.hpp"
#include "persistence/supply/stock.hpp"
#include "persistence/verification/verification_results.hpp"

namespace meisim {

namespace {

constexpr auto no_such_order = "there is no such order of yours";

/// The dealer's order of this name.
caf::expected<order_id> own_order(database& db, dealer_id dealer, const order_name& name) {
  auto found = guarded(db, "finding an order", [&] { return own_order_named(db, dealer, name); });
  if (!found)
    return std::move(found.error());
  if (!*found)
    return make_error(ec::not_found, no_such_order);
  return **found;
}

} // namespace

records_actor::behavior_type records(records_actor::stateful_pointer<records_state> self,
                                     const std::string& connection, server_role accepted) {
  self->state.db =
    std::make_unique<database>(connection, "records", server_watch::of(connection, accepted));
  auto& db = *self->state.db;
  return {
    [&db](const find_key_owner& question) -> caf::result<dealer_id> {
      return found_with(db, "finding a key", "no such key",
                        [&] { return key_owner(db, question.key_hash); });
    },
    [&db](const find_dealer_id& question) -> caf::result<dealer_id> {
      return found_with(db, "finding a dealer", no_such_dealer,
                        [&] { return dealer_with_email(db, question.email); });
    },
    [&db](const load_dealer& question) -> caf::result<dealer_record> {
      return found_with(db, "loading a dealer", "no such dealer",
                        [&] { return load_dealer_record(db, question.dealer); });
    },
    [&db](const load_wallet& question) -> caf::result<wallet_position> {
      return found_with(db, "loading a wallet", "no such wallet",
                        [&] { return load_position(db, question.dealer); });
    },
    [&db](const load_credit& question) -> caf::result<credit_position> {
      return answer_with(db, "loading a credit", [&] { return credit_of(db, question.dealer); });
    },
    [&db](const find_receipt& question) -> caf::result<stored_receipt> {
      return answer_with(db, "finding a receipt", [&] {
        return question.idempotency_key.empty()
                 ? find_posting(db, question.posting)
                 : receipt_under_key(db, question.dealer, question.idempotency_key);
      });
    },
    [&db](const list_orders& question) -> caf::result<order_list> {
      return answer_with(db, "listing orders", [&] { return orders_of(db, question); });
    },
    [&db](const find_orders& question) -> caf::result<order_overviews> {
      return answer_with(db, "finding orders", [&] { return overviews_of(db, question); });
    },
    [&db](const show_wallet& question) -> caf::result<wallet_statement> {
      return answer_with(db, "showing a wallet", [&] { return wallet_of(db, question); });
    },
    [&db](const list_entries& question) -> caf::result<csv_page> {
      return answer_with(db, "listing entries", [&] { return entries_of(db, question); });
    },
    [&db](const load_month& question) -> caf::result<month_statement> {
      return answer_with(db, "loading a month", [&] { return month_of(db, question); });
    },
    [&db](const load_stock& question) -> caf::result<stock_slice> {
      return answer_with(db, "loading stock", [&] { return sellable_rows(db, question); });
    },
    [&db](const count_stock& question) -> caf::result<stock_counts> {
      return answer_with(db, "counting stock", [&] { return counts_of(db, question.pool); });
    },
    [&db](const list_pools&) -> caf::result<pool_list> {
      return answer_with(db, "listing pools", [&] { return all_pools(db); });
    },
    [&db](const list_esims& question) -> caf::result<esim_page> {
      return answer_with(db, "listing eSIMs", [&] { return esims_of(db, question); });
    },
    [&db](const find_esim& question) -> caf::result<sold_esim> {
      return found_with(db, "finding an eSIM", "iccid names no eSIM of yours",
                        [&] { return esim_of_dealer(db, question); });
    },
    [&db](const find_own_order& question) -> caf::result<order_to_fulfil> {
      auto order = own_order(db, question.dealer, question.order);
      if (!order)
        return std::move(order.error());
      return found_with(db, "finding an order", no_such_order,
                        [&] { return find_order(db, *order); });
    },
    [&db](const browse_orders& question) -> caf::result<json_page> {
      return answer_with(db, "browsing orders", [&] { return browse(db, question); });
    },
    [&db](const show_order& question) -> caf::result<json_document> {
      auto order = own_order(db, question.dealer, question.order);
      if (!order)
        return std::move(order.error());
      return found_with(db, "showing an order", no_such_order,
                        [&] { return order_document(db, *order); });
    },
    [&db](const browse_entries& question) -> caf::result<json_page> {
      return answer_with(db, "browsing entries", [&] { return browse(db, question); });
    },
    [&db](const browse_purchases& question) -> caf::result<json_page> {
      return answer_with(db, "browsing purchases", [&] { return browse(db, question); });
    },
    [&db](const browse_checks& question) -> caf::result<json_page> {
      return answer_with(db, "browsing checks", [&] { return browse(db, question); });
    },
    [&db](const find_brand& question) -> caf::result<brand_view> {
      return answer_with(db, "finding a brand",
                         [&] { return brand_view{brand_of(db, question.dealer)}; });
    },
    [&db](const browse_requests& question) -> caf::result<json_page> {
      return answer_with(db, "browsing requests", [&] { return browse(db, question); });
    },
    [&db](const find_notice_choices& question) -> caf::result<notice_choices> {
      return answer_with(db, "finding what a dealer is mailed",
                         [&] { return notice_choices_of(db, question.dealer); });
    },
    [&db](const find_order_named& question) -> caf::result<named_order> {
      return found_with(db, "finding an order", "there is no such order",
                        [&] { return order_with(db, question); });
    },
    [&db](const reserve_order_numbers&) -> caf::result<order_number_block> {
      return answer_with(db, "reserving order numbers", [&] { return next_order_numbers(db); });
    },
    [&db](const load_prices&) -> caf::result<price_list> {
      return answer_with(db, "loading prices", [&] { return all_prices(db); });
    },
    [&db](const browse_price_rules& question) -> caf::result<json_page> {
      return answer_with(db, "browsing rules of prices", [&] { return browse(db, question); });
    },
    [&db](const find_price_rules& question) -> caf::result<found_price_rules> {
      return found_with(db, "finding rules of prices", no_such_dealer,
                        [&] { return price_rules_for(db, question); });
    },
    [&db](const reserve_usages&) -> caf::result<usage_block> {
      return answer_with(db, "reserving usage numbers", [&] { return next_usages(db); });
    },
    [&db](const find_batch& question) -> caf::result<batch_view> {
      return found_with(db, "finding a batch", "there is no such batch of yours",
                        [&] { return find_batch_of(db, question); });
    },
    [&db](const list_batches& question) -> caf::result<batch_page> {
      return answer_with(db, "listing batches", [&] { return batches_of(db, question); });
    },
    [&db](const load_results& question) -> caf::result<csv_page> {
      return answer_with(db, "loading results", [&] { return results_of(db, question); });
    },
    [&db](const load_batch_report& question) -> caf::result<batch_report> {
      return found_with(db, "loading a batch's results", "no such batch",
                        [&] { return batch_report_of(db, question); });
    },
    [&db](const find_verdict& question) -> caf::result<verdict_record> {
      return found_with(db, "finding a verdict", "there is no such row",
                        [&] { return verdict_of(db, question); });
    },
    [&db](const report_verdicts& question) -> caf::result<verdict_report> {
      return answer_with(db, "reporting verdicts", [&] { return report_of(db, question); });
    },
    [&db](const find_replacement& question) -> caf::result<replacement_view> {
      return found_with(db, "finding a check", "there is no such check of yours",
                        [&] { return find_replacement_of(db, question); });
    },
    [&db](const list_reviews&) -> caf::result<review_list> {
      return answer_with(db, "listing reviews", [&] { return open_reviews(db); });
    },
    [&db](const list_lots&) -> caf::result<lot_list> {
      return answer_with(db, "listing lots", [&] { return all_lots(db); });
    },
    [&db](const list_sold_stock& question) -> caf::result<sold_stock> {
      return answer_with(db, "listing sold stock", [&] { return sold_of(db, question.what); });
    },
    [&db](const find_operator& question) -> caf::result<operator_identity> {
      return found_with(db, "finding an operator", "there is no such session",
                        [&] { return operator_in_session(db, question.token_hash); });
    },
    [&db](const desk_question& question) -> caf::result<desk_answer> {
      return found_with(db, "looking something up", "there is no such thing",
                        [&]() -> std::optional<desk_answer> {
                          auto json = desk_list_of(db, question);
                          return json ? std::optional{desk_answer{std::move(*json)}} : std::nullopt;
                        });
    },
    [&db](const report_question& question) -> caf::result<csv_page> {
      return answer_with(db, "reporting", [&] { return report_page_of(db, question); });
    },
    [&db](const count_jobs& question) -> caf::result<job_counts> {
      return answer_with(db, "counting jobs", [&] { return counts_of_jobs(db, question); });
    },
    [&db](const list_audit& question) -> caf::result<audit_list> {
      return answer_with(db, "listing audit events", [&] { return audit_events_of(db, question); });
    },
    [&db](const check_ledger& wish) -> caf::result<ledger_check> {
      return answer_with(db, "checking the ledger", [&] { return prove_ledger(db, wish); });
    },
    [&db](const check_heads& question) -> caf::result<ledger_check> {
      return answer_with(db, "checking heads", [&] { return hold_against(db, question.heads); });
    },
  };
}

} // namespace meisim
