#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/orders/foreign_charge.hpp"
#include "protocols/orders/order.hpp"
#include "protocols/orders/provider_lists.hpp"
#include "protocols/orders/recharge.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// What we buy from the upstream eSIM provider, and how. These values stay within a node; their form
// on the wire stands in protocols/orders/provider_wire.hpp.

/// A country that a bundle can be used in.
struct country {
  /// ISO 3166-1 alpha-2, upper case.
  std::string iso;
  std::string name;
  /// `Asia`, `Europe`, …
  std::string region;
};

/// A data bundle for travellers. An order for it needs nothing but its name.
struct bundle {
  /// `esim_5gb_30days_jp`.
  std::string name;
  std::string description;
  /// The ISO code of its country; empty if it covers a whole region.
  std::string country_iso;
  std::string region;
  /// Megabytes; zero for unlimited.
  int64_t data_mb = 0;
  int32_t validity_days = 0;
  /// What the provider charges.
  money price;
  foreign_charge charge = {};
  /// Whether the provider gives the price back for an eSIM that is revoked before anybody has
  /// installed it.
  bool is_refundable = false;
  /// Whether data can be ordered onto the eSIM later.
  bool tops_up = false;
  /// The provider's price, as it writes it; empty if it is not kept.
  std::string listed_price = {};
  /// The provider's package that adds as much data to an eSIM, if it has packages for that.
  std::string top_up_code = {};
};

/// A plan that is sold by its code, with what the network must know before it is activated.
struct product {
  /// With the provider in front: `p3:att-prepaid-30`.
  std::string id;
  std::string name;
  std::string country_iso;
  /// What the provider charges.
  money price;
  bool needs_imei = false;
  bool needs_eid = false;
  bool needs_address = false;
  /// The next three are empty or zero if the provider does not tell them.
  std::string region = {};
  int64_t data_mb = 0;
  int32_t validity_days = 0;
  /// When this line of the catalogue was first seen as it is.
  instant updated_at = {};
  foreign_charge charge = {};
  /// As of a bundle.
  bool is_refundable = false;
  bool tops_up = false;
};

/// All that the provider sells.
struct catalogue {
  std::vector<country> countries;
  std::vector<bundle> bundles;
  std::vector<product> products;
  std::vector<network> networks;
  instant fetched_at;
  /// Lines that the provider lists and we do not sell, each with the reason. A bad line does not
  /// spoil the rest.
  std::vector<std::string> refused = {};
  /// How many lines are of kinds that we do not sell at all.
  size_t left_out = 0;
  /// The currency in which the provider charges if a line does not say; empty for dollars.
  std::string currency = {};
  /// Currencies without a rate, in which lines were charged that are left out of the lists.
  std::vector<std::string> unrated = {};
};

