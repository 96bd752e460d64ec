#include "http/edge/receipt_answer.hpp"

#include "protocols/money/answers.hpp"

#include <fmt/core.h>

#include <iterator>

namespace meisim::http {

namespace {

/// To an operator, and to nobody where work of our own made the posting.
std::string written(const balance_receipt& told) {
  return fmt::format(R"({{"ok":true,"balance":{}}})", to_string(told.balance));
}

/// POST /dealer/order and …/replace.
std::string written(const order_receipt& told) {
  return fmt::format(
    R"({{"ok":true,"orderId":"{}","shortId":"{}","status":"processing","unitPriceUsd":{},)"
    R"("totalUsd":{},"newBalance":{}{}}})",
    to_string(told.id), short_id(told.id), to_string(told.unit_price),
    to_string(told.unit_price * told.quantity), to_string(told.balance),
    told.replaces ? R"(,"replaces":")" + to_string(told.replaces) + '"' : "");
}

/// POST …/resend-email.
std::string written(const resend_receipt& told) {
  return fmt::format(R"({{"ok":true,"orderId":"{}","email":{},"feeUsd":{},"newBalance":{}}})",
                     to_string(told.order), json_quoted(told.recipient), to_string(told.fee),
                     to_string(told.balance));
}

/// A purchase that found no stock.
std::string sold_out(const supply_sold& sale) {
  return fmt::format(
    R"({{"error":"VENDOR_ERROR","message":"{} is out of stock; the full debit was refunded",)"
    R"("usage_id":{}}})",
    to_string(sale.pool), sale.usage);
}

/// POST …/esim_supply_att/execute.
std::string written(const supply_sold& sale) {
  if (sale.rows.empty())
    return sold_out(sale);
  auto filled = static_cast<int64_t>(sale.rows.size());
  std::string body;
  body.reserve(256 + sale.rows.size() * 224);
  fmt::format_to(
    std::back_inserter(body),
    R"({{"usage_id":{},"vendor_order_ref":"INV-{}","cost_usd":{},"status":"succeeded","result":)"
    R"({{"carrier":{},"plan_type":{},"quantity_ordered":{},"quantity_filled":{},"partial":{},"esims":[)",
    sale.usage, sale.usage, to_string(sale.unit_price * filled), json_quoted(sale.pool.carrier),
    json_quoted(sale.pool.plan_type), sale.quantity, filled, filled < sale.quantity);
  auto end = R"(","assigned_at":")" + rfc3339(sale.assigned_at) + R"("},)";
  for (const auto& row : sale.rows) {
    body += R"({"iccid":)";
    append_json_quoted(body, row.iccid);
    body += R"(,"lpa":)";
    append_json_quoted(body, row.lpa);
    body += R"(,"inventory_id":")";
    body += to_string(row.id);
    body += end;
  }
  body.pop_back();
  body += "]}}";
  return body;
}

/// POST /dealer/esim-verify, or …/esim_validate/execute for a batch from the portal.
std::string written(const batch_receipt& told) {
  auto id = to_string(told.id);
  auto cost = to_string(told.unit_price * told.rows);
  if (told.source != batch_source::portal)
    return fmt::format(
      R"({{"ok":true,"batch_id":"{}","total_rows":{},"charged_usd":{},"wallet_balance_usd":{}}})",
      id, told.rows, cost, to_string(told.balance));
  return fmt::format(
    R"({{"usage_id":{},"vendor_order_ref":"{}","cost_usd":{},"status":"executing","result":)"
    R"({{"batch_id":"{}","total_rows":{},"cost_usd":{},"per_row_usd":{},)"
    R"("message":"Batch queued. Poll /esim-check/customer/batches/:id for progress."}}}})",
    told.usage, id, cost, id, told.rows, cost, to_string(told.unit_price));
}

} // namespace

std::string receipt_answer(const receipt& what) {
  return std::visit([](const auto& told) { return written(told); }, what.told);
}

} // namespace meisim::http
