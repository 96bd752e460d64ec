#include "actors/notify/mail_queue.hpp"

#include "actors/notify/mail_templates.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"

namespace meisim {

namespace {

using mail_queue_pointer = job_worker_actor::stateful_pointer<mail_queue_state>;

void finish(mail_queue_pointer self, const job& work, const std::string& failure) {
  self->request(self->state.loop.store, caf::infinite, finish_mail{mail_id{work.subject}, failure})
    .then([self](done) { put_down(self); }, postpone_on_error(self, work));
}

void send_mail(mail_queue_pointer self, const job& work, caf::expected<mail_message> mail) {
  if (!mail)
    return finish(self, work, message_of(mail.error()));
  self->state.in_hand.emplace(work.subject, work);
  self->request(self->state.mailer, caf::infinite, std::move(*mail))
    .then(
      [self, work](done) {
        self->state.in_hand.erase(work.subject);
        finish(self, work, {});
      },
      [self, work](const caf::error& failure) {
        self->state.in_hand.erase(work.subject);
        if (code_of(failure) == ec::vendor_error)
          finish(self, work, message_of(failure));
        else
          postpone_on_error(self, work)(failure);
      });
}

/// The results of a batch are read when they are sent.
void send_results(mail_queue_pointer self, const job& work, const queued_mail& queued) {
  auto values = batch_results_from(queued.values);
  if (!values)
    return finish(self, work, message_of(values.error()));
  self
    ->request(self->state.loop.store, caf::infinite,
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

void keep_leases(mail_queue_pointer self) {
  auto& state = self->state;
  auto time = self->clock().now();
  if (time - state.renewed_at < state.loop.config.lease / 3)
    return;
  state.renewed_at = time;
  for (const auto& [subject, work] : state.in_hand)
    renew_lease(self, work);
}

} // namespace

job_worker_actor::behavior_type mail_queue(mail_queue_pointer self, job_loop_config config,
                                           job_store_actor store, mailer_actor mailer) {
  self->state.mailer = std::move(mailer);
  begin_loop(self, std::move(config), std::move(store));
  auto begin = [self](const job& work) { start(self, work); };
  return {
    [self, begin](wake_atom) { take_jobs(self, begin); },
    [self, begin](tick_atom) {
      keep_leases(self);
      look_again(self, begin);
    },
  };
}

} // namespace meisim
