#include "protocols/verification/verdict_table.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace meisim {

namespace {

using enum check_end;

struct kind_name {
  check_end end;
  const char* name;
};

/// The fields by which a row says what it is for.
constexpr std::array<kind_name, 4> kinds{{
  {refused, "codes"},
  {http_status, "http_status"},
  {failed, "stage"},
  {event, "event"},
}};

verdict_row row(check_end end, std::string pattern, verdict what, std::string reason = {}) {
  return {end, std::move(pattern), what, std::move(reason),
          what == verdict::error ? blame::unsure : blame::nobody};
}

/// An error for which this device is at fault.
verdict_row device_row(check_end end, std::string pattern, std::string reason) {
  return {end, std::move(pattern), verdict::error, std::move(reason), blame::device};
}

/// An error that the host, or the way to it, may have brought about.
verdict_row host_row(check_end end, std::string pattern, std::string reason) {
  return {end, std::move(pattern), verdict::error, std::move(reason), blame::host};
}

std::vector<verdict_row> make_defaults() {
  return {
    row(event, "metadata", verdict::available),
    // Rows about the code and the order behind it.
    row(refused, "8.2.6/3.8", verdict::used,
        "refused by the SM-DP+: already downloaded, or never issued"),
    row(refused, "8.1.1/3.8", verdict::used, "bound to another eUICC"),
    row(refused, "8.1.1/3.1", verdict::used, "bound to another eUICC"),
    row(refused, "8.2.1/3.1", verdict::used, "bound to another eUICC"),
    row(refused, "8.2/3.7", verdict::used, "already bound"),
    row(refused, "8.2.6/3.1", verdict::invalid, "the profile belongs to another matching id"),
    row(refused, "8.2.6/3.3", verdict::invalid, "conflicting matching id"),
    row(refused, "8.8.1/3.8", verdict::invalid, "wrong SM-DP+ address"),
    row(refused, "8.8/3.1", verdict::invalid, "wrong SM-DP+ object identifier"),
    row(refused, "8.8.5/4.1", verdict::invalid, "the download order has expired"),
    row(refused, "8.8.5/6.4", verdict::invalid, "too many attempts to download"),
    row(refused, "8.2/1.2", verdict::unknown, "not yet released"),
    row(refused, "8.2.5/4.3", verdict::unknown, "no profile fits this device"),
    row(refused, "8.2.1/3.3", verdict::unknown, "the profile is not available"),
    row(refused, "8.2.7/2.2", verdict::unknown, "needs a confirmation code"),
    row(refused, "8.2.7/3.8", verdict::unknown, "confirmation code refused"),
    // Rows about the device that asked.
    device_row(refused, "8.1/4.8", "the device's eUICC has too little memory"),
    device_row(refused, "8.1/6.1", "the signature of the device's eUICC was refused"),
    device_row(refused, "8.1.2/*", "the certificate of the eUICC's maker was refused"),
    device_row(refused, "8.1.3/*", "the certificate of the device's eUICC was refused"),
    device_row(refused, "8.1.4/6.1", "the device's EID is outside the range of its maker"),
    device_row(refused, "8.8.2/3.1", "the SM-DP+ supports none of the eUICC's keys"),
    device_row(refused, "8.8.3/3.1", "the SM-DP+ does not support the eUICC's version"),
    device_row(refused, "8.8.4/3.7", "the SM-DP+ has no certificate that the eUICC trusts"),
    device_row(refused, "8.11.1/3.9", "the SM-DP+ does not trust the eUICC's certificates"),
    // Rows about the way between them.
    host_row(refused, "8.10.1/3.9", "the SM-DP+ lost the session"),
    row(refused, "", verdict::unknown, "refused by the SM-DP+, which gave no reason"),
    row(refused, "*", verdict::unknown, "SM-DP+ status {codes}"),
    host_row(http_status, "*", "the SM-DP+ answered with HTTP status {status}"),
    host_row(event, "transport", "the SM-DP+ could not be reached"),
    host_row(event, "not_json", "the SM-DP+ gave no readable answer"),
    // Rows about the device's program.
    device_row(failed, "euicc_init", "card or reader"),
    // This step also fails on an answer of the SM-DP+ that is no well-formed DER.
    host_row(failed, "es10b_authenticate_server", "the eUICC did not take the SM-DP+'s answer"),
    device_row(failed, "es10a_*", "card or reader"),
    device_row(failed, "es10b_*", "card or reader"),
    host_row(failed, "es9p_*", "the check failed at {stage}"),
    host_row(failed, "es8p_*", "the check failed at {stage}"),
    row(failed, "activation_code", verdict::invalid, "not accepted as an activation code"),
    row(failed, "matching_id", verdict::invalid, "not accepted as a matching id"),
    row(failed, "*", verdict::error, "the check failed at {stage}"),
    row(event, "deadline", verdict::error, "no result in time"),
    host_row(event, "no_answer", "no result in time"),
    row(event, "forbidden", verdict::error, "stopped: the device asked for what a check must not"),
    row(event, "babble", verdict::error, "stopped: the device's program wrote too much"),
    row(event, "no_line", verdict::error, "the device's program said nothing"),
    row(event, "exit", verdict::error, "the device's program ended too early"),
    host_row(event, "preview", "the SM-DP+ showed no profile"),
    device_row(event, "set_up", "the device's program cannot work"),
    device_row(event, "start", "the device's program cannot be started"),
    device_row(event, "other_card", "another card has answered than the device's own"),
    row(event, "*", verdict::error, "{event}"),
  };
}

bool fits(std::string_view pattern, std::string_view text) {
  if (!pattern.empty() && pattern.back() == '*')
    return text.starts_with(pattern.substr(0, pattern.size() - 1));
  return text == pattern;
}

/// What an outcome is judged by.
std::string key_of(const check_outcome& outcome) {
  switch (outcome.end) {
  case refused:
    return outcome.seen.codes;
  case http_status:
    return std::to_string(outcome.seen.http_status);
  case failed:
    return outcome.seen.stage;
  case event:
    return outcome.event;
  }
  return {};
}

const verdict_row* find_in(const std::vector<verdict_row>& rows, check_end end,
                           std::string_view key) {
  auto found = std::find_if(rows.begin(), rows.end(), [&](const verdict_row& candidate) {
    return candidate.end == end && fits(candidate.pattern, key);
  });
  return found == rows.end() ? nullptr : &*found;
}

/// The reason with its placeholders replaced by what was seen. What was seen is never read as a
/// placeholder.
std::string filled(std::string_view reason, const check_outcome& outcome) {
  const std::array<std::pair<std::string_view, std::string>, 4> places{{
    {"{codes}", outcome.seen.codes},
    {"{stage}", outcome.seen.stage},
    {"{status}", std::to_string(outcome.seen.http_status)},
    {"{event}", outcome.event},
  }};
  std::string result;
  for (size_t i = 0; i < reason.size();) {
    auto place = std::find_if(places.begin(), places.end(), [&](const auto& candidate) {
      return reason.substr(i).starts_with(candidate.first);
    });
    if (place == places.end()) {
      result += reason[i++];
    } else {
      result += place->second;
      i += place->first.size();
    }
  }
  return result;
}

caf::error bad(const std::string& where, const std::string& why) {
  return make_error(ec::invalid, "verdict table, " + where + ": " + why);
}

std::optional<blame> parse_blame(std::string_view text) {
  if (text == "device")
    return blame::device;
  if (text == "unsure")
    return blame::unsure;
  if (text == "host")
    return blame::host;
  return std::nullopt;
}

/// A `*` may stand only at the end of a pattern.
bool is_pattern(std::string_view text) {
  return !text.empty() && text.size() <= 100
         && text.substr(0, text.size() - 1).find('*') == text.npos;
}

caf::error read_subject(const Json::Value& from, verdict_row& into, const std::string& where) {
  int named = 0;
  for (const auto& kind : kinds)
    if (from.isMember(kind.name)) {
      ++named;
      into.end = kind.end;
      into.pattern = text_of(from, kind.name);
      if (!is_pattern(into.pattern))
        return bad(where, std::string{kind.name} + " must be text, with a * only at its end");
    }
  if (named != 1)
    return bad(where, "needs one of codes, http_status, stage and event");
  return {};
}

caf::expected<verdict_row> read_row(const Json::Value& from, const std::string& where) {
  constexpr std::array<std::string_view, 7> known{"codes",   "http_status", "stage", "event",
                                                  "verdict", "reason",      "blame"};
  if (!from.isObject())
    return bad(where, "is no object");
  for (const auto& name : from.getMemberNames())
    if (std::find(known.begin(), known.end(), name) == known.end())
      return bad(where, "has an unknown field " + name);
  verdict_row result;
  if (auto failure = read_subject(from, result, where))
    return failure;
  auto what = parse_verdict(text_of(from, "verdict"));
  if (!what)
    return bad(where, "verdict must be available, used, invalid, error or unknown");
  result.what = *what;
  if (from.isMember("reason") && !from["reason"].isString())
    return bad(where, "reason must be text");
  result.reason = text_of(from, "reason");
  result.fault = result.what == verdict::error ? blame::unsure : blame::nobody;
  if (from.isMember("blame")) {
    auto fault = parse_blame(text_of(from, "blame"));
    if (!fault || result.what != verdict::error)
      return bad(where, "blame must be device, host or unsure, and only for the verdict error");
    result.fault = *fault;
  }
  return result;
}

caf::expected<std::vector<verdict_row>> read_rows(const Json::Value& from, const std::string& of) {
  std::vector<verdict_row> result;
  if (!from.isArray())
    return bad(of + "rows", "is no list");
  for (Json::ArrayIndex i = 0; i < from.size(); ++i) {
    auto next = read_row(from[i], of + "row " + std::to_string(i + 1));
    if (!next)
      return std::move(next.error());
    result.push_back(std::move(*next));
  }
  return result;
}

} // namespace

