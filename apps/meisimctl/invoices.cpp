#include "apps/meisimctl/invoices.hpp"

#include "apps/meisimctl/admin_client.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/money.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

namespace meisim {

namespace {

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

} // namespace

Json::Value differences_from_invoice(const Json::Value& units, const std::string& file) {
  auto invoice = read_invoice(file);
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

} // namespace meisim
