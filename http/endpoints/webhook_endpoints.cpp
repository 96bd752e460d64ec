#include "http/endpoints/endpoints.hpp"
#include "protocols/money/answers.hpp"
#include "protocols/notify/webhook.hpp"

#include <fmt/core.h>

namespace meisim::http {

namespace {

constexpr auto default_low_balance = money::from_cents(5'000);
constexpr auto least_low_balance = money::from_cents(1);
constexpr auto most_low_balance = money::from_cents(100'000'000);

/// Without the braces.
std::string members(const webhook_view& webhook) {
  std::string events;
  for (const auto& event : webhook.events)
    events += fmt::format(R"({}"{}")", events.empty() ? "" : ",", event);
  return fmt::format(
    R"("id":"{}","url":{},"events":[{}],"low_balance_usd":{},"created_at":"{}","disabled":{},)"
    R"("disabled_at":{},"disabled_reason":{},"last_success_at":{},"last_error":{})",
    to_string(webhook.id), json_quoted(webhook.url), events, to_string(webhook.low_balance),
    rfc3339(webhook.created_at), !webhook.disabled_reason.empty(),
    time_or_null(webhook.disabled_at), text_or_null(webhook.disabled_reason),
    time_or_null(webhook.last_success_at), text_or_null(webhook.last_error));
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

std::optional<money> read_low_balance(fields& in) {
  if (in.has("low_balance_usd"))
    return in.required_amount("low_balance_usd", least_low_balance, most_low_balance);
  return in.optional_amount("low_balance_usd");
}

/// The webhook that the path names; nothing if it is no id, which has then been answered.
std::optional<webhook_id> named_webhook(const exchange_pointer& x) {
  auto id = webhook_id::parse(x->captures.front());
  if (!id)
    x->fail(make_error(ec::not_found, "no such webhook"));
  return id;
}

void show(const exchange_pointer& x, const webhook_view& webhook) {
  x->succeed(R"({"ok":true,)" + members(webhook) + "}");
}

} // namespace

void post_webhook(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  add_webhook wish;
  wish.dealer = x->dealer().id;
  wish.url = in.required_text("url", 1, 2'048);
  wish.events = read_events(in, in.required_array("events"));
  wish.low_balance = read_low_balance(in).value_or(default_low_balance);
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<webhook_view>(
    x->node->webhooks,
    [x](const webhook_view& made) {
      x->succeed(fmt::format(R"({{"ok":true,{},"secret":"{}"}})", members(made), made.secret));
    },
    std::move(wish));
}

void get_webhooks(const exchange_pointer& x) {
  x->ask<webhook_list>(
    x->node->webhooks,
    [x](const webhook_list& list) {
      std::string body = R"({"ok":true,"webhooks":[)";
      for (const auto& webhook : list.webhooks)
        body += (&webhook == list.webhooks.data() ? "{" : ",{") + members(webhook) + "}";
      x->succeed(body + "]}");
    },
    list_webhooks{x->dealer().id});
}

void get_webhook(const exchange_pointer& x) {
  auto id = named_webhook(x);
  if (!id)
    return;
  x->ask<webhook_list>(
    x->node->webhooks,
    [x, id = *id](const webhook_list& list) {
      auto found = std::ranges::find(list.webhooks, id, &webhook_view::id);
      if (found == list.webhooks.end())
        return x->fail(make_error(ec::not_found, "no such webhook"));
      show(x, *found);
    },
    list_webhooks{x->dealer().id});
}

void post_webhook_change(const exchange_pointer& x) {
  auto id = named_webhook(x);
  if (!id)
    return;
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  change_webhook wish;
  wish.dealer = x->dealer().id;
  wish.id = *id;
  if (auto url = in.optional_text("url", 1, 2'048); !url.empty())
    wish.url = std::move(url);
  const auto& events = in.optional_array("events");
  if (in.has("events"))
    wish.events = read_events(in, events);
  wish.low_balance = read_low_balance(in);
  auto is_disabled = in.flag("disabled", false);
  if (in.has("disabled"))
    wish.is_disabled = is_disabled;
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<webhook_view>(
    x->node->webhooks, [x](const webhook_view& changed) { show(x, changed); }, std::move(wish));
}

void delete_webhook(const exchange_pointer& x) {
  auto id = named_webhook(x);
  if (!id)
    return;
  x->ask<done>(
    x->node->webhooks, [x](done) { x->succeed(std::string{R"({"ok":true})"}); },
    remove_webhook{x->dealer().id, *id});
}

} // namespace meisim::http
