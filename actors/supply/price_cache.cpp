#include "actors/supply/price_cache.hpp"

#include "protocols/base/error.hpp"

#include <algorithm>

namespace meisim {

namespace {

using price_cache_pointer = price_cache_actor::stateful_pointer<price_cache_state>;

void load(price_cache_pointer self) {
  if (std::exchange(self->state.is_loading, true))
    return;
  auto end = [self](const caf::error& failure) {
    self->state.is_loading = false;
    for (auto& go_on : std::exchange(self->state.waiting, {}))
      go_on(failure);
  };
  self->request(self->state.memory, caf::infinite, load_prices{})
    .then(
      [self, end](const price_list& prices) {
        auto& state = self->state;
        state.skus = prices.skus;
        state.book = std::make_shared<const price_book>(prices.rules);
        state.board->publish(state.book);
        state.routes->publish(std::make_shared<const route_book>(prices.routes));
        state.is_loaded = true;
        end({});
      },
      end);
}

/// Answers from memory, or after the first reading.
template <class Answer, class Make>
caf::result<Answer> answer_when_loaded(price_cache_pointer self, Make make) {
  auto promise = self->make_response_promise<Answer>();
  auto deliver = [promise, make](const caf::error& failure) mutable {
    auto answer = failure ? caf::expected<Answer>{failure} : make();
    if (answer)
      promise.deliver(std::move(*answer));
    else
      promise.deliver(std::move(answer.error()));
  };
  if (self->state.is_loaded) {
    deliver({});
  } else {
    self->state.waiting.push_back(deliver);
    load(self);
  }
  return promise;
}

} // namespace

sku price_cache_state::priced(const sku& item, dealer_id dealer) const {
  auto result = item;
  auto product = to_string(item.id);
  result.price = book->decide({product, {}, item.price, goods::sku}, {dealer, 0, now()}).price;
  return result;
}

caf::expected<sku> price_cache_state::find(const find_price& question) const {
  auto item =
    std::find_if(skus.begin(), skus.end(), [&](const auto& x) { return x.id == question.sku; });
  if (item == skus.end() || item->service != question.service)
    return make_error(ec::not_found, "sku_id names no SKU of this service");
  return priced(*item, question.dealer);
}

sku_list price_cache_state::list(const list_skus& question) const {
  sku_list result;
  for (const auto& item : skus)
    if (question.service.empty() || item.service == question.service)
      result.skus.push_back(priced(item, question.dealer));
  return result;
}

price_cache_actor::behavior_type price_cache(price_cache_pointer self, std::chrono::seconds refresh,
                                             price_memory_actor memory,
                                             std::shared_ptr<published<price_book>> board,
                                             std::shared_ptr<published<route_book>> routes) {
  self->state.memory = std::move(memory);
  self->state.board = std::move(board);
  self->state.routes = std::move(routes);
  self->send(self, tick_atom_v);
  return {
    [self](const find_price& question) {
      return answer_when_loaded<sku>(self, [self, question] { return self->state.find(question); });
    },
    [self](load_price_book) {
      return answer_when_loaded<price_book_view>(self, [self]() -> caf::expected<price_book_view> {
        return price_book_view{self->state.book, self->state.skus};
      });
    },
    [self](const list_skus& question) {
      return answer_when_loaded<sku_list>(
        self, [self, question]() -> caf::expected<sku_list> { return self->state.list(question); });
    },
    [self](refresh_atom) -> caf::result<done> {
      auto promise = self->make_response_promise<done>();
      // A reading that is under way may have begun before the change. The next one has not.
      bool is_late = self->state.is_loading;
      auto deliver = [promise](const caf::error& failure) mutable {
        if (failure)
          promise.deliver(failure);
        else
          promise.deliver(done{});
      };
      self->state.waiting.push_back([self, deliver, is_late](const caf::error& failure) mutable {
        if (failure || !is_late) {
          deliver(failure);
        } else {
          self->state.waiting.push_back(deliver);
          load(self);
        }
      });
      load(self);
      return promise;
    },
    [self, refresh](tick_atom) {
      load(self);
      self->delayed_send(self, refresh, tick_atom_v);
    },
  };
}

} // namespace meisim
