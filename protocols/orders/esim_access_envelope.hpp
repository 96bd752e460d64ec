#pragma once

#include "protocols/orders/provider.hpp"

#include <json/value.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace meisim {

/// What every answer of eSIM Access comes in.
struct esim_access_envelope {
  /// False if it is in another form, or contradicts itself.
  bool is_readable = false;
  /// Zero means success.
  int64_t code = 0;
  std::string message;
  Json::Value object;
};

esim_access_envelope open_envelope(std::string_view body);

/// The meaning of an error code for an order.
provider_outcome outcome_of(const esim_access_envelope& answer);

} // namespace meisim
