#include "protocols/supply/supply.hpp"

namespace meisim {

std::string to_string(const pool_name& pool) {
  return pool.carrier + '.' + pool.plan_type;
}

} // namespace meisim
