#include "http/edge/event_stream.hpp"

#include <caf/all.hpp>
#include <fmt/core.h>

#include <string>
#include <utility>

namespace meisim::http {

namespace {

/// A browser comes back after two seconds, and goes on from here.
std::string first_lines(const event_start& start) {
  return fmt::format("id: {}\nretry: 2000\n\n", to_string(start.from));
}

/// Tells that something may have happened of which nothing will be told.
constexpr auto gap_lines = "event: missed\ndata: {}\n\n";

/// Shows that somebody is there.
constexpr auto silent_line = ":\n\n";

std::string text_of(const told_events& told) {
  std::string result;
  for (const auto& event : told.events) {
    if (event.position)
      result += fmt::format("id: {}\n", to_string(*event.position));
    result += fmt::format("event: {}\ndata: {}\n\n", event.name, event.data);
  }
  return result.empty() ? silent_line : result;
}

class event_stream : public std::enable_shared_from_this<event_stream> {
public:
  event_stream(caf::actor_system& system, event_feed_actor feed, dealer_id dealer,
               const event_start& start, std::chrono::seconds lasts, dealer_turns::turn turn)
    : system_(system), feed_(std::move(feed)), turn_(std::move(turn)),
      ends_at_(std::chrono::steady_clock::now() + lasts), head_(first_lines(start)) {
    known_.dealer = dealer;
    known_.position = start.from;
    if (start.has_gap)
      head_ += gap_lines;
  }

  /// Only one at a time.
  void pull(chunk_source::push push) {
    if (!head_.empty())
      return push({chunk::kind::piece, std::exchange(head_, {})});
    if (std::chrono::steady_clock::now() >= ends_at_)
      return push({chunk::kind::end, {}});
    system_.spawn(
      [](caf::event_based_actor* self, const std::shared_ptr<event_stream>& me,
         const chunk_source::push& to) {
        self->request(me->feed_, caf::infinite, next_events{me->known_})
          .then(
            [me, to](const told_events& told) {
              me->known_ = told.known;
              to({chunk::kind::piece, text_of(told)});
            },
            // The client comes back for the rest.
            [to](const caf::error&) {
              to({chunk::kind::end, {}});
            });
      },
      shared_from_this(), std::move(push));
  }

private:
  caf::actor_system& system_;
  event_feed_actor feed_;
  dealer_turns::turn turn_;
  std::chrono::steady_clock::time_point ends_at_;
  /// What is sent at once; empty behind that.
  std::string head_;
  event_mark known_;
};

} // namespace

std::shared_ptr<chunk_source> stream_events(caf::actor_system& system, event_feed_actor feed,
                                            dealer_id dealer, const event_start& start,
                                            std::chrono::seconds lasts, dealer_turns::turn turn) {
  auto stream =
    std::make_shared<event_stream>(system, std::move(feed), dealer, start, lasts, std::move(turn));
  auto source = std::make_shared<chunk_source>();
  source->pull = [stream](chunk_source::push push) { stream->pull(std::move(push)); };
  source->is_endless = true;
  return source;
}

} // namespace meisim::http
