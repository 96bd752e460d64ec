#pragma once

#include "actors/access/accounts.hpp"
#include "actors/access/password_hasher.hpp"
#include "protocols/access/second_factor.hpp"
#include "protocols/access/sessions.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/notify/mail_content.hpp"
#include "protocols/supply/prices.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/fixtures/database.hpp"

#include <atomic>
#include <variant>

namespace meisim::test {

struct notes {
  std::atomic<int> changed = 0;
  std::atomic<int> restocked = 0;
  std::atomic<int> refreshed = 0;
};

struct threaded_config : caf::actor_system_config {
  threaded_config() {
    announce_messages(*this);
    set("scheduler.max-threads", size_t{2});
  }
};

/// Notes what accounts tell a region and a price cache.
inline caf::behavior note_taker(caf::event_based_actor*, std::shared_ptr<notes> taken) {
  return {
    [taken](changed_atom, dealer_id, const lookup&) {
      ++taken->changed;
      return done{};
    },
    [taken](restock_atom, const pool_name&, const lookup&) {
      ++taken->restocked;
      return done{};
    },
    [taken](refresh_atom) {
      ++taken->refreshed;
      return done{};
    },
  };
}

/// Accounts on a database. The region and the price cache only note what they are told.
struct accounts_fixture : database_fixture {
  const std::string email = "dealer@example.test";
  dealer_id dealer = open_dealer();
  std::shared_ptr<notes> taken = std::make_shared<notes>();
  threaded_config config;
  caf::actor_system system{config};
  caf::actor taker = system.spawn(note_taker, taken);
  password_hasher_actor hasher = system.spawn<caf::detached>(password_hasher, hash_cost{});
  accounts_actor sut =
    system.spawn<caf::detached>(accounts, here.connection(),
                                accounts_config{caf::actor_cast<region_actor>(taker), hasher,
                                                hasher, caf::actor_cast<price_cache_actor>(taker)});

  ~accounts_fixture() {
    caf::anon_send_exit(sut, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(hasher, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(taker, caf::exit_reason::user_shutdown);
    sut = nullptr;
    hasher = nullptr;
    taker = nullptr;
    system.await_all_actors_done();
  }

  /// The answer, or how it was refused.
  template <class Answer, class Question>
  std::variant<Answer, caf::error> tell(const Question& question) {
    std::variant<Answer, caf::error> result;
    caf::scoped_actor self{system};
    self->request(sut, std::chrono::seconds{30}, question)
      .receive([&](const Answer& answer) { result = answer; },
               [&](const caf::error& failure) { result = failure; });
    return result;
  }

  template <class Answer, class Question>
  Answer get(const Question& question) {
    auto answer = tell<Answer>(question);
    if (auto* failure = std::get_if<caf::error>(&answer))
      BOOST_FAIL(message_of(*failure));
    return std::get<Answer>(answer);
  }

  template <class Answer, class Question>
  caf::error refusal(const Question& question) {
    auto answer = tell<Answer>(question);
    BOOST_REQUIRE(std::holds_alternative<caf::error>(answer));
    return std::get<caf::error>(answer);
  }

  int mails(const std::string& kind = "one-time-code") {
    return value_of<int>("SELECT count(*) FROM mails WHERE kind = '" + kind + "'");
  }

  int notices(const std::string& what) {
    return value_of<int>("SELECT count(*) FROM mails WHERE content ->> 'what' = '" + what + "'");
  }

  int events(const std::string& kind) {
    return value_of<int>("SELECT count(*) FROM audit_events WHERE kind = '" + kind + "'");
  }

  /// A request from an address.
  static audit_stamp from(const std::string& address) {
    return {audit_kind::none, "anybody", address, "request-1"};
  }

  /// Asks for a code, and gives it. The code is mailed after the answer, so another question is
  /// answered before.
  std::string new_code() {
    get<done>(send_code{email});
    get<dealer_overviews>(list_dealers{});
    return mailed_code();
  }

  /// The code in the mail that was queued last.
  std::string mailed_code() {
    auto mail = one_time_code_from(value_of<std::string>(
      "SELECT content::text FROM mails WHERE kind = 'one-time-code' ORDER BY id DESC LIMIT 1"));
    BOOST_REQUIRE(mail);
    return mail->code;
  }
};

} // namespace meisim::test
