#include "actors/orders/provider.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>

#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// How often the actor checks the age of the catalogue and of orders that wait.
constexpr auto tick_pause = 2s;

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
  bool aged = !catalogue_ || now() - fetched_at_ >= settings_.catalogue_lifetime;
  if (aged && !fetching_)
    fetch_catalogue();
  end_overdue();
  self_->delayed_send(self_, tick_pause, tick_atom_v);
}

void provider_state::fetch_catalogue() {
  auto before = breaker_.state();
  if (!breaker_.try_pass(now())) {
    for (auto& reader : std::exchange(readers_, {}))
      reader.deliver(make_error(cause::vendor_unreachable, "the provider is away"));
    return;
  }
  show_circuit(before);
  fetching_ = true;
  submit_(request_for(settings_.format->catalogue_call()));
}

void provider_state::take_catalogue(const web_answer& answer) {
  fetching_ = false;
  auto readers = std::exchange(readers_, {});
  auto fetched = answer.status == 200
                   ? settings_.format->read_catalogue(answer.body)
                   : make_error(cause::vendor_unreachable, fmt::format("status {}", answer.status));
  if (fetched) {
    fetched->fetched_at = meisim::now();
    qualify(*fetched);
    tell_of_refused(*fetched);
    date_products(*fetched);
    catalogue_ = std::make_shared<const catalogue>(std::move(*fetched));
    settings_.publish(catalogue_);
    fetched_at_ = now();
  } else {
    log_warn("provider {}: the catalogue could not be had: {} {}", settings_.name,
             message_of(fetched.error()), answer.error);
  }
  for (auto& reader : readers) {
    if (catalogue_)
      reader.deliver(catalogue_view{catalogue_});
    else
      reader.deliver(
        make_error(cause::vendor_unreachable, "the provider's catalogue cannot be had"));
  }
}

/// Once for each change: a catalogue is fetched every minute.
void provider_state::tell_of_refused(const catalogue& fetched) const {
  refused_gauge_->Set(static_cast<double>(fetched.refused.size()));
  if (catalogue_ && catalogue_->refused == fetched.refused)
    return;
  for (const auto& line : fetched.refused)
    log_warn("provider {}: not sold: {}", settings_.name, line);
}

/// A line that is as it was keeps its time.
void provider_state::date_products(catalogue& fetched) const {
  for (auto& item : fetched.products) {
    item.updated_at = fetched.fetched_at;
    const auto* before = catalogue_ ? find_product(*catalogue_, item.id) : nullptr;
    if (before != nullptr && is_same_offer(*before, item))
      item.updated_at = before->updated_at;
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
