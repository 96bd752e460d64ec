#include "persistence/money/payments.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/money/effects/stripe_payment.hpp"
#include "persistence/money/payments.sql.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim {

namespace {

struct insert_payment {
  explicit insert_payment(soci::session& session)
    : statement((session.prepare << sql::insert_payment, soci::use(id, "id"),
                 soci::use(dealer, "dealer"), soci::use(kind, "kind"), soci::use(net, "net"),
                 soci::use(gross, "gross"), soci::use(key, "key"), soci::use(hash, "hash"))) {
    // nop
  }

  std::string id, dealer, kind, key, hash;
  long long net = 0;
  long long gross = 0;
  soci::statement statement;
};

struct select_begun {
  explicit select_begun(soci::session& session)
    : statement((session.prepare << sql::find_begun_payment, soci::use(dealer, "dealer"),
                 soci::use(key, "key"), soci::into(id), soci::into(net), soci::into(gross),
                 soci::into(means.checkout_url), soci::into(means.client_secret),
                 soci::into(means.publishable_key), soci::into(hash))) {
    // nop
  }

  std::string dealer, key, id, hash;
  payment_means means;
  long long net = 0;
  long long gross = 0;
  soci::statement statement;
};

struct update_payment {
  explicit update_payment(soci::session& session)
    : statement((session.prepare << sql::finish_payment, soci::use(reference, "reference"),
                 soci::use(intent, "intent"), soci::use(means.checkout_url, "url"),
                 soci::use(means.client_secret, "secret"),
                 soci::use(means.publishable_key, "publishable"), soci::use(id, "id"))) {
    // nop
  }

  std::string id, reference, intent;
  payment_means means;
  soci::statement statement;
};

struct select_payment {
  explicit select_payment(soci::session& database)
    : statement((database.prepare << sql::find_payment, soci::use(id, "id"),
                 soci::use(session, "session"), soci::use(intent, "intent"), soci::into(found),
                 soci::into(dealer), soci::into(kind), soci::into(net), soci::into(gross),
                 soci::into(reference), soci::into(known_intent), soci::into(version))) {
    // nop
  }

  std::string id, session, intent, found, dealer, kind, reference, known_intent;
  long long net = 0;
  long long gross = 0;
  long long version = 0;
  soci::statement statement;
};

/// The payment that has the caller's key already, if a payment has it.
caf::expected<begun_payment> begun_before(database& db, const start_topup& wish) {
  auto& query = db.prepared<select_begun>();
  query.dealer = to_string(wish.dealer);
  query.key = wish.idempotency_key;
  if (!query.statement.execute(true) || query.hash != wish.request_hash)
    return make_error(cause::idempotency_key_reused,
                      "this Idempotency-Key was used with another request before");
  return begun_payment{payment_id::parse(query.id).value_or(payment_id{}),
                       money::from_cents(query.net), money::from_cents(query.gross), query.means};
}

/// A payment as the operator's lists begin with it.
struct view_row {
  std::string id, email;
  long long at = 0;

  payment_view view() const {
    payment_view result;
    result.what.id = payment_id::parse(id).value_or(payment_id{});
    result.email = email;
    result.at = from_micros(at);
    return result;
  }
};

std::vector<stripe_movement> movements_of(database& db, const std::string& payment) {
  std::vector<stripe_movement> result;
  std::string id, kind;
  long long amount = 0;
  long long fee = 0;
  int undone = 0;
  soci::statement query =
    (db.session().prepare << sql::list_payment_movements, soci::use(payment, "payment"),
     soci::into(id), soci::into(kind), soci::into(amount), soci::into(fee), soci::into(undone));
  query.execute();
  while (query.fetch())
    result.push_back({id, parse_movement_kind(kind).value_or(movement_kind::refund),
                      money::from_cents(amount), money::from_cents(fee), undone != 0});
  return result;
}

std::vector<payment_posting> postings_of(database& db, const std::string& payment) {
  std::vector<payment_posting> result;
  std::string id, movement;
  long long amount = 0;
  long long at = 0;
  soci::statement query =
    (db.session().prepare << sql::list_payment_postings, soci::use(payment, "payment"),
     soci::into(id), soci::into(movement), soci::into(amount), soci::into(at));
  query.execute();
  while (query.fetch())
    result.push_back({posting_id::parse(id).value_or(posting_id{}), movement,
                      money::from_cents(amount), from_micros(at)});
  return result;
}

} // namespace

caf::expected<begun_payment> start_payment(database& db, const begin_payment& wish) {
  auto id = payment_id::make();
  auto& query = db.prepared<insert_payment>();
  query.id = to_string(id);
  query.dealer = to_string(wish.what.dealer);
  query.kind = to_string(wish.what.kind);
  query.net = wish.what.net.cents();
  query.gross = wish.gross.cents();
  query.key = wish.what.idempotency_key;
  query.hash = wish.what.idempotency_key.empty() ? std::string{} : wish.what.request_hash;
  query.statement.execute(true);
  if (query.statement.get_affected_rows() == 0)
    return begun_before(db, wish.what);
  return begun_payment{id, wish.what.net, wish.gross, {}};
}

void keep_payment(database& db, const finish_payment& result) {
  auto& query = db.prepared<update_payment>();
  query.id = to_string(result.id);
  query.reference = result.reference;
  query.intent = result.intent;
  query.means = result.means;
  query.statement.execute(true);
}

