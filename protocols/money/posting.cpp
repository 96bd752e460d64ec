#include "protocols/money/posting.hpp"

#include "protocols/money/answers.hpp"

#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 5> type_names{"debit", "topup", "refund", "credit",
                                                     "adjustment"};

struct receipt_writer {
  posting_id id;
  money balance;

  receipt operator()(const wallet_adjusted&) const {
    return {id, ec::none, balance_answer(balance), false};
  }

  receipt operator()(const order_placed& order) const {
    return {id, ec::none, order_answer(order, balance), false};
  }

  receipt operator()(const order_refunded&) const {
    return {id, ec::none, balance_answer(balance), false};
  }

  receipt operator()(const stripe_credited&) const {
    return {id, ec::none, balance_answer(balance), false};
  }

  receipt operator()(const stripe_reversed&) const {
    return {id, ec::none, balance_answer(balance), false};
  }

  receipt operator()(const email_resent& mail) const {
    return {id, ec::none, resend_answer(mail, balance), false};
  }

  receipt operator()(const batch_submitted& batch) const {
    return {id, ec::none, batch_answer(batch, balance), false};
  }

  receipt operator()(const rows_refunded&) const {
    return {id, ec::none, balance_answer(balance), false};
  }

  receipt operator()(const supply_sold& sale) const {
    if (sale.rows.empty())
      return {id, ec::vendor_error, sold_out_answer(sale), false};
    return {id, ec::none, supply_answer(sale), false};
  }
};

} // namespace

std::string_view to_string(entry_type type) {
  return type_names.at(static_cast<size_t>(type));
}

bool may_overdraw(const effect& what) {
  return std::holds_alternative<stripe_reversed>(what);
}

std::string_view stripe_reference(const effect& what) {
  if (auto* credited = std::get_if<stripe_credited>(&what))
    return credited->reference;
  if (auto* reversed = std::get_if<stripe_reversed>(&what))
    return reversed->reference;
  return {};
}

money debited(const std::vector<ledger_line>& lines) {
  money total;
  for (const auto& line : lines)
    if (line.amount.is_negative())
      total += -line.amount;
  return total;
}

money sum(const std::vector<ledger_line>& lines) {
  money total;
  for (const auto& line : lines)
    total += line.amount;
  return total;
}

receipt write_receipt(posting_id id, const effect& what, money balance) {
  return std::visit(receipt_writer{id, balance}, what);
}

} // namespace meisim
