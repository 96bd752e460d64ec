#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/invoices.hpp"
#include "apps/meisimctl/query.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

struct provider_arguments {
  std::string prefix, reason, from, to, file;
  bool is_fetched = false;
};

using provider_arguments_pointer = std::shared_ptr<provider_arguments>;

outcome list_providers(const admin_client& node) {
  auto json = node.get("/admin/v1/providers");
  auto providers = parse_answer(json);
  for (auto& provider : providers) {
    std::string can;
    for (const auto& one : provider["capabilities"])
      can += (can.empty() ? "" : " ") + one.asString();
    provider["capabilities"] = can;
    const auto& calls = provider["calls"];
    provider["failedCalls"] = calls["failed"];
    provider["medianMs"] = calls["medianMs"];
    provider["p95Ms"] = calls["p95Ms"];
  }
  return {json,
          table_of(providers,
                   {"prefix", "format", "circuit", "balanceUsd", "lowBalanceUsd", "balanceAt",
                    "medianMs", "p95Ms", "failedCalls", "notSold", "waiting", "failing",
                    "failingSince", "held", "lastWords", "capabilities"},
                   "No providers."),
          true};
}

outcome act_on(const admin_client& node, const provider_arguments& a, const char* what) {
  Json::Value body{Json::objectValue};
  if (!a.reason.empty())
    body["reason"] = a.reason;
  auto json = node.post("/admin/v1/providers/" + url_escaped(a.prefix) + what, body);
  return {json, lines_of(parse_answer(json)), true};
}

outcome show_differences(const Json::Value& differing, Json::Value answer,
                         const std::string& summary) {
  bool is_ok = differing.empty();
  answer["ok"] = is_ok;
  answer["differences"] = differing;
  auto text = (is_ok ? "ok: " : "DIFFERENT: ") + summary;
  if (!is_ok)
    text += "\n\n" + table_of(differing, {"id", "what", "ours", "theirs"}, {});
  return {write_json(answer), text, is_ok};
}

outcome reconcile(const admin_client& node, const provider_arguments& a) {
  auto units = units_of_provider(node, a.prefix, a.from, a.to);
  Json::Value answer;
  answer["delivered"] = units.size();
  auto summary = fmt::format("{} {} delivered", counted(static_cast<int64_t>(units.size()), "unit"),
                             units.size() == 1 ? "was" : "were");
  if (a.is_fetched)
    return show_differences(differences_from_provider(node, a.prefix, a.from, a.to), answer,
                            summary);
  if (!a.file.empty())
    return show_differences(differences_from_invoice(units, a.file), answer, summary);
  return {write_json(units),
          table_of(units,
                   {"reference", "providerOrderId", "product", "iccid", "contactNumber", "costUsd",
                    "deliveredAt"},
                   "No deliveries in these days."),
          true};
}

} // namespace

void declare_provider_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<provider_arguments>();
  auto* group = app.add_subcommand("provider", "Who sells to us")->require_subcommand(1);
  group->add_subcommand("list", "List providers, what waits for them, and what they said last")
    ->callback([&chosen] { chosen = list_providers; });
  auto with_prefix = [=](const char* name, const char* help) {
    auto* sub = group->add_subcommand(name, help);
    sub->add_option("prefix", a->prefix, "What stands in front of its products: p3")->required();
    return sub;
  };
  auto* hold = with_prefix("hold", "Buy nothing of it for now; paid orders wait");
  hold->add_option("--reason", a->reason, "Why")->required();
  hold->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return act_on(node, *a, "/hold"); }; });
  with_prefix("release", "Buy of it again")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return act_on(node, *a, "/release"); };
  });
  auto* held = with_prefix("reconcile", "Hold what it delivered against its invoice, or its list");
  held->add_option("--from", a->from, "The first day (UTC), such as 2026-05-01")->required();
  held->add_option("--to", a->to, "The last day")->required();
  auto* file =
    held->add_option("file", a->file,
                     "The invoice as CSV with the columns id and amount; without it the deliveries "
                     "are listed");
  held
    ->add_flag("--fetch", a->is_fetched,
               "Instead, against what the provider itself lists, which it is asked for now")
    ->excludes(file);
  held->callback([=, &chosen] { chosen = [=](const auto& node) { return reconcile(node, *a); }; });
}

} // namespace meisim
