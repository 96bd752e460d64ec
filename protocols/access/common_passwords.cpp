#include "protocols/access/common_passwords.hpp"

#include "protocols/base/ascii.hpp"

#include <algorithm>
#include <unordered_set>

namespace meisim {

namespace {

std::unordered_set<std::string_view> read_list() {
  std::unordered_set<std::string_view> result;
  auto rest = password_files().front().text;
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.empty() && line.front() != '#')
      result.insert(line);
  }
  return result;
}

} // namespace

bool is_common_password(std::string_view password) {
  static const auto list = read_list();
  return list.contains(lowered(password));
}

} // namespace meisim
