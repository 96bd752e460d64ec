#include "protocols/orders/esim_access_envelope.hpp"

#include "protocols/base/strict_json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

namespace meisim {

namespace {

/// The code, which is a text or a number; nothing if it is neither.
std::optional<int64_t> code_in(const Json::Value& json) {
  const auto& code = member(json, "errorCode");
  if (code.isNull())
    return 0;
  if (code.isInt64())
    return code.asInt64();
  auto text = code.isString() ? code.asString() : std::string{};
  bool is_number =
    !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? std::optional<int64_t>{std::stoll(text)} : std::nullopt;
}

bool says_success(const Json::Value& json) {
  const auto& success = member(json, "success");
  return success == Json::Value{true} || success == Json::Value{"true"};
}

bool is_one_of(int64_t code, std::initializer_list<int64_t> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

} // namespace

esim_access_envelope open_envelope(std::string_view body) {
  esim_access_envelope result;
  auto json = parse_json_object(body);
  if (!json)
    return result;
  auto code = code_in(*json);
  // A success with an error code, or a failure without one, cannot be read.
  result.is_readable = code && json->isMember("success") && says_success(*json) == (*code == 0);
  result.code = code.value_or(0);
  result.message = text_of(*json, "errorMessage");
  if (result.message.empty())
    result.message = text_of(*json, "errorMsg");
  result.message = result.message.substr(0, 200);
  result.object = member(*json, "obj");
  return result;
}

provider_outcome outcome_of(const esim_access_envelope& answer) {
  auto reason = fmt::format("error {:06}: {}", answer.code, answer.message);
  auto code = answer.code;
  if (is_one_of(code, {200'007, 101, 101'001, 101'002, 101'003}))
    return ours(std::move(reason));
  bool is_request = code >= 102 && code <= 107;
  bool is_package = (code >= 310'201 && code <= 310'272) || code == 310'403;
  if (is_request || is_package
      || is_one_of(code, {200'002, 200'005, 200'006, 200'008, 200'009, 200'011}))
    return refused(std::move(reason));
  return unknown(std::move(reason));
}

} // namespace meisim
