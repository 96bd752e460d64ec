#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What operators' pages show, for those who follow it as it changes (server-sent events).

namespace meisim {

/// What a follower is told of, in the order of their marks. All but the last one are the
/// database's, so that every node tells of what happens at any; how the parts are, each node tells
/// of itself.
inline constexpr std::array<std::string_view, 10> topics{
  "orders.changed",  "payments.changed", "stock.changed", "reviews.changed", "batches.changed",
  "devices.changed", "jobs.changed",     "nodes.changed", "audit.added",     "health.changed"};

/// How each topic was when somebody looked: equal marks mean that nothing has happened between.
/// Empty for who has not looked yet.
using topic_marks = std::vector<uint64_t>;

/// `9f3c-…`: what a client shows as `Last-Event-ID`.
std::string write_topic_marks(const topic_marks& marks);

/// Nothing for another form. There may be another number of them, from a node of another release.
std::optional<topic_marks> read_topic_marks(std::string_view text);

/// Which topics are not as they were; all of them if the marks are not of the same topics.
std::vector<std::string_view> changed_topics(const topic_marks& before, const topic_marks& after);

/// Wait until one of the database's topics is not as these marks say. The answer is the same marks
/// if nothing comes in ten seconds, so that the follower can show that it is there.
struct next_topics {
  topic_marks known;
  /// Answer with the next look, whatever it sees.
  bool at_once = false;
};

/// The marks of the database's topics now.
struct topics_now {
  topic_marks marks;
};

} // namespace meisim
