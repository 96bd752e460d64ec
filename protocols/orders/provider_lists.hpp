#pragma once

#include "protocols/base/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

struct provider_call;

// Providers' lists of the orders of a period, to compare them with what we know.

/// An order as its provider lists it.
struct listed_order {
  /// What the provider calls it, as its answer to the order did.
  std::string id;
  /// Our reference; empty if the provider does not tell it.
  std::string reference = {};
  /// What it charges, as it is written; empty if it is not told.
  std::string amount = {};
  /// ISO 4217.
  std::string currency = "USD";
  /// When it was placed; zero if it is not told.
  instant at = {};
};

/// Which page of the orders between two moments. The first page is 0.
struct list_wish {
  instant from;
  instant to;
  int32_t page = 0;
};

struct order_page {
  std::vector<listed_order> orders;
  bool has_more = false;
};

/// The calls for a page of each format, and what its answer lists; nothing if it cannot be read.
/// Orders that the provider says were refused or refunded are left out.
provider_call standard_list_call(const list_wish& wish);
std::optional<order_page> read_standard_list(std::string_view body, int32_t page);

provider_call airalo_list_call(const list_wish& wish);
std::optional<order_page> read_airalo_list(std::string_view body, int32_t page);

provider_call dt_one_list_call(const list_wish& wish);
std::optional<order_page> read_dt_one_list(std::string_view body, int32_t page);

provider_call esim_access_list_call(const list_wish& wish);
std::optional<order_page> read_esim_access_list(std::string_view body, int32_t page);

provider_call esim_go_list_call(const list_wish& wish);
std::optional<order_page> read_esim_go_list(std::string_view body, int32_t page);

provider_call reloadly_list_call(const list_wish& wish);
std::optional<order_page> read_reloadly_list(std::string_view body, int32_t page);

} // namespace meisim
