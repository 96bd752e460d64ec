#include "apps/meisimctl/table.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

/// The library sorts members by name, but keeps where each value stood in the text.
std::vector<std::string> names_as_written(const Json::Value& object) {
  auto names = object.getMemberNames();
  std::ranges::stable_sort(names, {},
                           [&](const auto& name) { return object[name].getOffsetStart(); });
  return names;
}

std::string cell_of(const Json::Value& value);

std::string list_cell(const Json::Value& list) {
  std::string text;
  for (const auto& item : list)
    text += (text.empty() ? "" : ",") + cell_of(item);
  return text;
}

std::string object_cell(const Json::Value& object) {
  std::string text;
  for (const auto& name : names_as_written(object))
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name, cell_of(object[name]));
  return text;
}

/// Text of others, say of a provider, must neither break the line nor control the terminal.
std::string text_cell(std::string text) {
  constexpr unsigned char first_sign = 0x20;
  constexpr unsigned char delete_sign = 0x7f;
  std::ranges::replace_if(
    text, [](unsigned char c) { return c < first_sign || c == delete_sign; }, ' ');
  // Terminals obey C1 controls too, which have two bytes in UTF-8.
  constexpr unsigned char first_sign_behind = 0xa0;
  for (size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] == '\xc2' && static_cast<unsigned char>(text[i + 1]) < first_sign_behind)
      text.replace(i, 2, " ");
  return text;
}

std::string cell_of(const Json::Value& value) {
  // Also an empty list, and an object without members.
  if (value.empty())
    return "-";
  if (value.isArray())
    return list_cell(value);
  if (value.isObject())
    return object_cell(value);
  // Every fraction that the node shows is an amount or a percentage.
  if (value.type() == Json::realValue)
    return fmt::format("{:.2f}", value.asDouble());
  return text_cell(value.asString());
}

/// How many characters a UTF-8 text has.
size_t width_of(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
    text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

using table_line = std::vector<std::string>;

std::string spaced(const table_line& cells, const std::vector<size_t>& widths) {
  constexpr size_t gap = 2;
  std::string text;
  for (size_t i = 0; i < cells.size(); ++i)
    text += cells[i] + std::string(widths[i] - width_of(cells[i]) + gap, ' ');
  // Nothing follows the last cell.
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

} // namespace

std::string table_of(const Json::Value& rows, const std::vector<std::string>& columns,
                     std::string_view none) {
  if (rows.empty())
    return std::string{none};
  std::vector<table_line> lines{columns};
  for (const auto& row : rows) {
    auto& cells = lines.emplace_back();
    for (const auto& column : columns)
      cells.push_back(cell_of(row[column]));
  }
  std::vector<size_t> widths(columns.size());
  for (const auto& cells : lines)
    for (size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], width_of(cells[i]));
  std::string text;
  for (const auto& cells : lines)
    text += (text.empty() ? "" : "\n") + spaced(cells, widths);
  return text;
}

std::string counted(int64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string lines_of(const Json::Value& object) {
  size_t width = 0;
  for (const auto& name : object.getMemberNames())
    width = std::max(width, name.size());
  std::string text;
  for (const auto& name : names_as_written(object))
    if (!object[name].isArray())
      text +=
        fmt::format("{}{:{}}  {}", text.empty() ? "" : "\n", name, width, cell_of(object[name]));
  return text;
}

} // namespace meisim
