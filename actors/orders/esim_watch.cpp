#include "actors/orders/esim_watch.hpp"

#include "protocols/base/done.hpp"
#include "protocols/orders/esim_usage.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/provider.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using watch_pointer = job_worker_actor::stateful_pointer<esim_watch_state>;

/// The longest time between two looks at an eSIM. A warning of its last day comes in time.
constexpr std::chrono::seconds longest_watch_pause = 6h;

/// An order whose eSIMs are gone through one after the other.
struct watched_order {
  job work;
  order_to_fulfil order;
  size_t next = 0;
  std::vector<esim_usage> seen = {};
};

using watched_pointer = std::shared_ptr<watched_order>;

/// The first looks come soon after one another, as most eSIMs are installed soon.
int32_t pause_after(const esim_watch_state& state, int32_t looks) {
  auto pause = std::min(state.pause * std::max(looks, 1), longest_watch_pause);
  return static_cast<int32_t>(pause.count());
}

void note_uses(watch_pointer self, const watched_order& errand) {
  auto time = now();
  bool is_over = std::ranges::all_of(errand.order.delivered, [&](const delivered_esim& unit) {
    auto found = std::ranges::find(errand.seen, unit.unit, &esim_usage::unit);
    return found != errand.seen.end() && meisim::is_over(*found, time);
  });
  note_esim_usage what{errand.order.id, errand.seen, errand.work.attempts,
                       is_over ? 0 : pause_after(self->state, errand.work.attempts)};
  self->request(self->state.loop.store, caf::infinite, std::move(what))
    .then([self, work = errand.work](done) { put_down(self, work); },
          postpone_on_error(self, errand.work));
}

void ask_next(watch_pointer self, const watched_pointer& errand) {
  if (errand->next == errand->order.delivered.size())
    return note_uses(self, *errand);
  const auto& unit = errand->order.delivered[errand->next++];
  self
    ->request(self->state.provider, caf::infinite,
              esim_question{unit.iccid, false,
                            unit.bought_as.empty() ? errand->order.product : unit.bought_as})
    .then(
      [self, errand, number = unit.unit](const provider_text& text) {
        // If the provider does not tell it now, it may tell it the next time.
        if (auto usage = text.status == 200 ? read_esim_usage(text.body, number) : std::nullopt)
          errand->seen.push_back(*usage);
        ask_next(self, errand);
      },
      postpone_on_error(self, errand->work));
}

void start_watch(watch_pointer self, const job& work) {
  self->request(self->state.loop.store, caf::infinite, load_order{order_id{work.subject}})
    .then(
      [self, work](const order_to_fulfil& order) {
        ask_next(self, std::make_shared<watched_order>(watched_order{work, order}));
      },
      postpone_on_error(self, work));
}

} // namespace

job_worker_actor::behavior_type esim_watch(watch_pointer self, job_loop_config config,
                                           job_store_actor store, providers_actor provider,
                                           std::chrono::seconds pause) {
  self->state.provider = std::move(provider);
  self->state.pause = pause;
  return job_behavior(self, std::move(config), std::move(store), start_watch);
}

} // namespace meisim
