#include "actors/operators/health_watch.hpp"

#include "actors/operators/health.hpp"
#include "protocols/base/log.hpp"
#include "protocols/cluster/ask_entity.hpp"
#include "protocols/supply/stock.hpp"
#include "protocols/supply/supply.hpp"

#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using watch_pointer = health_watch_actor::stateful_pointer<health_watch_state>;

constexpr auto pause = 5s;
/// This is shorter than an entity stays in memory, so that no pool is read anew for it.
constexpr auto stock_pause = 30s;

void tell_changes(health_watch_state& state, const health_report& report) {
  for (const auto& part : report) {
    auto before = std::exchange(state.before[part.name], part.now);
    if (before == part.now)
      continue;
    if (part.now == condition::ok)
      log_info("{} is well again", part.name);
    else
      log_warn("{} is {}: {}", part.name, to_string(part.now), part.reason);
  }
}

void count_pool_of(watch_pointer self, const pool_name& pool) {
  meisim::ask_entity<pool_actor, stock_counts>(
    self, self->state.region, pool_atom_v, pool,
    std::make_shared<const count_pool>(count_pool{pool}),
    [self, pool](const stock_counts& counts) {
      self->state.stock->Add({{"pool", to_string(pool)}})
        .Set(static_cast<double>(counts.available));
      self->send(self->state.operators, note_stock{pool, counts.available});
    },
    [](const caf::error&) {}, [](const pool_actor&) {});
}

void count_stock_now(watch_pointer self) {
  auto time = self->clock().now();
  if (time - self->state.counted_at < stock_pause)
    return;
  self->state.counted_at = time;
  self->request(self->state.records, caf::infinite, list_pools{})
    .then(
      [self](const pool_list& list) {
        for (size_t i = 0; i < list.pools.size(); ++i) {
          self->state.thresholds->Add({{"pool", to_string(list.pools[i])}}).Set(list.thresholds[i]);
          count_pool_of(self, list.pools[i]);
        }
      },
      [](const caf::error&) {});
}

/// Logs once that a product is not sold any more, and once that it is sold again.
void look_for_losses(health_watch_state& state) {
  auto current = state.sales.catalogues ? state.sales.catalogues->latest() : nullptr;
  auto book = state.sales.prices ? state.sales.prices->latest() : nullptr;
  if (!current || !book)
    return;
  std::set<std::string> found;
  for (const auto& loss : losses_of(*current, *book, now())) {
    auto is_new = found.insert(loss.product).second && !state.losses.contains(loss.product);
    if (is_new)
      log_error("{} costs us {}, which is more than its price of {}: it is not sold, unless "
                "another provider sells it for less (meisimctl price set, or price set "
                "--below-cost)",
                loss.product, to_string(loss.cost), to_string(loss.price));
  }
  for (const auto& product : state.losses)
    if (!found.contains(product))
      log_info("{} does not cost more than its price any more", product);
  state.not_sold->Set(static_cast<double>(found.size()));
  state.losses = std::move(found);
}

} // namespace

health_watch_actor::behavior_type health_watch(watch_pointer self,
                                               std::shared_ptr<prometheus::Registry> registry,
                                               records_actor records, region_actor region,
                                               operators_actor operators, sale_boards sales) {
  auto& state = self->state;
  state.registry = std::move(registry);
  state.records = std::move(records);
  state.region = std::move(region);
  state.operators = std::move(operators);
  state.sales = std::move(sales);
  state.stock = &prometheus::BuildGauge()
                   .Name("meisim_stock")
                   .Help("eSIMs of a pool that can be sold")
                   .Register(*state.registry);
  state.thresholds = &prometheus::BuildGauge()
                        .Name("meisim_stock_threshold")
                        .Help("Below how many eSIMs that can be sold a pool runs out")
                        .Register(*state.registry);
  state.not_sold = &prometheus::BuildGauge()
                      .Name("meisim_products_not_sold")
                      .Help("Products that cost us more than their price")
                      .Register(*state.registry)
                      .Add({});
  self->send(self, tick_atom_v);
  return {
    [self](tick_atom) {
      self->delayed_send(self, pause, tick_atom_v);
      look_for_losses(self->state);
      tell_changes(self->state, read_health(self->state.registry->Collect(), now()));
      count_stock_now(self);
    },
  };
}

} // namespace meisim
