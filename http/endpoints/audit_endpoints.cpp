#include "http/edge/asking.hpp"
#include "http/edge/parameters.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/audit.hpp"

#include <array>
#include <charconv>

namespace meisim::http {

namespace {

/// The column as JSON, or null.
std::string json_or_null(const std::string& text) {
  return text.empty() ? "null" : without_blanks(text);
}

void write_event(json_writer& out, const audit_entry& event) {
  out.member("id", event.id)
    .member("at", event.at)
    .member("actor", event.actor)
    .member("address", or_null(event.address))
    .member("request_id", or_null(event.request_id))
    .member("kind", event.kind)
    .member("subject", event.subject)
    .member("before", json_text{json_or_null(event.before)})
    .member("after", json_text{json_or_null(event.after)});
}

/// Reads the query of the list into `question`, or says what is wrong with it.
caf::error read_audit_query(const request& incoming, list_audit& question) {
  auto limit = incoming.whole_parameter("limit", 1, 1'000, 100);
  if (!limit)
    return limit.error();
  question.limit = *limit;
  parameters in{incoming};
  question.actor = in.text("actor");
  question.subject = in.text("subject");
  question.since = in.moment("since").value_or(question.since);
  if (in.failure())
    return in.failure();
  if (auto before = incoming.parameter("before")) {
    const auto* end = before->data() + before->size();
    auto [last, failure] = std::from_chars(before->data(), end, question.before);
    if (failure != std::errc{} || last != end || question.before < 1)
      return make_error(cause::invalid_field, "before must be the id of an event", "before");
  }
  return {};
}

void admin_list_audit(const exchange_pointer& x) {
  list_audit question;
  if (auto failure = read_audit_query(x->incoming, question))
    return fail(x, failure);
  ask<audit_list>(
    x, x->node->slow_records,
    [x](const audit_list& list) { succeed(x, json_objects(list.events, write_event)); }, question);
}

} // namespace

route_table audit_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/admin/v1/audit",
          viewer,
          none,
          admin_list_audit,
          {.parameters = "actor subject since before limit"}},
  };
  return table;
}

} // namespace meisim::http
