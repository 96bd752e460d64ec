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

route_match match_route(route_table table, method verb, std::string_view path) {
  route_match result;
  if (path.empty() || path.front() != '/')
    return result;
  auto wanted = verb == method::head ? method::get : verb;
  std::vector<std::string> captures;
  for (const auto& candidate : table) {
    if (!begins_like(candidate.path, path) || !matches(candidate.path, path, captures))
      continue;
    if (candidate.verb == wanted) {
      result.found = &candidate;
      result.captures = std::move(captures);
      return result;
    }
    result.allowed += result.allowed.empty() ? "OPTIONS, " : ", ";
    result.allowed += to_string(candidate.verb);
    if (candidate.verb == method::get)
      result.allowed += ", HEAD";
  }
  return result;
}

} // namespace meisim::http
