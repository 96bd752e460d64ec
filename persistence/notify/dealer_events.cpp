#include "persistence/notify/dealer_events.hpp"

#include "persistence/base/array.hpp"
#include "persistence/notify/dealer_events.sql.hpp"

#include <map>
#include <string>
#include <utility>

namespace meisim {

namespace {

uint64_t number_in(const std::string& text) {
  return std::stoull(text);
}

/// The marks as arrays, which the statements take apart.
struct mark_columns {
  std::string dealers, transactions, numbers;

  explicit mark_columns(const std::vector<event_mark>& marks) {
    array_text of_dealers, of_transactions, of_numbers;
    for (const auto& mark : marks) {
      of_dealers.add(mark.dealer);
      of_transactions.add(std::to_string(mark.position.transaction));
      of_numbers.add(mark.position.number);
    }
    dealers = of_dealers.take();
    transactions = of_transactions.take();
    numbers = of_numbers.take();
  }
};

/// A dealer is looked at once, however many follow.
void add_states(database& db, std::vector<told_events>& to) {
  std::map<dealer_id, std::vector<told_events*>> followers;
  for (auto& told : to)
    followers[told.known.dealer].push_back(&told);
  array_text of_dealers;
  std::vector<const std::vector<told_events*>*> groups;
  for (const auto& [dealer, group] : followers) {
    of_dealers.add(dealer);
    groups.push_back(&group);
  }
  auto dealers = of_dealers.take();
  int place = 0;
  long long version = 0;
  long long done = 0;
  std::string balance, batches;
  soci::statement states = (db.session().prepare << sql::load_followed_states,
                            soci::use(dealers, "dealers"), soci::into(place), soci::into(version),
                            soci::into(balance), soci::into(done), soci::into(batches));
  states.execute();
  while (states.fetch()) {
    for (auto* told : *groups[static_cast<size_t>(place - 1)]) {
      if (std::exchange(told->known.wallet_version, version) != version)
        told->events.push_back({"wallet.changed", balance, std::nullopt});
      if (std::exchange(told->known.rows_done, done) != done)
        told->events.push_back({"batch.progress", batches, std::nullopt});
    }
  }
}

void add_events(database& db, const mark_columns& columns, std::vector<told_events>& to) {
  int place = 0;
  std::string transaction;
  long long number = 0;
  std::string name, body;
  soci::statement events =
    (db.session().prepare << sql::load_events, soci::use(columns.dealers, "dealers"),
     soci::use(columns.transactions, "transactions"), soci::use(columns.numbers, "numbers"),
     soci::into(place), soci::into(transaction), soci::into(number), soci::into(name),
     soci::into(body));
  events.execute();
  while (events.fetch()) {
    auto& told = to[static_cast<size_t>(place - 1)];
    told.known.position = {number_in(transaction), number};
    told.events.push_back({name, body, told.known.position});
  }
}

/// Returns the transaction since which no event is missing.
std::string begin_to_keep(database& db, const std::string& dealer) {
  std::string since;
  transaction tx{db};
  auto& session = db.session();
  session << sql::lock_followed_wallet, soci::use(dealer, "dealer");
  session << sql::keep_events, soci::use(dealer, "dealer"), soci::into(since);
  session << sql::note_follower, soci::use(dealer, "dealer");
  tx.commit();
  return since;
}

} // namespace

event_start keep_events_for(database& db, const follow_events& wish) {
  std::string dealer = to_string(wish.dealer);
  std::string since, now;
  db.session() << sql::is_followed, soci::use(dealer, "dealer"), soci::into(since);
  if (!db.session().got_data())
    since = begin_to_keep(db, dealer);
  if (wish.known && wish.known->transaction >= number_in(since))
    return {*wish.known, false};
  db.session() << sql::find_event_position, soci::into(now);
  return {{number_in(now), 0}, wish.known.has_value()};
}

std::vector<told_events> events_after(database& db, const std::vector<event_mark>& marks) {
  std::vector<told_events> result;
  result.reserve(marks.size());
  for (const auto& mark : marks)
    result.push_back({mark, {}});
  mark_columns columns{marks};
  add_events(db, columns, result);
  add_states(db, result);
  return result;
}

void forget_old_events(database& db) {
  db.session() << sql::forget_events;
  db.session() << sql::forget_followers;
}

} // namespace meisim
