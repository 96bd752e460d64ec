#include "protocols/orders/esim_details.hpp"

#include "protocols/base/json_writer.hpp"

namespace meisim {

std::string to_json(const esim_details& details) {
  return json_object([&](json_writer& out) {
    out.member("Status", "Success")
      .member("Iccid", details.iccid)
      .member("BundleName", details.bundle)
      .member("State", details.state)
      .optional_member("DataAllowanceMb", details.allowance_mb)
      .optional_member("DataUsedMb", details.used_mb)
      .member("ExpiresAt", or_null(details.expires_at));
  });
}

} // namespace meisim
