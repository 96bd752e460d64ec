#include "apps/sandbox/stripe_answers.hpp"

#include "protocols/base/instant.hpp"
#include "protocols/base/strict_json.hpp"

#include <fmt/core.h>

namespace meisim::sandbox {

sandbox_answer stripe_json(int status, const Json::Value& body) {
  sandbox_answer result;
  result.status = status;
  result.body = write_json(body);
  return result;
}

sandbox_answer stripe_failure(int status, std::string_view type, std::string_view code,
                              const std::string& message, std::string_view param) {
  Json::Value body{Json::objectValue};
  auto& error = body["error"];
  error["type"] = std::string{type};
  if (!code.empty())
    error["code"] = std::string{code};
  error["message"] = message;
  if (!param.empty())
    error["param"] = std::string{param};
  return stripe_json(status, body);
}

sandbox_answer stripe_missing(std::string_view name) {
  return stripe_failure(400, "invalid_request_error", "parameter_missing",
                        fmt::format("Missing required param: {}.", name), name);
}

sandbox_answer stripe_no_such(std::string_view what, std::string_view id) {
  return stripe_failure(404, "invalid_request_error", "resource_missing",
                        fmt::format("No such {}: '{}'", what, id), "id");
}

std::string path_after(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) ? std::string{path.substr(folder.size())} : std::string{};
}

int64_t seconds_now() {
  return micros(now()) / 1'000'000;
}

} // namespace meisim::sandbox
