#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/csv_table.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace meisim {

namespace {

/// What the options are read into.
struct inventory_arguments {
  std::string carrier, plan, file, lot, cost, reason;
  std::vector<std::string> iccids;
  std::optional<int> threshold;
  bool is_preview = false;
};

using inventory_arguments_pointer = std::shared_ptr<inventory_arguments>;

// -- import ---------------------------------------------------------------------------------------

constexpr size_t rows_per_piece = 5'000;

/// The results of a file's pieces, added up.
struct import_total {
  int64_t imported = 0;
  int64_t duplicates = 0;
  Json::Value duplicate_lines{Json::arrayValue};
  Json::Value rejected{Json::arrayValue};

  void add(const std::string& answer) {
    auto piece = parse_answer(answer);
    imported += piece["imported"].asInt64();
    duplicates += piece["duplicates"].asInt64();
    for (const auto& line : piece["duplicate_lines"])
      duplicate_lines.append(line);
    for (const auto& line : piece["rejected"])
      rejected.append(line);
  }

  std::string counts() const {
    return fmt::format("{} imported, {} duplicates, {} rejected", imported, duplicates,
                       rejected.size());
  }

  outcome end() const {
    Json::Value all;
    all["imported"] = static_cast<Json::Int64>(imported);
    all["duplicates"] = static_cast<Json::Int64>(duplicates);
    all["duplicate_lines"] = duplicate_lines;
    all["rejected"] = rejected;
    auto text = counts();
    for (const auto* lines : {&duplicate_lines, &rejected})
      for (const auto& line : *lines)
        text += fmt::format("\nline {}: {}", line["line"].asInt64(), line["reason"].asString());
    return {write_json(all), text, true};
  }
};

/// A cell of a piece, which may hold anything.
std::string quoted(const std::string& cell) {
  std::string result = "\"";
  for (char c : cell)
    result += c == '"' ? std::string{"\"\""} : std::string{c};
  return result + '"';
}

/// A part of a file as it goes to the node: a header, and rows on lines that are as far from one
/// another as in the file.
struct import_piece {
  int64_t first_line = 1;
  std::string text;
};

import_piece next_piece(std::span<const csv_row> rows) {
  import_piece piece{rows.front().line - 1, "iccid,lpa"};
  auto line = piece.first_line;
  for (const auto& row : rows) {
    piece.text.append(static_cast<size_t>(row.line - line), '\n');
    line = row.line;
    // A row that does not fit goes as one cell, which the node rejects.
    piece.text += row.fits ? quoted(row.cells[0]) + ',' + quoted(row.cells[1]) : "?";
  }
  piece.text += '\n';
  return piece;
}

std::string import_path(const inventory_arguments& a) {
  auto path =
    fmt::format("/admin/v1/inventory/{}/{}?", url_escaped(a.carrier), url_escaped(a.plan));
  if (!a.lot.empty())
    path += "lot=" + url_escaped(a.lot) + '&';
  if (!a.cost.empty())
    path += "cost_usd=" + url_escaped(a.cost) + '&';
  if (a.is_preview)
    path += "preview=true&";
  return path + "first_line=";
}

std::vector<csv_row> read_stock_file(std::istream& input) {
  constexpr std::array columns{csv_column{"iccid"}, csv_column{"lpa"}};
  std::string bytes{std::istreambuf_iterator<char>{input}, {}};
  auto rows =
    read_csv_table(bytes, columns, csv_header::optional, std::numeric_limits<size_t>::max());
  if (!rows)
    throw refused(message_of(rows.error()));
  return std::move(*rows);
}

outcome import_stream(const admin_client& node, const inventory_arguments& a, std::istream& input) {
  auto path = import_path(a);
  import_total total;
  auto rows = read_stock_file(input);
  for (std::span<const csv_row> left{rows}; !left.empty();) {
    auto piece = next_piece(left.first(std::min(left.size(), rows_per_piece)));
    try {
      total.add(node.post_text(path + std::to_string(piece.first_line), piece.text));
    } catch (const refused& why) {
      throw refused(
        fmt::format("{} (before line {}: {})", why.what(), left.front().line, total.counts()));
    }
    left = left.subspan(std::min(left.size(), rows_per_piece));
  }
  return total.end();
}

outcome import_inventory(const admin_client& node, const inventory_arguments& a) {
  if (a.file == "-")
    return import_stream(node, a, std::cin);
  std::ifstream input{a.file, std::ios::binary};
  if (!input)
    throw refused("cannot read " + a.file);
  return import_stream(node, a, input);
}

// -- lots -----------------------------------------------------------------------------------------

const std::vector<std::string> sold_columns{"iccid",    "pool",    "dealer",
                                            "usage_id", "sold_at", "status"};

outcome list_lots(const admin_client& node, const inventory_arguments& a) {
  if (!a.lot.empty()) {
    auto json = node.get("/admin/v1/inventory/lots/" + url_escaped(a.lot) + "/sold");
    return {json, table_of(parse_answer(json), sold_columns, "Nothing of it was sold."), true};
  }
  auto json = node.get("/admin/v1/inventory/lots");
  return {json,
          table_of(parse_answer(json),
                   {"lot", "pool", "cost_usd", "imported", "available", "sold", "burned",
                    "withdrawn", "quarantined", "imported_at", "oldest_available_at", "reason"},
                   "No lots."),
          true};
}

Json::Value selection_of(const inventory_arguments& a) {
  Json::Value body;
  if (!a.lot.empty())
    body["lot"] = a.lot;
  for (const auto& iccid : a.iccids)
    body["iccids"].append(iccid);
  body["reason"] = a.reason;
  return body;
}

outcome list_quarantine(const admin_client& node) {
  auto json = node.get("/admin/v1/inventory/quarantine?limit=1000");
  return {json,
          table_of(parse_answer(json), {"iccid", "pool", "lot", "why", "since"},
                   "Nothing is in quarantine."),
          true};
}

outcome release(const admin_client& node, const inventory_arguments& a) {
  auto json = node.post("/admin/v1/inventory/release", selection_of(a));
  return {json, fmt::format("{} may be sold", parse_answer(json)["released"].asInt64()), true};
}

outcome withdraw(const admin_client& node, const inventory_arguments& a) {
  auto json = node.post("/admin/v1/inventory/withdraw", selection_of(a));
  auto answer = parse_answer(json);
  const auto& sold = answer["sold"];
  auto text = fmt::format("{} withdrawn; {} of it were sold before", answer["withdrawn"].asInt64(),
                          sold.size());
  if (!sold.empty())
    text += '\n' + table_of(sold, sold_columns, {});
  return {json, text, true};
}

/// The pools that have fewer left than the given threshold, or than their own if none is given.
outcome list_low(const admin_client& node, const inventory_arguments& a) {
  Json::Value low{Json::arrayValue};
  for (auto& pool : parse_answer(node.get("/admin/v1/inventory/pools"))) {
    if (a.threshold)
      pool["threshold"] = *a.threshold;
    pool.removeMember("low");
    if (pool["available"].asInt64() < pool["threshold"].asInt64())
      low.append(pool);
  }
  return {write_json(low), table_of(low, {"pool", "available", "threshold"}, "No pool runs out."),
          low.empty()};
}

outcome set_threshold(const admin_client& node, const inventory_arguments& a) {
  Json::Value body;
  body["threshold"] = a.threshold.value_or(0);
  auto json = node.post("/admin/v1/inventory/" + url_escaped(a.carrier) + '/' + url_escaped(a.plan)
                          + "/threshold",
                        body);
  return {json, lines_of(parse_answer(json)), true};
}

void declare_import(CLI::App& group, const inventory_arguments_pointer& a, command& chosen) {
  auto* take =
    group.add_subcommand("import", "Take eSIMs into a pool: CSV with the columns iccid,lpa");
  take->add_option("--carrier", a->carrier, "The pool's carrier, such as att")->required();
  take->add_option("--plan-type", a->plan, "The pool's kind of plan, such as qr")->required();
  take->add_option("--lot", a->lot, "The delivery that they came with");
  take->add_option("--cost", a->cost, "What each of them cost in USD");
  take->add_flag("--preview", a->is_preview, "Only tell what would be taken, and take nothing");
  take->add_option("file", a->file, "CSV file, or - for standard input")->required();
  take->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return import_inventory(node, *a); }; });
}

