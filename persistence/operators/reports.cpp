#include "persistence/operators/reports.hpp"

#include "persistence/base/csv_copy.hpp"
#include "persistence/operators/reports.sql.hpp"

#include <algorithm>

namespace meisim {

namespace {

constexpr int64_t days_of_a_page = 31;

const char* statement_of(desk_report what) {
  switch (what) {
  case desk_report::ledger:
    return sql::copy_ledger_days;
  case desk_report::sales:
    return sql::copy_sales_days;
  }
  return nullptr;
}

} // namespace

csv_page report_page_of(database& db, const report_question& question) {
  transaction tx{db};
  plan_by_values(db);
  auto first = std::max<int64_t>(question.from, question.after + 1);
  auto last = std::min<int64_t>(question.to, first + days_of_a_page - 1);
  csv_page page;
  page.lines = copy_csv(db, statement_of(question.what),
                        {{"from", std::to_string(first)}, {"to", std::to_string(last)}});
  page.last = last;
  page.has_more = last < question.to;
  tx.commit();
  return page;
}

} // namespace meisim
