#include "http/edge/admission.hpp"
#include "http/edge/asking.hpp"
#include "http/edge/event_stream.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/dealer.hpp"
#include "protocols/cluster/ask_entity.hpp"
#include "protocols/notify/dealer_events.hpp"
#include "protocols/operators/topics.hpp"

#include <fmt/core.h>

#include <array>
#include <functional>
#include <memory>
#include <utility>

namespace meisim::http {

// Events as they happen: a dealer's, and those for operators.

namespace {

/// The longest that one answer goes on, in seconds.
constexpr int32_t longest_stream = 60;

caf::expected<int32_t> wished_seconds(const exchange_pointer& x) {
  return x->incoming.whole_parameter("seconds", 1, longest_stream, longest_stream);
}

void refuse_event_id(const exchange_pointer& x, std::string_view example) {
  fail(x, make_error(cause::invalid_field,
                     fmt::format("Last-Event-ID must be the id of an event, like {}", example),
                     "Last-Event-ID"));
}

void begin_stream(const exchange_pointer& x, followed what, int32_t seconds,
                  dealer_turns::turn turn) {
  response result;
  result.content_type = "text/event-stream";
  // nginx would keep the events until it has enough of them.
  result.headers.emplace_back("X-Accel-Buffering", "no");
  result.chunks = stream_events(x->self->system(), std::move(what), std::chrono::seconds{seconds},
                                std::move(turn));
  answer(x, std::move(result));
}

std::string lines_of(const told_events& told) {
  std::string result;
  for (const auto& event : told.events) {
    if (event.position)
      result += fmt::format("id: {}\n", to_string(*event.position));
    result += fmt::format("event: {}\ndata: {}\n\n", event.name, without_blanks(event.data));
  }
  return result;
}

/// Asks the dealer whether the follower's credential is still good; it may have been taken back.
void ask_again(caf::event_based_actor* self, const region_actor& region,
               const admission_request& question, const std::function<void()>& admitted,
               const std::function<void(const caf::error&)>& refused) {
  meisim::ask_entity<dealer_actor, admission>(
    self, region, dealer_atom_v, question.dealer,
    std::make_shared<const admission_request>(question),
    [=](const admission& verdict) {
      if (verdict.refusal == ec::none)
        admitted();
      else
        refused(make_error(verdict.refusal));
    },
    refused, [](const dealer_actor&) {});
}

/// A dealer's events, from `start` on. Before anything is told, the dealer is asked.
followed events_of(const exchange_pointer& x, const event_start& start) {
  auto known = std::make_shared<event_mark>();
  known->dealer = x->dealer().id;
  known->position = start.from;
  auto next = [feed = x->node->events, region = x->node->region, question = question_asked(x),
               known](caf::event_based_actor* self, caf::duration in_time, auto tell, auto end) {
    self->request(feed, in_time, next_events{*known})
      .then(
        [=](const told_events& told) {
          auto tell_all = [=] {
            *known = told.known;
            tell(lines_of(told));
          };
          ask_again(self, region, question, tell_all, end);
        },
        end);
  };
  return {stream_head(to_string(start.from), start.has_gap), next};
}

void get_events(const exchange_pointer& x) {
  auto seconds = wished_seconds(x);
  if (!seconds)
    return fail(x, seconds.error());
  auto last = x->incoming.header("last-event-id");
  follow_events wish{x->dealer().id, read_event_position(last)};
  if (!last.empty() && !wish.known)
    return refuse_event_id(x, "81276-15");
  auto begin = [=](dealer_turns::turn turn) {
    ask<event_start>(
      x, x->node->events,
      [=](const event_start& start) { begin_stream(x, events_of(x, start), *seconds, turn); },
      wish);
  };
  if (!x->node->event_streams->take(x->dealer().id, begin))
    fail(x, make_error(ec::unavailable, "too many streams of your events are open"));
}

/// How the parts are, as a mark.
uint64_t mark_of(const health_report& parts) {
  std::string text;
  for (const auto& part : parts)
    text += fmt::format("{} {} {}\n", part.name, to_string(part.now), part.reason);
  return std::hash<std::string>{}(text);
}

topic_marks with_health(topic_marks marks, const services& node) {
  marks.push_back(mark_of(node.health()));
  return marks;
}

/// The database's part of what a follower knows.
topic_marks without_health(topic_marks marks) {
  if (!marks.empty())
    marks.pop_back();
  return marks;
}

std::string lines_of(const topic_marks& before, const topic_marks& after) {
  std::string result;
  for (auto topic : changed_topics(before, after))
    result += fmt::format("id: {}\nevent: {}\ndata: {{}}\n\n", write_topic_marks(after), topic);
  return result;
}

/// The topics that have changed since `known`.
followed topics_since(const std::shared_ptr<const services>& node, topic_marks known,
                      bool has_gap) {
  auto head = stream_head(write_topic_marks(known), has_gap);
  auto told = std::make_shared<topic_marks>(std::move(known));
  auto is_first = std::make_shared<bool>(true);
  auto next = [=](caf::event_based_actor* self, caf::duration in_time, auto tell, auto end) {
    self
      ->request(node->events, in_time,
                next_topics{without_health(*told), std::exchange(*is_first, false)})
      .then(
        [node, told, tell](const topics_now& now) {
          auto marks = with_health(now.marks, *node);
          tell(lines_of(std::exchange(*told, marks), marks));
        },
        end);
  };
  return {head, next};
}

void admin_get_events(const exchange_pointer& x) {
  auto seconds = wished_seconds(x);
  if (!seconds)
    return fail(x, seconds.error());
  auto last = x->incoming.header("last-event-id");
  auto known = last.empty() ? topic_marks{} : read_topic_marks(last).value_or(topic_marks{});
  if (!last.empty() && known.empty())
    return refuse_event_id(x, "9f3c-51ab");
  auto begin = [=](dealer_turns::turn turn) {
    if (known.size() == topics.size())
      return begin_stream(x, topics_since(x->node, known, false), *seconds, turn);
    ask<topics_now>(
      x, x->node->events,
      [=](const topics_now& now) {
        auto marks = with_health(now.marks, *x->node);
        begin_stream(x, topics_since(x->node, marks, !known.empty()), *seconds, turn);
      },
      next_topics{{}, true});
  };
  // All operators together: they are few, and none of them is a stranger.
  if (!x->node->operator_streams->take(dealer_id{}, begin))
    fail(x, make_error(ec::unavailable, "too many streams of events are open"));
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

route_table operator_event_routes() {
  using enum access;
  static constexpr std::array table{
    route{method::get,
          "/admin/v1/events",
          viewer,
          limit_class::none,
          admin_get_events,
          {.parameters = "seconds"}},
  };
  return table;
}

} // namespace meisim::http