/// Declares a command about a lot or single eSIMs, with a reason.
template <class Act>
void declare_selection(CLI::App& sub, const inventory_arguments_pointer& a, command& chosen,
                       Act act) {
  auto* lot = sub.add_option("--lot", a->lot, "The delivery that they came with");
  auto* iccids = sub.add_option("--iccid", a->iccids, "Their ICCIDs");
  lot->excludes(iccids);
  sub.add_option("--reason", a->reason, "Why")->required();
  sub.callback([=, &chosen] {
    if (a->lot.empty() && a->iccids.empty())
      throw CLI::RequiredError("--lot or --iccid");
    chosen = [=](const auto& node) { return act(node, *a); };
  });
}

} // namespace

void declare_inventory_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<inventory_arguments>();
  auto* group = app.add_subcommand("inventory", "The stock of eSIMs")->require_subcommand(1);
  declare_import(*group, a, chosen);
  declare_selection(*group->add_subcommand(
                      "withdraw", "Sell none of these any more, and list what was sold of them"),
                    a, chosen, withdraw);
  group
    ->add_subcommand("quarantine", "List what may have been sold before the database was restored")
    ->callback([&chosen] { chosen = list_quarantine; });
  declare_selection(*group->add_subcommand("release",
                                           "Sell these again, which are in quarantine; of a lot, "
                                           "not what was sold for certain"),
                    a, chosen, release);
  auto* lots = group->add_subcommand("lots", "List all lots with what they cost and what is left");
  lots->add_option("--lot", a->lot, "List what was sold of this one instead");
  lots->callback([=, &chosen] { chosen = [=](const auto& node) { return list_lots(node, *a); }; });
  auto* low =
    group->add_subcommand("low", "List pools that run out; exit status 1 if there are any");
  low->add_option("--threshold", a->threshold, "How few are left; else each pool's own");
  low->callback([=, &chosen] { chosen = [=](const auto& node) { return list_low(node, *a); }; });
  auto* threshold =
    group->add_subcommand("threshold", "Say below how many eSIMs a pool runs out: an alert tells");
  threshold->add_option("carrier", a->carrier, "The pool's carrier, such as att")->required();
  threshold->add_option("plan-type", a->plan, "The pool's kind of plan, such as qr")->required();
  threshold->add_option("number", a->threshold, "How few, at most 1000000; 20 unless it is set")
    ->required()
    ->check(within(0, 1'000'000));
  threshold->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return set_threshold(node, *a); }; });
}

} // namespace meisim
