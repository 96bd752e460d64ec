#pragma once

#include "persistence/base/jobs.hpp"
#include "persistence/money/ledger.hpp"
#include "persistence/notify/webhooks.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"
#include "tests/fixtures/read_json.hpp"

namespace meisim::test {

/// A message in the queue.
struct told {
  std::string event;
  Json::Value body;
};

/// A dealer with webhooks, whose wallet moves.
struct webhook_fixture : database_fixture {
  dealer_id dealer = open_dealer();
  deciding_hand hand{db, dealer};

  std::vector<std::string> all{webhook_events.begin(), webhook_events.end()};

  webhook_view listen(std::vector<std::string> events, money low = dollars(50)) {
    auto made = insert_webhook(db, {dealer, "https://example.com/hook", std::move(events), {low}});
    BOOST_REQUIRE(made);
    return *made;
  }

  /// Commits as their wallet does: if it does not know yet who listens, it decides again.
  void commit(const std::vector<posting>& postings) {
    std::vector<commit_result> results;
    do {
      hand.reload(db);
      std::vector<std::shared_ptr<const decided_posting>> batch;
      for (const auto& what : postings)
        batch.push_back(hand.decide(what));
      results = commit_postings(db, batch);
    } while (results.front() == commit_result::wallet_conflict);
    for (auto result : results)
      BOOST_REQUIRE((result == commit_result::committed));
  }

  order_id place() {
    auto id = order_id::make();
    commit({order_of(dealer, id)});
    return id;
  }

  posting refund_of(order_id order, bool failed) {
    auto result = plain_posting(dealer, entry_type::refund, dollars(1));
    result.lines.front().order = order;
    result.what = order_refunded{order, 1, failed, "sold out"};
    return result;
  }

  std::vector<told> messages() {
    std::vector<told> result;
    std::string event, body;
    soci::statement query =
      (db.session().prepare << "SELECT event, body FROM webhook_messages m JOIN jobs j"
                               " ON j.kind = 'webhook' AND j.subject = m.id ORDER BY"
                               " m.created_at, m.event",
       soci::into(event), soci::into(body));
    query.execute();
    while (query.fetch()) {
      told entry{event, read_json(body)};
      BOOST_TEST(entry.body["type"].asString() == event);
      BOOST_TEST(entry.body["timestamp"].asString().ends_with("Z"));
      result.push_back(std::move(entry));
    }
    return result;
  }

  std::vector<std::string> events() {
    std::vector<std::string> names;
    for (const auto& message : messages())
      names.push_back(message.event);
    return names;
  }

  message_id only_message() {
    auto id = message_id::parse(value_of<std::string>("SELECT id::text FROM webhook_messages"));
    BOOST_REQUIRE(id);
    return *id;
  }

  int jobs() {
    return value_of<int>("SELECT count(*) FROM jobs WHERE kind = 'webhook'");
  }

  bool wallet_listens() {
    return value_of<int>("SELECT has_listeners::int FROM wallets") != 0;
  }
};

} // namespace meisim::test
