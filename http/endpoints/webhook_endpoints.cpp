#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/paging.hpp"
#include "http/edge/path_id.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/notify/webhook.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace meisim::http {

namespace {

constexpr auto default_low_balance = money::from_cents(5'000);
constexpr auto least_low_balance = money::from_cents(1);
constexpr auto most_low_balance = money::from_cents(100'000'000);

void write_webhook(json_writer& out, const webhook_view& webhook) {
  out.member("id", webhook.id)
    .member("url", webhook.url)
    .array("events", webhook.events)
    .member("low_balance_usd", webhook.low_balances.front())
    .array("low_balance_thresholds_usd", webhook.low_balances)
    .member("created_at", webhook.created_at)
    .member("disabled", !webhook.disabled_reason.empty())
    .member("disabled_at", webhook.disabled_at)
    .member("disabled_reason", or_null(webhook.disabled_reason))
    .member("last_success_at", webhook.last_success_at)
    .member("last_error", or_null(webhook.last_error))
    .member("former_secret_until", webhook.former_secret_until);
}

/// A webhook that is shown alone.
void write_shown_webhook(json_writer& out, const webhook_view& webhook) {
  out.member("ok", true);
  write_webhook(out, webhook);
}

/// A webhook that has just been made: its secret is shown this once.
void write_made_webhook(json_writer& out, const webhook_view& webhook) {
  write_shown_webhook(out, webhook);
  out.member("secret", webhook.secret);
}

/// Each of the events once, in their own order; `*` stands for all of them.
std::vector<std::string> read_events(fields& in, const Json::Value& list) {
  std::vector<std::string> wanted;
  for (const auto& entry : list) {
    auto name = entry.isString() ? entry.asString() : std::string{};
    if (name != "*" && !is_webhook_event(name)) {
      in.reject("events", "must name events, such as order.completed, or *");
      return {};
    }
    wanted.push_back(std::move(name));
  }
  std::vector<std::string> events;
  for (auto event : webhook_events)
    if (std::ranges::find(wanted, event) != wanted.end()
        || std::ranges::find(wanted, "*") != wanted.end())
      events.emplace_back(event);
  if (events.empty())
    in.reject("events", "must name at least one event");
  return events;
}

/// The amounts of a list, each once, the highest first.
std::vector<money> read_thresholds(fields& in, const Json::Value& list) {
  std::vector<money> amounts;
  for (const auto& entry : list) {
    auto amount = amount_of(entry);
    if (!amount || *amount < least_low_balance || *amount > most_low_balance)
      in.reject("low_balance_thresholds_usd", "must hold amounts from 0.01 to 1000000.00");
    amounts.push_back(amount.value_or(money{}));
  }
  if (amounts.empty() || amounts.size() > most_low_balances)
    in.reject("low_balance_thresholds_usd", "must hold 1 to 10 amounts");
  std::ranges::sort(amounts, std::ranges::greater{});
  amounts.erase(std::unique(amounts.begin(), amounts.end()), amounts.end());
  return amounts;
}

std::optional<std::vector<money>> read_low_balances(fields& in) {
  const auto& list = in.optional_array("low_balance_thresholds_usd");
  if (in.has("low_balance_thresholds_usd")) {
    auto thresholds = read_thresholds(in, list);
    if (in.optional_amount("low_balance_usd"))
      in.reject("low_balance_usd", "must be left out beside low_balance_thresholds_usd");
    return thresholds;
  }
  if (in.has("low_balance_usd"))
    return std::vector{in.required_amount("low_balance_usd", least_low_balance, most_low_balance)};
  in.optional_amount("low_balance_usd");
  return std::nullopt;
}

/// The webhook that the path names. Nothing if that is no id; then the request has been answered.
std::optional<webhook_id> named_webhook(const exchange_pointer& x) {
  return id_in_path<webhook_id>(x, "webhook of yours");
}

/// A webhook tells what orders are about, for as long as it exists. So only a credential that may
/// read orders can set one up, and no key that expires or is bound to addresses.
caf::error refusal_of(const admission& caller) {
  if (caller.is_bound)
    return make_error(ec::forbidden,
                      "a key that expires, or is bound to addresses, sets up no webhook");
  if (!caller.scopes.shares(scopes::read))
    return make_error(ec::forbidden, "a webhook is set up by a key with the scope read as well");
  return {};
}

void post_webhook(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    add_webhook result;
    result.dealer = x->dealer().id;
    result.by = stamp_of(x);
    result.url = in.required_text("url", 1, 2'048);
    result.events = read_events(in, in.required_array("events"));
    result.low_balances = read_low_balances(in).value_or(std::vector{default_low_balance});
    return result;
  });
  if (!wish)
    return;
  if (auto refusal = refusal_of(x->admitted))
    return fail(x, refusal);
  ask<webhook_view>(
    x, x->node->webhooks,
    [x](const webhook_view& made) { succeed(x, json_object(write_made_webhook, made)); },
    std::move(*wish));
}

void get_webhooks(const exchange_pointer& x) {
  ask<webhook_list>(
    x, x->node->webhooks,
    [x](const webhook_list& list) {
      succeed(x, json_object([&](json_writer& out) {
                out.member("ok", true).objects("webhooks", list.webhooks, write_webhook);
              }));
    },
    list_webhooks{x->dealer().id});
}

void get_webhook(const exchange_pointer& x) {
  auto id = named_webhook(x);
  if (!id)
    return;
  ask<webhook_list>(
    x, x->node->webhooks,
    [x, id = *id](const webhook_list& list) {
      auto found = std::ranges::find(list.webhooks, id, &webhook_view::id);
      if (found == list.webhooks.end())
        return fail(x, make_error(ec::not_found, "no such webhook"));
      succeed(x, json_object(write_shown_webhook, *found));
    },
    list_webhooks{x->dealer().id});
}

change_webhook read_change(fields& in) {
  change_webhook wish;
  if (auto url = in.optional_text("url", 1, 2'048); !url.empty())
    wish.url = std::move(url);
  const auto& events = in.optional_array("events");
  if (in.has("events"))
    wish.events = read_events(in, events);
  wish.low_balances = read_low_balances(in);
  auto is_disabled = in.flag("disabled", false);
  if (in.has("disabled"))
    wish.is_disabled = is_disabled;
  return wish;
}

void post_webhook_change(const exchange_pointer& x) {
  auto id = named_webhook(x);
  if (!id)
    return;
  auto wish = read_body(x, read_change);
  if (!wish)
    return;
  if (auto refusal = refusal_of(x->admitted); refusal && (wish->url || wish->events))
    return fail(x, refusal);
  wish->dealer = x->dealer().id;
  wish->id = *id;
  wish->by = stamp_of(x);
  ask<webhook_view>(
    x, x->node->webhooks,
    [x](const webhook_view& changed) { succeed(x, json_object(write_shown_webhook, changed)); },
    std::move(*wish));
}

/// Whoever knows the secret can write to the dealer's receiver in our name, for longer than such a
/// key is good.
void post_new_secret(const exchange_pointer& x) {
  auto id = named_webhook(x);
  if (id && x->admitted.is_bound)
    fail(x, make_error(ec::forbidden, "a key that expires, or is bound to addresses, is shown no "
                                      "webhook's secret"));
  else if (id)
    ask<webhook_view>(
      x, x->node->webhooks,
      [x](const webhook_view& changed) { succeed(x, json_object(write_made_webhook, changed)); },
      rotate_secret{x->dealer().id, *id, stamp_of(x)});
}

void delete_webhook(const exchange_pointer& x) {
  if (auto id = named_webhook(x))
    ask<done>(
      x, x->node->webhooks, [x](done) { succeed(x); },
      remove_webhook{x->dealer().id, *id, stamp_of(x)});
}

// -- deliveries -----------------------------------------------------------------------------------

void post_test(const exchange_pointer& x) {
  if (auto id = named_webhook(x))
    ask<json_document>(
      x, x->node->webhooks, [x](const json_document& made) { succeed_as_written(x, made.text); },
      test_webhook{x->dealer().id, *id});
}

void get_deliveries(const exchange_pointer& x) {
  auto id = named_webhook(x);
  auto page = id ? read_page_wish(x) : std::nullopt;
  if (page)
    answer_page(x, x->node->webhooks, browse_deliveries{x->dealer().id, *id, *page});
}

void post_replay(const exchange_pointer& x) {
  auto id = named_webhook(x);
  if (!id)
    return;
  auto delivery = id_in_path<message_id>(x, "delivery of this webhook", 1);
  if (!delivery)
    return;
  ask<json_document>(
    x, x->node->webhooks, [x](const json_document& queued) { succeed_as_written(x, queued.text); },
    replay_delivery{x->dealer().id, *id, *delivery});
}

} // namespace

route_table webhook_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/dealer/webhooks", dealer, read, get_webhooks,
          open_to(scopes::read | scopes::manage)},
    route{post,
          "/dealer/webhooks",
          dealer,
          read,
          post_webhook,
          {.scopes = scopes::manage, .told_by = "GET /dealer/webhooks tells"}},
    route{get, "/dealer/webhooks/:id", dealer, read, get_webhook,
          open_to(scopes::read | scopes::manage)},
    route{post, "/dealer/webhooks/:id", dealer, read, post_webhook_change,
          repeatable_for(scopes::manage)},
    route{del, "/dealer/webhooks/:id", dealer, read, delete_webhook, open_to(scopes::manage)},
    route{post,
          "/dealer/webhooks/:id/rotate-secret",
          dealer,
          read,
          post_new_secret,
          {.scopes = scopes::manage, .told_by = "GET /dealer/webhooks tells"}},
    route{post, "/dealer/webhooks/:id/test", dealer, read, post_test,
          repeatable_for(scopes::manage)},
    route{get,
          "/dealer/webhooks/:id/deliveries",
          dealer,
          read,
          get_deliveries,
          {.parameters = "limit cursor", .scopes = scopes::read | scopes::manage}},
    route{post, "/dealer/webhooks/:id/deliveries/:delivery/replay", dealer, read, post_replay,
          repeatable_for(scopes::manage)},
  };
  return table;
}

} // namespace meisim::http
