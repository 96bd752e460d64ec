#include "http/edge/asking.hpp"
#include "http/edge/event_stream.hpp"
#include "http/endpoints/routes.hpp"

#include <array>

namespace meisim::http {

namespace {

/// The longest that one answer goes on, in seconds.
constexpr int32_t longest_stream = 60;

void begin_stream(const exchange_pointer& x, const event_start& start, std::chrono::seconds lasts,
                  dealer_turns::turn turn) {
  response result;
  result.content_type = "text/event-stream";
  // nginx would keep the events until it has enough of them.
  result.headers.emplace_back("X-Accel-Buffering", "no");
  result.chunks = stream_events(x->self->system(), x->node->events, x->dealer().id, start, lasts,
                                std::move(turn));
  answer(x, std::move(result));
}

void get_events(const exchange_pointer& x) {
  auto seconds = x->incoming.whole_parameter("seconds", 1, longest_stream, longest_stream);
  if (!seconds)
    return fail(x, seconds.error());
  auto last = x->incoming.header("last-event-id");
  follow_events wish{x->dealer().id, read_event_position(last)};
  if (!last.empty() && !wish.known)
    return fail(x, make_error(cause::invalid_field,
                              "Last-Event-ID must be the id of an event, like 81276-15",
                              "Last-Event-ID"));
  auto begin = [=](dealer_turns::turn turn) {
    ask<event_start>(
      x, x->node->events,
      [=, lasts = std::chrono::seconds{*seconds}](const event_start& start) {
        begin_stream(x, start, lasts, turn);
      },
      wish);
  };
  if (!x->node->event_streams->take(x->dealer().id, begin))
    fail(x, make_error(ec::unavailable, "too many streams of your events are open"));
}

} // namespace

route_table event_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/dealer/events",
          dealer,
          read,
          get_events,
          {.parameters = "seconds", .scopes = scopes::read}},
  };
  return table;
}

} // namespace meisim::http
