#include "actors/orders/provider.hpp"
#include "protocols/base/url.hpp"

#include <fmt/format.h>

#include <utility>

// What is sent to a provider for an order: by which names, and in which call.

namespace meisim {

/// For a product that was sold and is not in the catalogue now. If a rate is missing, it may be
/// the operator's to give.
provider_outcome provider_state::not_listed(std::string reason) const {
  return catalogue_->unrated.empty()
           ? refused(std::move(reason))
           : unavailable(fmt::format("no rate-{} is configured, and what the provider charges in "
                                     "this currency is not read",
                                     fmt::join(catalogue_->unrated, ", no rate-")));
}

std::optional<provider_outcome> provider_state::name_for_provider(provider_order& order) const {
  if (!order.top_up || order.top_up->is_data())
    return name_bundle(order);
  return settings_.format->orders_by_code ? name_top_up(order) : std::nullopt;
}

std::optional<provider_outcome> provider_state::name_bundle(provider_order& order) const {
  const auto& format = *settings_.format;
  bool needs_package = order.top_up && format.has_top_up_packages;
  if (!catalogue_)
    return needs_package || format.checks_price
             ? std::optional{unavailable("the provider's catalogue has not come yet")}
             : std::nullopt;
  auto listed_as = qualified(order.product);
  const auto* listed = find_bundle(*catalogue_, listed_as);
  // It was listed when it was sold. Nobody knows what it would cost now.
  if (listed == nullptr && find_product(*catalogue_, listed_as) == nullptr)
    return not_listed("the provider no longer lists this product");
  if (listed != nullptr) {
    order.listed_price = listed->listed_price;
    order.code = listed->top_up_code;
    order.usd_rate = listed->charge.usd_rate;
  }
  if (needs_package && order.code.empty())
    return not_listed("the provider no longer has this top-up");
  return std::nullopt;
}

std::optional<provider_outcome> provider_state::name_top_up(provider_order& order) const {
  if (!catalogue_)
    return unavailable("the provider's catalogue has not come yet");
  const auto* seller = find_network(*catalogue_, qualified(order.product));
  const auto* fixed =
    seller == nullptr ? nullptr : find_network_value(*seller, order.top_up->value);
  bool is_sold = seller != nullptr && seller->currency == order.top_up->currency
                 && (fixed != nullptr || seller->values.empty());
  if (!is_sold)
    return not_listed("the provider no longer has this top-up");
  if (!seller->takes_serials && !order.top_up->sim.sim_serial.empty())
    return refused("the provider knows SIMs by their telephone numbers only");
  order.code = fixed == nullptr || fixed->code.empty() ? seller->code : fixed->code;
  order.country_iso = seller->country_iso;
  return std::nullopt;
}

std::string provider_state::callback_url() const {
  auto secret = settings_.news_secret.text();
  return settings_.news_url.empty() || secret.empty() ? std::string{}
                                                      : settings_.news_url + url_escaped(secret);
}

std::optional<provider_call> provider_state::check_of(const task& what) const {
  const auto& format = *settings_.format;
  bool is_due = format.check_call != nullptr && !what.looking_up && !what.is_checked;
  return is_due ? format.check_call(what.order) : std::nullopt;
}

provider_call provider_state::call_for(const task& what, std::optional<provider_call> check) const {
  if (check)
    return std::move(*check);
  const auto& format = *settings_.format;
  return what.looking_up ? format.look_up_call(what.order) : format.order_call(what.order);
}

} // namespace meisim
