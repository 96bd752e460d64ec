#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/query.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

/// What the options are read into.
struct desk_arguments {
  std::string kind, dealer, id, from, to, by;
  bool is_failed = false;
  bool is_running = false;
  bool as_csv = false;
};

using desk_arguments_pointer = std::shared_ptr<desk_arguments>;

outcome desk_table(const std::string& json, const std::vector<std::string>& columns,
                   std::string_view none) {
  return {json, table_of(parse_answer(json), columns, none), true};
}

const char* flag(bool is_set) {
  return is_set ? "true" : "";
}

outcome list_jobs(const admin_client& node, const desk_arguments& a) {
  return desk_table(
    node.get("/admin/v1/jobs" + query({{"failed", flag(a.is_failed)}, {"kind", a.kind}})),
    {"kind", "id", "lane", "dueAt", "attempts", "failingSince", "lastWords"}, "No jobs.");
}

outcome list_mails(const admin_client& node, const desk_arguments& a) {
  return desk_table(node.get("/admin/v1/mails" + query({{"failed", flag(a.is_failed)}})),
                    {"id", "recipient", "kind", "status", "failure", "createdAt", "sentAt"},
                    "No mails.");
}

outcome resend_mail(const admin_client& node, const desk_arguments& a) {
  auto json =
    node.post("/admin/v1/mails/" + url_escaped(a.id) + "/resend", Json::Value{Json::objectValue});
  return {json, lines_of(parse_answer(json)), true};
}

/// The same for one dealer, if one is named.
outcome dealer_table(const admin_client& node, const desk_arguments& a, const std::string& json,
                     const std::vector<std::string>& columns, std::string_view none) {
  if (parse_answer(json).empty())
    demand_dealer(node, a.dealer);
  return desk_table(json, columns, none);
}

outcome list_batches(const admin_client& node, const desk_arguments& a) {
  return dealer_table(
    node, a,
    node.get("/admin/v1/batches" + query({{"running", flag(a.is_running)}, {"dealer", a.dealer}})),
    {"id", "dealer", "label", "rows", "done", "errors", "refunded", "totalUsd", "etaSeconds",
     "createdAt", "completedAt"},
    "No batches.");
}

outcome cancel_batch_of(const admin_client& node, const desk_arguments& a) {
  auto json =
    node.post("/admin/v1/batches/" + url_escaped(a.id) + "/cancel", Json::Value{Json::objectValue});
  return {json, lines_of(parse_answer(json)), true};
}

outcome list_webhooks(const admin_client& node, const desk_arguments& a) {
  return dealer_table(
    node, a,
    node.get("/admin/v1/webhooks" + query({{"failed", flag(a.is_failed)}, {"dealer", a.dealer}})),
    {"id", "dealer", "event", "status", "attempts", "httpStatus", "failure", "createdAt", "url"},
    "No deliveries.");
}

outcome replay_webhook(const admin_client& node, const desk_arguments& a) {
  auto json = node.post("/admin/v1/webhooks/" + url_escaped(a.id) + "/replay",
                        Json::Value{Json::objectValue});
  return {json, lines_of(parse_answer(json)), true};
}

std::string period(const desk_arguments& a) {
  return query({{"from", a.from}, {"to", a.to}});
}

outcome report_csv(const admin_client& node, const desk_arguments& a, const char* path) {
  auto csv = node.get(path + period(a));
  Json::Value wrapped;
  wrapped["csv"] = csv;
  // The end of its last line is printed with the text.
  auto end = csv.find_last_not_of("\r\n");
  return {write_json(wrapped), csv.substr(0, end == std::string::npos ? 0 : end + 1), true};
}

outcome report_sales(const admin_client& node, const desk_arguments& a) {
  if (a.as_csv)
    return report_csv(node, a, "/admin/v1/reports/sales.csv");
  auto columns = a.by.empty() ? std::vector<std::string>{"dealer", "product"} : std::vector{a.by};
  columns.insert(columns.end(),
                 {"orders", "units", "revenueUsd", "costUsd", "marginUsd", "unitsWithoutCost"});
  return desk_table(
    node.get("/admin/v1/reports/sales" + query({{"from", a.from}, {"to", a.to}, {"by", a.by}})),
    columns, "No sales in these days.");
}

