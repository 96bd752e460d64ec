#pragma once

#include "protocols/orders/provider.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace meisim {

// How a provider is spoken to. Each wire format is one file that fills in this table; a provider is
// a line of configuration that names one.

/// A call to be made, without the provider's address and our credentials.
struct provider_call {
  std::string method = "GET";
  std::string path;
  /// JSON; empty for none.
  std::string body = {};
};

struct provider_format {
  /// What the configuration calls it.
  std::string_view name;
  /// The header line that shows an API key.
  std::string (*credential)(const std::string& api_key);
  provider_call (*catalogue_call)();
  caf::expected<catalogue> (*read_catalogue)(std::string_view body);
  /// Orders an eSIM or a top-up under its reference.
  provider_call (*order_call)(const provider_order& order);
  /// Asks what became of an order, by its reference.
  provider_call (*look_up_call)(const provider_order& order);
  /// What an answer to the order (`is_look_up` false) or to the question means.
  provider_outcome (*read_outcome)(int32_t status, std::string_view body,
                                   const provider_order& order, bool is_look_up);
  provider_call (*esim_call)(const esim_question& question);
  /// What a dealer reads of an eSIM, the same for all providers, from the answer with status 200.
  std::string (*esim_text)(const std::string& body);
  /// Null where the provider tops up no SIMs.
  provider_call (*sim_call)(const sim_question& question);
};

/// Our own REST format, in provider_wire.cpp.
extern const provider_format standard_format;

/// A reseller's catalogue of packages, in packages_wire.cpp.
extern const provider_format packages_format;

/// What an HTTP status other than success means for an order, where a format has nothing better to
/// say.
provider_outcome outcome_of_status(int32_t status, std::string reason);

/// The format of this name; null if there is none.
const provider_format* find_provider_format(std::string_view name);

} // namespace meisim
