#pragma once

#include "protocols/orders/provider.hpp"

#include <json/value.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace meisim {

/// What every answer of eSIM Access comes in.
struct esim_access_envelope {
  /// Otherwise it is in another form, or says both that it went well and that it did not.
  bool is_readable = false;
  /// Zero is well.
  int64_t code = 0;
  std::string message;
  Json::Value object;
};

esim_access_envelope open_envelope(std::string_view body);

/// What an error code says of an order.
provider_outcome outcome_of(const esim_access_envelope& answer);

} // namespace meisim
