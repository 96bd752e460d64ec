#include "apps/meisimctl/invoices.hpp"

#include "apps/meisimctl/query.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

namespace meisim {

namespace {

/// Pages of a provider's list. A longer list may have no end.
constexpr int most_pages = 1'000;

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
    // An order that is on it twice is charged twice.
    result[cells[id_at]] += *amount;
  }
  return result;
}

/// What a provider charges for one of its orders.
struct billed_order {
  /// Nothing if the provider does not tell it.
  std::optional<money> amount;
  /// Our reference, if the provider tells it.
  std::string reference = {};
  /// Whether it belongs to the days that are looked at.
  bool is_due = true;
};

using bill = std::map<std::string, billed_order>;

std::optional<money> amount_in(const Json::Value& json, const char* name) {
  if (!json[name].isNumeric())
    return std::nullopt;
  return money::from_cents(std::llround(json[name].asDouble() * 100));
}

std::string shown(const std::optional<money>& amount) {
  return amount ? to_string(*amount) : std::string{"unknown"};
}

Json::Value difference(const std::string& id, const std::string& what, const std::string& ours,
                       const std::string& theirs) {
  Json::Value row;
  row["id"] = id;
  row["what"] = what;
  row["ours"] = ours;
  row["theirs"] = theirs;
  return row;
}

/// Found by the provider's own name for the order, or by our reference if the provider tells it.
bill::iterator find_billed(bill& theirs, const Json::Value& unit) {
  auto found = theirs.find(unit["providerOrderId"].asString());
  if (found != theirs.end())
    return found;
  auto reference = unit["reference"].asString();
  return std::ranges::find_if(theirs,
                              [&](const auto& one) { return one.second.reference == reference; });
}

/// `is_due(unit)` tells whether a unit has to be among theirs, which are called `list`.
template <class IsDue>
Json::Value differences(const Json::Value& units, bill theirs, const std::string& list,
                        IsDue is_due) {
  Json::Value differing{Json::arrayValue};
  for (const auto& unit : units) {
    auto id = unit["providerOrderId"].asString();
    auto cost = amount_in(unit, "costUsd");
    auto found = find_billed(theirs, unit);
    if (found == theirs.end()) {
      if (is_due(unit))
        differing.append(difference(id.empty() ? unit["reference"].asString() : id,
                                    "not on " + list, shown(cost), "-"));
      continue;
    }
    if (found->second.amount && cost != found->second.amount)
      differing.append(
        difference(found->first, "another amount", shown(cost), shown(found->second.amount)));
    theirs.erase(found);
  }
  for (const auto& [id, one] : theirs)
    if (one.is_due)
      differing.append(difference(id, "not delivered here", "-", shown(one.amount)));
  return differing;
}

/// A day that lies so many days behind this one, or before it.
std::string moved_day(const std::string& day, int days) {
  auto start = parse_date(day);
  if (!start)
    throw refused(day + " is no day like 2026-05-05");
  return rfc3339(*start + std::chrono::days{days}).substr(0, 10);
}

bool is_within(const std::string& time, const std::string& from, const std::string& to) {
  auto day = time.substr(0, 10);
  return day >= from && day <= to;
}

/// All pages of the provider's list. Days at both ends are added, because its clock may differ.
bill fetch_list(const admin_client& node, const std::string& prefix, const std::string& from,
                const std::string& to) {
  bill result;
  auto path = "/admin/v1/providers/" + url_escaped(prefix) + "/list";
  Json::Value last;
  for (Json::Value page = 0; page.isIntegral();) {
    if (page.asInt() >= most_pages)
      throw refused(
        fmt::format("the provider lists more than {} pages: ask for fewer days, or hold "
                    "its invoice against the deliveries",
                    most_pages));
    auto answer = parse_answer(node.get(path
                                        + query({{"from", moved_day(from, -1)},
                                                 {"to", moved_day(to, 1)},
                                                 {"page", std::to_string(page.asInt())}})));
    // A provider that gives the same page again would do so for ever.
    if (answer["data"] == last && !last.empty())
      break;
    for (const auto& order : answer["data"]) {
      auto at = order["at"].asString();
      result[order["id"].asString()] = {amount_in(order, "amountUsd"),
                                        order["reference"].asString(),
                                        at.empty() || is_within(at, from, to)};
    }
    last = answer["data"];
    page = answer["nextPage"];
  }
  return result;
}

} // namespace

Json::Value differences_from_invoice(const Json::Value& units, const std::string& file) {
  bill theirs;
  for (const auto& [id, amount] : read_invoice(file))
    theirs[id] = {amount};
  return differences(units, std::move(theirs), "the invoice", [](const auto&) { return true; });
}

Json::Value units_of_provider(const admin_client& node, const std::string& prefix,
                              const std::string& from, const std::string& to) {
  return parse_answer(node.get("/admin/v1/providers/" + url_escaped(prefix) + "/orders"
                               + query({{"from", from}, {"to", to}})));
}

Json::Value differences_from_provider(const admin_client& node, const std::string& prefix,
                                      const std::string& from, const std::string& to) {
  constexpr int margin = 2;
  auto theirs = fetch_list(node, prefix, from, to);
  // What is ordered at the end of a day may be delivered on the next one.
  auto units = units_of_provider(node, prefix, moved_day(from, -margin), moved_day(to, margin));
  return differences(units, std::move(theirs), "its list", [&](const Json::Value& unit) {
    return is_within(unit["deliveredAt"].asString(), from, to);
  });
}

} // namespace meisim
