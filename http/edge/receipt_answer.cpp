#include "http/edge/receipt_answer.hpp"

#include "http/server/response.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim::http {

namespace {

/// The answer to an operator. Nobody reads it if the service itself made the posting.
void write(json_writer& out, const balance_receipt& told) {
  out.member("ok", true).member("balance", told.balance);
}

/// POST /dealer/order and …/replace.
void write(json_writer& out, const order_receipt& told) {
  out.member("ok", true)
    .member("orderId", told.id)
    .member("shortId", short_id(told.number))
    .member("status", "processing")
    .member("unitPriceUsd", told.unit_price)
    .member("totalUsd", told.unit_price * told.quantity)
    .member("newBalance", told.balance);
  if (told.replaces)
    out.member("replaces", told.replaces);
}

/// POST …/resend-email.
void write(json_writer& out, const resend_receipt& told) {
  out.member("ok", true)
    .member("orderId", told.order)
    .member("email", told.recipient)
    .member("feeUsd", told.fee)
    .member("newBalance", told.balance);
}

void write_sold_out(json_writer& out, const supply_sold& sale) {
  write_error(out, error_title(502), cause::out_of_stock,
              to_string(sale.pool) + " is out of stock; the full debit was refunded");
  out.member("usage_id", sale.usage);
}

/// POST …/esim_supply_att/execute.
void write(json_writer& out, const supply_sold& sale) {
  if (sale.rows.empty())
    return write_sold_out(out, sale);
  auto filled = static_cast<int32_t>(sale.rows.size());
  out.member("usage_id", sale.usage)
    .member("vendor_order_ref", "INV-" + std::to_string(sale.usage))
    .member("cost_usd", sale.unit_price * filled)
    .member("status", "succeeded");
  out.object("result", [&] {
    out.member("carrier", sale.pool.carrier)
      .member("plan_type", sale.pool.plan_type)
      .member("quantity_ordered", sale.quantity)
      .member("quantity_filled", filled)
      .member("partial", filled < sale.quantity);
    auto assigned_at = rfc3339(sale.assigned_at);
    out.objects("esims", sale.rows, [&](json_writer& row_out, const stock_row& row) {
      row_out.member("iccid", row.iccid)
        .member("lpa", row.lpa)
        .member("inventory_id", row.id)
        .member("assigned_at", assigned_at);
    });
  });
}

/// POST …/esim_validate/execute.
void write_for_portal(json_writer& out, const batch_receipt& told) {
  auto cost = told.unit_price * told.rows;
  out.member("usage_id", told.usage)
    .member("vendor_order_ref", told.id)
    .member("cost_usd", cost)
    .member("status", "executing");
  out.object("result", [&] {
    out.member("batch_id", told.id)
      .member("total_rows", told.rows)
      .member("cost_usd", cost)
      .member("per_row_usd", told.unit_price)
      .member("message", "Batch queued. Poll /esim-check/customer/batches/:id for progress.");
  });
}

/// POST /dealer/esim-verify.
void write(json_writer& out, const batch_receipt& told) {
  if (told.source == batch_source::portal)
    return write_for_portal(out, told);
  out.member("ok", true)
    .member("batch_id", told.id)
    .member("total_rows", told.rows)
    .member("charged_usd", told.unit_price * told.rows)
    .member("wallet_balance_usd", told.balance);
}

/// About the answer's length, so that it grows in place.
size_t room_for(const receipt& what) {
  auto* sale = std::get_if<supply_sold>(&what.told);
  return sale ? 256 + sale->rows.size() * 224 : 320;
}

} // namespace

std::string receipt_answer(const receipt& what) {
  std::string body;
  body.reserve(room_for(what));
  json_writer out{body};
  out.object([&] { std::visit([&](const auto& told) { write(out, told); }, what.told); });
  return body;
}

} // namespace meisim::http
