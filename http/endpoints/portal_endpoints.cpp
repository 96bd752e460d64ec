#include "http/edge/asking.hpp"
#include "http/edge/dry_run.hpp"
#include "http/edge/paging.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "http/endpoints/sku_json.hpp"
#include "protocols/supply/owned_esim.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/supply/stock.hpp"

#include <array>
#include <limits>

namespace meisim::http {

namespace {

void get_portal_wallet(const exchange_pointer& x) {
  ask<wallet_position>(
    x, x->node->records.next(),
    [x](const wallet_position& position) {
      succeed(x,
              json_object([&](json_writer& out) { out.member("balance_usd", position.balance); }));
    },
    load_wallet{x->dealer().id});
}

void get_skus(const exchange_pointer& x) {
  ask<sku_list>(
    x, x->node->prices,
    [x](const sku_list& list) {
      succeed(x, json_object([&](json_writer& out) { out.objects("skus", list.skus, write_sku); }));
    },
    list_skus{x->captures.front(), x->dealer().id});
}

// -- purchases ------------------------------------------------------------------------------------

constexpr int64_t most_esims = 1'000;

struct purchase_wish {
  purchase what;
  bool is_dry_run = false;
};

purchase_wish read_purchase(fields& in, idempotency known_as) {
  purchase_wish wish;
  wish.what.sku = in.required_id<sku_id>("sku_id", "a SKU's id");
  wish.what.id = posting_id::make();
  wish.what.quantity = static_cast<int32_t>(in.whole_number("quantity", 1, most_esims));
  wish.what.ceiling = in.optional_amount("max_price_usd")
                        .value_or(money::from_cents(std::numeric_limits<int64_t>::max()));
  wish.is_dry_run = in.flag("validateOnly", false);
  if (wish.is_dry_run)
    return wish;
  wish.what.idempotency_key = std::move(known_as.key);
  wish.what.request_hash = std::move(known_as.request_hash);
  return wish;
}

/// Tells what the purchase would cost, and how many the stock has.
void check_purchase(const exchange_pointer& x, const purchase& what) {
  ask_entity<pool_actor, stock_counts>(
    x, pool_atom_v, what.pool, count_pool{what.pool}, [x, what](const stock_counts& counts) {
      if (counts.available == 0)
        return fail(x, make_error(cause::out_of_stock, to_string(what.pool) + " is out of stock"));
      answer_dry_run(x, {what.unit_price * what.quantity, what.ceiling, true,
                         [counts, price = what.unit_price](json_writer& out) {
                           out.member("unitPriceUsd", price).member("available", counts.available);
                         }});
    });
}

void post_supply_execute(const exchange_pointer& x) {
  auto wish = read_body(x, read_purchase);
  if (!wish)
    return;
  wish->what.dealer = x->dealer().id;
  auto chosen = wish->what.sku;
  idempotency known_as{wish->what.idempotency_key, wish->what.request_hash};
  ask_or<sku>(
    x, x->node->prices,
    [x, what = std::move(wish->what), is_dry_run = wish->is_dry_run](const sku& item) mutable {
      what.pool = item.pool;
      what.unit_price = item.price;
      if (is_dry_run)
        return check_purchase(x, what);
      ask_entity<pool_actor, receipt>(x, pool_atom_v, item.pool, std::move(what),
                                      [x](const receipt& done) { succeed(x, done); });
    },
    [x, known_as](const caf::error& why) { refuse(x, known_as, why); },
    find_price{chosen, "esim_supply_att", x->dealer().id});
}

// -- stock ----------------------------------------------------------------------------------------

struct counted_pool {
  std::string name;
  stock_counts counts;
};

void write_stock(json_writer& out, const std::vector<counted_pool>& pools) {
  out.object("stats", [&] {
    for (const auto& pool : pools)
      out.member(pool.name + ".available", pool.counts.available)
        .member(pool.name + ".sold", pool.counts.sold)
        .member(pool.name + ".burned", pool.counts.burned);
  });
}

/// Counts pool after pool, and answers when the last is counted.
void count_pools(const exchange_pointer& x, std::vector<pool_name> pools,
                 std::vector<counted_pool> counted) {
  if (pools.empty())
    return succeed(x, json_object(write_stock, counted));
  auto pool = std::move(pools.back());
  pools.pop_back();
  ask_entity<pool_actor, stock_counts>(
    x, pool_atom_v, pool, count_pool{pool},
    [x, pool, pools, counted](const stock_counts& counts) mutable {
      counted.push_back({to_string(pool), counts});
      count_pools(x, std::move(pools), std::move(counted));
    });
}

void get_stock(const exchange_pointer& x) {
  ask<pool_list>(
    x, x->node->records.next(), [x](const pool_list& list) { count_pools(x, list.pools, {}); },
    list_pools{});
}

void get_purchases(const exchange_pointer& x) {
  if (auto page = read_page_wish(x))
    answer_page(x, list_reader(x, *page), browse_purchases{x->dealer().id, *page});
}

// -- eSIMs that were bought -----------------------------------------------------------------------

void write_esim(json_writer& out, const owned_esim& esim) {
  out.member("id", esim.row.id)
    .member("iccid", esim.row.iccid)
    .member("lpa", esim.row.lpa)
    .member("carrier", esim.pool.carrier)
    .member("plan_type", esim.pool.plan_type)
    .member("status", esim.status)
    .member("assigned_at", esim.assigned_at)
    .member("sold_via_usage_id", esim.usage);
  if (!esim.confirmation_code.empty())
    out.member("confirmation_code", esim.confirmation_code);
}

void get_my_esims(const exchange_pointer& x) {
  auto range = read_page(x);
  if (!range)
    return;
  ask<esim_page>(
    x, x->node->records.next(),
    [x, range = *range](const esim_page& page) {
      succeed(x, json_object([&](json_writer& out) {
                out.objects("esims", page.esims, write_esim)
                  .member("total", page.total)
                  .member("limit", range.limit)
                  .member("offset", range.offset);
              }));
    },
    list_esims{x->dealer().id, range->limit, range->offset});
}

} // namespace

route_table portal_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/api/portal/v1/wallet", portal, none, get_portal_wallet},
    route{get, "/api/portal/v1/services/:service/skus", portal, none, get_skus},
    route{post,
          "/api/portal/v1/services/esim_supply_att/execute",
          portal,
          none,
          post_supply_execute,
          {.names_funds = true,
           .takes_key = true,
           .told_by = "GET /api/portal/v1/esim-supply/my tells"}},
    route{get,
          "/api/portal/v1/esim-supply/purchases",
          portal,
          none,
          get_purchases,
          {.parameters = "limit cursor"}},
    route{get, "/api/portal/v1/esim-supply/stock", portal, none, get_stock},
    route{get,
          "/api/portal/v1/esim-supply/my",
          portal,
          none,
          get_my_esims,
          {.parameters = "limit offset"}},
  };
  return table;
}

} // namespace meisim::http
