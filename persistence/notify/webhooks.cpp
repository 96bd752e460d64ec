#include "persistence/notify/webhooks.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/base/array.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/base/json_pages.hpp"
#include "persistence/notify/webhooks.sql.hpp"
#include "protocols/base/json_writer.hpp"

#include <sstream>

namespace meisim {

namespace {

std::string list_text(const std::vector<std::string>& events) {
  array_text list;
  for (const auto& event : events)
    list.add(event);
  return list.take();
}

std::string list_text(const std::vector<money>& amounts) {
  array_text list;
  for (auto amount : amounts)
    list.add(amount.cents());
  return list.take();
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream words{text};
  std::vector<std::string> result;
  for (std::string word; words >> word;)
    result.push_back(word);
  return result;
}

/// What auditors are shown of a webhook.
std::string audited(const webhook_view& shown) {
  return json_object([&](json_writer& out) {
    out.member("url", shown.url)
      .array("events", shown.events)
      .member("disabled", !shown.disabled_reason.empty());
  });
}

std::vector<money> read_amounts(const std::string& text) {
  std::istringstream numbers{text};
  std::vector<money> result;
  for (int64_t cents = 0; numbers >> cents;)
    result.push_back(money::from_cents(cents));
  return result;
}

/// `statement` finds webhooks by `:key`.
std::vector<webhook_view> webhook_views(database& db, const char* statement, std::string key) {
  std::string id, events, low;
  long long created = 0;
  long long disabled = 0;
  long long success = 0;
  long long former_until = 0;
  webhook_view row;
  soci::statement query =
    (db.session().prepare << statement, soci::use(key, "key"), soci::into(id), soci::into(row.url),
     soci::into(events), soci::into(low), soci::into(created), soci::into(disabled),
     soci::into(row.disabled_reason), soci::into(success), soci::into(row.last_error),
     soci::into(former_until));
  query.execute();
  std::vector<webhook_view> result;
  while (query.fetch()) {
    row.id = webhook_id::parse(id).value_or(webhook_id{});
    row.events = split_words(events);
    row.low_balances = read_amounts(low);
    row.created_at = from_micros(created);
    row.disabled_at = from_micros(disabled);
    row.last_success_at = from_micros(success);
    row.former_secret_until = from_micros(former_until);
    result.push_back(row);
  }
  return result;
}

void disable(database& db, const std::string& webhook, const std::string& reason) {
  db.session() << sql::disable_webhook, soci::use(reason, "reason"), soci::use(webhook, "id");
}

void note_arrival(database& db, const webhook_attempt& attempt, const std::string& message,
                  const std::string& webhook) {
  int took = static_cast<int>(attempt.took.count());
  db.session() << sql::note_arrival, soci::use(message, "id"), soci::use(attempt.status, "status"),
    soci::use(attempt.answer, "answer"), soci::use(took, "took"), soci::use(webhook, "webhook");
}

void note_failure(database& db, const webhook_attempt& attempt, const std::string& message,
                  const std::string& webhook) {
  auto& session = db.session();
  int ends = attempt.result == webhook_attempt::outcome::postponed ? 0 : 1;
  int pause = static_cast<int>(attempt.pause.count());
  int took = static_cast<int>(attempt.took.count());
  session << sql::note_failure, soci::use(attempt.error, "error"), soci::use(ends, "ends"),
    soci::use(attempt.status, "status"), soci::use(attempt.answer, "answer"),
    soci::use(took, "took"), soci::use(message, "id"), soci::use(pause, "pause"),
    soci::use(webhook, "webhook");
  if (ends == 0)
    return;
  end_job(db, "webhook", attempt.id.value);
  if (attempt.result == webhook_attempt::outcome::gone)
    return disable(db, webhook, "the receiver answered 410");
  int dead = 0;
  session << sql::is_receiver_dead, soci::use(message, "id"), soci::into(dead);
  if (dead > 0)
    disable(db, webhook, "no message arrived for a day: " + attempt.error);
}

} // namespace

void lock_listeners(database& db, const std::string& dealer) {
  db.session() << sql::lock_webhooks_wallet, soci::use(dealer, "dealer");
}

void note_listeners(database& db, const std::string& dealer) {
  db.session() << sql::note_listeners, soci::use(dealer, "dealer");
}

std::optional<webhook_view> insert_webhook(database& db, const add_webhook& wish) {
  transaction tx{db};
  auto& session = db.session();
  std::string dealer = to_string(wish.dealer);
  lock_listeners(db, dealer);
  int known = 0;
  session << sql::count_webhooks, soci::use(dealer, "dealer"), soci::into(known);
  if (known >= most_webhooks)
    return std::nullopt;
  std::string id = to_string(webhook_id::make());
  std::string events = list_text(wish.events);
  std::string secret = make_webhook_secret();
  std::string low = list_text(wish.low_balances);
  session << sql::insert_webhook, soci::use(id, "id"), soci::use(dealer, "dealer"),
    soci::use(wish.url, "url"), soci::use(events, "events"), soci::use(secret, "secret"),
    soci::use(low, "low");
  note_listeners(db, dealer);
  auto made = webhook_views(db, sql::find_webhook, id).at(0);
  write_audit_event(db,
                    {wish.by.as(audit_kind::webhook_added), id, wish.dealer, {}, audited(made)});
  tx.commit();
  made.secret = std::move(secret);
  return made;
}

std::vector<webhook_view> webhooks_of(database& db, dealer_id dealer) {
  return webhook_views(db, sql::list_webhooks, to_string(dealer));
}

std::optional<webhook_view> update_webhook(database& db, const change_webhook& wish) {
  transaction tx{db};
  std::string dealer = to_string(wish.dealer);
  std::string id = to_string(wish.id);
  lock_listeners(db, dealer);
  auto before = webhook_views(db, sql::find_webhook, id);
  std::string url = wish.url.value_or("");
  std::string events = list_text(wish.events.value_or(std::vector<std::string>{}));
  std::string low = list_text(wish.low_balances.value_or(std::vector<money>{}));
  int disabled = wish.is_disabled ? (*wish.is_disabled ? 1 : 0) : -1;
  soci::statement change =
    (db.session().prepare << sql::update_webhook, soci::use(url, "url"),
     soci::use(events, "events"), soci::use(low, "low"), soci::use(disabled, "disabled"),
     soci::use(id, "id"), soci::use(dealer, "dealer"));
  change.execute(true);
  if (change.get_affected_rows() == 0)
    return std::nullopt;
  note_listeners(db, dealer);
  auto changed = webhook_views(db, sql::find_webhook, id).at(0);
  write_audit_event(db, {wish.by.as(audit_kind::webhook_changed), id, wish.dealer,
                         audited(before.at(0)), audited(changed)});
  tx.commit();
  return changed;
}

bool delete_webhook(database& db, const remove_webhook& wish) {
  transaction tx{db};
  auto& session = db.session();
  std::string dealer = to_string(wish.dealer);
  std::string id = to_string(wish.id);
  lock_listeners(db, dealer);
  auto before = webhook_views(db, sql::find_webhook, id);
  int own = 0;
  session << sql::delete_webhook, soci::use(id, "id"), soci::use(dealer, "dealer"), soci::into(own);
  if (own == 0)
    return false;
  note_listeners(db, dealer);
  write_audit_event(
    db, {wish.by.as(audit_kind::webhook_removed), id, wish.dealer, audited(before.at(0)), {}});
  tx.commit();
  return true;
}

std::optional<webhook_message> message_to_send(database& db, message_id id) {
  std::string key = to_string(id);
  std::string webhook;
  long long age = 0;
  webhook_message result;
  result.id = id;
  auto& session = db.session();
  session << sql::find_message, soci::use(key, "id"), soci::into(webhook), soci::into(result.url),
    soci::into(result.secret), soci::into(result.former_secret), soci::into(result.body),
    soci::into(result.attempts), soci::into(age), soci::into(result.trace_parent);
  if (!session.got_data()) {
    session << sql::drop_message, soci::use(key, "id");
    return std::nullopt;
  }
  result.webhook = webhook_id::parse(webhook).value_or(webhook_id{});
  result.age = std::chrono::seconds{age};
  return result;
}

void note_attempt(database& db, const webhook_attempt& attempt) {
  std::string message = to_string(attempt.id);
  std::string webhook = to_string(attempt.webhook);
  if (attempt.result == webhook_attempt::outcome::arrived)
    return note_arrival(db, attempt, message, webhook);
  transaction tx{db};
  note_failure(db, attempt, message, webhook);
  tx.commit();
}

std::optional<webhook_view> renew_secret(database& db, const rotate_secret& wish) {
  std::string dealer = to_string(wish.dealer);
  std::string id = to_string(wish.id);
  std::string secret = make_webhook_secret();
  transaction tx{db};
  soci::statement change = (db.session().prepare << sql::rotate_secret, soci::use(secret, "secret"),
                            soci::use(id, "id"), soci::use(dealer, "dealer"));
  change.execute(true);
  if (change.get_affected_rows() == 0)
    return std::nullopt;
  auto changed = webhook_views(db, sql::find_webhook, id).at(0);
  write_audit_event(
    db, {wish.by.as(audit_kind::webhook_changed), id, wish.dealer, {}, R"({"secret":"new"})"});
  tx.commit();
  changed.secret = std::move(secret);
  return changed;
}

std::optional<bool> is_enabled(database& db, dealer_id dealer, webhook_id id) {
  std::string of = to_string(dealer);
  std::string key = to_string(id);
  int disabled = 0;
  auto& session = db.session();
  session << sql::find_own_webhook, soci::use(key, "id"), soci::use(of, "dealer"),
    soci::into(disabled);
  if (!session.got_data())
    return std::nullopt;
  return disabled == 0;
}

json_page browse(database& db, const browse_deliveries& question) {
  page_reader page{question.page};
  std::string webhook = to_string(question.id);
  soci::statement query =
    (db.session().prepare << sql::browse_deliveries, soci::use(webhook, "webhook"),
     soci::use(page.at, "at"), soci::use(page.id, "id"), soci::use(page.most, "limit"),
     soci::into(page.item_at), soci::into(page.item_id), soci::into(page.item));
  return page.read(query);
}

std::optional<json_document> delivery_document(database& db, message_id delivery) {
  std::string id = to_string(delivery);
  long long at = 0;
  std::string key;
  json_document result;
  auto& session = db.session();
  session << sql::find_delivery, soci::use(id, "id"), soci::into(at), soci::into(key),
    soci::into(result.text);
  if (!session.got_data())
    return std::nullopt;
  return result;
}

message_id queue_test(database& db, webhook_id webhook) {
  auto made = message_id::make();
  std::string id = to_string(made);
  std::string of = to_string(webhook);
  std::string event{webhook_test_event};
  db.session() << sql::insert_test, soci::use(id, "id"), soci::use(of, "webhook"),
    soci::use(event, "event");
  return made;
}

bool queue_again(database& db, const replay_delivery& wish) {
  std::string id = to_string(wish.delivery);
  std::string webhook = to_string(wish.id);
  long long found = 0;
  db.session() << sql::replay_delivery, soci::use(id, "id"), soci::use(webhook, "webhook"),
    soci::into(found);
  return found > 0;
}

void drop_old_deliveries(database& db) {
  // In portions, and not for long, because the same session also serves the sender.
  constexpr int most_portions = 20;
  soci::statement forget = (db.session().prepare << sql::forget_deliveries);
  for (int i = 0; i < most_portions; ++i) {
    forget.execute(true);
    if (forget.get_affected_rows() == 0)
      return;
  }
}

void tell_of_refused_order(database& db, const note_refused_order& what) {
  std::string dealer = to_string(what.dealer);
  long long balance = what.balance.cents();
  long long required = what.required.cents();
  long long told = 0;
  db.session() << sql::tell_of_refused_order, soci::use(dealer, "dealer"),
    soci::use(what.product, "product"), soci::use(what.quantity, "quantity"),
    soci::use(what.customer_reference, "reference"), soci::use(balance, "balance"),
    soci::use(required, "required"), soci::into(told);
}

} // namespace meisim
