#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

/// What the options are read into.
struct validator_arguments {
  std::string device, check, note, batch;
  int row = 0;
  int days = 7;
  bool replaces = false;
  bool rejects = false;
};

using validator_arguments_pointer = std::shared_ptr<validator_arguments>;

outcome table(std::string json, const std::vector<std::string>& columns, std::string_view none) {
  auto text = table_of(parse_answer(json), columns, none);
  return {std::move(json), std::move(text), true};
}

outcome list_devices(const admin_client& node) {
  return table(node.get("/admin/v1/devices"),
               {"name", "driver", "node", "eid", "state", "checks", "failures", "failures_in_a_row",
                "rests_until", "detail"},
               "No devices.");
}

outcome drain_device(const admin_client& node, const validator_arguments& a) {
  auto json = node.post("/admin/v1/devices/" + url_escaped(a.device) + "/drain",
                        Json::Value{Json::objectValue});
  return {json, a.device + " ends what it does and gets nothing more", true};
}

/// Steps that failed make the command fail.
outcome test_device(const admin_client& node, const validator_arguments& a) {
  auto json = node.get("/admin/v1/devices/" + url_escaped(a.device) + "/test");
  auto test = parse_answer(json);
  auto text = table_of(test["steps"], {"step", "ok", "detail"}, "No steps.");
  bool is_ok = test["ok"].asBool();
  return {std::move(json), std::move(text), is_ok};
}

outcome report_devices(const admin_client& node, const validator_arguments& a) {
  return table(node.get("/admin/v1/device-report?days=" + std::to_string(a.days)),
               {"day", "host", "device", "available", "used", "invalid", "error", "unknown"},
               "No verdicts in these days.");
}

outcome resolve_review(const admin_client& node, const validator_arguments& a) {
  Json::Value body;
  body["decision"] = a.replaces ? "replace" : "reject";
  if (!a.note.empty())
    body["note"] = a.note;
  auto json = node.post("/admin/v1/reviews/" + url_escaped(a.check), body);
  return {json, lines_of(parse_answer(json)), true};
}

outcome show_verdict(const admin_client& node, const validator_arguments& a) {
  auto json = node.get(fmt::format("/admin/v1/verdicts/{}/{}", url_escaped(a.batch), a.row));
  return {json, lines_of(parse_answer(json)), true};
}

void declare_device(CLI::App& app, const validator_arguments_pointer& a, command& chosen) {
  auto* device = app.add_subcommand("device", "Validator devices")->require_subcommand(1);
  device->add_subcommand("list", "List all devices and what they do")->callback([&chosen] {
    chosen = list_devices;
  });
  auto* drain = device->add_subcommand("drain", "Take a device out of service");
  drain->add_option("name", a->device, "The device's name")->required();
  drain->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return drain_device(node, *a); }; });
  auto* test = device->add_subcommand("test", "Have a device test itself");
  test->add_option("name", a->device, "The device's name")->required();
  test->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return test_device(node, *a); }; });
  auto* report = device->add_subcommand("report", "Count verdicts by day, host and device");
  report->add_option("--days", a->days, "How many days back")->capture_default_str();
  report->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return report_devices(node, *a); }; });
}

void declare_review(CLI::App& app, const validator_arguments_pointer& a, command& chosen) {
  auto* review =
    app.add_subcommand("review", "Replacements that an operator decides")->require_subcommand(1);
  review->add_subcommand("list", "List what waits for a decision")->callback([&chosen] {
    chosen = [](const auto& node) {
      return table(node.get("/admin/v1/reviews"),
                   {"check_id", "dealer", "iccid", "pool", "validator_status", "requested_at"},
                   "Nothing waits for a decision.");
    };
  });
  auto* resolve = review->add_subcommand("resolve", "Decide one of them");
  resolve->add_option("check", a->check, "The check's id")->required();
  auto* yes =
    resolve->add_flag("--replace", a->replaces, "Withdraw the eSIM for good and hand out another");
  auto* no = resolve->add_flag("--reject", a->rejects, "Leave the eSIM as it is");
  yes->excludes(no);
  resolve->add_option("--note", a->note, "Why; kept with the decision");
  resolve->callback([=, &chosen] {
    if (!a->replaces && !a->rejects)
      throw CLI::RequiredError("--replace or --reject");
    chosen = [=](const auto& node) { return resolve_review(node, *a); };
  });
}

} // namespace

void declare_validator_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<validator_arguments>();
  declare_device(app, a, chosen);
  declare_review(app, a, chosen);
  auto* verdict = app.add_subcommand("verdict", "Verdicts and what they rest on");
  verdict->require_subcommand(1);
  auto* show = verdict->add_subcommand("show", "Show the verdict about a row of a batch");
  show->add_option("batch", a->batch, "The batch's id")->required();
  show->add_option("row", a->row, "The row's number, from 1")->required();
  show->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return show_verdict(node, *a); }; });
}

} // namespace meisim
