#include "protocols/money/posting.hpp"

#include <algorithm>
#include <array>

namespace meisim {

namespace {

constexpr std::array<std::string_view, 5> type_names{"debit", "topup", "refund", "credit",
                                                     "adjustment"};

/// The account of lines whose type alone decides it; empty for other types.
std::string_view account_of(entry_type type) {
  switch (type) {
  case entry_type::topup:
    return "cash";
  case entry_type::adjustment:
    return wallet_adjusted::account;
  case entry_type::debit:
  case entry_type::refund:
  case entry_type::credit:
    return {};
  }
  return {};
}

} // namespace

std::string_view to_string(entry_type type) {
  return type_names.at(static_cast<size_t>(type));
}

std::optional<entry_type> parse_entry_type(std::string_view text) {
  auto found = std::ranges::find(type_names, text);
  if (found == type_names.end())
    return std::nullopt;
  return static_cast<entry_type>(found - type_names.begin());
}

std::string_view counter_account(entry_type type, std::string_view account_of_effect) {
  auto account = account_of(type);
  return account.empty() ? account_of_effect : account;
}

std::string_view counter_account(entry_type type, const effect& what) {
  return counter_account(type, std::visit([](const auto& done) { return done.account; }, what));
}

bool may_overdraw(const effect& what) {
  return std::visit(
    [](const auto& done) {
      if constexpr (requires { done.may_overdraw; })
        return done.may_overdraw;
      else
        return false;
    },
    what);
}

std::string_view stripe_reference(const effect& what) {
  return std::visit(
    [](const auto& done) -> std::string_view {
      if constexpr (requires { done.reference; })
        return done.reference;
      else
        return {};
    },
    what);
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

receipt make_receipt(posting_id id, const effect& what, money balance) {
  receipt result{id, ec::none, balance_receipt{balance}, false};
  std::visit(
    [&result, balance](const auto& done) {
      if constexpr (requires { done.told(balance); })
        result.told = done.told(balance);
      if constexpr (requires { done.code(); })
        result.code = done.code();
    },
    what);
  return result;
}

} // namespace meisim
