#include "protocols/orders/provider_format.hpp"

namespace meisim {

const provider_format* find_provider_format(std::string_view name) {
  for (const auto* format : {&standard_format, &packages_format})
    if (format->name == name)
      return format;
  return nullptr;
}

} // namespace meisim
