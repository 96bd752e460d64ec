#include "http/edge/asking.hpp"
#include "http/edge/batch_csv.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "http/server/csv_stream.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/verification/batch_results.hpp"

#include <fmt/core.h>

#include <array>
#include <limits>
#include <utility>

namespace meisim::http {

namespace {

/// Rows of results.csv read and sent at a time: about half a megabyte.
constexpr int32_t results_per_page = 10'000;

/// What a row costs on the dealers' own endpoint.
constexpr auto dealer_row_price = money::from_cents(100);

constexpr size_t longest_cell = 1'024;
constexpr size_t longest_label = 200;

// -- submission -----------------------------------------------------------------------------------

/// Reads what the batches of both endpoints have in common; `guard` names the price guard's field.
batch_wish read_batch(fields& in, batch_source source, const char* guard, idempotency known_as) {
  batch_wish wish;
  wish.posting = posting_id::make();
  wish.what.id = batch_id::make();
  wish.what.source = source;
  wish.what.notify_email = in.optional_email("notify_email");
  wish.ceiling =
    in.optional_amount(guard).value_or(money::from_cents(std::numeric_limits<int64_t>::max()));
  wish.idempotency_key = std::move(known_as.key);
  wish.request_hash = std::move(known_as.request_hash);
  return wish;
}

void submit_batch(const exchange_pointer& x, batch_wish wish) {
  wish.dealer = x->dealer().id;
  ask<receipt>(
    x, x->node->batches, [x](const receipt& done) { succeed(x, done); }, std::move(wish));
}

// -- codes in JSON, from dealers ------------------------------------------------------------------

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

batch_wish read_codes(fields& in, idempotency known_as) {
  auto rows = rows_of(in, in.required_array("lpas"));
  auto wish = read_batch(in, batch_source::dealer, "maxPriceUsd", std::move(known_as));
  wish.what.rows = std::move(rows);
  wish.what.unit_price = dealer_row_price;
  return wish;
}

/// The documented answer to an empty array.
void refuse_empty(const exchange_pointer& x) {
  response result;
  result.status = 400;
  result.body = json_object([](json_writer& out) {
    out.member("error", "No LPAs provided").member("message", "lpas must hold 1 to 50,000 codes");
  });
  answer(x, std::move(result));
}

void post_verify(const exchange_pointer& x) {
  auto wish = read_body(x, read_codes);
  if (!wish)
    return;
  if (wish->what.rows.empty())
    return refuse_empty(x);
  wish->what.label =
    fmt::format("Dealer {} · {} LPAs", x->dealer().company, wish->what.rows.size());
  submit_batch(x, std::move(*wish));
}

// -- codes in CSV, from the portal ----------------------------------------------------------------

bool has_long_cell(const std::vector<batch_row>& rows) {
  for (const auto& row : rows)
    if (row.iccid.size() > longest_cell || row.lpa.size() > longest_cell)
      return true;
  return false;
}

struct csv_wish {
  batch_wish batch;
  std::string sku;
  std::string csv;
};

csv_wish read_csv_batch(fields& in, idempotency known_as) {
  csv_wish wish;
  wish.sku = in.required_text("sku_id", 1, 64);
  auto label = in.optional_text("label", 1, longest_label);
  wish.csv = in.required_text("csv", 1, std::numeric_limits<size_t>::max());
  wish.batch = read_batch(in, batch_source::portal, "max_price_usd", std::move(known_as));
  wish.batch.what.label = std::move(label);
  return wish;
}

void post_validate_execute(const exchange_pointer& x) {
  auto wish = read_body(x, read_csv_batch);
  if (!wish)
    return;
  auto rows = read_batch_csv(wish->csv);
  if (!rows)
    return fail(x, rows.error());
  if (has_long_cell(*rows))
    return fail(x, make_error(ec::invalid, "csv has a cell of more than 1,024 characters"));
  auto chosen = sku_id::parse(wish->sku);
  if (!chosen)
    return fail(x, make_error(ec::not_found, "sku_id names no SKU of this service"));
  auto& batch = wish->batch;
  batch.what.sku = *chosen;
  if (batch.what.label.empty())
    batch.what.label = fmt::format("{} · {} LPAs", x->dealer().company, rows->size());
  batch.what.rows = std::move(*rows);
  idempotency known_as{batch.idempotency_key, batch.request_hash};
  ask_or<sku>(
    x, x->node->prices,
    [x, batch = std::move(batch)](const sku& item) mutable {
      batch.what.unit_price = item.price;
      submit_batch(x, std::move(batch));
    },
    [x, known_as](const caf::error& why) { refuse(x, known_as, why); },
    find_price{*chosen, "esim_validate", x->dealer().id});
}

// -- views ----------------------------------------------------------------------------------------

void write_batch(json_writer& out, const batch_view& batch) {
  out.member("id", batch.id)
    .member("label", batch.label)
    .member("total_rows", batch.total)
    .member("started_at", batch.started_at)
    .member("completed_at", batch.completed_at)
    .member("paid_total_usd", batch.paid);
}

void write_progress(json_writer& out, const batch_view& batch) {
  auto count = [&](verdict what) { return batch.verdicts.at(static_cast<size_t>(what)); };
  out.member("total", batch.total)
    .member("pending", batch.pending())
    .member("in_progress", batch.in_progress)
    .member("used", count(verdict::used))
    .member("available", count(verdict::available))
    .member("invalid", count(verdict::invalid))
    .member("error_count", count(verdict::error))
    .member("unknown", count(verdict::unknown))
    .member("eta_seconds", batch.eta_seconds(now()));
}

/// A batch in a list.
void write_listed_batch(json_writer& out, const batch_view& batch) {
  write_batch(out, batch);
  out.object("progress", write_progress, batch);
}

/// A batch that is shown alone.
void write_shown_batch(json_writer& out, const batch_view& batch) {
  out.object("batch", write_batch, batch).object("progress", write_progress, batch);
}

void write_batch_page(json_writer& out, const batch_page& page, const page_range& range) {
  out.objects("batches", page.batches, write_listed_batch)
    .member("total", page.total)
    .member("limit", range.limit)
    .member("offset", range.offset);
}

/// Dealers are told `"ok":true` before anything else, the portal is not.
void begin_answer(json_writer& out, batch_source whose) {
  if (whose == batch_source::dealer)
    out.member("ok", true);
}

void list_own_batches(const exchange_pointer& x, batch_source whose) {
  auto range = read_page(x);
  if (!range)
    return;
  ask<batch_page>(
    x, x->node->records.next(),
    [x, whose, range = *range](const batch_page& page) {
      succeed(x, json_object([&](json_writer& out) {
                begin_answer(out, whose);
                write_batch_page(out, page, range);
              }));
    },
    list_batches{x->dealer().id, range->limit, range->offset});
}

/// Finds the batch that the path names. A text that is no id names no batch.
template <class GoOn>
void with_batch(const exchange_pointer& x, GoOn go_on) {
  auto id = batch_id::parse(x->captures.front());
  if (!id)
    return fail(x, make_error(ec::not_found, "there is no such batch of yours"));
  ask<batch_view>(x, x->node->records.next(), std::move(go_on), find_batch{x->dealer().id, *id});
}

void show_batch(const exchange_pointer& x, batch_source whose) {
  with_batch(x, [x, whose](const batch_view& batch) {
    succeed(x, json_object([&](json_writer& out) {
              begin_answer(out, whose);
              write_shown_batch(out, batch);
            }));
  });
}

void get_verify_batches(const exchange_pointer& x) {
  list_own_batches(x, batch_source::dealer);
}

void get_portal_batches(const exchange_pointer& x) {
  list_own_batches(x, batch_source::portal);
}

void get_verify_batch(const exchange_pointer& x) {
  show_batch(x, batch_source::dealer);
}

void get_portal_batch(const exchange_pointer& x) {
  show_batch(x, batch_source::portal);
}

void get_results(const exchange_pointer& x) {
  with_batch(x, [x](const batch_view& batch) {
    response result;
    result.content_type = "text/csv; charset=utf-8";
    result.headers.emplace_back("Content-Disposition", R"(attachment; filename="results.csv")");
    result.chunks = stream_csv(x->self->system(), x->node->records.next(), results_csv_head,
                               load_results{batch.id, 0, results_per_page});
    answer(x, std::move(result));
  });
}

} // namespace

route_table verification_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post,
          "/dealer/esim-verify",
          dealer,
          order,
          post_verify,
          {.body_limit = batch_body,
           .names_funds = true,
           .takes_key = true,
           .told_by = "GET /dealer/esim-verify tells"}},
    route{
      get, "/dealer/esim-verify", dealer, none, get_verify_batches, {.parameters = "limit offset"}},
    route{get, "/dealer/esim-verify/:batch_id", dealer, none, get_verify_batch},
    route{get, "/dealer/esim-verify/:batch_id/results.csv", dealer, none, get_results},
    route{post,
          "/api/portal/v1/services/esim_validate/execute",
          portal,
          none,
          post_validate_execute,
          {.body_limit = batch_body,
           .names_funds = true,
           .takes_key = true,
           .told_by = "GET /api/portal/v1/esim-check/customer/batches tells"}},
    route{get,
          "/api/portal/v1/esim-check/customer/batches",
          portal,
          none,
          get_portal_batches,
          {.parameters = "limit offset"}},
    route{get, "/api/portal/v1/esim-check/customer/batches/:id", portal, none, get_portal_batch},
    route{get, "/api/portal/v1/esim-check/customer/batches/:id/results.csv", portal, none,
          get_results},
  };
  return table;
}

} // namespace meisim::http
