#include "actors/notify/mail_queue.hpp"

#include "actors/notify/mail_templates.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"

namespace meisim {

namespace {

using mail_queue_pointer = job_worker_actor::stateful_pointer<mail_queue_state>;

void finish(mail_queue_pointer self, const job& work, const std::string& failure) {
  self->request(self->state.loop.store, caf::infinite, finish_mail{mail_id{work.subject}, failure})
    .then([self, work](done) { put_down(self, work); }, postpone_on_error(self, work));
}

void count_mail(mail_queue_pointer self, const char* outcome) {
  self->state.outcomes->Add({{"outcome", outcome}}).Increment();
}

const mailer_actor& next_mailer(mail_queue_state& state) {
  return state.mailers[state.turn++ % state.mailers.size()];
}

void send_mail(mail_queue_pointer self, const job& work, caf::expected<mail_message> mail) {
  if (!mail)
    return finish(self, work, message_of(mail.error()));
  self->request(next_mailer(self->state), caf::infinite, std::move(*mail))
    .then(
      [self, work](done) {
        count_mail(self, "sent");
        finish(self, work, {});
      },
      [self, work](const caf::error& failure) {
        bool is_refused = code_of(failure) == ec::vendor_error;
        count_mail(self, is_refused ? "refused" : "postponed");
        if (is_refused)
          finish(self, work, message_of(failure));
        else
          postpone_on_error(self, work)(failure);
      });
}

/// The results of a batch are read only when their mail is sent.
void send_results(mail_queue_pointer self, const job& work, const queued_mail& queued) {
  auto values = batch_results_from(queued.values);
  if (!values)
    return finish(self, work, message_of(values.error()));
  self
    ->request(self->state.records, caf::infinite,
              load_batch_report{values->batch, most_attached_bytes})
    .then(
      [self, work, queued](const batch_report& report) {
        auto mail = compose(report, queued.language);
        if (mail) {
          mail->id = queued.id;
          mail->to = queued.recipient;
        }
        send_mail(self, work, std::move(mail));
      },
      postpone_on_error(self, work));
}

void start(mail_queue_pointer self, const job& work) {
  self->request(self->state.loop.store, caf::infinite, load_mail{mail_id{work.subject}})
    .then(
      [self, work](const queued_mail& queued) {
        if (queued.kind == batch_results_mail::kind)
          send_results(self, work, queued);
        else
          send_mail(self, work, compose_mail(queued));
      },
      postpone_on_error(self, work));
}

} // namespace

job_worker_actor::behavior_type mail_queue(mail_queue_pointer self, job_loop_config config,
                                           job_store_actor store, records_actor records,
                                           std::vector<mailer_actor> mailers,
                                           std::shared_ptr<prometheus::Registry> registry) {
  self->state.records = std::move(records);
  self->state.mailers = std::move(mailers);
  self->state.registry = std::move(registry);
  self->state.outcomes = &prometheus::BuildCounter()
                            .Name("meisim_mails_total")
                            .Help("Tries to hand a mail over, by their outcome")
                            .Register(*self->state.registry);
  return job_behavior(self, std::move(config), std::move(store), start);
}

} // namespace meisim
