#include "http/edge/path_id.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/desk.hpp"
#include "http/endpoints/routes.hpp"
#include "http/server/csv_stream.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/orders/losses.hpp"
#include "protocols/orders/provider_format.hpp"
#include "protocols/verification/batch_results.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

namespace meisim::http {

// An operator's daily work besides orders: what waits, what failed, what was sold.

namespace {

std::string read_reason(fields& in) {
  return in.required_text("reason", 1, 500);
}

// -- mails ----------------------------------------------------------------------------------------

void admin_resend_mail(const exchange_pointer& x) {
  if (auto id = id_in_path<mail_id>(x, "mail"))
    change_at_desk(x, desk_action::resend_mail, {{"mail", to_string(*id)}});
}

// -- batches and webhooks -------------------------------------------------------------------------

void admin_cancel_batch(const exchange_pointer& x) {
  auto id = id_in_path<batch_id>(x, "batch");
  if (!id)
    return;
  ask<done>(
    x, x->node->batches,
    [x, id = *id](done) {
      ask<desk_answer>(x, x->node->slow_records, show_answer(x),
                       desk_question{desk_list::batch, {{"batch", to_string(id)}}});
    },
    cancel_batch{{}, *id, stamp_of(x)});
}

void admin_replay_webhook(const exchange_pointer& x) {
  if (auto id = id_in_path<message_id>(x, "delivery"))
    change_at_desk(x, desk_action::replay_webhook, {{"delivery", to_string(*id)}});
}

// -- providers ------------------------------------------------------------------------------------

/// The prefix in the path. Nothing if it names no provider; then the request has been answered.
/// Products without a prefix are the first provider's.
std::optional<std::string> known_prefix(const exchange_pointer& x) {
  const auto& known = x->node->provider_prefixes;
  if (std::find(known.begin(), known.end(), x->captures.front()) != known.end())
    return x->captures.front();
  fail(x, make_error(ec::not_found, fmt::format("there is no such provider; there are {}",
                                                fmt::join(known, ", "))));
  return std::nullopt;
}

std::optional<int64_t> count_of(std::optional<std::chrono::milliseconds> time) {
  return time ? std::optional<int64_t>{time->count()} : std::nullopt;
}

void write_calls(json_writer& out, const call_figures& calls) {
  out.member("answered", calls.answered)
    .member("refused", calls.refused)
    .member("failed", calls.failed)
    .member("medianMs", count_of(calls.median))
    .member("p95Ms", count_of(calls.p95));
}

void write_provider(json_writer& out, const provider_status& provider, int64_t not_sold) {
  const auto* format = find_provider_format(provider.format);
  out.member("format", provider.format)
    .array("capabilities", format ? capabilities_of(*format) : std::vector<std::string_view>{})
    .member("circuit", to_string(provider.circuit))
    .member("accountRefused", provider.is_account_refused)
    .member("balanceUsd", provider.balance)
    .member("balanceAt", provider.balance_at)
    .member("lowBalanceUsd", provider.low_balance)
    .member("catalogueAt", provider.catalogue_at)
    .member("notSold", not_sold)
    .object("calls", write_calls, provider.calls);
}

/// How this node sees the providers, by their prefixes.
std::string live_providers(const services& node) {
  auto providers = node.routes.providers->all();
  auto current = node.catalogue_board->latest();
  auto book = node.price_board->latest();
  std::map<std::string, int64_t> not_sold;
  if (current && book)
    for (const auto& loss : losses_of(*current, *book, now()))
      ++not_sold[loss.provider.empty() ? providers.front().prefix : loss.provider];
  return json_object([&](json_writer& out) {
    for (const auto& provider : providers)
      out.object(provider.prefix,
                 [&] { write_provider(out, provider, not_sold[provider.prefix]); });
  });
}

void admin_list_providers(const exchange_pointer& x) {
  ask<desk_answer>(
    x, x->node->slow_records, show_answer(x),
    desk_question{desk_list::providers,
                  {{"prefixes", fmt::format("{}", fmt::join(x->node->provider_prefixes, ","))},
                   {"live", live_providers(*x->node)}}});
}

void admin_list_provider_orders(const exchange_pointer& x) {
  auto prefix = known_prefix(x);
  auto values = prefix ? read_values(x) : std::nullopt;
  if (!values)
    return;
  values->insert_or_assign("first", x->node->provider_prefixes.front());
  ask<desk_answer>(x, x->node->slow_records, show_answer(x),
                   desk_question{desk_list::provider_orders, std::move(*values)});
}

/// What the provider itself lists of a period, page by page.
void admin_list_at_provider(const exchange_pointer& x) {
  constexpr int32_t most_pages = 100'000;
  auto prefix = known_prefix(x);
  auto values = prefix ? read_values(x) : std::nullopt;
  if (!values)
    return;
  auto page = x->incoming.whole_parameter("page", 0, most_pages, 0);
  if (!page)
    return fail(x, page.error());
  list_wish wish{parse_date((*values)["from"]).value_or(instant{}),
                 parse_date((*values)["to"]).value_or(instant{}) + std::chrono::days{1}, *page};
  ask<provider_text>(
    x, x->node->provider,
    [x](const provider_text& list) {
      if (list.status != 200)
        return fail(x,
                    make_error(ec::vendor_error,
                               fmt::format("the provider's list cannot be had or read: status {}",
                                           list.status)));
      succeed(x, list.body);
    },
    provider_list_question{*prefix, wish});
}

void admin_hold_provider(const exchange_pointer& x) {
  auto prefix = known_prefix(x);
  auto reason = prefix ? read_body(x, read_reason) : std::nullopt;
  if (reason)
    change_at_desk(
      x, desk_action::hold_provider,
      {{"prefix", *prefix}, {"first", x->node->provider_prefixes.front()}, {"reason", *reason}});
}

void admin_release_provider(const exchange_pointer& x) {
  if (auto prefix = known_prefix(x))
    change_at_desk(x, desk_action::release_provider,
                   {{"prefix", *prefix}, {"first", x->node->provider_prefixes.front()}});
}

void admin_release_all(const exchange_pointer& x) {
  change_at_desk(x, desk_action::release_all, {});
}

// -- dealers and prices ---------------------------------------------------------------------------

std::string cents_of(std::optional<money> amount) {
  return amount ? std::to_string(amount->cents()) : std::string{};
}

/// A limit in cents, or `none`; empty if the body does not name it.
std::string read_credit_limit(fields& in) {
  auto text = in.optional_text("credit_limit", 1, 32);
  if (text.empty() || text == "none")
    return text;
  auto limit = money::parse(text);
  if (!limit || limit->is_negative())
    in.reject("credit_limit", "must be an amount like 5000.00, or none");
  return cents_of(limit);
}

void admin_change_dealer(const exchange_pointer& x) {
  auto values = read_body(x, [&](fields& in) {
    named_values by{{"dealer", x->captures.front()}};
    by["email"] = in.optional_account("email");
    by["company"] = in.optional_text("company", 1, 200);
    if (in.has("markup_basis_points"))
      by["markup"] = std::to_string(in.whole_number("markup_basis_points", 0, 100'000));
    if (in.has("resend_fee_cents"))
      by["resend_fee"] = std::to_string(in.whole_number("resend_fee_cents", 0, 1'000'000));
    if (in.has("portal"))
      by["portal"] = in.flag("portal", false) ? "true" : "false";
    by["credit_limit"] = read_credit_limit(in);
    return by;
  });
  if (values)
    change_at_desk(x, desk_action::change_dealer, std::move(*values));
}

void admin_add_sku(const exchange_pointer& x) {
  auto values = read_body(x, [](fields& in) {
    named_values by{{"id", to_string(sku_id::make())}};
    by["service"] = in.required_text("service", 1, 64);
    by["name"] = in.required_text("name", 1, 200);
    by["carrier"] = in.required_text("carrier", 1, 32);
    by["plan_type"] = in.required_text("plan_type", 1, 32);
    auto price = money::parse(in.required_text("price", 1, 32));
    if (!price || *price <= money{})
      in.reject("price", "must be an amount above 0.00");
    by["price_cents"] = cents_of(price);
    return by;
  });
  if (values)
    change_at_desk(x, desk_action::add_sku, std::move(*values));
}

// -- reports --------------------------------------------------------------------------------------

int32_t day_number(std::string_view text) {
  auto day = parse_date(text).value_or(instant{});
  return static_cast<int32_t>(
    std::chrono::floor<std::chrono::days>(day).time_since_epoch().count());
}

void answer_report(const exchange_pointer& x, desk_report what, std::string_view name,
                   std::string_view head) {
  auto values = read_values(x);
  if (!values)
    return;
  report_question question{what, day_number((*values)["from"]), day_number((*values)["to"])};
  if (question.from > question.to)
    return fail(x, make_error(cause::invalid_field, "from must not be later than to", "from"));
  response result;
  result.content_type = "text/csv; charset=utf-8";
  result.headers.emplace_back("Content-Disposition",
                              fmt::format(R"(attachment; filename="{}.csv")", name));
  result.chunks = stream_csv(x->self->system(), x->node->long_reads.next(), head, question);
  answer(x, std::move(result));
}

void admin_report_ledger(const exchange_pointer& x) {
  answer_report(x, desk_report::ledger, "ledger",
                "day,account,type,postings,in_usd,out_usd,net_usd\r\n");
}

void admin_report_sales(const exchange_pointer& x) {
  answer_report(x, desk_report::sales, "sales",
                "day,dealer,product,country,orders,units,revenue_usd,cost_usd,margin_usd,"
                "units_without_cost\r\n");
}

} // namespace

route_table desk_routes() {
  using enum method;
  using enum access;
  constexpr auto none = limit_class::none;
  constexpr route_extras period{.parameters = "from to"};
  static constexpr std::array table{
    route{get,
          "/admin/v1/jobs",
          viewer,
          none,
          list_at_desk<desk_list::jobs>,
          {.parameters = "failed kind limit"}},
    route{get,
          "/admin/v1/mails",
          viewer,
          none,
          list_at_desk<desk_list::mails>,
          {.parameters = "failed limit"}},
    // A mail that is queued is not queued once more.
    route{post,
          "/admin/v1/mails/:mail/resend",
          support,
          none,
          admin_resend_mail,
          {.audit = audit_kind::mail_resent, .told_by = "GET /admin/v1/mails tells"}},
    route{get,
          "/admin/v1/batches",
          viewer,
          none,
          list_at_desk<desk_list::batches>,
          {.parameters = "running dealer limit"}},
    route{post,
          "/admin/v1/batches/:batch/cancel",
          support,
          none,
          admin_cancel_batch,
          {.is_repeatable = true, .audit = audit_kind::batch_stopped}},
    route{get,
          "/admin/v1/webhooks",
          viewer,
          none,
          list_at_desk<desk_list::webhook_messages>,
          {.parameters = "failed dealer limit"}},
    route{post,
          "/admin/v1/webhooks/:delivery/replay",
          support,
          none,
          admin_replay_webhook,
          {.is_repeatable = true, .audit = audit_kind::webhook_replayed}},
    route{get, "/admin/v1/providers", viewer, none, admin_list_providers},
    route{get, "/admin/v1/providers/:prefix/orders", viewer, none, admin_list_provider_orders,
          period},
    route{get,
          "/admin/v1/providers/:prefix/list",
          viewer,
          none,
          admin_list_at_provider,
          {.parameters = "from to page"}},
    route{post,
          "/admin/v1/providers/:prefix/hold",
          support,
          none,
          admin_hold_provider,
          {.is_repeatable = true, .audit = audit_kind::provider_held}},
    route{post,
          "/admin/v1/providers/:prefix/release",
          support,
          none,
          admin_release_provider,
          {.audit = audit_kind::provider_released, .told_by = "GET /admin/v1/providers tells"}},
    route{post,
          "/admin/v1/dealers/:dealer/settings",
          admin,
          none,
          admin_change_dealer,
          {.is_repeatable = true, .audit = audit_kind::dealer_changed}},
    route{post,
          "/admin/v1/skus",
          finance,
          none,
          admin_add_sku,
          {.audit = audit_kind::sku_added, .told_by = "GET /admin/v1/skus tells"}},
    route{get,
          "/admin/v1/reports/sales",
          viewer,
          none,
          list_at_desk<desk_list::sales>,
          {.parameters = "from to by"}},
    route{get, "/admin/v1/reports/sales.csv", viewer, none, admin_report_sales, period},
    route{get, "/admin/v1/reports/ledger.csv", viewer, none, admin_report_ledger, period},
    route{get, "/admin/v1/restored", viewer, none, list_at_desk<desk_list::restored>},
    route{post,
          "/admin/v1/release",
          admin,
          none,
          admin_release_all,
          {.audit = audit_kind::work_released, .told_by = "GET /admin/v1/restored tells"}},
  };
  return table;
}

} // namespace meisim::http
