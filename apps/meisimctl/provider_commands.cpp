#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/query.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

namespace meisim {

namespace {

struct provider_arguments {
  std::string prefix, reason, from, to, file;
};

using provider_arguments_pointer = std::shared_ptr<provider_arguments>;

outcome list_providers(const admin_client& node) {
  auto json = node.get("/admin/v1/providers");
  return {json,
          table_of(parse_answer(json),
                   {"prefix", "waiting", "failing", "failingSince", "held", "lastWords"}),
          true};
}

outcome act_on(const admin_client& node, const provider_arguments& a, const char* what) {
  Json::Value body{Json::objectValue};
  if (!a.reason.empty())
    body["reason"] = a.reason;
  auto json = node.post("/admin/v1/providers/" + url_escaped(a.prefix) + what, body);
  return {json, lines_of(parse_answer(json)), true};
}

// -- what the provider's invoice says
// ---------------------------------------------------------------

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in{line};
  for (std::string cell; std::getline(in, cell, ',');) {
    std::string text{trimmed(cell)};
    std::erase(text, '"');
    std::erase(text, '\r');
    cells.push_back(std::move(text));
  }
  return cells;
}

/// The provider's names for its orders, with what it charges for each. The file has the columns
/// `id` and `amount`.
std::map<std::string, money> read_invoice(const std::string& file) {
  std::ifstream in{file};
  std::string line;
  if (!std::getline(in, line))
    throw refused("cannot read " + file);
  auto head = cells_of(line);
  auto place_of = [&](const char* name) {
    auto found =
      std::ranges::find_if(head, [&](const auto& cell) { return same_but_for_case(cell, name); });
    if (found == head.end())
      throw refused(fmt::format("{}: line 1 must name the columns id and amount", file));
    return static_cast<size_t>(found - head.begin());
  };
  auto id_at = place_of("id");
  auto amount_at = place_of("amount");
  std::map<std::string, money> result;
  for (int number = 2; std::getline(in, line); ++number) {
    auto cells = cells_of(line);
    if (cells.empty())
      continue;
    auto amount = cells.size() > std::max(id_at, amount_at) ? money::parse(cells[amount_at])
                                                            : std::optional<money>{};
    if (!amount)
      throw refused(fmt::format("{}: line {}: amount must be like 1.25", file, number));
    // What is on it twice is charged twice.
    result[cells[id_at]] += *amount;
  }
  return result;
}

std::optional<money> cost_in(const Json::Value& unit) {
  if (!unit["costUsd"].isNumeric())
    return std::nullopt;
  return money::from_cents(std::llround(unit["costUsd"].asDouble() * 100));
}

/// Takes what is on both sides off the invoice, and lists what differs.
Json::Value differences_of(const Json::Value& units, std::map<std::string, money> invoice) {
  Json::Value differing{Json::arrayValue};
  auto add = [&](const std::string& id, const char* what, const std::string& ours,
                 const std::string& theirs) {
    Json::Value row;
    row["id"] = id;
    row["what"] = what;
    row["ours"] = ours;
    row["theirs"] = theirs;
    differing.append(std::move(row));
  };
  for (const auto& unit : units) {
    auto id = unit["providerOrderId"].asString();
    auto cost = cost_in(unit);
    auto ours = cost ? to_string(*cost) : std::string{"unknown"};
    auto found = invoice.find(id);
    if (found == invoice.end()) {
      add(id.empty() ? unit["reference"].asString() : id, "not on the invoice", ours, "-");
      continue;
    }
    if (cost != found->second)
      add(id, "another amount", ours, to_string(found->second));
    invoice.erase(found);
  }
  for (const auto& [id, amount] : invoice)
    add(id, "not delivered here", "-", to_string(amount));
  return differing;
}

outcome reconcile(const admin_client& node, const provider_arguments& a) {
  auto json = node.get("/admin/v1/providers/" + url_escaped(a.prefix) + "/orders"
                       + query({{"from", a.from}, {"to", a.to}}));
  auto units = parse_answer(json);
  if (a.file.empty())
    return {json,
            table_of(units, {"reference", "providerOrderId", "product", "iccid", "contactNumber",
                             "costUsd", "deliveredAt"}),
            true};
  auto differing = differences_of(units, read_invoice(a.file));
  bool is_ok = differing.empty();
  Json::Value answer;
  answer["ok"] = is_ok;
  answer["delivered"] = units.size();
  answer["differences"] = differing;
  auto text = fmt::format("{}: {} units were delivered", is_ok ? "ok" : "DIFFERENT", units.size());
  if (!is_ok)
    text += "\n\n" + table_of(differing, {"id", "what", "ours", "theirs"});
  return {write_json(answer), text, is_ok};
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
  auto* held = with_prefix("reconcile", "Hold what it delivered against its invoice");
  held->add_option("--from", a->from, "The first day (UTC), such as 2026-05-01")->required();
  held->add_option("--to", a->to, "The last day")->required();
  held->add_option(
    "file", a->file,
    "The invoice as CSV with the columns id and amount; without it the deliveries are "
    "listed");
  held->callback([=, &chosen] { chosen = [=](const auto& node) { return reconcile(node, *a); }; });
}

} // namespace meisim
