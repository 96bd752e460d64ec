#pragma once

#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/orders/provider_lists.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// How a provider is spoken to. Each wire format is one file that fills in this table; a provider is
// a line of configuration that names one.

/// A call to be made, without the provider's address and our credentials.
struct provider_call {
  std::string method = "GET";
  /// A whole address if it is not at the provider's.
  std::string path;
  /// Empty for none.
  std::string body = {};
  std::string_view content_type = "application/json";
  std::string_view accept = "application/json";
};

/// What calls carry in place of our credentials, for a time.
struct access_token {
  std::string text;
  std::chrono::seconds lifetime{0};
};

/// What a provider says is left on our account.
struct told_balance {
  /// As it is written.
  std::string amount;
  /// ISO 4217.
  std::string currency = "USD";
};

struct provider_format {
  /// What the configuration calls it.
  std::string_view name;
  /// The header line that shows an API key, or the token that was got for it.
  std::string (*credential)(const std::string& api_key);
  provider_call (*catalogue_call)();
  caf::expected<catalogue> (*read_catalogue)(std::string_view body);
  /// Orders an eSIM or a top-up under its reference.
  provider_call (*order_call)(const provider_order& order);
  /// Asks what became of an order, by its reference.
  provider_call (*look_up_call)(const provider_order& order);
  /// The meaning of an answer to the order (`is_look_up` false) or to the look-up.
  provider_outcome (*read_outcome)(int32_t status, std::string_view body,
                                   const provider_order& order, bool is_look_up);
  /// This and the next are null if the provider sells no eSIMs.
  provider_call (*esim_call)(const esim_question& question);
  /// What a dealer reads of an eSIM, in one form for all providers, with status 200. Any other
  /// answer has another status.
  provider_text (*read_esim)(int32_t status, const std::string& body,
                             const esim_question& question);
  /// Asks for a SIM of a network. Null if the provider tops up no SIMs.
  provider_call (*sim_call)(const sim_question& question, const network& of);

  // Only some formats have what follows.

  /// Whether an eSIM that was sold can be revoked.
  bool revokes_esims = true;
  /// The meaning of the answer to `sim_call`: 200 if there is such a SIM, 404 if there is none.
  /// Null if the answer's own status says so.
  int32_t (*read_sim)(int32_t status, std::string_view body, const network& of) = nullptr;
  /// Whether top-ups are ordered by the codes of the provider's catalogue.
  bool orders_by_code = false;
  /// The call that gets a token for our credentials, from the provider at this address. Null if
  /// calls show the credentials themselves.
  provider_call (*token_call)(const std::string& credentials, const std::string& url) = nullptr;
  std::optional<access_token> (*read_token)(std::string_view body) = nullptr;
  /// Whether bundles' data can be ordered for eSIMs that were sold; and whether that needs
  /// packages, so that it works only for bundles whose package is known.
  bool tops_up_esims = false;
  bool has_top_up_packages = false;
  /// The call for the page after this one, counted from 0; nothing after the last. Null if the
  /// catalogue is one page.
  std::optional<provider_call> (*next_page_call)(std::string_view body, int32_t page) = nullptr;
  /// The age at which the catalogue is fetched anew.
  std::chrono::seconds catalogue_lifetime{60};
  /// The call that revokes, made from the answer to `esim_call`; nothing if that answer does not
  /// tell it. Null if `esim_call` itself revokes.
  std::optional<provider_call> (*revocation_call)(std::string_view body,
                                                  const esim_question& question) = nullptr;
  /// Whether the same reference may buy twice. Then orders are noted before the provider is asked.
  /// An order whose fate is not known is looked up until it is certain.
  bool may_buy_twice = false;
  /// Whether a look-up tells two orders of a product apart only by their time. Then only one order
  /// of a product is open at a time.
  bool is_one_of_a_product = false;
  /// How long after a lost call its order may still turn up.
  std::chrono::seconds settling_time{0};
  /// The shortest average time between two calls, and between two orders; and how many calls may
  /// come at once.
  std::chrono::milliseconds call_pause{0};
  std::chrono::milliseconds order_pause{0};
  int32_t call_burst = 1;
  /// The call before an order, which buys nothing. It asks whether the listed price still holds, or
  /// what the provider calls the eSIM to top up. Nothing for an order that needs no call; null if
  /// no order does.
  std::optional<provider_call> (*check_call)(const provider_order& order) = nullptr;
  /// Completes the order by the answer; otherwise tells why it is not placed.
  std::optional<provider_outcome> (*read_check)(int32_t status, std::string_view body,
                                                provider_order& order) = nullptr;
  /// Whether the provider never sells above the listed price, because the order names the price or
  /// a call before it asks for it.
  bool checks_price = false;
  /// The header lines that sign a call with our credentials; empty if these have nothing to sign
  /// with. Null if the provider wants no signatures.
  std::vector<std::string> (*sign)(const std::string& credentials, const std::string& body,
                                   instant at) = nullptr;
  /// Null if the provider tells no balance.
  provider_call (*balance_call)() = nullptr;
  /// Nothing if it cannot be read.
  std::optional<told_balance> (*read_balance)(std::string_view body) = nullptr;
  /// The call for a page of what we have ordered in a period. Null if the provider lists nothing.
  provider_call (*list_call)(const list_wish& wish) = nullptr;
  /// Nothing if it cannot be read.
  std::optional<order_page> (*read_list)(std::string_view body, int32_t page) = nullptr;
  /// Whether the price comes back for an eSIM that is revoked before anybody has installed it.
  bool refunds_esims = false;
  /// Whether it gives money back only if people there agree. An operator has to ask them.
  bool refunds_on_request = false;

