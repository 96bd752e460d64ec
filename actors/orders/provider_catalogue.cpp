#include "actors/orders/provider.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// How often the actor checks the age of the catalogue and of orders that wait.
constexpr auto tick_pause = 2s;

/// Adds the items whose names are not there yet, and tells whether there were any.
template <class Item>
bool add_new(std::vector<Item>& to, std::vector<Item>& from, std::string Item::*name) {
  std::unordered_set<std::string> known;
  for (const auto& item : to)
    known.insert(item.*name);
  auto before = to.size();
  for (auto& item : from)
    if (known.insert(item.*name).second)
      to.push_back(std::move(item));
  return to.size() > before;
}

/// Adds a page. True if it brings anything new: after a page that does not, no further page is
/// fetched.
bool add_page(catalogue& to, catalogue page) {
  add_new(to.countries, page.countries, &country::iso);
  std::ranges::move(page.refused, std::back_inserter(to.refused));
  bool has_bundles = add_new(to.bundles, page.bundles, &bundle::name);
  bool has_products = add_new(to.products, page.products, &product::id);
  bool has_networks = false;
  for (auto& item : page.networks)
    has_networks = add_network(to.networks, std::move(item)) || has_networks;
  if (!page.currency.empty())
    to.currency = std::move(page.currency);
  return has_bundles || has_products || has_networks || page.left_out > 0;
}

bool sells_nothing(const catalogue& what) {
  return what.bundles.empty() && what.products.empty() && what.networks.empty();
}

} // namespace

caf::typed_response_promise<catalogue_view> provider_state::view() {
  auto promise = self_->make_response_promise<catalogue_view>();
  if (catalogue_) {
    promise.deliver(catalogue_view{catalogue_});
    return promise;
  }
  readers_.push_back(promise);
  if (!fetching_)
    fetch_catalogue();
  return promise;
}

void provider_state::tick() {
  auto lifetime = std::max<std::chrono::milliseconds>(settings_.catalogue_lifetime,
                                                      settings_.format->catalogue_lifetime);
  bool aged = !catalogue_ || now() - fetched_at_ >= lifetime;
  if (aged && !fetching_ && now() >= fetch_not_before_)
    fetch_catalogue();
  ask_balance();
  end_overdue();
  tell_calls();
  self_->delayed_send(self_, tick_pause, tick_atom_v);
}

void provider_state::fetch_catalogue() {
  auto before = breaker_.state();
  if (now() < left_alone_until_ || !breaker_.try_pass(now())) {
    for (auto& reader : std::exchange(readers_, {}))
      reader.deliver(make_error(cause::vendor_unreachable, "the provider is away"));
    return;
  }
  show_circuit(before);
  fetching_ = true;
  gathered_ = {};
  page_ = 0;
  next_page_ = settings_.format->catalogue_call();
  fetch_page();
}

void provider_state::fetch_page() {
  if (auto time = take_turn(false); time.count() > 0)
    self_->delayed_send(self_, time, wake_atom_v, catalogue_call, uint32_t{0});
  else
    submit_(request_for(next_page_));
}

void provider_state::take_page(const web_answer& answer) {
  const auto& format = *settings_.format;
  auto page = answer.status == 200
                ? format.read_catalogue(answer.body)
                : make_error(cause::vendor_unreachable,
                             fmt::format("status {} {}", answer.status, answer.error));
  if (!page) {
    left_alone_until_ = now() + std::chrono::seconds{answer.retry_after_seconds};
    return take_catalogue(std::move(page));
  }
  bool goes_on = add_page(gathered_, std::move(*page)) || page_ == 0;
  auto next = goes_on && format.next_page_call != nullptr
                ? format.next_page_call(answer.body, page_)
                : std::nullopt;
  if (next) {
    ++page_;
    next_page_ = std::move(*next);
    return fetch_page();
  }
  if (sells_nothing(gathered_))
    return take_catalogue(make_error(ec::internal, "the catalogue is empty"));
  take_catalogue(std::move(gathered_));
}

/// Only a whole catalogue takes the place of the one before.
void provider_state::take_catalogue(caf::expected<catalogue> fetched) {
  fetching_ = false;
  auto readers = std::exchange(readers_, {});
  if (fetched) {
    fetched->fetched_at = meisim::now();
    charge_in_dollars(*fetched, settings_.rates);
    qualify(*fetched);
    mark_abilities(*fetched);
    tell_of_refused(*fetched);
    tell_of_gone(*fetched);
    date_products(*fetched);
    catalogue_ = std::make_shared<const catalogue>(std::move(*fetched));
    settings_.publish(catalogue_);
    fetched_at_ = now();
    tell_status();
  } else {
    fetch_not_before_ = now() + settings_.format->catalogue_lifetime / 60;
    log_warn("provider {}: the catalogue could not be had: {}", settings_.name,
             message_of(fetched.error()));
  }
  for (auto& reader : readers) {
    if (catalogue_)
      reader.deliver(catalogue_view{catalogue_});
    else
      reader.deliver(
        make_error(cause::vendor_unreachable, "the provider's catalogue cannot be had"));
  }
}

/// This is logged once for each change, because a catalogue is fetched every minute.
void provider_state::tell_of_refused(const catalogue& fetched) const {
  refused_gauge_->Set(static_cast<double>(fetched.refused.size()));
  if (catalogue_ && catalogue_->refused == fetched.refused)
    return;
  for (const auto& line : fetched.refused)
    log_warn("provider {}: not sold: {}", settings_.name, line);
}

/// A product that is gone is not sold from now on.
void provider_state::tell_of_gone(const catalogue& fetched) const {
  if (!catalogue_)
    return;
  std::unordered_set<std::string_view> there;
  for (const auto& item : fetched.products)
    there.insert(item.id);
  for (const auto& item : catalogue_->products) {
    if (there.contains(item.id))
      continue;
    gone_counter_->Increment();
    log_warn("provider {}: it lists {} no more, which is not sold any longer", settings_.name,
             item.id);
  }
}

void provider_state::mark_abilities(catalogue& fetched) const {
  const auto& format = *settings_.format;
  auto mark = [&](auto& items) {
    for (auto& item : items) {
      item.is_refundable = format.refunds_esims;
      item.tops_up = format.tops_up_esims && (item.tops_up || !format.has_top_up_packages);
    }
  };
  mark(fetched.products);
  mark(fetched.bundles);
}

/// A product that is unchanged keeps its time.
void provider_state::date_products(catalogue& fetched) const {
  std::unordered_map<std::string_view, const product*> before;
  if (catalogue_)
    for (const auto& item : catalogue_->products)
      before.emplace(item.id, &item);
  for (auto& item : fetched.products) {
    item.updated_at = fetched.fetched_at;
    auto known = before.find(item.id);
    if (known != before.end() && is_same_offer(*known->second, item))
      item.updated_at = known->second->updated_at;
  }
}

void provider_state::qualify(catalogue& fetched) const {
  if (!settings_.has_bare_names)
    return;
  auto prefix = settings_.name + ':';
  for (auto& item : fetched.bundles)
    item.name.insert(0, prefix);
  for (auto& item : fetched.products)
    item.id.insert(0, prefix);
  for (auto& item : fetched.networks)
    item.name.insert(0, prefix);
}

} // namespace meisim
