#include "apps/meisimctl/table.hpp"

#include "protocols/base/strict_json.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

std::string cell_of(const Json::Value& value) {
  if (value.isNull())
    return "-";
  if (value.isArray()) {
    std::string text;
    for (const auto& item : value)
      text += (text.empty() ? "" : ",") + item.asString();
    return text;
  }
  if (value.isObject())
    return write_json(value);
  // Every fraction that the node shows is an amount or a percentage.
  if (value.type() == Json::realValue)
    return fmt::format("{:.2f}", value.asDouble());
  return value.asString();
}

} // namespace

std::string table_of(const Json::Value& rows, const std::vector<std::string>& columns) {
  std::vector<size_t> widths;
  for (const auto& column : columns) {
    auto width = column.size();
    for (const auto& row : rows)
      width = std::max(width, cell_of(row[column]).size());
    widths.push_back(width);
  }
  std::string text;
  for (size_t i = 0; i < columns.size(); ++i)
    text += fmt::format("{:{}}  ", columns[i], widths[i]);
  for (const auto& row : rows) {
    text += '\n';
    for (size_t i = 0; i < columns.size(); ++i)
      text += fmt::format("{:{}}  ", cell_of(row[columns[i]]), widths[i]);
  }
  return text;
}

std::string lines_of(const Json::Value& object) {
  size_t width = 0;
  for (const auto& name : object.getMemberNames())
    width = std::max(width, name.size());
  std::string text;
  for (const auto& name : object.getMemberNames())
    if (!object[name].isArray())
      text +=
        fmt::format("{}{:{}}  {}", text.empty() ? "" : "\n", name, width, cell_of(object[name]));
  return text;
}

} // namespace meisim
