#include "http/edge/route.hpp"

#include "protocols/base/text.hpp"

#include <algorithm>

namespace meisim::http {

namespace {

/// Cuts the first segment off a path that begins with a slash.
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  size_t end = 0;
  while (end < path.size() && path[end] != '/')
    ++end;
  auto segment = path.substr(0, end);
  path = path.substr(end);
  return segment;
}

/// Whether the path equals the pattern up to the pattern's first name. That rules most routes out.
bool begins_like(std::string_view pattern, std::string_view path) {
  size_t same = 0;
  while (same < pattern.size() && same < path.size() && pattern[same] != ':'
         && pattern[same] == path[same])
    ++same;
  return same == pattern.size() ? same == path.size() : pattern[same] == ':';
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& captures) {
  captures.clear();
  while (!pattern.empty() && !path.empty()) {
    auto wanted = next_segment(pattern);
    auto given = next_segment(path);
    // Invisible characters at the ends of a name are no part of it.
    if (auto name = trimmed_text(given); wanted.starts_with(':') && !name.empty())
      captures.emplace_back(name);
    else if (wanted != given)
      return false;
  }
  return pattern.empty() && path.empty();
}

/// Whether the route, whose path is the right one, has the method too. If not, its method is among
/// those that the path has.
bool is_it(const route& candidate, method wanted, route_match& result) {
  if (candidate.verb == wanted) {
    result.found = &candidate;
    return true;
  }
  result.allowed += result.allowed.empty() ? "OPTIONS, " : ", ";
  result.allowed += to_string(candidate.verb);
  if (candidate.verb == method::get)
    result.allowed += ", HEAD";
  return false;
}

} // namespace

bool takes_parameter(const route& where, std::string_view name) {
  auto rest = where.extras.parameters;
  while (!rest.empty()) {
    size_t end = 0;
    while (end < rest.size() && rest[end] != ' ')
      ++end;
    if (rest.substr(0, end) == name)
      return true;
    rest = rest.substr(std::min(end + 1, rest.size()));
  }
  return false;
}

recourse recourse_of(const route& where, const request& incoming) {
  if (where.verb == method::get || where.verb == method::del || where.extras.is_repeatable)
    return {recourse::step::repeat};
  if (where.extras.takes_key && !incoming.header("idempotency-key").empty())
    return {recourse::step::repeat_with_key};
  return {recourse::step::look, where.extras.told_by};
}

router::router(route_table table) {
  for (const auto& each : table) {
    if (each.path.find(':') == std::string_view::npos)
      fixed_[each.path].push_back(&each);
    else
      named_.push_back(&each);
  }
}

route_match router::match(method verb, std::string_view path) const {
  auto wanted = verb == method::head ? method::get : verb;
  route_match result;
  if (auto known = fixed_.find(path); known != fixed_.end())
    for (const auto* candidate : known->second)
      if (is_it(*candidate, wanted, result))
        return result;
  if (!path.starts_with('/'))
    return result;
  for (const auto* candidate : named_)
    if (begins_like(candidate->path, path) && matches(candidate->path, path, result.captures)
        && is_it(*candidate, wanted, result))
      return result;
  result.captures.clear();
  return result;
}

} // namespace meisim::http
