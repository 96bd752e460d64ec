#include "persistence/access/dealer_requests.hpp"

#include "persistence/access/dealer_requests.sql.hpp"
#include "persistence/base/json_pages.hpp"
#include "persistence/base/pipeline.hpp"

#include <string>

namespace meisim {

namespace {

constexpr column<request_note> request_columns[] = {
  {"dealer_id", [](row_array& to, const request_note& from) { to.add(from.dealer); }},
  {"at", [](row_array& to, const request_note& from) { to.add(from.at); }},
  {"method", [](row_array& to, const request_note& from) { to.add(from.method); }},
  {"path", [](row_array& to, const request_note& from) { to.add(from.path); }},
  {"status", [](row_array& to, const request_note& from) { to.add(from.status); }},
  {"request_id", [](row_array& to, const request_note& from) { to.add(from.request_id); }},
  {"address", [](row_array& to, const request_note& from) { to.add(from.address); }},
};

constexpr row_statement<request_note> insert_requests{sql::insert_dealer_requests, request_columns};

} // namespace

void write_requests(database& db, std::span<const request_note> notes) {
  pipeline steps{db};
  auto rows = steps.rows_for(insert_requests);
  for (const auto& note : notes)
    rows.add(note);
  steps.run_as_transaction();
}

json_page browse(database& db, const browse_requests& question) {
  page_reader page{question.page};
  std::string dealer = to_string(question.dealer);
  const auto* text = question.failed ? sql::browse_failed_requests : sql::browse_dealer_requests;
  soci::statement query =
    (db.session().prepare << text, soci::use(dealer, "dealer"), soci::use(page.at, "at"),
     soci::use(page.most, "limit"), soci::into(page.item_at), soci::into(page.item_id),
     soci::into(page.item));
  return page.read(query);
}

void forget_old_requests(database& db) {
  db.session() << sql::forget_dealer_requests;
}

} // namespace meisim
