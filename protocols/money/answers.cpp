#include "protocols/money/answers.hpp"

#include <fmt/core.h>

#include <charconv>
#include <iterator>

namespace meisim {

std::string balance_answer(money balance) {
  return fmt::format(R"({{"ok":true,"balance":{}}})", to_string(balance));
}

std::string order_answer(const order_placed& order, money balance) {
  return fmt::format(
    R"({{"ok":true,"orderId":"{}","shortId":"{}","status":"processing","unitPriceUsd":{},)"
    R"("totalUsd":{},"newBalance":{}{}}})",
    to_string(order.id), short_id(order.id), to_string(order.unit_price),
    to_string(order.unit_price * order.quantity), to_string(balance),
    order.replaces ? R"(,"replaces":")" + to_string(order.replaces) + '"' : "");
}

std::string resend_answer(const email_resent& mail, money balance) {
  return fmt::format(R"({{"ok":true,"orderId":"{}","email":{},"feeUsd":{},"newBalance":{}}})",
                     to_string(mail.order), json_quoted(mail.recipient), to_string(mail.fee),
                     to_string(balance));
}

std::string supply_answer(const supply_sold& sale) {
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
    body += json_quoted(row.iccid);
    body += R"(,"lpa":)";
    body += json_quoted(row.lpa);
    body += R"(,"inventory_id":")";
    body += to_string(row.id);
    body += end;
  }
  if (filled > 0)
    body.pop_back();
  body += "]}}";
  return body;
}

std::string usage_reference(int64_t usage) {
  return fmt::format(R"({{"usage_id":{}}})", usage);
}

std::optional<int64_t> referenced_usage(std::string_view answer) {
  constexpr std::string_view begin = R"({"usage_id":)";
  int64_t usage = 0;
  if (!answer.starts_with(begin))
    return std::nullopt;
  auto* end =
    std::from_chars(answer.data() + begin.size(), answer.data() + answer.size(), usage).ptr;
  // The whole answer begins alike.
  return std::string_view{end, answer.data() + answer.size()} == "}" ? std::optional{usage}
                                                                     : std::nullopt;
}

std::string sold_out_answer(const supply_sold& sale) {
  return fmt::format(
    R"({{"error":"VENDOR_ERROR","message":"{} is out of stock; the full debit was refunded",)"
    R"("usage_id":{}}})",
    to_string(sale.pool), sale.usage);
}

std::string batch_answer(const batch_submitted& batch, money balance) {
  auto total = std::ssize(batch.rows);
  auto id = to_string(batch.id);
  auto cost = to_string(batch.unit_price * total);
  if (batch.source != batch_source::portal)
    return fmt::format(
      R"({{"ok":true,"batch_id":"{}","total_rows":{},"charged_usd":{},"wallet_balance_usd":{}}})",
      id, total, cost, to_string(balance));
  return fmt::format(
    R"({{"usage_id":{},"vendor_order_ref":"{}","cost_usd":{},"status":"executing","result":)"
    R"({{"batch_id":"{}","total_rows":{},"cost_usd":{},"per_row_usd":{},)"
    R"("message":"Batch queued. Poll /esim-check/customer/batches/:id for progress."}}}})",
    batch.usage, id, cost, id, total, cost, to_string(batch.unit_price));
}

std::string text_or_null(std::string_view text) {
  return text.empty() ? "null" : json_quoted(text);
}

std::string time_or_null(instant at) {
  return at == instant{} ? "null" : '"' + rfc3339(at) + '"';
}

} // namespace meisim
