#include "http/edge/event_stream.hpp"

#include <fmt/core.h>

#include <utility>

namespace meisim::http {

namespace {

/// Shows that the connection lives.
constexpr auto silent_line = ":\n\n";

class event_stream : public std::enable_shared_from_this<event_stream> {
public:
  event_stream(caf::actor_system& system, followed what, std::chrono::seconds lasts,
               dealer_turns::turn turn)
    : system_(system), what_(std::move(what)), turn_(std::move(turn)),
      ends_at_(std::chrono::steady_clock::now() + lasts) {
    // nop
  }

  /// Only one piece is asked for at a time.
  void pull(chunk_source::push push) {
    if (!what_.head.empty())
      return push({chunk::kind::piece, std::exchange(what_.head, {})});
    auto left = ends_at_ - std::chrono::steady_clock::now();
    bool is_first = !std::exchange(has_looked_, true);
    if (!is_first && left.count() <= 0)
      return push({chunk::kind::end, {}});
    auto in_time = is_first ? caf::duration{caf::infinite} : caf::duration{left};
    system_.spawn(
      [in_time](caf::event_based_actor* self, const std::shared_ptr<event_stream>& me,
                const chunk_source::push& to) {
        me->what_.next(
          self, in_time,
          [me, to](std::string lines) {
            to({chunk::kind::piece, lines.empty() ? silent_line : std::move(lines)});
          },
          [me, to](const caf::error&) {
            to({chunk::kind::end, {}});
          });
      },
      shared_from_this(), std::move(push));
  }

private:
  caf::actor_system& system_;
  /// Its head is empty once it is sent.
  followed what_;
  dealer_turns::turn turn_;
  std::chrono::steady_clock::time_point ends_at_;
  bool has_looked_ = false;
};

} // namespace

std::string stream_head(std::string_view id, bool has_gap) {
  return fmt::format("id: {}\nretry: 2000\n\n{}", id, has_gap ? "event: missed\ndata: {}\n\n" : "");
}

std::shared_ptr<chunk_source> stream_events(caf::actor_system& system, followed what,
                                            std::chrono::seconds lasts, dealer_turns::turn turn) {
  auto stream = std::make_shared<event_stream>(system, std::move(what), lasts, std::move(turn));
  auto source = std::make_shared<chunk_source>();
  source->pull = [stream](chunk_source::push push) { stream->pull(std::move(push)); };
  source->is_endless = true;
  return source;
}

} // namespace meisim::http
