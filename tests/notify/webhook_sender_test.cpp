#include "actors/notify/webhook_sender.hpp"
#include "protocols/base/done.hpp"
#include "protocols/notify/webhook.hpp"
#include "tests/fixtures/actors.hpp"

#include <map>

// The messages of the queue, with a database and receivers that do as the test says.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

using outcome = webhook_attempt::outcome;
using clock_type = std::chrono::steady_clock;

struct queued {
  webhook_id webhook;
  clock_type::time_point made;
  clock_type::time_point due;
  int32_t attempts = 0;
};

/// What is outside of the actor.
struct outside {
  std::map<uuid, queued> messages;
  std::vector<webhook_attempt> attempts;
  std::vector<web_request> calls;
  /// By address: the status that is answered at once, or zero for a receiver that never does.
  std::map<std::string, int32_t> statuses;
  webhook_sender_actor sender;
};

using outside_pointer = std::shared_ptr<outside>;

std::string url_of(webhook_id webhook) {
  return "https://example.com/" + to_string(webhook);
}

caf::behavior scripted_jobs(caf::event_based_actor* self, outside_pointer known) {
  return {
    [=](const lease_jobs& wish) {
      job_list taken;
      for (auto& [subject, message] : known->messages)
        if (message.due <= self->clock().now() && std::ssize(taken.jobs) < wish.count) {
          message.due = self->clock().now() + std::chrono::seconds{wish.lease_seconds};
          taken.jobs.push_back({subject, 1});
        }
      return taken;
    },
    [=](const postpone_job& wish) {
      known->messages.at(wish.work.subject).due =
        self->clock().now() + std::chrono::seconds{wish.delay_seconds};
    },
    [](const keep_job&) {},
  };
}

caf::behavior scripted_store(caf::event_based_actor* self, outside_pointer known) {
  return {
    [=](const load_webhook_message& question) -> caf::result<webhook_message> {
      auto found = known->messages.find(question.id.value);
      if (found == known->messages.end())
        return make_error(ec::not_found);
      const auto& entry = found->second;
      auto age = std::chrono::duration_cast<std::chrono::seconds>(self->clock().now() - entry.made);
      return webhook_message{question.id,  entry.webhook, url_of(entry.webhook), "whsec_AAAA", "",
                             R"({"a":1})", age,           entry.attempts};
    },
    [=](const webhook_attempt& attempt) {
      known->attempts.push_back(attempt);
      auto& entry = known->messages.at(attempt.id.value);
      ++entry.attempts;
      entry.due = self->clock().now() + attempt.pause;
      if (attempt.result != outcome::postponed)
        known->messages.erase(attempt.id.value);
      return done{};
    },
  };
}

struct sender_fixture : actor_fixture {
  outside_pointer known = std::make_shared<outside>();

  sender_fixture() {
    job_loop_config settings;
    settings.kind = "webhook";
    settings.concurrency = 64;
    settings.lease = 60s;
    auto connect = [this](webhook_sender_actor sender) {
      known->sender = sender;
      return [this](web_request request) {
        auto status = known->statuses.contains(request.url) ? known->statuses.at(request.url) : 200;
        auto call_id = request.call_id;
        known->calls.push_back(std::move(request));
        if (status != 0)
          caf::anon_send(known->sender, web_answer{call_id, web_failure::none, status, {}, {}});
      };
    };
    spawn(webhook_sender, settings, webhook_settings{},
          caf::actor_cast<job_store_actor>(spawn(scripted_jobs, known)),
          caf::actor_cast<webhook_store_actor>(spawn(scripted_store, known)),
          webhook_connector{connect}, std::make_shared<prometheus::Registry>());
    settle();
  }

  ~sender_fixture() {
    known->sender = nullptr;
  }

  uuid queue(webhook_id webhook) {
    auto id = make_uuid();
    known->messages[id] = {webhook, self->clock().now(), self->clock().now(), 0};
    return id;
  }

  /// The receiver of a call that hung sends an answer, or the client's patience ends.
  void end_call(size_t index, web_failure failure = web_failure::no_answer) {
    caf::anon_send(known->sender, web_answer{known->calls.at(index).call_id,
                                             failure,
                                             failure == web_failure::none ? 200 : 0,
                                             {},
                                             "timeout"});
    settle();
  }

