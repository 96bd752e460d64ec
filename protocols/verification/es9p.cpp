#include "protocols/verification/es9p.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/strict_json.hpp"

#include <algorithm>

namespace meisim {

namespace {

/// A code of SGP.22 §5.2.6: numbers and dots.
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 16
         && std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}

} // namespace

std::optional<std::string_view> es9p_check_path(std::string_view url, std::string_view host) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme) || host.empty())
    return std::nullopt;
  url.remove_prefix(scheme.size());
  if (url.size() <= host.size() || !same_but_for_case(url.substr(0, host.size()), host))
    return std::nullopt;
  auto path = url.substr(host.size());
  auto found = std::find(es9p_check_paths.begin(), es9p_check_paths.end(), path);
  if (found == es9p_check_paths.end())
    return std::nullopt;
  return *found;
}

std::optional<es9p_status> read_es9p_status(std::string_view body) {
  auto answer = parse_json_object(body);
  if (!answer)
    return std::nullopt;
  const auto& execution = member(member(*answer, "header"), "functionExecutionStatus");
  const auto& data = member(execution, "statusCodeData");
  es9p_status result;
  auto status = text_of(execution, "status");
  auto subject = text_of(data, "subjectCode");
  auto reason = text_of(data, "reasonCode");
  if (is_code(subject) && is_code(reason))
    result.codes = subject + '/' + reason;
  // Of the four words of SGP.22, these two leave the device nothing to go on with.
  result.has_failed = status == "Failed" || status == "Expired";
  return result;
}

} // namespace meisim