outcome show_status(const admin_client& node) {
  auto json = node.get("/admin/v1/health");
  auto health = parse_answer(json);
  return {json,
          health["status"].asString() + "\n\n"
            + table_of(health["parts"], {"name", "status", "reason"}, "No parts."),
          health["status"] == "ok"};
}

void declare_work(CLI::App& app, const desk_arguments_pointer& a, command& chosen) {
  auto* job = app.add_subcommand("job", "Work that outlives requests")->require_subcommand(1);
  auto* jobs = job->add_subcommand("list", "List it, what fails first");
  jobs->add_flag("--failed", a->is_failed, "Only what has failed");
  jobs->add_option("--kind", a->kind, "fulfil, mail, refund, replacement or webhook");
  jobs->callback([=, &chosen] { chosen = [=](const auto& node) { return list_jobs(node, *a); }; });
  auto* mail = app.add_subcommand("mail", "Mails")->require_subcommand(1);
  auto* mails = mail->add_subcommand("list", "List them, newest first");
  mails->add_flag("--failed", a->is_failed, "Only those that were refused for good");
  mails->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return list_mails(node, *a); }; });
  auto* resend = mail->add_subcommand("resend", "Send a refused mail again, to the same address");
  resend->add_option("mail", a->id, "The mail's id")->required();
  resend->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return resend_mail(node, *a); }; });
  auto* batch = app.add_subcommand("batch", "Batches of dealers")->require_subcommand(1);
  auto* batches = batch->add_subcommand("list", "List them, newest first");
  batches->add_flag("--running", a->is_running, "Only those that have not ended");
  batches->add_option("--dealer", a->dealer, "The dealer's mail address");
  batches->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return list_batches(node, *a); }; });
  auto* cancel =
    batch->add_subcommand("cancel", "Check no more of one, and give back what has not begun");
  cancel->add_option("batch", a->id, "The batch's id")->required();
  cancel->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return cancel_batch_of(node, *a); }; });
}

void declare_webhooks(CLI::App& app, const desk_arguments_pointer& a, command& chosen) {
  auto* webhook =
    app.add_subcommand("webhook", "What dealers' webhooks are told")->require_subcommand(1);
  auto* deliveries = webhook->add_subcommand("list", "List deliveries, newest first");
  deliveries->add_flag("--failed", a->is_failed, "Only what was given up, or has failed so far");
  deliveries->add_option("--dealer", a->dealer, "The dealer's mail address");
  deliveries->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return list_webhooks(node, *a); }; });
  auto* replay = webhook->add_subcommand("replay", "Send one again, under the same id");
  replay->add_option("delivery", a->id, "The delivery's id")->required();
  replay->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return replay_webhook(node, *a); }; });
}

void declare_reports(CLI::App& app, const desk_arguments_pointer& a, command& chosen) {
  auto* report = app.add_subcommand("report", "Sums over a time")->require_subcommand(1);
  auto over_time = [=](const char* name, const char* help) {
    auto* sub = report->add_subcommand(name, help);
    sub->add_option("--from", a->from, "The first day (UTC), such as 2026-05-01")->required();
    sub->add_option("--to", a->to, "The last day")->required();
    return sub;
  };
  over_time("ledger", "What moved by day and account, as CSV")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return report_csv(node, *a, "/admin/v1/reports/ledger.csv"); };
  });
  auto* sales = over_time("sales", "What was sold, and what it cost");
  auto* by =
    sales
      ->add_option("--by", a->by, "dealer, product or country; by dealer and product if not given")
      ->check(CLI::IsMember({"dealer", "product", "country"}));
  sales->add_flag("--csv", a->as_csv, "As CSV, by day, dealer, product and country")->excludes(by);
  sales->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return report_sales(node, *a); }; });
}

} // namespace

void declare_desk_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<desk_arguments>();
  declare_work(app, a, chosen);
  declare_webhooks(app, a, chosen);
  declare_reports(app, a, chosen);
  app.add_subcommand("status", "How all parts are; exit 1 if one is not well")->callback([&chosen] {
    chosen = show_status;
  });
}

} // namespace meisim
