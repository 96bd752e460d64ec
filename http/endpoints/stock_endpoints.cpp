#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/inventory_csv.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/desk.hpp"
#include "http/endpoints/routes.hpp"
#include "http/endpoints/sku_json.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/supply/prices.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace meisim::http {

namespace {

template <class Line>
void write_left_out(json_writer& out, const Line& line) {
  out.member("line", line.number).member("reason", line.reason);
}

constexpr size_t longest_lot = 64;
/// How many single eSIMs one call withdraws or lists.
constexpr Json::ArrayIndex most_iccids = 1'000;

bool is_lot(std::string_view text) {
  return text.size() <= longest_lot
         && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// Where the lines come from, by the query. Nothing if it is wrong; then the request has been
/// answered.
std::optional<import_stock> read_import(const exchange_pointer& x) {
  import_stock rows{{x->captures[0], x->captures[1]}, {}};
  rows.lot = x->incoming.parameter("lot").value_or("");
  auto reject = [&](std::string name, std::string_view rule) {
    fail(x, make_error(cause::invalid_field, std::string{name}.append(" ").append(rule), name));
    return std::nullopt;
  };
  if (!is_lot(rows.lot))
    return reject("lot", "must have at most 64 visible characters");
  if (auto cost = x->incoming.parameter("cost_usd")) {
    rows.cost = money::parse(*cost);
    if (!rows.cost || rows.cost->is_negative())
      return reject("cost_usd", "must be an amount like 1.25");
  }
  auto preview = x->incoming.parameter("preview").value_or("false");
  if (preview != "true" && preview != "false")
    return reject("preview", "must be true or false");
  rows.is_preview = preview == "true";
  return rows;
}

void admin_import_inventory(const exchange_pointer& x) {
  auto rows = read_import(x);
  if (!rows)
    return;
  auto first_line =
    x->incoming.whole_parameter("first_line", 1, std::numeric_limits<int32_t>::max(), 1);
  if (!first_line)
    return fail(x, first_line.error());
  auto file = read_inventory(x->incoming.body, *first_line);
  if (!file)
    return fail(x, file.error());
  rows->lines = std::move(file->lines);
  rows->by = stamp_of(x);
  ask<import_result>(
    x, x->node->accounts,
    [x, rejected = std::move(file->rejected)](const import_result& result) {
      succeed(x, json_object([&](json_writer& out) {
                out.member("imported", result.imported)
                  .member("duplicates", std::ssize(result.duplicates))
                  .objects("duplicate_lines", result.duplicates, write_left_out<duplicate_line>)
                  .objects("rejected", rejected, write_left_out<rejected_line>);
              }));
    },
    std::move(*rows));
}

// -- lots -----------------------------------------------------------------------------------------

std::vector<std::string> read_iccids(fields& in) {
  std::vector<std::string> result;
  const auto& list = in.optional_array("iccids");
  if (list.size() > most_iccids)
    in.reject("iccids", "must hold at most 1,000");
  for (const auto& item : list) {
    auto reading = read_iccid(item.isString() ? item.asString() : std::string{});
    if (reading.number)
      result.push_back(std::move(reading.number->digits));
    else
      in.reject("iccids", reading.flaw);
  }
  return result;
}

/// What is to become of a lot, or of single eSIMs, and why.
template <class Wish>
Wish read_selection(fields& in) {
  Wish wish;
  wish.what.lot = in.optional_text("lot", 1, longest_lot);
  wish.what.iccids = read_iccids(in);
  wish.reason = in.required_text("reason", 1, 500);
  if (wish.what.lot.empty() == wish.what.iccids.empty())
    in.reject("lot", "or iccids must be given, and not both");
  return wish;
}

void write_sold(json_writer& out, const sold_stock_row& row) {
  out.member("iccid", row.iccid)
    .member("pool", to_string(row.pool))
    .member("dealer", row.dealer)
    .member("usage_id", row.usage)
    .member("sold_at", row.sold_at)
    .member("status", row.is_burned ? "burned" : "sold");
}

/// Withdraws stock, and lists the eSIMs that dealers already have: the operator has to tell these
/// dealers.
void admin_withdraw(const exchange_pointer& x) {
  auto wish = read_body(x, read_selection<withdraw_stock>);
  if (!wish)
    return;
  wish->by = stamp_of(x);
  list_sold_stock question{wish->what};
  ask<stock_withdrawn>(
    x, x->node->accounts,
    [x, question = std::move(question)](const stock_withdrawn& result) {
      auto tell = [x, count = result.count](const std::optional<sold_stock>& sold) {
        succeed(x, json_object([&](json_writer& out) {
                  out.member("withdrawn", count);
                  if (sold)
                    out.objects("sold", sold->rows, write_sold);
                  else
                    out.member("sold", nullptr);
                }));
      };
      // The stock is withdrawn, even if it cannot be told who has which of its eSIMs.
      ask_or<sold_stock>(
        x, x->node->slow_records, [tell](const sold_stock& sold) { tell(sold); },
        [tell](const caf::error&) { tell(std::nullopt); }, question);
    },
    std::move(*wish));
}

// -- what may have been sold before the database was restored -------------------------------------

constexpr int32_t most_next = 1'000'000;

quarantine_stock read_quarantine(fields& in) {
  quarantine_stock wish;
  wish.iccids = read_iccids(in);
  wish.next_of_each_pool =
    static_cast<int32_t>(in.whole_number("next_of_each_pool", 1, most_next, 0));
  if (wish.iccids.empty() && wish.next_of_each_pool == 0)
    in.reject("iccids", "or next_of_each_pool must be given");
  return wish;
}

void admin_quarantine(const exchange_pointer& x) {
  auto wish = read_body(x, read_quarantine);
  if (!wish)
    return;
  wish->by = stamp_of(x);
  ask<stock_quarantined>(
    x, x->node->accounts,
    [x](const stock_quarantined& result) {
      succeed(x, json_object([&](json_writer& out) { out.member("quarantined", result.count); }));
    },
    std::move(*wish));
}

void admin_release_stock(const exchange_pointer& x) {
  auto wish = read_body(x, read_selection<release_stock>);
  if (!wish)
    return;
  wish->by = stamp_of(x);
  ask<stock_released>(
    x, x->node->accounts,
    [x](const stock_released& result) {
      succeed(x, json_object([&](json_writer& out) { out.member("released", result.count); }));
    },
    std::move(*wish));
}

// -- lists ----------------------------------------------------------------------------------------

void write_lot(json_writer& out, const lot_row& row) {
  out.member("lot", or_null(row.lot))
    .member("pool", to_string(row.pool))
    .member("cost_usd", row.cost)
    .member("imported", row.imported)
    .member("available", row.available)
    .member("sold", row.sold)
    .member("burned", row.burned)
    .member("withdrawn", row.withdrawn)
    .member("quarantined", row.quarantined)
    .member("reason", or_null(row.reason))
    .member("imported_at", row.imported_at)
    .member("oldest_available_at", row.oldest_at);
}

void admin_list_lots(const exchange_pointer& x) {
  ask<lot_list>(
    x, x->node->slow_records,
    [x](const lot_list& list) { succeed(x, json_objects(list.lots, write_lot)); }, list_lots{});
}

void admin_list_sold(const exchange_pointer& x) {
  ask<sold_stock>(
    x, x->node->slow_records,
    [x](const sold_stock& sold) { succeed(x, json_objects(sold.rows, write_sold)); },
    list_sold_stock{{x->captures.front(), {}}});
}

void admin_set_threshold(const exchange_pointer& x) {
  constexpr int64_t highest = 1'000'000;
  auto threshold =
    read_body(x, [&](fields& in) { return in.whole_number("threshold", 0, highest); });
  if (threshold)
    change_at_desk(x, desk_action::set_stock_threshold,
                   {{"carrier", x->captures[0]},
                    {"plan", x->captures[1]},
                    {"threshold", std::to_string(*threshold)}});
}

// -- prices ---------------------------------------------------------------------------------------

void admin_list_skus(const exchange_pointer& x) {
  ask<sku_list>(
    x, x->node->prices,
    [x](const sku_list& list) { succeed(x, json_objects(list.skus, write_sku)); }, list_skus{});
}

void admin_set_price(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    auto price = money::parse(in.required_text("price", 1, 32));
    if (!price || *price <= money{})
      in.reject("price", "must be an amount above 0.00");
    else if (*price > highest_price)
      in.reject("price", "must be at most " + to_string(highest_price));
    return set_price{x->captures.front(), in.optional_account("email"), price.value_or(money{}),
                     stamp_of(x)};
  });
  if (wish)
    ask<sku>(
      x, x->node->accounts, [x](const sku& item) { succeed(x, json_object(write_sku, item)); },
      std::move(*wish));
}

} // namespace

