#include "protocols/operators/topics.hpp"

#include <fmt/format.h>

#include <charconv>

namespace meisim {

namespace {

/// Anybody may send a long `Last-Event-ID`.
constexpr size_t most_marks = 64;

std::optional<uint64_t> read_mark(std::string_view text) {
  uint64_t mark = 0;
  const char* end = text.data() + text.size();
  auto [behind, problem] = std::from_chars(text.data(), end, mark, 16);
  return problem == std::errc{} && behind == end ? std::optional{mark} : std::nullopt;
}

} // namespace

std::string write_topic_marks(const topic_marks& marks) {
  std::string result;
  for (auto mark : marks)
    result += fmt::format("{}{:x}", result.empty() ? "" : "-", mark);
  return result;
}

std::optional<topic_marks> read_topic_marks(std::string_view text) {
  topic_marks result;
  for (;;) {
    auto end = text.find('-');
    auto mark = read_mark(text.substr(0, end));
    if (!mark || result.size() == most_marks)
      return std::nullopt;
    result.push_back(*mark);
    if (end == std::string_view::npos)
      return result;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> changed_topics(const topic_marks& before, const topic_marks& after) {
  std::vector<std::string_view> result;
  for (size_t i = 0; i < topics.size() && i < after.size(); ++i)
    if (before.size() != after.size() || before[i] != after[i])
      result.push_back(topics[i]);
  return result;
}

} // namespace meisim
