#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/batch_csv.hpp"
#include "http/edge/bulk_body.hpp"
#include "http/edge/download.hpp"
#include "http/edge/dry_run.hpp"
#include "http/edge/path_id.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/verification/batch_results.hpp"
#include "protocols/verification/batch_rows.hpp"

#include <fmt/core.h>

#include <array>
#include <iterator>
#include <limits>
#include <utility>

namespace meisim::http {

namespace {

/// Rows of results.csv read and sent at a time: about half a megabyte.
constexpr int32_t results_per_page = 10'000;

/// What a row costs on the dealers' own endpoint.
constexpr auto dealer_row_price = money::from_cents(100);

constexpr size_t longest_code = 1'024;
constexpr size_t longest_label = 200;

// -- submission -----------------------------------------------------------------------------------

/// A batch that is to be bought, or a request that is only to be checked.
struct batch_asked {
  batch_wish wish;
  csv_batch sent;
  bool is_dry_run = false;
  /// Whether a code is checked and charged once, however often it is sent.
  bool deduplicates = false;
};

/// The field names that differ between the two endpoints.
struct field_names {
  const char* price_guard;
  const char* max_age;
};

/// Reads what the batches of both endpoints have in common.
batch_asked read_batch(fields& in, batch_source source, const field_names& names,
                       idempotency known_as) {
  batch_asked asked;
  auto& wish = asked.wish;
  wish.posting = posting_id::make();
  wish.what.id = batch_id::make();
  wish.what.source = source;
  wish.what.notify_email = in.optional_email("notify_email");
  wish.ceiling = in.optional_amount(names.price_guard)
                   .value_or(money::from_cents(std::numeric_limits<int64_t>::max()));
  wish.what.max_age_seconds =
    static_cast<int32_t>(in.whole_number(names.max_age, 0, longest_reuse_seconds, 0));
  asked.deduplicates = in.flag("deduplicate", false);
  asked.is_dry_run = in.flag("validateOnly", false);
  if (!asked.is_dry_run) {
    wish.idempotency_key = std::move(known_as.key);
    wish.request_hash = std::move(known_as.request_hash);
  }
  return asked;
}

void write_malformed(json_writer& out, const malformed_row& row) {
  out.member("line", row.line).member("reason", row.reason);
}

/// The documented label of a batch that got none.
std::string label_of(const dealer_snapshot& dealer, const batch_submitted& batch) {
  return fmt::format("{}{} · {} LPAs", batch.source == batch_source::dealer ? "Dealer " : "",
                     dealer.company, batch.rows.size());
}

/// Tells what the batch would cost, and what is wrong with its rows. `sent` counts them as they
/// came.
void check_batch(const exchange_pointer& x, const batch_wish& wish, int64_t sent,
                 const row_survey& known) {
  auto rows = static_cast<int32_t>(wish.what.rows.size());
  answer_dry_run(x, {wish.what.unit_price * rows, wish.ceiling, true, [=](json_writer& out) {
                       out.member("rows", sent)
                         .member("duplicates", std::ssize(known.repeats))
                         .objects("malformed", known.malformed, write_malformed);
                     }});
}

void submit_batch(const exchange_pointer& x, batch_asked asked) {
  auto& [rows, lines] = asked.sent;
  auto sent = std::ssize(rows);
  row_survey known;
  if (asked.is_dry_run || asked.deduplicates)
    known = survey_rows(rows, lines);
  auto& wish = asked.wish;
  wish.dealer = x->dealer().id;
  wish.what.rows = asked.deduplicates ? without_repeats(std::move(rows), known) : std::move(rows);
  if (wish.what.label.empty())
    wish.what.label = label_of(x->dealer(), wish.what);
  if (asked.is_dry_run)
    return check_batch(x, wish, sent, known);
  ask<receipt>(
    x, x->node->batches, [x](const receipt& done) { succeed(x, done); }, std::move(wish));
}

// -- codes in JSON, from dealers ------------------------------------------------------------------

constexpr bulk_rules lpas_rules{"lpas", most_batch_rows, "must hold 1 to 50,000 codes",
                                longest_code, "must have at most 1,024 characters"};

csv_batch rows_of(const std::vector<std::string>& lpas) {
  csv_batch sent;
  sent.rows.reserve(lpas.size());
  for (const auto& lpa : lpas) {
    sent.rows.push_back(make_batch_row({}, lpa));
    sent.lines.push_back(std::ssize(sent.rows));
  }
  return sent;
}

batch_asked read_codes(fields& in, const bulk_body& body, idempotency known_as) {
  in.required_array("lpas");
  auto asked =
    read_batch(in, batch_source::dealer, {"maxPriceUsd", "maxAgeSeconds"}, std::move(known_as));
  asked.sent = rows_of(body.texts);
  asked.wish.what.unit_price = dealer_row_price;
  return asked;
}

/// The documented answer to an empty array.
void refuse_empty(const exchange_pointer& x) {
  response result;
  result.status = 400;
  result.body = json_object([](json_writer& out) {
    write_error(out, "No LPAs provided", cause::invalid_field, "lpas must hold 1 to 50,000 codes",
                "lpas");
  });
  answer(x, std::move(result));
}

void post_verify(const exchange_pointer& x) {
  auto asked = read_bulk_body(x, lpas_rules, read_codes);
  if (!asked)
    return;
  if (asked->sent.rows.empty())
    return refuse_empty(x);
  submit_batch(x, std::move(*asked));
}

// -- codes in CSV, from the portal ----------------------------------------------------------------

struct csv_wish {
  batch_asked batch;
  std::string csv;
};

constexpr bulk_rules csv_rules{"csv"};

csv_wish read_csv_batch(fields& in, bulk_body& body, idempotency known_as) {
  csv_wish wish;
  auto sku = in.required_id<sku_id>("sku_id", "a SKU's id");
  auto label = in.optional_text("label", 1, longest_label);
  // An empty list has no rows; that is told with the other errors of rows.
  in.required_raw_text("csv", 0, longest_code);
  wish.csv = std::move(body.text);
  wish.batch =
    read_batch(in, batch_source::portal, {"max_price_usd", "max_age_seconds"}, std::move(known_as));
  wish.batch.wish.what.label = std::move(label);
  wish.batch.wish.what.sku = sku;
  return wish;
}

void post_validate_execute(const exchange_pointer& x) {
  auto wish = read_bulk_body(x, csv_rules, read_csv_batch);
  if (!wish)
    return;
  auto sent = read_batch_csv(wish->csv);
  if (!sent)
    return fail(x, sent.error());
  auto& asked = wish->batch;
  asked.sent = std::move(*sent);
  idempotency known_as{asked.wish.idempotency_key, asked.wish.request_hash};
  find_price question{asked.wish.what.sku, "esim_validate", x->dealer().id};
  ask_or<sku>(
    x, x->node->prices,
    [x, asked = std::move(asked)](const sku& item) mutable {
      asked.wish.what.unit_price = item.price;
      submit_batch(x, std::move(asked));
    },
    [x, known_as](const caf::error& why) { refuse(x, known_as, why); }, std::move(question));
}

// -- views ----------------------------------------------------------------------------------------

void write_batch(json_writer& out, const batch_view& batch) {
  out.member("id", batch.id)
    .member("label", batch.label)
    .member("total_rows", batch.total)
    .member("started_at", batch.started_at)
    .member("completed_at", batch.completed_at)
    .member("paid_total_usd", batch.paid)
    .member("refunded_usd", batch.refunded);
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
    .member("cancelled", batch.cancelled)
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

/// Finds the batch that the path names.
template <class GoOn>
void with_batch(const exchange_pointer& x, GoOn go_on) {
  auto id = id_in_path<batch_id>(x, "batch of yours");
  if (!id)
    return;
  ask<batch_view>(x, x->node->records.next(), std::move(go_on), find_batch{x->dealer().id, *id});
}

void show(const exchange_pointer& x, batch_source whose, const batch_view& batch) {
  succeed(x, json_object([&](json_writer& out) {
            begin_answer(out, whose);
            write_shown_batch(out, batch);
          }));
}

void show_batch(const exchange_pointer& x, batch_source whose) {
  with_batch(x, [x, whose](const batch_view& batch) { show(x, whose, batch); });
}

/// A batch of the portal can be cancelled here as well: both are the dealer's.
void post_cancel(const exchange_pointer& x) {
  auto id = id_in_path<batch_id>(x, "batch of yours");
  if (!id)
    return;
  ask<done>(
    x, x->node->batches, [x](done) { show_batch(x, batch_source::dealer); },
    cancel_batch{x->dealer().id, *id, stamp_of(x).as(audit_kind::batch_cancelled)});
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
    download(x, "results.csv", results_csv_head, load_results{batch.id, 0, results_per_page});
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
           .scopes = scopes::verify,
           .told_by = "GET /dealer/esim-verify tells"}},
    route{get,
          "/dealer/esim-verify",
          dealer,
          none,
          get_verify_batches,
          {.parameters = "limit offset", .scopes = scopes::read | scopes::verify}},
    route{get, "/dealer/esim-verify/:batch_id", dealer, none, get_verify_batch,
          open_to(scopes::read | scopes::verify)},
    route{post, "/dealer/esim-verify/:batch_id/cancel", dealer, order, post_cancel,
          repeatable_for(scopes::verify)},
    route{get, "/dealer/esim-verify/:batch_id/results.csv", dealer, none, get_results,
          open_to(scopes::read | scopes::verify)},
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
