#include "persistence/money/effects.hpp"

#include "persistence/base/array.hpp"
#include "persistence/base/jobs.sql.hpp"
#include "persistence/money/stripe_effects.hpp"
#include "persistence/notify/mails.sql.hpp"
#include "persistence/notify/webhook_events.hpp"
#include "persistence/verification/verification_effects.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/notify/mail_content.hpp"

#include <array>
#include <map>

namespace meisim {

namespace {

using postings_view = std::span<const std::shared_ptr<const decided_posting>>;

struct lock_orders {
  explicit lock_orders(soci::session& sql)
    : statement((sql.prepare << "WITH locked AS (SELECT id FROM orders WHERE id = ANY(:ids::uuid[])"
                                " AND status = 'processing' FOR UPDATE)"
                                " SELECT coalesce(string_agg(id::text, ','), '') FROM locked",
                 soci::use(ids, "ids"), soci::into(locked))) {
    // nop
  }

  std::string ids, locked;
  soci::statement statement;
};

struct end_orders {
  explicit end_orders(soci::session& sql)
    : statement(
      (sql.prepare
         << "WITH ended AS (UPDATE orders o SET"
            " status = CASE WHEN e.failed THEN 'failed' ELSE 'completed' END,"
            " failure = e.reason, completed_at = now(),"
            " iccid = (SELECT s.iccid FROM order_esims s WHERE s.order_id = o.id"
            " ORDER BY s.unit LIMIT 1)"
            " FROM unnest(:ids::uuid[], :failed::boolean[], :reasons::text[])"
            " AS e(id, failed, reason) WHERE o.id = e.id RETURNING o.*),"
            " job AS (DELETE FROM jobs j USING ended WHERE j.kind = 'fulfil'"
            " AND j.subject = ended.id) SELECT "
         << tell_of_order
         << " FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id WHERE w.has_webhooks",
       soci::use(ids, "ids"), soci::use(failed, "failed"), soci::use(reasons, "reasons"))) {
    // nop
  }

  std::string ids, failed, reasons;
  soci::statement statement;
};

template <class Effect, class F>
void for_each_effect(postings_view postings, F visit) {
  for (const auto& posting : postings)
    if (auto* what = std::get_if<Effect>(&posting->what.what))
      visit(*posting, *what);
}

template <class Effect>
bool has_effect(postings_view postings) {
  for (const auto& posting : postings)
    if (std::holds_alternative<Effect>(posting->what.what))
      return true;
  return false;
}

void lock_refunded_orders(database& db, postings_view postings,
                          std::unordered_set<posting_id>& stale) {
  if (!has_effect<order_refunded>(postings))
    return;
  array_text ids;
  for_each_effect<order_refunded>(postings,
                                  [&](const auto&, const auto& refund) { ids.add(refund.id); });
  auto& query = db.prepared<lock_orders>();
  query.ids = ids.take();
  query.statement.execute(true);
  auto locked = split_ids<order_id>(query.locked);
  for_each_effect<order_refunded>(postings, [&](const auto& posting, const auto& refund) {
    if (locked.erase(refund.id) == 0)
      stale.insert(posting.what.id);
  });
}

std::string address_json(const postal_address& address) {
  if (address.first_name.empty() && address.address_line_1.empty())
    return {};
  return fmt::format(
    R"({{"first_name":{},"last_name":{},"address_line_1":{},"city":{},"state":{},"zip_code":{},)"
    R"("phone":{}}})",
    json_quoted(address.first_name), json_quoted(address.last_name),
    json_quoted(address.address_line_1), json_quoted(address.city), json_quoted(address.state),
    json_quoted(address.zip_code), json_quoted(address.phone));
}

void add_orders(pipeline& into, postings_view postings) {
  auto& orders = into.rows_for(
    "INSERT INTO orders (id, dealer_id, posting_id, type, product, customer_email, customer_name,"
    " language, imei, eid, address, quantity, unit_price_cents, status, created_at, replaces,"
    " product_name) SELECT id, dealer, posting, 'esim', product, email, name, language, imei, eid,"
    " address, quantity, price, 'processing', at, replaces, product_name"
    " FROM unnest($1::order_row[])");
  auto& jobs = into.rows_for(sql::insert_jobs);
  for_each_effect<order_placed>(postings,
                                [&](const decided_posting& posting, const order_placed& order) {
                                  orders.row();
                                  orders.add(order.id);
                                  orders.add(posting.what.dealer);
                                  orders.add(posting.what.id);
                                  orders.add(order.product);
                                  orders.add(order.buyer.email);
                                  orders.add(order.buyer.name);
                                  orders.add_optional(order.buyer.language);
                                  orders.add_optional(order.buyer.imei);
                                  orders.add_optional(order.buyer.eid);
                                  orders.add_optional_json(address_json(order.buyer.address));
                                  orders.add(order.quantity);
                                  orders.add(order.unit_price.cents());
                                  orders.add(posting.decided_at);
                                  orders.add(order.replaces);
                                  orders.add_optional(order.product_name);
                                  jobs.row();
                                  jobs.add("fulfil");
                                  jobs.add(order.id);
                                });
}

void write_refunds(database& db, postings_view postings) {
  if (!has_effect<order_refunded>(postings))
    return;
  array_text ids, failed, reasons;
  for_each_effect<order_refunded>(postings, [&](const auto&, const order_refunded& refund) {
    ids.add(refund.id);
    failed.add(std::string_view{refund.failed ? "t" : "f"});
    reasons.add(refund.reason);
  });
  auto& query = db.prepared<end_orders>();
  query.ids = ids.take();
  query.failed = failed.take();
  query.reasons = reasons.take();
  query.statement.execute(true);
}

void add_mails(pipeline& into, postings_view postings) {
  auto& mails = into.rows_for(sql::insert_mails);
  auto& jobs = into.rows_for(sql::insert_jobs);
  for_each_effect<email_resent>(postings, [&](const decided_posting&, const email_resent& what) {
    mails.row();
    mails.add(what.mail);
    mails.add(what.recipient);
    mails.add(activation_mail::kind);
    mails.add(what.language.empty() ? "en" : what.language);
    mails.add_optional_json(what.values);
    jobs.row();
    jobs.add("mail");
    jobs.add(what.mail);
  });
}

void add_usages(pipeline& into, postings_view postings) {
  auto& usages = into.rows_for(
    "INSERT INTO usages (id, dealer_id, posting_id, sku_id, quantity, unit_price_cents,"
    " inventory_ids, created_at) SELECT * FROM unnest($1::usage_row[])");
  for_each_effect<supply_sold>(postings,
                               [&](const decided_posting& posting, const supply_sold& sale) {
                                 std::vector<uuid> sold;
                                 sold.reserve(sale.rows.size());
                                 for (const auto& row : sale.rows)
                                   sold.push_back(row.id.value);
                                 usages.row();
                                 usages.add(sale.usage);
                                 usages.add(posting.what.dealer);
                                 usages.add(posting.what.id);
                                 usages.add(sale.sku);
                                 usages.add(sale.quantity);
                                 usages.add(sale.unit_price.cents());
                                 usages.add(sold);
                                 usages.add(sale.assigned_at);
                               });
}

/// What of 1,024 eSIMs whose places are side by side is being sold, as the bits of a row of
/// inventory_sold.
struct sold_block {
  static constexpr int64_t size = 1'024;

