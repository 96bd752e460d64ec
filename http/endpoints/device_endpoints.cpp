#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/id_reading.hpp"
#include "protocols/verification/batch_results.hpp"
#include "protocols/verification/devices.hpp"

#include <array>
#include <charconv>

namespace meisim::http {

namespace {

void write_device(json_writer& out, const device_report& device) {
  out.member("name", device.name)
    .member("driver", device.driver)
    .member("node", device.node)
    .member("eid", or_null(device.eid))
    .member("version", or_null(device.version))
    .member("state", to_string(device.state))
    .member("detail", or_null(device.detail))
    .member("checks", device.checks)
    .member("failures", device.failures)
    .member("failures_in_a_row", device.failures_in_a_row)
    .member("rests_until", device.rests_until)
    .array("last_results", device.last_results);
}

void write_step(json_writer& out, const test_step& step) {
  out.member("step", step.what).member("ok", step.is_ok).member("detail", step.detail);
}

void write_test(json_writer& out, const device_test& test) {
  out.member("name", test.name)
    .member("eid", or_null(test.eid))
    .member("version", or_null(test.version))
    .member("ok", test.flaw() == nullptr)
    .objects("steps", test.steps, write_step);
}

void write_attempt(json_writer& out, const attempt_record& attempt) {
  out.member("attempt", attempt.attempt)
    .member("device", attempt.device)
    .member("reason", attempt.reason)
    .member("ended_at", attempt.ended_at);
}

void write_verdict(json_writer& out, const verdict_record& row) {
  out.member("batch_id", row.batch)
    .member("row", row.number)
    .member("lpa", row.lpa)
    .member("iccid", or_null(row.iccid))
    .member("status", row.status)
    .member("reason", or_null(row.reason))
    .member("stage", or_null(row.seen.stage))
    .member("codes", or_null(row.seen.codes))
    .member("http_status",
            row.seen.http_status == 0 ? std::nullopt : std::optional{row.seen.http_status})
    .member("host", or_null(row.seen.host))
    .member("device", or_null(row.device))
    .member("begun_at", row.begun_at)
    .member("checked_at", row.checked_at)
    .member("refunded", row.is_refunded)
    .objects("attempts", row.attempts, write_attempt);
}

void write_day(json_writer& out, const verdict_day& day) {
  auto count = [&](verdict what) { return day.verdicts.at(static_cast<size_t>(what)); };
  out.member("day", day.day)
    .member("host", day.host)
    .member("device", day.device)
    .member("available", count(verdict::available))
    .member("used", count(verdict::used))
    .member("invalid", count(verdict::invalid))
    .member("error", count(verdict::error))
    .member("unknown", count(verdict::unknown));
}

void admin_list_devices(const exchange_pointer& x) {
  ask<device_list>(
    x, x->node->verification,
    [x](const device_list& list) { succeed(x, json_objects(list.devices, write_device)); },
    list_devices{});
}

void admin_drain_device(const exchange_pointer& x) {
  write_down(x, x->captures.front(), [x] {
    ask<done>(
      x, x->node->verification, [x](done) { succeed(x); }, drain_device{x->captures.front()});
  });
}

/// A self-test asks nobody about a code and changes nothing, so it has no audit event.
void admin_test_device(const exchange_pointer& x) {
  ask<device_test>(
    x, x->node->verification,
    [x](const device_test& test) { succeed(x, json_object(write_test, test)); },
    test_device{x->captures.front()});
}

void admin_show_verdict(const exchange_pointer& x) {
  auto batch = read_id<batch_id>(x->captures[0]);
  const auto& text = x->captures[1];
  int32_t row = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), row);
  if (!batch || failure != std::errc{} || end != text.data() + text.size())
    return fail(
      x, make_error(ec::not_found,
                    "there is no such row: it is named by its batch's id, a UUID, and its number"));
  ask<verdict_record>(
    x, x->node->records.next(),
    [x](const verdict_record& found) { succeed(x, json_object(write_verdict, found)); },
    find_verdict{*batch, row});
}

void admin_report_devices(const exchange_pointer& x) {
  auto days = x->incoming.whole_parameter("days", 1, 3'650, 7);
  if (!days)
    return fail(x, days.error());
  ask<verdict_report>(
    x, x->node->slow_records,
    [x](const verdict_report& report) { succeed(x, json_objects(report.days, write_day)); },
    report_verdicts{*days});
}

} // namespace

route_table device_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/admin/v1/devices", viewer, none, admin_list_devices},
    route{post,
          "/admin/v1/devices/:name/drain",
          admin,
          none,
          admin_drain_device,
          {.is_repeatable = true, .audit = audit_kind::device_drained}},
    route{get, "/admin/v1/devices/:name/test", support, none, admin_test_device},
    route{
      get, "/admin/v1/device-report", viewer, none, admin_report_devices, {.parameters = "days"}},
    route{get, "/admin/v1/verdicts/:batch/:row", viewer, none, admin_show_verdict},
  };
  return table;
}

} // namespace meisim::http