  size_t calls_to(webhook_id webhook) const {
    return static_cast<size_t>(
      std::ranges::count(known->calls, url_of(webhook), &web_request::url));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhook_senders, sender_fixture)

BOOST_AUTO_TEST_CASE(a_message_is_sent_signed_and_once) {
  auto webhook = webhook_id::make();
  auto message = queue(webhook);
  advance(10min);
  BOOST_REQUIRE_EQUAL(known->calls.size(), 1u);
  const auto& call = known->calls.front();
  BOOST_TEST(call.method == "POST");
  BOOST_TEST(call.body == R"({"a":1})");
  BOOST_TEST(call.is_public_only);
  auto has = [&](std::string_view start) {
    return std::ranges::any_of(call.headers,
                               [&](const auto& line) { return line.starts_with(start); });
  };
  BOOST_TEST(has("webhook-id: msg_" + to_string(message)));
  BOOST_TEST(has("webhook-timestamp: "));
  BOOST_TEST(has("webhook-signature: v1,"));
  BOOST_TEST(has("Content-Type: application/json"));
  BOOST_REQUIRE_EQUAL(known->attempts.size(), 1u);
  BOOST_TEST((known->attempts[0].result == outcome::arrived));
}

BOOST_AUTO_TEST_CASE(a_message_is_tried_for_a_day_with_growing_pauses) {
  auto webhook = webhook_id::make();
  known->statuses[url_of(webhook)] = 500;
  auto message = queue(webhook);
  auto begun = self->clock().now();
  // In the steps of its pauses: a day of ticks would be long.
  while (known->messages.contains(message)) {
    scheduler.advance_time(known->messages.at(message).due - self->clock().now() + 250ms);
    settle();
    BOOST_REQUIRE(known->attempts.size() < 50);
  }
  BOOST_TEST(known->attempts.size() == 11u);
  BOOST_TEST((known->attempts.back().result == outcome::given_up));
  BOOST_TEST((self->clock().now() - begun > 20h));
  BOOST_TEST((self->clock().now() - begun <= 24h));
  for (size_t i = 0; i + 1 < known->attempts.size(); ++i) {
    BOOST_TEST((known->attempts[i].result == outcome::postponed));
    BOOST_TEST((known->attempts[i].pause == webhook_pause(static_cast<int32_t>(i) + 1)));
    BOOST_TEST(known->attempts[i].error == "the receiver answered 500");
  }
}

BOOST_AUTO_TEST_CASE(only_two_hundreds_are_good_and_gone_is_final) {
  for (auto [status, expected] : {std::pair{204, outcome::arrived},
                                  {301, outcome::postponed},
                                  {302, outcome::postponed},
                                  {400, outcome::postponed},
                                  {404, outcome::postponed},
                                  {410, outcome::gone},
                                  {503, outcome::postponed}}) {
    auto webhook = webhook_id::make();
    known->statuses[url_of(webhook)] = status;
    queue(webhook);
    advance(1s);
    BOOST_TEST((known->attempts.back().result == expected), status);
  }
}

BOOST_AUTO_TEST_CASE(a_receiver_that_hangs_does_not_hold_up_others) {
  auto slow = webhook_id::make();
  auto quick = webhook_id::make();
  known->statuses[url_of(slow)] = 0;
  for (int i = 0; i < 500; ++i)
    queue(slow);
  advance(1s);
  BOOST_TEST(calls_to(slow) == 4u);
  for (int i = 0; i < 3; ++i)
    queue(quick);
  advance(2s);
  BOOST_TEST(calls_to(quick) == 3u);
  // Once it has failed, it is called by one at a time.
  for (size_t i = 0; i < 4; ++i)
    end_call(i);
  advance(2min);
  BOOST_TEST(calls_to(slow) == 5u);
  // When it has come back, all of it arrives.
  known->statuses[url_of(slow)] = 200;
  end_call(known->calls.size() - 1, web_failure::none);
  advance(30min);
  BOOST_TEST(known->messages.empty());
}

BOOST_AUTO_TEST_CASE(a_message_that_nobody_wants_any_more_takes_no_place) {
  auto webhook = webhook_id::make();
  for (int i = 0; i < 200; ++i) {
    auto gone = queue(webhook);
    advance(100ms);
    known->messages.erase(gone);
  }
  queue(webhook);
  advance(1s);
  BOOST_TEST(known->messages.empty());
}

BOOST_AUTO_TEST_SUITE_END()
