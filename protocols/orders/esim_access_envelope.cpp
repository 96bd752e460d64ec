#include "protocols/orders/esim_access_envelope.hpp"

#include "protocols/base/strict_json.hpp"
#include "protocols/orders/provider_format_parts.hpp"

#include <fmt/core.h>

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
  return code_from(text_of(json, "errorCode"));
}

bool says_success(const Json::Value& json) {
  return is_set(json, "success") || text_of(json, "success") == "true";
}

} // namespace

provider_call esim_access_call(std::string path, const Json::Value& body) {
  return {"POST", std::move(path), write_json(body)};
}

Json::Value esim_access_query(int page_size, int page) {
  Json::Value body{Json::objectValue};
  body["pager"]["pageNum"] = page + 1;
  body["pager"]["pageSize"] = page_size;
  return body;
}

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
