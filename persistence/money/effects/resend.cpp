#include "persistence/money/effect_kind.hpp"
#include "persistence/money/effects/resend.sql.hpp"
#include "persistence/notify/mails.hpp"
#include "protocols/notify/mail_content.hpp"

namespace meisim {

namespace {

void add_resent(pipeline& into, postings_view postings) {
  for_each_effect<email_resent>(postings, [&](const auto&, const email_resent& what) {
    queue_mail(
      into,
      {what.mail, what.recipient, std::string{activation_mail::kind}, what.language, what.values},
      what.order);
  });
}

effect_subject mail_of(const effect& what) {
  return {std::get<email_resent>(what).mail.value};
}

receipt_values resend_told(database& db, const committed_posting& posting) {
  auto id = to_string(posting.subject.id);
  std::string recipient;
  // What cost nothing has no transfer that names the order, so the mail's row tells it.
  std::string order;
  db.session() << sql::recall_resend, soci::use(id, "id"), soci::into(recipient), soci::into(order);
  require_subject(db, posting);
  return resend_receipt{order_id::parse(order).value_or(order_id{}), recipient, posting.amount,
                        posting.balance};
}

} // namespace

extern const effect_kind resend_effect{.name = "resend",
                                       .account = email_resent::account,
                                       .place = place_of<email_resent>,
                                       .may_be_free = true,
                                       .add = add_resent,
                                       .subject = mail_of,
                                       .recall = resend_told};

} // namespace meisim
