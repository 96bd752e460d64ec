#pragma once

#include <json/value.h>

#include <string>
#include <vector>

namespace meisim {

/// A JSON array of objects as a table for people: one row each, columns as wide as they need to be.
std::string table_of(const Json::Value& rows, const std::vector<std::string>& columns);

/// An object as `name  value` lines.
std::string lines_of(const Json::Value& object);

} // namespace meisim