std::optional<stripe_payment> payment_of(database& db, const find_payment& question) {
  auto& query = db.prepared<select_payment>();
  query.id = question.id ? to_string(question.id) : std::string{};
  query.session = question.session;
  query.intent = question.intent;
  if (!query.statement.execute(true))
    return std::nullopt;
  stripe_payment result;
  result.id = payment_id::parse(query.found).value_or(payment_id{});
  result.dealer = dealer_id::parse(query.dealer).value_or(dealer_id{});
  result.kind = query.kind == "session" ? payment_kind::session : payment_kind::intent;
  result.net = money::from_cents(query.net);
  result.gross = money::from_cents(query.gross);
  result.reference = query.reference;
  result.intent = query.known_intent;
  result.version = query.version;
  // If the payment goes on meanwhile, what is decided on this version fails.
  result.movements = movements_of(db, query.found);
  return result;
}

bool recall(database& db, const recall_payment& wish) {
  transaction tx{db};
  const auto& what = wish.what;
  std::string id = to_string(what.id);
  std::string dealer = to_string(what.dealer);
  std::string kind{to_string(what.kind)};
  long long net = what.net.cents();
  long long gross = what.gross.cents();
  soci::statement insert =
    (db.session().prepare << sql::recall_payment, soci::use(id, "id"), soci::use(kind, "kind"),
     soci::use(net, "net"), soci::use(gross, "gross"), soci::use(what.reference, "reference"),
     soci::use(what.intent, "intent"), soci::use(dealer, "dealer"));
  insert.execute(true);
  if (insert.get_affected_rows() > 0)
    write_audit_event(db, {wish.by, id, what.dealer, {}, json_object([&](json_writer& out) {
                             out.member("reference", what.reference)
                               .member("net", what.net)
                               .member("gross", what.gross);
                           })});
  else if (!payment_of(db, {what.id, {}, {}}))
    return false;
  db.session() << sql::settle_recalled, soci::use(what.intent, "intent"),
    soci::use(what.reference, "reference");
  tx.commit();
  return true;
}

bool keep_movement(database& db, const note_movement& note) {
  transaction tx{db};
  std::vector<committed_step> steps(1);
  auto& step = steps.front();
  step.payment = note.payment;
  step.version = note.payment_version;
  step.movement = &note.movement;
  step.at = now();
  if (!lock_payments(db, steps).front())
    return false;
  pipeline changes{db};
  add_payment_steps(changes, steps);
  changes.run();
  tx.commit();
  return true;
}

// -- for the operator -----------------------------------------------------------------------------

noted_event keep_unmatched(database& db, const note_unmatched& what) {
  auto& session = db.session();
  soci::statement insert =
    (session.prepare << sql::insert_unmatched, soci::use(what.event, "event"),
     soci::use(what.type, "type"), soci::use(what.session, "session"),
     soci::use(what.intent, "intent"), soci::use(what.reason, "reason"));
  insert.execute(true);
  if (insert.get_affected_rows() > 0)
    return {true, true};
  int is_open = 0;
  session << sql::find_unmatched, soci::use(what.event, "event"), soci::into(is_open);
  return {false, is_open != 0};
}

bool settle(database& db, const settle_unmatched& what) {
  transaction tx{db};
  soci::statement update = (db.session().prepare << sql::settle_unmatched,
                            soci::use(what.reason, "reason"), soci::use(what.event, "event"));
  update.execute(true);
  if (update.get_affected_rows() == 0)
    return false;
  write_audit_event(db, {what.by, what.event, {}, {}, json_object([&](json_writer& out) {
                           out.member("reason", what.reason);
                         })});
  tx.commit();
  return true;
}

unmatched_list unmatched_events(database& db) {
  unmatched_list result;
  unmatched_event event;
  long long at = 0;
  long long count = 0;
  soci::statement query =
    (db.session().prepare << sql::list_unmatched, soci::into(event.what.event),
     soci::into(event.what.type), soci::into(event.what.session), soci::into(event.what.intent),
     soci::into(event.what.reason), soci::into(at), soci::into(count));
  query.execute();
  while (query.fetch()) {
    event.at = from_micros(at);
    result.events.push_back(event);
    result.count = count;
  }
  return result;
}

payment_list payments_of(database& db, const list_payments& question) {
  std::vector<payment_view> shown;
  view_row row;
  soci::statement query = (db.session().prepare << sql::list_payments,
                           soci::use(question.email, "email"), soci::use(question.limit, "limit"),
                           soci::into(row.id), soci::into(row.email), soci::into(row.at));
  query.execute();
  while (query.fetch())
    shown.push_back(row.view());
  // Each is read by statements of its own, once this one has ended.
  for (auto& view : shown)
    view.what = payment_of(db, {view.what.id, {}, {}}).value_or(stripe_payment{});
  return {std::move(shown)};
}

std::optional<payment_view> payment_with(database& db, const std::string& id) {
  view_row row;
  db.session() << sql::show_payment, soci::use(id, "id"), soci::into(row.id), soci::into(row.email),
    soci::into(row.at);
  if (!db.session().got_data())
    return std::nullopt;
  auto view = row.view();
  view.what = payment_of(db, {view.what.id, {}, {}}).value_or(stripe_payment{});
  view.postings = postings_of(db, row.id);
  return view;
}

movement_list kept_movements(database& db, const list_movements& question) {
  movement_list result;
  kept_movement movement;
  auto from = static_cast<long long>(micros(question.from));
  auto to = static_cast<long long>(micros(question.to));
  long long amount = 0;
  long long at = 0;
  soci::statement query =
    (db.session().prepare << sql::list_kept_movements, soci::use(from, "from"), soci::use(to, "to"),
     soci::into(movement.key), soci::into(movement.type), soci::into(amount), soci::into(at));
  query.execute();
  while (query.fetch()) {
    movement.amount = money::from_cents(amount);
    movement.at = from_micros(at);
    result.movements.push_back(movement);
  }
  return result;
}

} // namespace meisim