route_table stock_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post,
          "/admin/v1/inventory/:carrier/:plan",
          admin,
          none,
          admin_import_inventory,
          {.body_limit = batch_body,
           .parameters = "first_line lot cost_usd preview",
           .is_repeatable = true,
           .audit = audit_kind::stock_imported}},
    route{post,
          "/admin/v1/inventory/withdraw",
          admin,
          none,
          admin_withdraw,
          {.audit = audit_kind::stock_withdrawn}},
    route{post,
          "/admin/v1/inventory/quarantine",
          admin,
          none,
          admin_quarantine,
          {.is_repeatable = true, .audit = audit_kind::stock_quarantined}},
    route{get,
          "/admin/v1/inventory/quarantine",
          viewer,
          none,
          list_at_desk<desk_list::quarantine>,
          {.parameters = "limit"}},
    route{
      post,
      "/admin/v1/inventory/release",
      admin,
      none,
      admin_release_stock,
      {.audit = audit_kind::stock_released, .told_by = "GET /admin/v1/inventory/quarantine tells"}},
    route{get, "/admin/v1/inventory/pools", viewer, none, list_at_desk<desk_list::pools>},
    route{post,
          "/admin/v1/inventory/:carrier/:plan/threshold",
          admin,
          none,
          admin_set_threshold,
          {.is_repeatable = true, .audit = audit_kind::stock_threshold_set}},
    route{get, "/admin/v1/inventory/sold", viewer, none, list_at_desk<desk_list::sold_of_late>},
    route{get, "/admin/v1/inventory/lots", viewer, none, admin_list_lots},
    route{get, "/admin/v1/inventory/lots/:lot/sold", viewer, none, admin_list_sold},
    route{get, "/admin/v1/skus", viewer, none, admin_list_skus},
    route{post,
          "/admin/v1/skus/:id/price",
          finance,
          none,
          admin_set_price,
          {.is_repeatable = true, .audit = audit_kind::price_set}},
  };
  return table;
}

} // namespace meisim::http
