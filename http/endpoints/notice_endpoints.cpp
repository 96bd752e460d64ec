#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/notify/notices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace meisim::http {

// What a dealer is mailed about.

namespace {

constexpr auto least_told_balance = money::from_cents(1);
constexpr auto most_told_balance = money::from_cents(100'000'000);

void write_choices(json_writer& out, const notice_choices& what) {
  out.member("ok", true)
    .member("language", what.language)
    .member("lowBalanceUsd", what.low_balance)
    .member("failedOrders", what.failed_orders)
    .member("disabledWebhooks", what.disabled_webhooks);
}

notice_choices read_choices(fields& in) {
  notice_choices what;
  if (auto language = in.optional_text("language", 2, 2); !language.empty())
    what.language = language;
  if (std::ranges::find(mail_languages, what.language) == mail_languages.end())
    in.reject("language", fmt::format("must be one of {}", fmt::join(mail_languages, ", ")));
  if (in.has("lowBalanceUsd"))
    what.low_balance = in.required_amount("lowBalanceUsd", least_told_balance, most_told_balance);
  else
    in.optional_amount("lowBalanceUsd");
  what.failed_orders = in.flag("failedOrders", what.failed_orders);
  what.disabled_webhooks = in.flag("disabledWebhooks", what.disabled_webhooks);
  return what;
}

void get_notices(const exchange_pointer& x) {
  ask<notice_choices>(
    x, x->node->records.next(),
    [x](const notice_choices& found) { succeed(x, json_object(write_choices, found)); },
    find_notice_choices{x->dealer().id});
}

void post_notices(const exchange_pointer& x) {
  auto what = read_body(x, read_choices);
  if (!what)
    return;
  auto shown = json_object(write_choices, *what);
  ask<done>(
    x, x->node->accounts, [x, shown](done) { succeed(x, shown); },
    set_notice_choices{x->dealer().id, std::move(*what), stamp_of(x).as(audit_kind::notices_set)});
}

} // namespace

route_table notice_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/dealer/notices", dealer, read, get_notices,
          open_to(scopes::read | scopes::manage)},
    route{post, "/dealer/notices", dealer, read, post_notices, repeatable_for(scopes::manage)},
  };
  return table;
}

} // namespace meisim::http