  void mark(int64_t place) {
    auto& byte = bits[static_cast<size_t>(place / 8)];
    auto bit = static_cast<char>(0x80 >> (place % 8));
    is_sold_twice = is_sold_twice || (byte & bit) != 0;
    byte = static_cast<char>(byte | bit);
  }

  std::array<char, size / 8> bits{};
  /// Then no bits are written, as where one of them is set already (inventory_sold_once).
  bool is_sold_twice = false;
};

struct kind_namer {
  std::string_view operator()(const wallet_adjusted&) const {
    return "adjustment";
  }
  std::string_view operator()(const order_placed&) const {
    return "order";
  }
  std::string_view operator()(const email_resent&) const {
    return "resend";
  }
  std::string_view operator()(const order_refunded&) const {
    return "order_refund";
  }
  std::string_view operator()(const supply_sold&) const {
    return "supply";
  }
  std::string_view operator()(const batch_submitted&) const {
    return "batch";
  }
  std::string_view operator()(const rows_refunded&) const {
    return "batch_refund";
  }
  std::string_view operator()(const stripe_credited&) const {
    return "stripe_credit";
  }
  std::string_view operator()(const stripe_reversed&) const {
    return "stripe_reversal";
  }
};

} // namespace

std::string_view kind_of(const effect& what) {
  return std::visit(kind_namer{}, what);
}

bool has_locked_effects(postings_view postings) {
  return has_effect<order_refunded>(postings) || has_effect<stripe_credited>(postings)
         || has_effect<stripe_reversed>(postings) || has_effect<rows_refunded>(postings);
}

std::unordered_set<posting_id> lock_effects(database& db, postings_view postings) {
  std::unordered_set<posting_id> stale;
  lock_refunded_orders(db, postings, stale);
  lock_payments(db, postings, stale);
  return stale;
}

void write_locked_effects(database& db, postings_view postings) {
  write_refunds(db, postings);
  write_payments(db, postings);
  write_row_refunds(db, postings);
}

void add_effects(pipeline& into, postings_view postings) {
  add_orders(into, postings);
  add_usages(into, postings);
  add_payment_movements(into, postings);
  add_mails(into, postings);
  add_batches(into, postings);
  add_row_refunds(into, postings);
}

void add_sales(pipeline& into, postings_view postings) {
  // In the order of the blocks, so that two writers never wait for one another in a circle.
  std::map<int64_t, sold_block> blocks;
  for_each_effect<supply_sold>(postings, [&](const auto&, const supply_sold& sale) {
    for (const auto& row : sale.rows)
      blocks[row.place / sold_block::size].mark(row.place % sold_block::size);
  });
  auto& sold = into.rows_for(
    "INSERT INTO inventory_sold AS s (block, places) SELECT * FROM unnest($1::sold_block[])"
    " ON CONFLICT (block) DO UPDATE SET places = CASE"
    " WHEN bit_count(s.places & excluded.places) = 0 THEN s.places | excluded.places END");
  for (const auto& [number, block] : blocks) {
    sold.row();
    sold.add(number);
    if (block.is_sold_twice)
      sold.add_null();
    else
      sold.add_bits({block.bits.data(), block.bits.size()});
  }
}

} // namespace meisim
