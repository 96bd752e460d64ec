#include "http/endpoints/endpoints.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/supply/owned_esim.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/supply/stock.hpp"

#include <fmt/core.h>

#include <iterator>
#include <limits>

namespace meisim::http {

namespace {

constexpr int64_t most_esims = 1'000;

/// Counts pool after pool, and answers when the last is counted.
void count_pools(const exchange_pointer& x, std::vector<pool_name> pools, std::string stats) {
  if (pools.empty())
    return x->succeed(fmt::format(R"({{"stats":{{{}}}}})", stats));
  auto pool = pools.back();
  pools.pop_back();
  x->ask_entity<pool_actor, stock_counts>(
    pool_atom_v, pool, count_pool{pool},
    [x, pool, pools, stats](const stock_counts& counts) mutable {
      auto name = json_quoted(to_string(pool));
      name.pop_back();
      fmt::format_to(std::back_inserter(stats), R"({}{}.available":{},{}.sold":{},{}.burned":{})",
                     stats.empty() ? "" : ",", name, counts.available, name, counts.sold, name,
                     counts.burned);
      count_pools(x, std::move(pools), std::move(stats));
    });
}

} // namespace

void get_skus(const exchange_pointer& x) {
  x->ask<sku_list>(
    x->node->prices,
    [x](const sku_list& list) {
      std::string body = R"({"skus":[)";
      for (const auto& item : list.skus)
        fmt::format_to(
          std::back_inserter(body),
          R"({}{{"id":"{}","service":{},"name":{},"carrier":{},"plan_type":{},"price_usd":{}}})",
          &item == list.skus.data() ? "" : ",", to_string(item.id), json_quoted(item.service),
          json_quoted(item.name), json_quoted(item.pool.carrier), json_quoted(item.pool.plan_type),
          to_string(item.price));
      x->succeed(body + "]}");
    },
    list_skus{x->captures.front(), x->dealer().id});
}

void post_supply_execute(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  auto key = x->idempotency_key();
  if (!key)
    return;
  fields in{*body};
  auto sku_text = in.required_text("sku_id", 1, 64);
  purchase wish;
  wish.quantity = static_cast<int32_t>(in.whole_number("quantity", 1, most_esims));
  wish.ceiling = in.optional_amount("max_price_usd")
                   .value_or(money::from_cents(std::numeric_limits<int64_t>::max()));
  if (auto failure = in.failure())
    return x->fail(failure);
  auto chosen = sku_id::parse(sku_text);
  if (!chosen)
    return x->fail(make_error(ec::not_found, "sku_id names no SKU of this service"));
  wish.id = posting_id::make();
  wish.dealer = x->dealer().id;
  wish.sku = *chosen;
  if (!key->empty()) {
    wish.idempotency_key = *key;
    wish.request_hash = x->request_hash();
  }
  x->ask<sku>(
    x->node->prices,
    [x, wish](const sku& item) mutable {
      wish.pool = item.pool;
      wish.unit_price = item.price;
      x->ask_entity<pool_actor, receipt>(pool_atom_v, item.pool, wish,
                                         [x](const receipt& done) { x->succeed(done); });
    },
    find_price{*chosen, "esim_supply_att", x->dealer().id});
}

void get_stock(const exchange_pointer& x) {
  x->ask<pool_list>(
    x->node->records.next(), [x](const pool_list& list) { count_pools(x, list.pools, {}); },
    list_pools{});
}

void get_my_esims(const exchange_pointer& x) {
  auto range = x->page();
  if (!range)
    return;
  x->ask<esim_page>(
    x->node->records.next(),
    [x, range = *range](const esim_page& page) {
      std::string body = R"({"esims":[)";
      for (const auto& esim : page.esims)
        fmt::format_to(
          std::back_inserter(body),
          R"({}{{"id":"{}","iccid":{},"lpa":{},"carrier":{},"plan_type":{},"status":"{}",)"
          R"("assigned_at":"{}","sold_via_usage_id":{}}})",
          &esim == page.esims.data() ? "" : ",", to_string(esim.row.id),
          json_quoted(esim.row.iccid), json_quoted(esim.row.lpa), json_quoted(esim.pool.carrier),
          json_quoted(esim.pool.plan_type), esim.status, rfc3339(esim.assigned_at), esim.usage);
      x->succeed(fmt::format(R"({}],"total":{},"limit":{},"offset":{}}})", body, page.total,
                             range.limit, range.offset));
    },
    list_esims{x->dealer().id, range->limit, range->offset});
}

void get_portal_wallet(const exchange_pointer& x) {
  x->ask<wallet_position>(
    x->node->records.next(),
    [x](const wallet_position& position) {
      x->succeed(fmt::format(R"({{"balance_usd":{}}})", to_string(position.balance)));
    },
    load_wallet{x->dealer().id});
}

} // namespace meisim::http
