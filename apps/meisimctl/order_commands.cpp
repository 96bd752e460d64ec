#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/url.hpp"

#include <optional>

namespace meisim {

namespace {

/// What the options are read into.
struct order_arguments {
  std::string order, reason, status, dealer, since, email, key;
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

std::string orders_table(const Json::Value& orders) {
  return table_of(orders,
                  {"id", "shortId", "dealer", "customerEmail", "type", "product", "quantity",
                   "delivered", "totalUsd", "status", "createdAt", "attempts", "failingSince",
                   "lastWords"},
                  "No orders.");
}

outcome list_orders(const admin_client& node, const order_arguments& a) {
  auto json = node.get(list_path(a));
  auto orders = parse_answer(json);
  if (orders.empty())
    demand_dealer(node, a.dealer);
  return {json, orders_table(orders), true};
}

std::string order_path(const std::string& id) {
  return "/admin/v1/orders/" + url_escaped(id);
}

/// The id of the order that is meant by something that a customer can quote. Nothing if there are
/// several, which `found` then has.
std::optional<std::string> find_order_id(const admin_client& node, const std::string& quoted,
                                         std::string& found) {
  if (parse_uuid(quoted))
    return quoted;
  found = node.get("/admin/v1/orders?q=" + url_escaped(quoted));
  auto orders = parse_answer(found);
  if (orders.empty())
    throw refused("no order is known by " + quoted);
  return orders.size() == 1 ? std::optional{orders[0]["id"].asString()} : std::nullopt;
}

outcome show_order(const admin_client& node, const order_arguments& a) {
  std::string found;
  auto id = find_order_id(node, a.order, found);
  if (!id)
    return {found, orders_table(parse_answer(found)), true};
  auto json = node.get(order_path(*id));
  auto order = parse_answer(json);
  return {
    json,
    lines_of(order) + "\n\n"
      + table_of(order["esims"],
                 {"unit", "iccid", "providerOrderId", "costUsd", "deliveredAt", "revokedAt"},
                 "No eSIMs.")
      + "\n\n"
      + table_of(order["mails"], {"id", "recipient", "status", "failure", "sentAt"}, "No mails.")
      + "\n\n"
      + table_of(order["timeline"], {"at", "what", "detail", "requestId"}, "Nothing has happened."),
    true};
}

/// A change must be about one order.
std::string one_order_id(const admin_client& node, const std::string& quoted) {
  std::string found;
  auto id = find_order_id(node, quoted, found);
  if (!id)
    throw refused(quoted + " means several orders; name one by its id:\n"
                  + orders_table(parse_answer(found)));
  return *id;
}

outcome one_order(const std::string& json) {
  return {json, lines_of(parse_answer(json)), true};
}

outcome act_on(const admin_client& node, const order_arguments& a, const char* what) {
  Json::Value body;
  body["reason"] = a.reason;
  return one_order(node.post(order_path(one_order_id(node, a.order)) + what, body));
}

outcome resend_order(const admin_client& node, const order_arguments& a) {
  Json::Value body{Json::objectValue};
  if (!a.email.empty())
    body["email"] = a.email;
  return one_order(node.post_once(order_path(one_order_id(node, a.order)) + "/resend", body,
                                  a.key.empty() ? to_string(make_uuid()) : a.key));
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
  list->add_option("--since", a->since, "A UTC day or time: 2026-05-05, 2026-05-05T12:34:56Z");
  list->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return list_orders(node, *a); }; });
  auto with_order = [=](const char* name, const char* help) {
    auto* sub = group->add_subcommand(name, help);
    sub
      ->add_option("order", a->order,
                   "Its id or short id, or whatever a customer can quote: a reference, the "
                   "customer's mail address (not the dealer's), an ICCID, a telephone number, an "
                   "activation code, the provider's own name")
      ->required();
    return sub;
  };
  with_order("show", "Show an order and all that belongs to it")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return show_order(node, *a); };
  });
  auto* resend = with_order("resend", "Mail an order's eSIMs once more, free of charge");
  resend->add_option("--email", a->email, "Another address than the order's");
  declare_repeat_key(*resend, a->key);
  resend->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return resend_order(node, *a); }; });
  auto with_reason = [=](const char* name, const char* help, const char* why) {
    auto* sub = with_order(name, help);
    sub->add_option("--reason", a->reason, why)->required();
    return sub;
  };
  with_reason("retry", "Try an order again now", "Why; the node's log keeps it")
    ->callback(
      [=, &chosen] { chosen = [=](const auto& node) { return act_on(node, *a, "/retry"); }; });
  with_reason("note", "Note something about an order", "What is to be noted")
    ->callback(
      [=, &chosen] { chosen = [=](const auto& node) { return act_on(node, *a, "/notes"); }; });
  with_reason("fail", "End an order, and give back what was not delivered of it",
              "Why; the dealer reads it")
    ->callback(
      [=, &chosen] { chosen = [=](const auto& node) { return act_on(node, *a, "/fail"); }; });
}

} // namespace meisim
