#include "protocols/orders/routes.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <tuple>

namespace meisim {

namespace {

const provider_status* seller_of(const std::string& product,
                                 const std::vector<provider_status>& providers) {
  auto prefix = provider_prefix(product);
  // A name without a prefix is the first provider's.
  if (prefix.empty())
    return providers.empty() ? nullptr : &providers.front();
  auto found = std::ranges::find(providers, prefix, &provider_status::prefix);
  return found == providers.end() ? nullptr : &*found;
}

std::optional<money> listed_cost(const catalogue& in, const std::string& product) {
  if (const auto* item = find_product(in, product))
    return item->price;
  if (const auto* item = find_bundle(in, product))
    return item->price;
  return std::nullopt;
}

std::string obstacle_to(const route_choice& choice, const provider_status* seller,
                        const route_question& question, const route_book& book,
                        const std::string& pin) {
  if (seller == nullptr)
    return "no provider has its prefix";
  if (choice.is_excluded)
    return "it is to be bought of " + pin + " alone";
  if (book.is_held(seller->prefix))
    return "an operator holds the provider's orders";
  if (!choice.cost)
    return "the provider does not list it";
  if (question.price && *choice.cost > *question.price)
    return fmt::format("it costs {}, which is more than the price of {}", to_string(*choice.cost),
                       to_string(*question.price));
  // When its pause is over, an order has to try it.
  bool is_paused = question.at < seller->retry_at;
  if (seller->is_account_refused && is_paused)
    return "the provider refuses our credential or credit";
  if (seller->circuit == provider_circuit::open && is_paused)
    return "the provider does not answer: it is not called for now";
  if (seller->balance && *seller->balance < *choice.cost)
    return fmt::format("only {} is left on our account there", to_string(*seller->balance));
  return {};
}

/// Whether two amounts of data count as the same: a gigabyte of 1,000 megabytes and one of 1,024
/// are 2.4 % apart.
bool is_as_much(int64_t a, int64_t b) {
  auto [less, more] = std::minmax(a, b);
  constexpr int64_t parts = 40;
  return less > 0 ? (more - less) * parts <= more : more == 0;
}

/// Unlimited data is enough for every order.
bool has_enough(int64_t data_mb, int64_t ordered_mb) {
  if (data_mb == 0 || ordered_mb == 0)
    return data_mb == 0;
  return data_mb >= ordered_mb || is_as_much(data_mb, ordered_mb);
}

/// The traits that two alike products share.
struct product_traits {
  std::string country;
  int64_t data_mb = 0;
  int32_t days = 0;
  bool needs_more_than_a_name = false;
};

std::optional<product_traits> traits_of(const catalogue& in, const std::string& name) {
  if (const auto* item = find_product(in, name))
    return product_traits{item->country_iso, item->data_mb, item->validity_days,
                          item->needs_imei || item->needs_eid || item->needs_address};
  if (const auto* item = find_bundle(in, name))
    return product_traits{item->country_iso, item->data_mb, item->validity_days};
  return std::nullopt;
}

bool is_alike(const bundle& a, const bundle& b) {
  return !a.country_iso.empty() && a.country_iso == b.country_iso
         && a.validity_days == b.validity_days && is_as_much(a.data_mb, b.data_mb)
         && provider_prefix(a.name) != provider_prefix(b.name);
}

} // namespace

route_book::route_book(route_list from) : held_(std::move(from.held)) {
  for (auto& route : from.routes)
    others_[route.product].push_back(std::move(route.other));
  for (auto& pin : from.pins)
    pins_.emplace(std::pair{pin.dealer, std::move(pin.product)}, std::move(pin.provider));
}

std::vector<std::string> route_book::choices_for(const std::string& product) const {
  std::vector<std::string> result{product};
  if (auto found = others_.find(product); found != others_.end())
    result.insert(result.end(), found->second.begin(), found->second.end());
  return result;
}

std::string route_book::pin_for(dealer_id dealer, const std::string& product) const {
  for (const auto& scope : {std::pair{dealer, product}, std::pair{dealer, std::string{}},
                            std::pair{dealer_id{}, product}})
    if (auto found = pins_.find(scope); found != pins_.end())
      return found->second;
  return {};
}

std::vector<route_choice> choose_routes(const route_question& question, const route_book& book,
                                        const catalogue& current,
                                        const std::vector<provider_status>& providers) {
  std::vector<route_choice> result;
  for (const auto& product : book.choices_for(question.product)) {
    const auto* seller = seller_of(product, providers);
    result.push_back({product,
                      seller ? seller->prefix : std::string{provider_prefix(product)},
                      listed_cost(current, product),
                      {}});
  }
  auto pin = book.pin_for(question.dealer, question.product);
  bool has_pin = std::ranges::find(result, pin, &route_choice::provider) != result.end();
  for (auto& choice : result) {
    choice.is_excluded = has_pin && choice.provider != pin;
    choice.obstacle =
      obstacle_to(choice, seller_of(choice.product, providers), question, book, pin);
  }
  std::ranges::stable_sort(result, {}, [](const route_choice& choice) {
    constexpr auto unknown_cost = std::numeric_limits<int64_t>::max();
    return std::tuple{!choice.is_open(), choice.cost ? choice.cost->cents() : unknown_cost};
  });
  return result;
}

std::string first_choice(const std::vector<route_choice>& choices, const std::string& product) {
  if (!choices.empty() && choices.front().is_open())
    return choices.front().product;
  auto own = std::ranges::find(choices, product, &route_choice::product);
  auto pinned = std::ranges::find(choices, false, &route_choice::is_excluded);
  bool is_elsewhere = own != choices.end() && own->is_excluded && pinned != choices.end();
  return is_elsewhere ? pinned->product : product;
}

std::string next_choice(const std::vector<route_choice>& choices,
                        const std::set<std::string>& asked) {
  // What was asked for may be no choice any more.
  std::set<std::string> providers;
  for (const auto& product : asked)
    providers.emplace(provider_prefix(product));
  for (const auto& choice : choices)
    if (asked.contains(choice.product))
      providers.insert(choice.provider);
  auto next = std::ranges::find_if(choices, [&](const route_choice& choice) {
    return choice.is_open() && !providers.contains(choice.provider);
  });
  return next == choices.end() ? std::string{} : next->product;
}

std::vector<route_choice> route_sources::choose(const route_question& question) const {
  auto book = routes ? routes->latest() : nullptr;
  auto current = catalogues ? catalogues->latest() : nullptr;
  if (!book || !current || !providers)
    return {{question.product, std::string{provider_prefix(question.product)}, {}, {}}};
  return choose_routes(question, *book, *current, providers->all());
}

std::optional<std::set<std::string>> route_sources::all_for(const std::string& product) const {
  if (!routes)
    return std::set{product};
  auto book = routes->latest();
  if (!book)
    return std::nullopt;
  auto all = book->choices_for(product);
  return std::set<std::string>(all.begin(), all.end());
}

route_flaw flaw_of(const bundle_route& route, const catalogue& current) {
  auto ordered = traits_of(current, route.product);
  auto other = traits_of(current, route.other);
  if (!ordered)
    return {"product", "names no product or bundle of the catalogue"};
  if (!other)
    return {"other", "names no product or bundle of the catalogue"};
  if (provider_prefix(route.product) == provider_prefix(route.other))
    return {"other", "must be of another provider"};
  if (other->needs_more_than_a_name && !ordered->needs_more_than_a_name)
    return {"other", "needs to know more of the buyer than the product"};
  if (other->country != ordered->country)
    return {"other", "must be for the same country"};
  if (other->days != 0 && ordered->days != 0 && other->days < ordered->days)
    return {"other", "must be good for as many days"};
  if (!has_enough(other->data_mb, ordered->data_mb))
    return {"other", "must have as much data"};
  return {};
}

std::vector<bundle_route> propose_routes(const catalogue& current) {
  // Only products of one country with the same days can be alike, so they are brought side by side.
  std::vector<const bundle*> sorted;
  for (const auto& item : current.bundles)
    sorted.push_back(&item);
  auto place = [](const bundle* item) { return std::tie(item->country_iso, item->validity_days); };
  std::ranges::sort(sorted, {}, place);
  std::vector<bundle_route> result;
  for (auto first = sorted.begin(); first != sorted.end();) {
    auto last = std::find_if(first, sorted.end(),
                             [&](const bundle* item) { return place(item) != place(*first); });
    for (auto a = first; a != last; ++a)
      for (auto b = first; b != last; ++b)
        if (is_alike(**a, **b))
          result.push_back({(*a)->name, (*b)->name});
    first = last;
  }
  return result;
}

} // namespace meisim
