#include "apps/meisimd/option_checks.hpp"

#include "apps/meisimd/options.hpp"
#include "http/server/client_address.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace meisim {

std::string check_rate_limits(const std::string& text) {
  try {
    node_options options;
    options.rate_limits = text;
    options.rate_limit_factor();
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string check_proxy(const std::string& text) {
  return http::trusted_proxies{}.add(text) ? "" : "must be an address or a network: 10.0.0.0/8";
}

std::string check_percent(const std::string& text) {
  return stripe_fee::parse_percent(text) ? "" : "must be a percentage such as 2.9";
}

std::string check_amount(const std::string& text) {
  auto amount = money::parse(text);
  return amount && !amount->is_negative() ? "" : "must be an amount of dollars such as 0.30";
}

std::string check_credit_limit(const std::string& text) {
  return text == "none" || check_amount(text).empty()
           ? ""
           : "must be an amount of dollars such as 5000.00, or none";
}

std::string check_public_url(const std::string& text) {
  bool is_address = text.starts_with("https://") || text.starts_with("http://");
  return text.empty() || (is_address && !text.ends_with('/'))
           ? ""
           : "must begin with https:// or http://, and not end with a slash";
}

std::string check_private_folder(const std::string& text) {
  if (text.empty())
    return "";
  std::error_code failure;
  auto found = std::filesystem::status(text, failure);
  if (failure || !std::filesystem::is_directory(found))
    return "must be a folder that is there";
  using enum std::filesystem::perms;
  bool is_open = (found.permissions() & (group_all | others_all)) != none;
  return is_open ? "must be a folder that its owner alone may enter: chmod 700" : "";
}

std::string check_roles(const std::string& text) {
  std::string_view rest = text;
  while (true) {
    auto end = std::min(rest.find(','), rest.size());
    auto role = rest.substr(0, end);
    if (role != "http" && role != "core" && role != "devices")
      return "must be some of http, core and devices, separated by commas";
    if (end == rest.size())
      return "";
    rest.remove_prefix(end + 1);
  }
}

} // namespace meisim
