#include "actors/verification/lpac_settings.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/verification/activation_code.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace meisim {

namespace {

constexpr int64_t longest_timeout = 600;
constexpr std::array<std::string_view, 11> known_settings{
  "name",          "driver",        "reader",     "binary",          "imei",     "ca_file",
  "verdict_table", "allow_private", "connect_to", "timeout_seconds", "test_host"};

caf::error bad(const std::string& name, const std::string& rule) {
  return make_error(ec::invalid, name + ' ' + rule);
}

/// What is wrong with the types of the settings.
caf::error check_types(const Json::Value& from) {
  if (!from.isObject())
    return make_error(ec::invalid, "a device must be an object");
  for (const auto& name : from.getMemberNames())
    if (std::find(known_settings.begin(), known_settings.end(), name) == known_settings.end())
      return bad(name, "is no setting of the lpac driver");
  for (const char* name :
       {"reader", "binary", "imei", "ca_file", "verdict_table", "connect_to", "test_host"}) {
    const auto& value = from[name];
    if (!value.isNull() && (!value.isString() || value.asString().find('\0') != std::string::npos))
      return bad(name, "must be text");
  }
  if (!from["allow_private"].isNull() && !from["allow_private"].isBool())
    return bad("allow_private", "must be true or false");
  return {};
}

bool is_imei(const std::string& text) {
  return text.size() == 15 && passes_luhn(text);
}

caf::expected<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file)
    return make_error(ec::invalid, "cannot be read");
  return text;
}

caf::error read_network(const Json::Value& from, relay_settings& into) {
  into.ca_file = text_of(from, "ca_file");
  into.connect_to = text_of(from, "connect_to");
  into.allow_private = is_true(from, "allow_private");
  if (!into.ca_file.empty() && !std::ifstream{into.ca_file})
    return bad("ca_file", into.ca_file + " cannot be read");
  return {};
}

} // namespace

caf::expected<lpac_settings> read_lpac_settings(const Json::Value& from) {
  if (auto failure = check_types(from))
    return failure;
  lpac_settings result;
  result.reader = text_of(from, "reader");
  if (result.reader.empty())
    return bad("reader", "must name a PC/SC reader");
  if (auto binary = text_of(from, "binary"); !binary.empty())
    result.binary = binary;
  result.imei = text_of(from, "imei");
  if (!result.imei.empty() && !is_imei(result.imei))
    return bad("imei", "must be 15 digits with their check digit");
  result.test_host = text_of(from, "test_host");
  if (!result.test_host.empty() && !is_host_name(result.test_host))
    return bad("test_host", "must be the host name of an SM-DP+");
  auto seconds = number_of(from, "timeout_seconds",
                           from["timeout_seconds"].isNull() ? result.timeout.count() : 0);
  if (seconds < 1 || seconds > longest_timeout)
    return bad("timeout_seconds", "must be a whole number from 1 to 600");
  result.timeout = std::chrono::seconds{seconds};
  if (auto failure = read_network(from, result.network))
    return failure;
  if (auto path = text_of(from, "verdict_table"); !path.empty()) {
    auto text = read_file(path);
    if (!text)
      return bad("verdict_table", path + " cannot be read");
    auto table = read_verdict_table(*text);
    if (!table)
      return std::move(table.error());
    result.table = std::make_shared<const verdict_table>(std::move(*table));
  }
  return result;
}

} // namespace meisim
