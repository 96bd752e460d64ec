#include "protocols/orders/address_json.hpp"

#include "protocols/base/json_writer.hpp"
#include "protocols/base/strict_json.hpp"

namespace meisim {

void write_address(json_writer& out, const postal_address& address) {
  out.member("first_name", address.first_name)
    .member("last_name", address.last_name)
    .member("address_line_1", address.address_line_1)
    .member("city", address.city)
    .member("state", address.state)
    .member("zip_code", address.zip_code)
    .member("phone", address.phone);
}

postal_address address_from(const Json::Value& json) {
  return {text_of(json, "first_name"), text_of(json, "last_name"), text_of(json, "address_line_1"),
          text_of(json, "city"),       text_of(json, "state"),     text_of(json, "zip_code"),
          text_of(json, "phone")};
}

} // namespace meisim
