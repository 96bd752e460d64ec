#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

struct payment_arguments {
  std::string id, email, reason, from, to;
  int limit = 100;
  bool unmatched = false;
  bool books = false;
};

using payment_arguments_pointer = std::shared_ptr<payment_arguments>;

outcome as_table(const std::string& json, const std::vector<std::string>& columns,
                 std::string_view none) {
  return {json, table_of(parse_answer(json), columns, none), true};
}

outcome list_payments(const admin_client& node, const payment_arguments& a) {
  if (a.unmatched)
    return as_table(node.get("/admin/v1/stripe/unmatched"),
                    {"event", "type", "session", "intent", "reason", "created_at"},
                    "No events wait.");
  auto path = fmt::format("/admin/v1/payments?limit={}", a.limit);
  if (!a.email.empty())
    path += "&dealer=" + url_escaped(a.email);
  auto json = node.get(path);
  if (parse_answer(json).empty())
    demand_dealer(node, a.email);
  return as_table(
    json,
    {"id", "dealer", "reference", "net", "gross", "credited", "reversed", "fees", "created_at"},
    "No payments.");
}

outcome show_payment(const admin_client& node, const payment_arguments& a) {
  auto json = node.get("/admin/v1/payments/" + url_escaped(a.id));
  auto answer = parse_answer(json);
  auto movements =
    table_of(answer["movements"], {"id", "kind", "amount", "fee", "undone"}, "No movements.");
  auto postings =
    table_of(answer["postings"], {"id", "movement", "amount", "created_at"}, "No postings.");
  answer.removeMember("movements");
  answer.removeMember("postings");
  return {json, lines_of(answer) + "\n\n" + movements + "\n\n" + postings, true};
}

outcome replay_payment(const admin_client& node, const payment_arguments& a) {
  auto json = node.post("/admin/v1/payments/" + url_escaped(a.id) + "/replay",
                        Json::Value{Json::objectValue});
  auto answer = parse_answer(json);
  bool is_ok = answer["ok"].asBool();
  return {json, is_ok ? "done" : answer["problem"].asString(), is_ok};
}

outcome settle_event(const admin_client& node, const payment_arguments& a) {
  Json::Value body;
  body["reason"] = a.reason;
  auto json = node.post("/admin/v1/stripe/unmatched/" + url_escaped(a.id) + "/settle", body);
  return {json, a.id + " is settled", true};
}

std::string differences_at_stripe(const admin_client& node, const payment_arguments& a) {
  return node.get(fmt::format("/admin/v1/stripe/reconciliation?from={}&to={}", url_escaped(a.from),
                              url_escaped(a.to)));
}

/// Asks Stripe for a payment or refund once more. Returns why it was not booked; empty if it was.
std::string book(const admin_client& node, const std::string& id) {
  try {
    auto json = node.post("/admin/v1/payments/" + url_escaped(id) + "/replay",
                          Json::Value{Json::objectValue});
    return parse_answer(json)["problem"].asString();
  } catch (const refused& why) {
    return why.what();
  }
}

/// Books what is missing here: first payments with their refunds, then refunds of payments that are
/// here. Returns what could not be booked, and why.
Json::Value book_missing(const admin_client& node, const Json::Value& missing) {
  Json::Value problems{Json::arrayValue};
  for (const auto* prefix : {"pi_", "re_"})
    for (const auto& movement : missing) {
      auto id = movement["id"].asString();
      auto problem = id.starts_with(prefix) ? book(node, id) : std::string{};
      if (problem.empty())
        continue;
      Json::Value row;
      row["id"] = id;
      row["problem"] = problem;
      problems.append(std::move(row));
    }
  return problems;
}

outcome reconcile(const admin_client& node, const payment_arguments& a) {
  auto answer = parse_answer(differences_at_stripe(node, a));
  if (a.books && !answer["missing_here"].empty()) {
    auto problems = book_missing(node, answer["missing_here"]);
    answer = parse_answer(differences_at_stripe(node, a));
    answer["problems"] = problems;
  }
  bool is_ok = answer["ok"].asBool();
  auto text = fmt::format("{}: {} movements at Stripe, {} here", is_ok ? "ok" : "DIFFERENT",
                          answer["at_stripe"].asInt64(), answer["here"].asInt64());
  const std::vector<std::string> columns{"id", "type", "amount", "at"};
  if (!answer["missing_here"].empty())
    text += "\n\nmissing here:\n" + table_of(answer["missing_here"], columns, {});
  if (!answer["missing_at_stripe"].empty())
    text += "\n\nmissing at Stripe:\n" + table_of(answer["missing_at_stripe"], columns, {});
  if (!answer["problems"].empty())
    text += "\n\nnot booked:\n" + table_of(answer["problems"], {"id", "problem"}, {});
  return {write_json(answer), text, is_ok};
}

void declare_payment(CLI::App& app, const payment_arguments_pointer& a, command& chosen) {
  auto* payment = app.add_subcommand("payment", "Card payments")->require_subcommand(1);
  auto with_id = [=](const char* name, const char* help, const char* id_help) {
    auto* sub = payment->add_subcommand(name, help);
    sub->add_option("id", a->id, id_help)->required();
    return sub;
  };
  auto* list = payment->add_subcommand("list", "List the last payments");
  list->add_option("--dealer", a->email, "Only those of the dealer with this mail address");
  list->add_option("--limit", a->limit, "How many")->capture_default_str();
  list->add_flag("--unmatched", a->unmatched,
                 "Instead: Stripe's events that moved no money although they should");
  list->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return list_payments(node, *a); }; });
  with_id("show", "Show a payment and all that became of it",
          "Its id, or Stripe's session or intent")
    ->callback([=, &chosen] { chosen = [=](const auto& node) { return show_payment(node, *a); }; });
  with_id("replay", "Ask Stripe again, and do what is missing",
          "A payment's id, a session, an intent, a refund, or an event (evt_…)")
    ->callback(
      [=, &chosen] { chosen = [=](const auto& node) { return replay_payment(node, *a); }; });
  auto* settle = with_id("settle", "Take an event off the list of those that wait", "evt_…");
  settle->add_option("--reason", a->reason, "How it was settled")->required();
  settle->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return settle_event(node, *a); }; });
}

void declare_stripe(CLI::App& app, const payment_arguments_pointer& a, command& chosen) {
  auto* stripe =
    app.add_subcommand("stripe", "Hold payments against what Stripe knows")->require_subcommand(1);
  auto* held = stripe->add_subcommand(
    "reconcile", "Hold what moved at Stripe against what it did here, and say what is missing");
  held->add_option("--from", a->from, "The first day (UTC), such as 2026-05-01")->required();
  held->add_option("--to", a->to, "The last day")->required();
  held->add_flag("--book", a->books,
                 "Do what is missing here first, as payment replay does; also for payments of ours "
                 "that a restored database has lost");
  held->callback([=, &chosen] { chosen = [=](const auto& node) { return reconcile(node, *a); }; });
}

} // namespace

void declare_payment_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<payment_arguments>();
  declare_payment(app, a, chosen);
  declare_stripe(app, a, chosen);
}

} // namespace meisim
