#include "apps/sandbox/sandbox_catalogue.hpp"

#include "protocols/base/ascii.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace meisim::sandbox {

namespace {

/// A country, and what its 5 GB for 30 days cost in cents.
struct market {
  std::string_view iso;
  std::string_view name;
  std::string_view region;
  int64_t cents;
};

constexpr std::array markets{
  market{"AE", "United Arab Emirates", "Middle East", 1150},
  market{"AT", "Austria", "Europe", 700},
  market{"AU", "Australia", "Oceania", 850},
  market{"BR", "Brazil", "South America", 1200},
  market{"CA", "Canada", "North America", 1100},
  market{"CH", "Switzerland", "Europe", 800},
  market{"CN", "China", "Asia", 950},
  market{"DE", "Germany", "Europe", 650},
  market{"EG", "Egypt", "Africa", 1300},
  market{"ES", "Spain", "Europe", 600},
  market{"FR", "France", "Europe", 600},
  market{"GB", "United Kingdom", "Europe", 650},
  market{"GR", "Greece", "Europe", 700},
  market{"ID", "Indonesia", "Asia", 750},
  market{"IN", "India", "Asia", 900},
  market{"IT", "Italy", "Europe", 600},
  market{"JP", "Japan", "Asia", 650},
  market{"KR", "South Korea", "Asia", 750},
  market{"MX", "Mexico", "North America", 1050},
  market{"MY", "Malaysia", "Asia", 700},
  market{"NL", "Netherlands", "Europe", 650},
  market{"NZ", "New Zealand", "Oceania", 900},
  market{"PT", "Portugal", "Europe", 600},
  market{"SG", "Singapore", "Asia", 650},
  market{"TH", "Thailand", "Asia", 600},
  market{"TR", "Turkey", "Europe", 700},
  market{"US", "United States", "North America", 900},
  market{"VN", "Vietnam", "Asia", 600},
  market{"ZA", "South Africa", "Africa", 1250},
};

/// An amount of data, and its price in percent of that of 5 GB for 30 days.
struct allowance {
  int64_t gigabytes;
  int32_t days;
  int64_t percent;
};

constexpr std::array allowances{
  allowance{1, 7, 30},    allowance{3, 30, 70},   allowance{5, 30, 100},
  allowance{10, 30, 180}, allowance{20, 30, 320},
};

/// A network, the numbers of its SIMs by their beginning, and what one of its currency costs in
/// ten-thousandths of a dollar.
struct carrier {
  std::string_view name;
  std::string_view iso;
  std::string_view calling_code;
  std::string_view currency;
  int64_t usd_rate;
};

constexpr std::array carriers{
  carrier{"Vodafone-UK", "GB", "44", "GBP", 12'700},
  carrier{"EE-UK", "GB", "44", "GBP", 12'700},
  carrier{"O2-UK", "GB", "44", "GBP", 12'700},
  carrier{"Telekom-DE", "DE", "49", "EUR", 10'900},
  carrier{"Orange-FR", "FR", "33", "EUR", 10'900},
  carrier{"Movistar-ES", "ES", "34", "EUR", 10'900},
  carrier{"ATT-US", "US", "1", "USD", 10'000},
  carrier{"Airtel-IN", "IN", "91", "INR", 120},
};

constexpr std::array special_endings{"sandbox-reject", "sandbox-flaky", "sandbox-timeout"};

bundle bundle_of(const market& where, const allowance& what) {
  return {fmt::format("esim_{}gb_{}days_{}", what.gigabytes, what.days, lowered(where.iso)),
          fmt::format("{}, {} GB, {} days", where.name, what.gigabytes, what.days),
          std::string{where.iso},
          std::string{where.region},
          what.gigabytes * 1024,
          what.days,
          money::from_cents(where.cents * what.percent / 100)};
}

bundle regional_bundle(std::string_view region, int64_t gigabytes, int64_t cents) {
  return {fmt::format("esim_{}gb_30days_{}", gigabytes, lowered(region)),
          fmt::format("{}, {} GB, 30 days", region, gigabytes),
          {},
          std::string{region},
          gigabytes * 1024,
          30,
          money::from_cents(cents)};
}

network network_of(const carrier& what) {
  // Of the rupee, a hundred times as much.
  int64_t scale = what.usd_rate < 1'000 ? 100 : 1;
  return {
    std::string{what.name},
    std::string{what.iso},
    std::string{what.currency},
    5'00 * scale,
    100'00 * scale,
    what.usd_rate * 10'000,
    {{"DATA-5GB", "5 GB, 30 days", 10'00 * scale}, {"DATA-20GB", "20 GB, 30 days", 25'00 * scale}}};
}

/// What a product brings.
struct content {
  std::string_view region;
  int64_t gigabytes;
  int32_t days;
};

product plain_product(std::string id, std::string name, std::string country, int64_t cents,
                      const content& what) {
  return {
    std::move(id), std::move(name), std::move(country),       money::from_cents(cents), false,
    false,         false,           std::string{what.region}, what.gigabytes * 1024,    what.days};
}

} // namespace

catalogue make_catalogue() {
  catalogue result;
  for (const auto& where : markets) {
    result.countries.push_back(
      {std::string{where.iso}, std::string{where.name}, std::string{where.region}});
    for (const auto& what : allowances)
      result.bundles.push_back(bundle_of(where, what));
  }
  result.bundles.push_back(regional_bundle("Europe", 10, 1500));
  result.bundles.push_back(regional_bundle("Asia", 10, 1600));
  result.bundles.push_back(regional_bundle("Global", 5, 1900));
  result.products.push_back({"p3:att-prepaid-30", "AT&T Prepaid, 30 days", "US",
                             money::from_cents(2500), true, true, true, "North America", 0, 30});
  result.products.push_back(
    plain_product("p3:data-us-5gb", "USA, 5 GB, 30 days", "US", 900, {"North America", 5, 30}));
  result.products.push_back(
    plain_product("p3:data-eu-10gb", "Europe, 10 GB, 30 days", {}, 1500, {"Europe", 10, 30}));
  result.products.push_back(
    plain_product("p3:data-jp-5gb", "Japan, 5 GB, 30 days", "JP", 650, {"Asia", 5, 30}));
  result.products.push_back(
    plain_product("p3:data-world-1gb", "Worldwide, 1 GB, 7 days", {}, 450, {"Global", 1, 7}));
  for (const auto& what : carriers)
    result.networks.push_back(network_of(what));
  for (std::string ending : special_endings) {
    result.bundles.push_back({"esim_" + ending, "Test bundle: " + ending, "US", "North America",
                              1024, 7, money::from_cents(300)});
    result.products.push_back(
      plain_product("p3:" + ending, "Test product: " + ending, "US", 300, {"North America", 1, 7}));
    result.networks.push_back(
      {"topup-" + ending, "US", "USD", 1'00, 100'00, 100'000'000, {{"EXTRA", "An extra", 2'00}}});
  }
  return result;
}

bool has_sim(std::string_view network, const sim_target& sim) {
  const auto& number = sim.contact_number.empty() ? sim.sim_serial : sim.contact_number;
  if (number.ends_with("404"))
    return false;
  auto known = std::ranges::find(carriers, network, &carrier::name);
  if (known == carriers.end())
    return true;
  auto beginning = sim.contact_number.empty() ? "89" : "+";
  return number.starts_with(fmt::format("{}{}", beginning, known->calling_code));
}

} // namespace meisim::sandbox
