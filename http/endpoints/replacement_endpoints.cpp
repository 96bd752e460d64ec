#include "http/endpoints/endpoints.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/supply/replacement.hpp"

#include <fmt/core.h>

#include <iterator>

namespace meisim::http {

namespace {

std::string replacement_json(const stock_row& row) {
  return fmt::format(R"({{"iccid":{},"lpa":{},"inventory_id":"{}"}})", json_quoted(row.iccid),
                     json_quoted(row.lpa), to_string(row.id));
}

/// The documented answer for a check: what else it says depends on the decision.
std::string status_json(const replacement_view& view) {
  auto body = fmt::format(R"({{"decision":"{}","validator_status":"{}")", to_string(view.what),
                          view.validator_status);
  if (view.replacement)
    body += R"(,"replacement":)" + replacement_json(*view.replacement);
  if (view.what != decision::pending && !view.replacement)
    body += R"(,"message":)" + json_quoted(message_of(view.what));
  return body + '}';
}

/// A check as the operator sees it, with the trace of who decided what.
std::string review_json(const replacement_view& view) {
  return fmt::format(
    R"({{"check_id":"{}","dealer":"{}","iccid":{},"pool":{},"decision":"{}","validator_status":"{}",)"
    R"("decided_by":{},"note":{},"requested_at":"{}","replacement":{}}})",
    to_string(view.id), to_string(view.dealer), json_quoted(view.iccid),
    json_quoted(to_string(view.pool)), to_string(view.what), view.validator_status,
    json_quoted(view.decided_by), json_quoted(view.note), rfc3339(view.requested_at),
    view.replacement ? replacement_json(*view.replacement) : "null");
}

} // namespace

void post_supply_replace(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  request_replacement wish{x->dealer().id, in.required_text("iccid", 1, 64)};
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<replacement_view>(
    x->node->replacements,
    [x](const replacement_view& view) {
      x->succeed(
        fmt::format(R"({{"ok":true,"decision":"submitted","check_id":"{}","message":)"
                    R"("The eSIM is being checked. Poll /esim-supply/replace/status/:check_id."}})",
                    to_string(view.id)));
    },
    std::move(wish));
}

void get_replace_status(const exchange_pointer& x) {
  auto check = check_id::parse(x->captures.front());
  if (!check)
    return x->fail(make_error(ec::not_found, "there is no such check of yours"));
  x->ask<replacement_view>(
    x->node->records.next(), [x](const replacement_view& view) { x->succeed(status_json(view)); },
    find_replacement{x->dealer().id, *check});
}

void admin_list_reviews(const exchange_pointer& x) {
  x->ask<review_list>(
    x->node->records.next(),
    [x](const review_list& list) {
      std::string body = "[";
      for (const auto& view : list.reviews)
        body += (&view == list.reviews.data() ? "" : ",") + review_json(view);
      x->succeed(body + "]");
    },
    list_reviews{});
}

void admin_resolve_review(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  auto verdict_text = in.required_text("decision", 1, 16);
  resolve_review what;
  what.replaces = verdict_text == "replace";
  if (!what.replaces && verdict_text != "reject")
    in.reject("decision", "must be replace or reject");
  what.note = in.optional_text("note", 1, 500);
  if (auto failure = in.failure())
    return x->fail(failure);
  auto check = check_id::parse(x->captures.front());
  if (!check)
    return x->fail(make_error(ec::not_found, "there is no such check to review"));
  what.check = *check;
  x->ask<replacement_view>(
    x->node->replacements, [x](const replacement_view& view) { x->succeed(review_json(view)); },
    std::move(what));
}

} // namespace meisim::http
