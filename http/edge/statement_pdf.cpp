#include "http/edge/statement_pdf.hpp"

#include <fmt/core.h>

#include <array>

namespace meisim::http {

namespace {

constexpr std::array entry_columns{
  table_column{"Time (UTC)", 90},        table_column{"Type", 62},
  table_column{"Description", 191},      table_column{"Amount USD", 70, true},
  table_column{"Balance USD", 70, true},
};

std::string_view name_of(std::string_view type) {
  if (type == "debit")
    return "Purchases";
  if (type == "topup")
    return "Top-ups";
  if (type == "refund")
    return "Refunds";
  return type == "credit" ? "Credits" : "Adjustments";
}

void write_sums(page_document& page, const month_statement& what) {
  page.row("Balance at the beginning", in_dollars(what.opening));
  for (const auto& sum : what.sums)
    page.row(fmt::format("{} ({})", name_of(sum.type), sum.count), in_dollars(sum.amount));
  page.rule();
  page.row("Balance at the end", in_dollars(what.closing), {.is_bold = true});
}

void write_entries(page_document& page, const month_statement& what) {
  if (what.entries.empty())
    return page.line("Nothing was booked in this month.", {.size = 9, .is_quiet = true});
  if (std::ssize(what.entries) < what.count)
    page.line(fmt::format("These are the first {} of {} entries. The statement as CSV has all of "
                          "them; the sums above count all of them.",
                          what.entries.size(), what.count),
              {.size = 9, .is_quiet = true});
  page.gap(8);
  page.begin_table(entry_columns);
  for (const auto& entry : what.entries) {
    auto time = rfc3339(entry.created_at).substr(0, 16);
    time[10] = ' ';
    page.table_row(std::array{time, entry.type, entry.description, to_string(entry.amount),
                              to_string(entry.balance_after)});
  }
}

} // namespace

std::string statement_pdf(const wallet_month& month) {
  page_document page{fmt::format("Statement {}", month.month)};
  write_letterhead(page, month.from);
  page.gap(28);
  page.line("Statement", {.size = 22, .is_bold = true});
  page.gap(8);
  page.row("Month", month.month);
  page.row("Wallet of", month.dealer);
  page.row("", month.dealer_email);
  page.gap(12);
  page.rule();
  write_sums(page, month.what);
  page.gap(16);
  write_entries(page, month.what);
  return page.finish();
}

} // namespace meisim::http
