#include "persistence/notify/webhooks.hpp"

#include "persistence/base/array.hpp"

#include <sstream>

namespace meisim {

namespace {

std::string list_text(const std::vector<std::string>& events) {
  array_text list;
  for (const auto& event : events)
    list.add(event);
  return list.take();
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream words{text};
  std::vector<std::string> result;
  for (std::string word; words >> word;)
    result.push_back(word);
  return result;
}

std::vector<webhook_view> webhook_views(database& db, const std::string& condition,
                                        std::string key) {
  std::string id, events;
  long long low = 0;
  long long created = 0;
  long long disabled = 0;
  long long success = 0;
  webhook_view row;
  soci::statement query =
    (db.session().prepare
       << "SELECT id::text, url, array_to_string(events, ' '), low_balance_cents,"
          " (extract(epoch FROM created_at) * 1000000)::bigint,"
          " coalesce((extract(epoch FROM disabled_at) * 1000000)::bigint, 0),"
          " coalesce(disabled_reason, ''),"
          " coalesce((extract(epoch FROM last_success_at) * 1000000)::bigint, 0),"
          " coalesce(last_error, '') FROM webhooks "
       << condition << " ORDER BY webhooks.created_at, webhooks.id",
     soci::use(key, "key"), soci::into(id), soci::into(row.url), soci::into(events),
     soci::into(low), soci::into(created), soci::into(disabled), soci::into(row.disabled_reason),
     soci::into(success), soci::into(row.last_error));
  query.execute();
  std::vector<webhook_view> result;
  while (query.fetch()) {
    row.id = webhook_id::parse(id).value_or(webhook_id{});
    row.events = split_words(events);
    row.low_balance = money::from_cents(low);
    row.created_at = from_micros(created);
    row.disabled_at = from_micros(disabled);
    row.last_success_at = from_micros(success);
    result.push_back(row);
  }
  return result;
}

/// What happens to the wallet meanwhile comes before, or after with the webhooks as they are then.
void lock_wallet(database& db, const std::string& dealer) {
  db.session() << "SELECT 1 FROM wallets WHERE dealer_id = :dealer::uuid FOR UPDATE",
    soci::use(dealer, "dealer");
}

/// Whoever changes webhooks without the wallet's lock leaves the wallet one that says too much,
/// which costs a look-up.
void note_listeners(database& db, const std::string& dealer) {
  db.session() << "UPDATE wallets w SET has_webhooks = l.is_there FROM (SELECT EXISTS (SELECT"
                  " FROM webhooks WHERE dealer_id = :dealer::uuid AND disabled_at IS NULL)"
                  " AS is_there) AS l WHERE w.dealer_id = :dealer::uuid"
                  " AND w.has_webhooks <> l.is_there",
    soci::use(dealer, "dealer");
}

void disable(database& db, const std::string& webhook, const std::string& reason) {
  db.session() << "UPDATE webhooks SET disabled_at = clock_timestamp(), disabled_reason = :reason"
                  " WHERE id = :id::uuid AND disabled_at IS NULL",
    soci::use(reason, "reason"), soci::use(webhook, "id");
}

void end_job(database& db, const std::string& message) {
  db.session() << "DELETE FROM jobs WHERE kind = 'webhook' AND subject = :id::uuid",
    soci::use(message, "id");
}

void note_arrival(database& db, const std::string& message, const std::string& webhook) {
  // The webhook's row is not written for every message.
  db.session() << "WITH message AS (DELETE FROM webhook_messages WHERE id = :id::uuid),"
                  " job AS (DELETE FROM jobs WHERE kind = 'webhook' AND subject = :id::uuid)"
                  " UPDATE webhooks SET last_success_at = clock_timestamp(), last_error = NULL"
                  " WHERE id = :webhook::uuid AND (last_error IS NOT NULL"
                  " OR last_success_at IS NULL"
                  " OR last_success_at < clock_timestamp() - interval '10 seconds')",
    soci::use(message, "id"), soci::use(webhook, "webhook");
}

void note_failure(database& db, const webhook_attempt& attempt, const std::string& message,
                  const std::string& webhook) {
  auto& sql = db.session();
  int ends = attempt.result == webhook_attempt::outcome::postponed ? 0 : 1;
  int pause = static_cast<int>(attempt.pause.count());
  sql << "WITH message AS (UPDATE webhook_messages SET attempts = attempts + 1,"
         " last_error = :error, failed_at = CASE WHEN :ends = 1 THEN clock_timestamp() END"
         " WHERE id = :id::uuid), job AS (UPDATE jobs SET run_at = clock_timestamp()"
         " + :pause * interval '1 second', last_error = :error"
         " WHERE kind = 'webhook' AND subject = :id::uuid)"
         " UPDATE webhooks SET last_error = :error WHERE id = :webhook::uuid",
    soci::use(attempt.error, "error"), soci::use(ends, "ends"), soci::use(message, "id"),
    soci::use(pause, "pause"), soci::use(webhook, "webhook");
  if (ends == 0)
    return;
  end_job(db, message);
  if (attempt.result == webhook_attempt::outcome::gone)
    return disable(db, webhook, "the receiver answered 410");
  // One message alone may be what the receiver cannot digest.
  int dead = 0;
  sql << "SELECT count(*) FROM webhooks h JOIN webhook_messages m ON m.webhook_id = h.id"
         " WHERE m.id = :id::uuid AND coalesce(h.last_success_at < m.created_at, true)",
    soci::use(message, "id"), soci::into(dead);
  if (dead > 0)
    disable(db, webhook, "no message arrived for a day: " + attempt.error);
}

} // namespace

std::optional<webhook_view> insert_webhook(database& db, const add_webhook& wish) {
  transaction tx{db};
  auto& sql = db.session();
  std::string dealer = to_string(wish.dealer);
  lock_wallet(db, dealer);
  int known = 0;
  sql << "SELECT count(*) FROM webhooks WHERE dealer_id = :dealer::uuid",
    soci::use(dealer, "dealer"), soci::into(known);
  if (known >= most_webhooks)
    return std::nullopt;
  std::string id = to_string(webhook_id::make());
  std::string events = list_text(wish.events);
  std::string secret = make_webhook_secret();
  long long low = wish.low_balance.cents();
  sql << "INSERT INTO webhooks (id, dealer_id, url, events, secret, low_balance_cents)"
         " VALUES (:id::uuid, :dealer::uuid, :url, :events::text[], :secret, :low)",
    soci::use(id, "id"), soci::use(dealer, "dealer"), soci::use(wish.url, "url"),
    soci::use(events, "events"), soci::use(secret, "secret"), soci::use(low, "low");
  note_listeners(db, dealer);
  auto made = webhook_views(db, "WHERE id = :key::uuid", id).at(0);
  tx.commit();
  made.secret = std::move(secret);
  return made;
}

std::vector<webhook_view> webhooks_of(database& db, dealer_id dealer) {
  return webhook_views(db, "WHERE dealer_id = :key::uuid", to_string(dealer));
}

std::optional<webhook_view> update_webhook(database& db, const change_webhook& wish) {
  transaction tx{db};
  std::string dealer = to_string(wish.dealer);
  std::string id = to_string(wish.id);
  lock_wallet(db, dealer);
  std::string url = wish.url.value_or("");
  std::string events = list_text(wish.events.value_or(std::vector<std::string>{}));
  long long low = wish.low_balance.value_or(money::from_cents(-1)).cents();
  int disabled = wish.is_disabled ? (*wish.is_disabled ? 1 : 0) : -1;
  soci::statement change =
    (db.session().prepare
       << "UPDATE webhooks SET url = coalesce(nullif(:url, ''), url), events = CASE"
          " WHEN cardinality(:events::text[]) > 0 THEN :events::text[] ELSE events END,"
          " low_balance_cents = CASE WHEN :low::bigint >= 0 THEN :low::bigint ELSE low_balance_cents END,"
          " disabled_at = CASE :disabled::integer WHEN 0 THEN NULL"
          " WHEN 1 THEN coalesce(disabled_at, clock_timestamp()) ELSE disabled_at END,"
          " disabled_reason = CASE :disabled::integer WHEN 0 THEN NULL"
          " WHEN 1 THEN coalesce(disabled_reason, 'by the dealer') ELSE disabled_reason END"
          " WHERE id = :id::uuid AND dealer_id = :dealer::uuid",
     soci::use(url, "url"), soci::use(events, "events"), soci::use(low, "low"),
     soci::use(disabled, "disabled"), soci::use(id, "id"), soci::use(dealer, "dealer"));
  change.execute(true);
  if (change.get_affected_rows() == 0)
    return std::nullopt;
  note_listeners(db, dealer);
  auto changed = webhook_views(db, "WHERE id = :key::uuid", id).at(0);
  tx.commit();
  return changed;
}

bool delete_webhook(database& db, const remove_webhook& wish) {
  transaction tx{db};
  auto& sql = db.session();
  std::string dealer = to_string(wish.dealer);
  std::string id = to_string(wish.id);
  lock_wallet(db, dealer);
  int own = 0;
  sql << "WITH own AS (DELETE FROM webhooks WHERE id = :id::uuid AND dealer_id = :dealer::uuid"
         " RETURNING id), messages AS (DELETE FROM webhook_messages m USING own"
         " WHERE m.webhook_id = own.id RETURNING m.id), jobs AS (DELETE FROM jobs j USING messages"
         " WHERE j.kind = 'webhook' AND j.subject = messages.id) SELECT count(*) FROM own",
    soci::use(id, "id"), soci::use(dealer, "dealer"), soci::into(own);
  if (own == 0)
    return false;
  note_listeners(db, dealer);
  tx.commit();
  return true;
}

std::optional<webhook_message> message_to_send(database& db, message_id id) {
  std::string key = to_string(id);
  std::string webhook;
  long long age = 0;
  webhook_message result;
  result.id = id;
  auto& sql = db.session();
  sql << "SELECT h.id::text, h.url, h.secret, m.body, m.attempts,"
         " extract(epoch FROM clock_timestamp() - m.created_at)::bigint FROM webhook_messages m"
         " JOIN webhooks h ON h.id = m.webhook_id WHERE m.id = :id::uuid"
         " AND m.failed_at IS NULL AND h.disabled_at IS NULL",
    soci::use(key, "id"), soci::into(webhook), soci::into(result.url), soci::into(result.secret),
    soci::into(result.body), soci::into(result.attempts), soci::into(age);
  if (!sql.got_data()) {
    // What a disabled webhook had not got is not sent later either.
    sql << "WITH job AS (DELETE FROM jobs WHERE kind = 'webhook' AND subject = :id::uuid)"
           " DELETE FROM webhook_messages WHERE id = :id::uuid AND failed_at IS NULL",
      soci::use(key, "id");
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
    return note_arrival(db, message, webhook);
  transaction tx{db};
  note_failure(db, attempt, message, webhook);
  tx.commit();
}

} // namespace meisim
