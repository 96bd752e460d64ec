#include "actors/notify/mailer.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"

namespace meisim {

mailer_actor::behavior_type mailer(mailer_actor::stateful_pointer<mailer_state> self,
                                   mail_transport transport) {
  self->state.transport = std::move(transport);
  return {
    [self](const mail_message& mail) -> caf::result<done> {
      auto failure = self->state.transport(mail);
      if (failure) {
        log_warn("mail {} did not go out: {}", to_string(mail.id), message_of(failure));
        return failure;
      }
      return done{};
    },
  };
}

} // namespace meisim