/// Ten million dollars: no provider's price is above it, so that no markup or quantity can
/// overflow.
constexpr money highest_price = money::from_cents(1'000'000'000);

/// The product, bundle or network of this name; null if there is none.
const product* find_product(const catalogue& from, std::string_view id);
const bundle* find_bundle(const catalogue& from, std::string_view name);
const network* find_network(const catalogue& from, std::string_view name);

/// Adds a bundle in both ways of selling it: by its name on account, and as a product from the
/// wallet.
void add_offer(catalogue& to, bundle offer, foreign_charge charge = {});

/// Whether two lines of catalogues differ in nothing but their times.
bool is_same_offer(const product& a, const product& b);

/// What stands in front of the first colon of a product's name; empty without one.
std::string_view provider_prefix(std::string_view name);

/// Ask the PROVIDER for its catalogue.
struct load_catalogue {};

/// A catalogue as the provider actor hands it out: shared, never changed.
struct catalogue_view {
  std::shared_ptr<const catalogue> current;
};

/// One eSIM to buy, or one SIM to top up.
struct provider_order {
  /// Our own name for this purchase, unique for ever. The provider sells once under each name,
  /// however often it is asked.
  std::string reference;
  /// A product's id, a bundle's name, or the network of a top-up.
  std::string product;
  /// Only what the network needs is passed on: IMEI, EID, address.
  customer buyer;
  /// What makes it a top-up.
  std::optional<recharge> top_up = {};
  /// Whether it may have been placed before and its answer lost: then the provider is asked first
  /// what became of it.
  bool may_be_placed = false;
  /// Whether the provider is only asked what became of it, and nothing is bought. `absent` if the
  /// provider knows of no such order. Only together with `may_be_placed`.
  bool only_look_up = false;
  /// What the provider calls the order, once that is known, and when it was asked for. Only for
  /// providers whose orders are noted before.
  std::string provider_order_id = {};
  instant asked_at = {};
  /// Since when it may have been placed without our knowledge, because the database was restored;
  /// zero if that cannot be.
  instant placed_since = {};
  /// The provider's name of a top-up's network, its fixed value or the package of its data, and the
  /// network's country; only for providers whose calls need them.
  std::string code = {};
  std::string country_iso = {};
  /// Passed on with each call; empty for none.
  std::string trace_parent = {};
  /// The bundle's price in the provider's catalogue, as it is written there; empty if it is not
  /// known.
  std::string listed_price = {};
  /// What a unit of the currency of that price is worth, in hundred-millionths of a dollar; zero
  /// for dollars.
  int64_t usd_rate = 0;
  /// What the dealer pays for it; nothing if that is not known.
  std::optional<money> price = {};
  /// The provider's name of the eSIM to top up, if it has to be asked for it.
  std::string esim_number = {};
  /// The address to which the provider may send the outcome of the order; empty for none.
  std::string callback_url = {};

  /// When it was asked for first, as far as can be.
  instant first_asked_at() const {
    return placed_since != instant{} && placed_since < asked_at ? placed_since : asked_at;
  }
};

/// Ask the provider about an eSIM that it has sold, or to deactivate it.
struct esim_question {
  std::string iccid;
  bool is_revocation = false;
  /// What was bought, whose name says from whom.
  std::string product = {};
};

/// Ask a provider for a page of the orders that we have placed there, as the JSON that operators
/// read. `wrong_state` if it lists none.
struct provider_list_question {
  std::string prefix;
  list_wish wish;
};

/// What the provider answered, in its own words.
struct provider_text {
  int32_t status = 0;
  std::string body;
};

/// An eSIM that was bought. A top-up only has the provider's name.
struct esim {
  std::string iccid;
  /// The activation code: `LPA:1$host$matching-id`.
  std::string lpa;
  /// The provider's own name for the order.
  std::string provider_order_id;
  /// What the provider charges for it; nothing if that is not known.
  std::optional<money> cost = {};
};

/// What the provider charges for an order by its catalogue; nothing if it lists no such thing.
std::optional<money> cost_of(const provider_order& order, const catalogue& by);

/// The eSIM with its number and code in the one form by which all are compared. What cannot be read
/// stays as it came. So does a code with a confirmation code, which the customer needs.
esim in_one_form(esim bought);

/// How asking for an order ended.
enum class provider_verdict : uint8_t {
  /// Bought.
  placed,
  /// Not bought, and never will be under this reference. If an earlier call may have been heard,
  /// the order is looked up first.
  refused,
  /// It may have been bought: ask again by the same reference, never buy under another.
  unknown,
  /// Not bought: the same order may be repeated later.
  unavailable,
  /// Not bought, for a reason that is ours: the provider refuses our credential, or our credit is
  /// used up. Every other order would end alike.
  ours,
  /// Not bought by this call, but there may be an order under the reference. A look-up tells.
  contested,
  /// Only for a look-up: the provider has never heard of the reference.
  absent,
};

std::string_view to_string(provider_verdict verdict);

struct provider_outcome {
  provider_verdict verdict = provider_verdict::unavailable;
  /// Only for `placed`.
  esim bought;
  /// A sentence for everything else.
  std::string reason;
  /// After how many seconds to ask again; only for `unknown`, `unavailable` and `ours`.
  int32_t retry_after_seconds = 0;
  /// The provider's names for the orders of which this may be one. Only for providers whose orders
  /// are noted before.
  std::vector<std::string> candidates = {};
  /// Only for `unavailable`: whether the order counts as refused if the last try ends so too.
  bool is_refusal_in_the_end = false;
};

inline provider_outcome placed(esim bought) {
  return {provider_verdict::placed, std::move(bought), {}, 0};
}

inline provider_outcome refused(std::string reason) {
  return {provider_verdict::refused, {}, std::move(reason), 0};
}

inline provider_outcome unknown(std::string reason, int32_t retry_after_seconds = 5) {
  return {provider_verdict::unknown, {}, std::move(reason), retry_after_seconds};
}

inline provider_outcome unavailable(std::string reason, int32_t retry_after_seconds = 5) {
  return {provider_verdict::unavailable, {}, std::move(reason), retry_after_seconds};
}

inline provider_outcome ours(std::string reason, int32_t retry_after_seconds = 60) {
  return {provider_verdict::ours, {}, std::move(reason), retry_after_seconds};
}

inline provider_outcome contested(std::string reason) {
  return {provider_verdict::contested, {}, std::move(reason), 0};
}

inline provider_outcome absent(std::string reason) {
  return {provider_verdict::absent, {}, std::move(reason), 0};
}

} // namespace meisim
