#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/url.hpp"

namespace meisim {

namespace {

/// What the options are read into.
struct order_arguments {
  std::string order, reason, status, dealer, since;
  bool is_stuck = false;
};

using order_arguments_pointer = std::shared_ptr<order_arguments>;

std::string list_path(const order_arguments& a) {
  std::string path = "/admin/v1/orders";
  auto add = [&path, separator = '?'](const char* name, const std::string& value) mutable {
    if (value.empty())
      return;
    path += std::exchange(separator, '&') + (name + ('=' + url_escaped(value)));
  };
  add("stuck", a.is_stuck ? "true" : "");
  add("status", a.status);
  add("dealer", a.dealer);
  add("since", a.since);
  return path;
}

outcome list_orders(const admin_client& node, const order_arguments& a) {
  auto json = node.get(list_path(a));
  return {
    json,
    table_of(parse_answer(json), {"id", "shortId", "dealer", "product", "quantity", "delivered",
                                  "status", "createdAt", "attempts", "failingSince", "lastWords"}),
    true};
}

outcome one_order(const std::string& json) {
  return {json, lines_of(parse_answer(json)), true};
}

outcome act_on(const admin_client& node, const order_arguments& a, const char* what) {
  Json::Value body;
  body["reason"] = a.reason;
  return one_order(node.post("/admin/v1/orders/" + url_escaped(a.order) + what, body));
}

} // namespace

void declare_order_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<order_arguments>();
  auto* group = app.add_subcommand("order", "Orders, and those that get no further");
  group->require_subcommand(1);
  auto* list = group->add_subcommand("list", "List orders, newest first");
  list->add_flag("--stuck", a->is_stuck, "Only those whose tries have failed for long");
  list->add_option("--status", a->status, "pending, processing, completed, failed or revoked");
  list->add_option("--dealer", a->dealer, "The dealer's mail address");
  list->add_option("--since", a->since, "A UTC day: 2026-05-05");
  list->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return list_orders(node, *a); }; });
  auto with_order = [=](const char* name, const char* help) {
    auto* sub = group->add_subcommand(name, help);
    sub->add_option("order", a->order, "The order's id")->required();
    return sub;
  };
  with_order("show", "Show how far an order is")->callback([=, &chosen] {
    chosen = [=](const auto& node) {
      return one_order(node.get("/admin/v1/orders/" + url_escaped(a->order)));
    };
  });
  auto with_reason = [=](const char* name, const char* help, const char* why) {
    auto* sub = with_order(name, help);
    sub->add_option("--reason", a->reason, why)->required();
    return sub;
  };
  with_reason("retry", "Try an order again now", "Why; the node's log keeps it")
    ->callback(
      [=, &chosen] { chosen = [=](const auto& node) { return act_on(node, *a, "/retry"); }; });
  with_reason("fail", "End an order, and give back what was not delivered of it",
              "Why; the dealer reads it")
    ->callback(
      [=, &chosen] { chosen = [=](const auto& node) { return act_on(node, *a, "/fail"); }; });
}

} // namespace meisim
