#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/query.hpp"
#include "apps/meisimctl/table.hpp"

#include <string>

namespace meisim {

namespace {

struct audit_arguments {
  std::string actor, subject, since;
  int limit = 100;
};

outcome list_audit_events(const admin_client& node, const audit_arguments& a) {
  auto json = node.get("/admin/v1/audit"
                       + query({{"limit", std::to_string(a.limit)},
                                {"actor", a.actor},
                                {"subject", a.subject},
                                {"since", a.since}}));
  return {json,
          table_of(parse_answer(json),
                   {"at", "actor", "address", "kind", "subject", "before", "after", "request_id"},
                   "No events."),
          true};
}

} // namespace

void declare_audit_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<audit_arguments>();
  auto* group = app.add_subcommand("audit", "Who did what")->require_subcommand(1);
  auto* list = group->add_subcommand(
    "list", "List operators' changes and dealers' security events, newest first");
  list->add_option(
    "--actor", a->actor,
    "Who did it: an operator's mail address, automation, service, or dealer: and a mail address");
  list->add_option("--subject", a->subject, "What it was done to: a mail address, an order's id …");
  list->add_option("--since", a->since, "A UTC day: 2026-05-05");
  list->add_option("--limit", a->limit, "How many")->capture_default_str();
  list->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return list_audit_events(node, *a); }; });
}

} // namespace meisim
