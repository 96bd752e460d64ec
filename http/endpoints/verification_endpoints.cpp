#include "http/edge/batch_csv.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/server/csv_stream.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/verification/batch_results.hpp"

#include <fmt/core.h>

#include <functional>
#include <iterator>
#include <limits>
#include <utility>

namespace meisim::http {

namespace {

/// Rows of results.csv read and sent at a time: about half a megabyte.
constexpr int32_t rows_per_page = 10'000;

/// What a row costs on the dealers' own endpoint.
constexpr auto dealer_row_price = money::from_cents(100);

constexpr size_t longest_cell = 1'024;
constexpr size_t longest_label = 200;

// -- submission -----------------------------------------------------------------------------------

batch_wish begin_wish(const exchange_pointer& x, batch_source source, const std::string& key) {
  batch_wish wish;
  wish.posting = posting_id::make();
  wish.dealer = x->dealer().id;
  wish.what.id = batch_id::make();
  wish.what.source = source;
  wish.ceiling = money::from_cents(std::numeric_limits<int64_t>::max());
  if (!key.empty()) {
    wish.idempotency_key = key;
    wish.request_hash = x->request_hash();
  }
  return wish;
}

void submit(const exchange_pointer& x, batch_wish wish, std::vector<batch_row> rows) {
  wish.what.rows = std::move(rows);
  x->ask<receipt>(
    x->node->batches, [x](const receipt& done) { x->succeed(done); }, std::move(wish));
}

/// The codes as rows; what is wrong with them is kept by `in`.
std::vector<batch_row> rows_of(fields& in, const Json::Value& lpas) {
  std::vector<batch_row> rows;
  if (lpas.size() > most_batch_rows) {
    in.reject("lpas", "must hold 1 to 50,000 codes");
    return rows;
  }
  rows.reserve(lpas.size());
  for (const auto& lpa : lpas) {
    auto name = fmt::format("lpas[{}]", rows.size());
    if (!lpa.isString())
      in.reject(name.c_str(), "must be a text");
    else if (lpa.asString().size() > longest_cell)
      in.reject(name.c_str(), "must have at most 1,024 characters");
    rows.push_back({{}, lpa.isString() ? lpa.asString() : std::string{}});
  }
  return rows;
}

bool has_long_cell(const std::vector<batch_row>& rows) {
  for (const auto& row : rows)
    if (row.iccid.size() > longest_cell || row.lpa.size() > longest_cell)
      return true;
  return false;
}

/// The documented answer to an empty array.
void refuse_empty(const exchange_pointer& x) {
  response result;
  result.status = 400;
  result.body = R"({"error":"No LPAs provided","message":"lpas must hold 1 to 50,000 codes"})";
  x->answer(std::move(result));
}

// -- views ----------------------------------------------------------------------------------------

/// The members of a batch, without the braces.
std::string batch_members(const batch_view& batch) {
  return fmt::format(R"("id":"{}","label":{},"total_rows":{},"started_at":"{}","completed_at":{},)"
                     R"("paid_total_usd":{})",
                     to_string(batch.id), json_quoted(batch.label), batch.total,
                     rfc3339(batch.started_at), time_or_null(batch.completed_at),
                     to_string(batch.paid));
}

std::string progress_json(const batch_view& batch) {
  auto count = [&](verdict what) { return batch.verdicts.at(static_cast<size_t>(what)); };
  auto eta = batch.eta_seconds(now());
  return fmt::format(
    R"({{"total":{},"pending":{},"in_progress":{},"used":{},"available":{},"invalid":{},)"
    R"("error_count":{},"unknown":{},"eta_seconds":{}}})",
    batch.total, batch.pending(), batch.in_progress, count(verdict::used),
    count(verdict::available), count(verdict::invalid), count(verdict::error),
    count(verdict::unknown), eta ? std::to_string(*eta) : "null");
}

/// Finds the batch that the path names. What is no id is nobody's batch.
template <class GoOn>
void with_batch(const exchange_pointer& x, GoOn go_on) {
  auto id = batch_id::parse(x->captures.front());
  if (!id)
    return x->fail(make_error(ec::not_found, "there is no such batch of yours"));
  x->ask<batch_view>(x->node->records.next(), std::move(go_on), find_batch{x->dealer().id, *id});
}

void list_own_batches(const exchange_pointer& x, std::string_view opening) {
  auto range = x->page();
  if (!range)
    return;
  x->ask<batch_page>(
    x->node->records.next(),
    [x, opening, range = *range](const batch_page& page) {
      auto body = fmt::format(R"({{{}"batches":[)", opening);
      for (const auto& batch : page.batches)
        fmt::format_to(std::back_inserter(body), R"({}{{{},"progress":{}}})",
                       &batch == page.batches.data() ? "" : ",", batch_members(batch),
                       progress_json(batch));
      x->succeed(fmt::format(R"({}],"total":{},"limit":{},"offset":{}}})", body, page.total,
                             range.limit, range.offset));
    },
    list_batches{x->dealer().id, range->limit, range->offset});
}

} // namespace

void post_verify(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  fields in{*body};
  auto wish = begin_wish(x, batch_source::dealer, *key);
  const auto& lpas = in.required_array("lpas");
  auto rows = rows_of(in, lpas);
  wish.what.notify_email = in.optional_email("notify_email");
  if (auto guard = in.optional_amount("maxPriceUsd"))
    wish.ceiling = *guard;
  if (auto failure = in.failure())
    return x->fail(failure);
  if (rows.empty())
    return refuse_empty(x);
  wish.what.unit_price = dealer_row_price;
  wish.what.label = fmt::format("Dealer {} · {} LPAs", x->dealer().company, rows.size());
  submit(x, std::move(wish), std::move(rows));
}

void get_verify_batches(const exchange_pointer& x) {
  list_own_batches(x, R"("ok":true,)");
}

void get_verify_batch(const exchange_pointer& x) {
  with_batch(x, [x](const batch_view& batch) {
    x->succeed(fmt::format(R"({{"ok":true,"batch":{{{}}},"progress":{}}})", batch_members(batch),
                           progress_json(batch)));
  });
}

void get_results(const exchange_pointer& x) {
  with_batch(x, [x](const batch_view& batch) {
    response result;
    result.content_type = "text/csv; charset=utf-8";
    result.headers.emplace_back("Content-Disposition", R"(attachment; filename="results.csv")");
    result.chunks = stream_csv(x->self->system(), x->node->records.next(), results_csv_head,
                               load_results{batch.id, 0, rows_per_page});
    x->answer(std::move(result));
  });
}

void post_validate_execute(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  fields in{*body};
  auto wish = begin_wish(x, batch_source::portal, *key);
  auto sku_text = in.required_text("sku_id", 1, 64);
  wish.what.label = in.optional_text("label", 1, longest_label);
  auto csv = in.required_text("csv", 1, std::numeric_limits<size_t>::max());
  wish.what.notify_email = in.optional_email("notify_email");
  if (auto guard = in.optional_amount("max_price_usd"))
    wish.ceiling = *guard;
  if (auto failure = in.failure())
    return x->fail(failure);
  auto rows = read_batch_csv(csv);
  if (!rows)
    return x->fail(rows.error());
  if (has_long_cell(*rows))
    return x->fail(make_error(ec::invalid, "csv has a cell of more than 1,024 characters"));
  auto chosen = sku_id::parse(sku_text);
  if (!chosen)
    return x->fail(make_error(ec::not_found, "sku_id names no SKU of this service"));
  wish.what.sku = *chosen;
  if (wish.what.label.empty())
    wish.what.label = fmt::format("{} · {} LPAs", x->dealer().company, rows->size());
  x->ask<sku>(
    x->node->prices,
    [x, wish = std::move(wish), rows = std::move(*rows)](const sku& item) mutable {
      wish.what.unit_price = item.price;
      submit(x, std::move(wish), std::move(rows));
    },
    find_price{*chosen, "esim_validate", x->dealer().id});
}

void get_portal_batches(const exchange_pointer& x) {
  list_own_batches(x, "");
}

void get_portal_batch(const exchange_pointer& x) {
  with_batch(x, [x](const batch_view& batch) {
    x->succeed(fmt::format(R"({{"batch":{{{}}},"progress":{}}})", batch_members(batch),
                           progress_json(batch)));
  });
}

} // namespace meisim::http