  // News that the provider sends by itself. It is only a reason to ask.

  /// The header that signs it, in lower case; empty for none.
  std::string_view signature_header = {};
  /// The header whose text is signed behind the body and a colon; empty for none.
  std::string_view signed_time_header = {};
  /// Whether this is the provider's signature of the text, by our credentials. Null if nothing is
  /// signed.
  bool (*is_signed)(std::string_view body, std::string_view signature,
                    const std::string& credentials) = nullptr;
  /// What the news is about; nothing if it does not concern us. Null if the provider sends nothing.
  std::optional<provider_news> (*read_news)(std::string_view body) = nullptr;
};

/// Our own REST format, in provider_wire.cpp.
extern const provider_format standard_format;

/// A reseller's catalogue of packages, in packages_wire.cpp.
extern const provider_format packages_format;

/// Airalo's Partners API v2, in airalo.cpp.
extern const provider_format airalo_format;

/// DT One's Digital Value Services API v1, in dt_one.cpp.
extern const provider_format dt_one_format;

/// eSIM Access's open API v1, in esim_access.cpp.
extern const provider_format esim_access_format;

/// eSIM Go's API v2.5, in esim_go.cpp.
extern const provider_format esim_go_format;

/// Reloadly's airtime API, in reloadly.cpp.
extern const provider_format reloadly_format;

/// What a provider can do, by names that operators read: `catalogue`, `look_up` (an order by a
/// reference of ours), `usage`, `revoke`, `refund`, `refund_on_request`, `esim_topup`, `sim_topup`,
/// `balance`, `webhook`, `list` (its orders of a time), `price_check` (nothing is bought dearer
/// than listed, but for taxes).
std::vector<std::string_view> capabilities_of(const provider_format& format);

/// The meaning of an HTTP status other than success for an order, if a format says nothing more
/// exact.
provider_outcome outcome_of_status(int32_t status, std::string reason);

/// Whether an answer to `esim_call` tells that the eSIM is revoked. It is needed when the answer to
/// a revocation was lost: a second revocation is refused although the first was done.
bool tells_revoked(const provider_format& format, int32_t status, const std::string& body,
                   esim_question question);

/// The format of this name; null if there is none.
const provider_format* find_provider_format(std::string_view name);

} // namespace meisim