verdict_table::verdict_table() = default;

const std::vector<verdict_row>& verdict_table::defaults() {
  static const auto rows = make_defaults();
  return rows;
}

const verdict_row& verdict_table::row_for(const check_outcome& outcome) const {
  auto key = key_of(outcome);
  auto own = by_host_.find(outcome.seen.host);
  if (own != by_host_.end())
    if (const auto* found = find_in(own->second, outcome.end, key))
      return *found;
  if (const auto* found = find_in(configured_, outcome.end, key))
    return *found;
  const auto* found = find_in(defaults(), outcome.end, key);
  return found != nullptr ? *found : defaults().back();
}

finding verdict_table::judge(const check_outcome& outcome) const {
  const auto& row = row_for(outcome);
  finding result;
  result.what = row.what;
  result.reason = filled(row.reason, outcome);
  result.fault = row.fault;
  result.iccid = outcome.iccid;
  result.seen = outcome.seen;
  return result;
}

caf::expected<verdict_table> read_verdict_table(std::string_view json) {
  auto root = parse_json_object(json);
  if (!root)
    return bad("file", "is no JSON object");
  for (const auto& name : root->getMemberNames())
    if (name != "rows" && name != "hosts")
      return bad("file", "has an unknown field " + name);
  verdict_table result;
  if (root->isMember("rows")) {
    auto rows = read_rows((*root)["rows"], "");
    if (!rows)
      return std::move(rows.error());
    result.configured_ = std::move(*rows);
  }
  const auto& hosts = member(*root, "hosts");
  if (!hosts.isNull() && !hosts.isObject())
    return bad("hosts", "is no object");
  for (const auto& host : hosts.getMemberNames()) {
    auto rows = read_rows(hosts[host], host + " ");
    if (!rows)
      return std::move(rows.error());
    result.by_host_[lowered(host)] = std::move(*rows);
  }
  return result;
}

} // namespace meisim
