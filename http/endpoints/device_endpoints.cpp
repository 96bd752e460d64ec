#include "http/endpoints/endpoints.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/verification/batch_results.hpp"
#include "protocols/verification/devices.hpp"

#include <fmt/core.h>

#include <charconv>
#include <iterator>

namespace meisim::http {

namespace {

template <class Items, class Write>
std::string json_array(const Items& items, Write write) {
  std::string body = "[";
  for (const auto& item : items)
    body += (body.size() > 1 ? "," : "") + write(item);
  return body + ']';
}

std::string device_json(const device_report& device) {
  return fmt::format(
    R"({{"name":{},"driver":{},"node":{},"state":"{}","checks":{},"failures":{},)"
    R"("failures_in_a_row":{},"rests_until":{},"last_results":{}}})",
    json_quoted(device.name), json_quoted(device.driver), json_quoted(device.node),
    to_string(device.state), device.checks, device.failures, device.failures_in_a_row,
    time_or_null(device.rests_until),
    json_array(device.last_results, [](const std::string& text) { return json_quoted(text); }));
}

std::string attempt_json(const attempt_record& attempt) {
  return fmt::format(R"({{"attempt":{},"device":{},"reason":{},"ended_at":"{}"}})", attempt.attempt,
                     json_quoted(attempt.device), json_quoted(attempt.reason),
                     rfc3339(attempt.ended_at));
}

std::string verdict_json(const verdict_record& row) {
  return fmt::format(
    R"({{"batch_id":"{}","row":{},"lpa":{},"iccid":{},"status":{},"reason":{},"stage":{},"codes":{},)"
    R"("http_status":{},"host":{},"device":{},"begun_at":{},"checked_at":{},"refunded":{},"attempts":{}}})",
    to_string(row.batch), row.number, json_quoted(row.lpa), text_or_null(row.iccid),
    json_quoted(row.status), text_or_null(row.reason), text_or_null(row.seen.stage),
    text_or_null(row.seen.codes),
    row.seen.http_status == 0 ? "null" : std::to_string(row.seen.http_status),
    text_or_null(row.seen.host), text_or_null(row.device), time_or_null(row.begun_at),
    time_or_null(row.checked_at), row.is_refunded, json_array(row.attempts, attempt_json));
}

std::string day_json(const verdict_day& day) {
  auto count = [&](verdict what) { return day.verdicts.at(static_cast<size_t>(what)); };
  return fmt::format(
    R"({{"day":"{}","host":{},"device":{},"available":{},"used":{},"invalid":{},"error":{},"unknown":{}}})",
    day.day, json_quoted(day.host), json_quoted(day.device), count(verdict::available),
    count(verdict::used), count(verdict::invalid), count(verdict::error), count(verdict::unknown));
}

} // namespace

void admin_list_devices(const exchange_pointer& x) {
  x->ask<device_list>(
    x->node->verification,
    [x](const device_list& list) { x->succeed(json_array(list.devices, device_json)); },
    list_devices{});
}

void admin_drain_device(const exchange_pointer& x) {
  x->ask<done>(
    x->node->verification, [x](done) { x->succeed(std::string{R"({"ok":true})"}); },
    drain_device{x->captures.front()});
}

void admin_show_verdict(const exchange_pointer& x) {
  auto batch = batch_id::parse(x->captures[0]);
  const auto& text = x->captures[1];
  int32_t row = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), row);
  if (!batch || failure != std::errc{} || end != text.data() + text.size())
    return x->fail(make_error(ec::not_found, "there is no such row"));
  x->ask<verdict_record>(
    x->node->records.next(), [x](const verdict_record& found) { x->succeed(verdict_json(found)); },
    find_verdict{*batch, row});
}

void admin_report_devices(const exchange_pointer& x) {
  auto days = x->incoming.whole_parameter("days", 1, 3'650, 7);
  if (!days)
    return x->fail(days.error());
  x->ask<verdict_report>(
    x->node->auditor,
    [x](const verdict_report& report) { x->succeed(json_array(report.days, day_json)); },
    report_verdicts{*days});
}

} // namespace meisim::http
