#pragma once

#include <json/value.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// A JSON array of objects as a table for people: one row each, columns as wide as they need to be.
/// If there is no row, it prints the sentence `none` instead.
std::string table_of(const Json::Value& rows, const std::vector<std::string>& columns,
                     std::string_view none);

/// `1 wallet`, `2 wallets`.
std::string counted(int64_t number, std::string_view what);

/// An object as `name  value` lines, in the order in which the node wrote it.
std::string lines_of(const Json::Value& object);

} // namespace meisim
