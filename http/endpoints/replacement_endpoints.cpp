#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/paging.hpp"
#include "http/edge/path_id.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/supply/replacement.hpp"

#include <array>

namespace meisim::http {

namespace {

void write_replacement(json_writer& out, const stock_row& row) {
  out.member("iccid", row.iccid).member("lpa", row.lpa).member("inventory_id", row.id);
}

// -- the dealer's side ----------------------------------------------------------------------------

void write_submitted(json_writer& out, const replacement_view& view) {
  out.member("ok", true)
    .member("decision", "submitted")
    .member("check_id", view.id)
    .member("message", "The eSIM is being checked. Poll /esim-supply/replace/status/:check_id.");
}

/// The documented answer for a check. Its other members depend on the decision.
void write_status(json_writer& out, const replacement_view& view) {
  out.member("decision", to_string(view.what)).member("validator_status", view.validator_status);
  if (view.replacement)
    out.object("replacement", write_replacement, *view.replacement);
  else if (view.what != decision::pending)
    out.member("message", message_of(view.what));
}

void post_supply_replace(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return request_replacement{x->dealer().id, in.required_iccid("iccid")};
  });
  if (wish)
    ask<replacement_view>(
      x, x->node->replacements,
      [x](const replacement_view& view) { succeed(x, json_object(write_submitted, view)); },
      std::move(*wish));
}

void get_checks(const exchange_pointer& x) {
  if (auto page = read_page_wish(x))
    answer_page(x, list_reader(x, *page), browse_checks{x->dealer().id, *page});
}

void get_replace_status(const exchange_pointer& x) {
  auto check = id_in_path<check_id>(x, "check of yours");
  if (!check)
    return;
  ask<replacement_view>(
    x, x->node->records.next(),
    [x](const replacement_view& view) { succeed(x, json_object(write_status, view)); },
    find_replacement{x->dealer().id, *check});
}

// -- the operator's side --------------------------------------------------------------------------

/// A check with the trace of who decided what.
void write_review(json_writer& out, const replacement_view& view) {
  out.member("check_id", view.id)
    .member("dealer", view.dealer)
    .member("iccid", view.iccid)
    .member("pool", to_string(view.pool))
    .member("decision", to_string(view.what))
    .member("validator_status", view.validator_status)
    .member("decided_by", view.decided_by)
    .member("note", view.note)
    .member("requested_at", view.requested_at);
  if (view.replacement)
    out.object("replacement", write_replacement, *view.replacement);
  else
    out.member("replacement", nullptr);
}

void admin_list_reviews(const exchange_pointer& x) {
  ask<review_list>(
    x, x->node->records.next(),
    [x](const review_list& list) { succeed(x, json_objects(list.reviews, write_review)); },
    list_reviews{});
}

resolve_review read_decision(fields& in) {
  resolve_review what;
  auto text = in.required_text("decision", 1, 16);
  what.replaces = text == "replace";
  if (!what.replaces && text != "reject")
    in.reject("decision", "must be replace or reject");
  what.note = in.optional_text("note", 1, 500);
  return what;
}

void admin_resolve_review(const exchange_pointer& x) {
  auto what = read_body(x, read_decision);
  if (!what)
    return;
  auto check = id_in_path<check_id>(x, "check to review");
  if (!check)
    return;
  what->check = *check;
  what->by = stamp_of(x);
  ask<replacement_view>(
    x, x->node->replacements,
    [x](const replacement_view& view) { succeed(x, json_object(write_review, view)); },
    std::move(*what));
}

} // namespace

route_table replacement_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post, "/api/portal/v1/esim-supply/replace", portal, none, post_supply_replace,
          repeatable},
    route{get,
          "/api/portal/v1/esim-supply/replace",
          portal,
          none,
          get_checks,
          {.parameters = "limit cursor"}},
    route{get, "/api/portal/v1/esim-supply/replace/status/:check_id", portal, none,
          get_replace_status},
  };
  return table;
}

route_table review_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/admin/v1/reviews", viewer, none, admin_list_reviews},
    route{post,
          "/admin/v1/reviews/:check",
          support,
          none,
          admin_resolve_review,
          {.is_repeatable = true, .audit = audit_kind::review_resolved}},
  };
  return table;
}

} // namespace meisim::http
