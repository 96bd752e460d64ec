#pragma once

#include "protocols/orders/provider_format.hpp"

#include <json/value.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace meisim {

/// How eSIM Access is called.
provider_call esim_access_call(std::string path, const Json::Value& body);

/// What it counts data in.
constexpr int64_t esim_access_megabyte = 1'024 * 1'024;

/// The body of a query for a page, counted from 0. What is asked for is still to be added.
Json::Value esim_access_query(int page_size, int page = 0);

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
