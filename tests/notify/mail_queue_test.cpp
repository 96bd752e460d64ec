#include "actors/notify/mail_queue.hpp"
#include "protocols/base/done.hpp"
#include "protocols/notify/mail.hpp"
#include "protocols/notify/mail_content.hpp"
#include "protocols/notify/mail_queue.hpp"
#include "protocols/verification/batch_results.hpp"
#include "tests/fixtures/actors.hpp"

#include <deque>
#include <map>

// The mails of the queue, with a database and a mail server that do as the test says.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

/// What is outside of the actor.
struct outside {
  /// Jobs by when they are due; a job that is leased is due again later.
  std::map<uuid, std::chrono::steady_clock::time_point> due;
  std::map<uuid, int32_t> attempts;
  std::map<uuid, std::string> finished;
  std::vector<mail_message> sent;
  /// What the mailer answers first; after these, well.
  std::deque<caf::error> refusals;
  bool is_hanging = false;
  /// What the mails tell of; one-time codes if none.
  batch_id batch;
  std::deque<caf::typed_response_promise<done>> open;
};

using outside_pointer = std::shared_ptr<outside>;

caf::behavior scripted_store(caf::event_based_actor* self, outside_pointer known) {
  return {
    [=](const lease_jobs& wish) {
      job_list taken;
      for (auto& [subject, at] : known->due)
        if (at <= self->clock().now() && std::ssize(taken.jobs) < wish.count) {
          at = self->clock().now() + std::chrono::seconds{wish.lease_seconds};
          taken.jobs.push_back({subject, ++known->attempts[subject]});
        }
      return taken;
    },
    [=](const postpone_job& wish) {
      if (known->due.contains(wish.work.subject))
        known->due[wish.work.subject] =
          self->clock().now() + std::chrono::seconds{wish.delay_seconds};
    },
    [=](const keep_job& wish) {
      if (known->due.contains(wish.work.subject))
        known->due[wish.work.subject] =
          self->clock().now() + std::chrono::seconds{wish.lease_seconds};
    },
    [=](const load_mail& question) {
      if (known->batch)
        return queued_mail{question.id, "jane@example.com", std::string{batch_results_mail::kind},
                           "ja", to_json(batch_results_mail{known->batch})};
      return queued_mail{question.id, "jane@example.com", std::string{one_time_code_mail::kind},
                         "en", to_json(one_time_code_mail{"123456"})};
    },
    [=](const finish_mail& end) {
      known->due.erase(end.id.value);
      known->finished[end.id.value] = end.failure;
      return done{};
    },
  };
}

caf::behavior scripted_records(caf::event_based_actor*) {
  return {
    [](const load_batch_report& question) {
      batch_report report;
      report.batch.id = question.batch;
      report.csv = "iccid,lpa,status,reason,checked_at\r\n";
      return report;
    },
  };
}

caf::behavior scripted_mailer(caf::event_based_actor* self, outside_pointer known) {
  return {
    // The first mail that hangs has gone out.
    [=](flush_atom) {
      known->open.front().deliver(done{});
      known->open.pop_front();
    },
    [=](const mail_message& mail) -> caf::result<done> {
      known->sent.push_back(mail);
      if (known->is_hanging) {
        auto promise = self->make_response_promise<done>();
        known->open.push_back(promise);
        return promise;
      }
      if (known->refusals.empty())
        return done{};
      auto refusal = known->refusals.front();
      known->refusals.pop_front();
      return refusal;
    },
  };
}

struct queue_fixture : actor_fixture {
  outside_pointer known = std::make_shared<outside>();
  caf::actor mailer;
  job_worker_actor sut;

  queue_fixture() {
    job_loop_config settings;
    settings.kind = "mail";
    settings.concurrency = 4;
    auto store = caf::actor_cast<job_store_actor>(spawn(scripted_store, known));
    mailer = spawn(scripted_mailer, known);
    auto results = caf::actor_cast<records_actor>(spawn(scripted_records));
    sut = spawn(mail_queue, settings, store, results,
                std::vector{caf::actor_cast<mailer_actor>(mailer)},
                std::make_shared<prometheus::Registry>());
    settle();
  }

  uuid put_in_queue() {
    auto subject = make_uuid();
    known->due[subject] = {};
    return subject;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(mail_queue_suite, queue_fixture)

BOOST_AUTO_TEST_CASE(a_mail_is_tried_with_growing_pauses_under_one_id_until_it_is_out) {
  for (int i = 0; i < 9; ++i)
    known->refusals.push_back(make_error(ec::unavailable));
  auto mail = put_in_queue();
  advance(1s);
  BOOST_TEST(known->sent.size() == 1u);
  advance(1s);
  BOOST_TEST(known->sent.size() == 2u);
  // 1 + 2 + 4 + 8 + 16 + 32 seconds, then a minute each.
  advance(4min);
  BOOST_TEST(known->sent.size() == 9u);
  advance(1min);
  BOOST_TEST(known->sent.size() == 10u);
  BOOST_TEST(known->finished.at(mail) == "");
  for (const auto& sent : known->sent)
    BOOST_TEST((sent.id.value == mail));
  advance(5min);
  BOOST_TEST(known->sent.size() == 10u);
}

BOOST_AUTO_TEST_CASE(what_is_refused_for_good_is_not_tried_again) {
  known->refusals.push_back(make_error(ec::vendor_error, "no such mailbox"));
  auto mail = put_in_queue();
  advance(5min);
  BOOST_TEST(known->sent.size() == 1u);
  BOOST_TEST(known->finished.at(mail) == "no such mailbox");
}

BOOST_AUTO_TEST_CASE(the_results_of_a_batch_are_read_when_they_are_sent) {
  known->batch = batch_id::make();
  auto mail = put_in_queue();
  advance(1s);
  BOOST_REQUIRE_EQUAL(known->sent.size(), 1u);
  BOOST_TEST((known->sent[0].id.value == mail));
  BOOST_TEST(known->sent[0].to == "jane@example.com");
  BOOST_REQUIRE_EQUAL(known->sent[0].attachments.size(), 1u);
  BOOST_TEST(known->sent[0].attachments[0].bytes.starts_with("iccid,"));
  BOOST_TEST(known->finished.at(mail) == "");
}

BOOST_AUTO_TEST_CASE(a_mail_that_waits_for_a_slow_server_is_not_sent_twice) {
  known->is_hanging = true;
  for (int i = 0; i < 4; ++i)
    put_in_queue();
  advance(5min);
  BOOST_TEST(known->sent.size() == 4u);
  // Now there is room to take more jobs, and none but those that are in hand.
  caf::anon_send(mailer, flush_atom_v);
  caf::anon_send(mailer, flush_atom_v);
  advance(5min);
  BOOST_TEST(known->sent.size() == 4u);
  caf::anon_send(mailer, flush_atom_v);
  caf::anon_send(mailer, flush_atom_v);
  advance(5min);
  BOOST_TEST(known->sent.size() == 4u);
  BOOST_TEST(known->finished.size() == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
