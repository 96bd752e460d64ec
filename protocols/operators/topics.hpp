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

/// The topics, in the order of their marks. All but the last come from the database, so every node
/// tells of what happens at any node. The last is about the parts of the service: each node tells
/// of its own.
inline constexpr std::array<std::string_view, 10> topics{
  "orders.changed",  "payments.changed", "stock.changed", "reviews.changed", "batches.changed",
  "devices.changed", "jobs.changed",     "nodes.changed", "audit.added",     "health.changed"};

/// How each topic was at a look. If two marks are equal, nothing has happened between them. Empty
/// before the first look.
using topic_marks = std::vector<uint64_t>;

/// `9f3c-…`: what a client shows as `Last-Event-ID`.
std::string write_topic_marks(const topic_marks& marks);

/// Nothing for another form. Marks from a node of another release may have another number of
/// topics.
std::optional<topic_marks> read_topic_marks(std::string_view text);

/// Which topics have changed; all of them if the marks are not of the same topics.
std::vector<std::string_view> changed_topics(const topic_marks& before, const topic_marks& after);

/// Wait until one of the database's topics differs from these marks. If nothing changes in ten
/// seconds the answer is the same marks, so that the follower can show that the connection lives.
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
