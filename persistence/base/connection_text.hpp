#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// The operator's libpq text (`key=value …` or `postgresql://…`) as one text for each of its hosts,
/// with what our sessions need besides. What the operator says wins, because our settings come
/// before it. A text that libpq does not understand is given back as it is, and the connection says
/// why.
std::vector<std::string> connection_texts(const std::string& connection, std::string_view role);

} // namespace meisim
