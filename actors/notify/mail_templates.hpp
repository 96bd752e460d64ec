#pragma once

#include "protocols/notify/mail.hpp"
#include "protocols/notify/mail_content.hpp"
#include "protocols/notify/mail_queue.hpp"
#include "protocols/verification/batch_results.hpp"

#include <caf/expected.hpp>

#include <string_view>

namespace meisim {

/// The longest results that are attached, in bytes.
constexpr int64_t most_attached_bytes = 5'000'000;

/// Makes the mail that stands in the queue: picks the template by its kind, in the mail's language
/// or else in English. `internal` for an unknown kind or values that do not fit it: such a mail can
/// never be sent. A mail about a batch is composed from its report instead.
caf::expected<mail_message> compose_mail(const queued_mail& queued);

/// Fills the templates of the kinds; `id`, `to` stay empty. A customer sees the dealer's brand, if
/// there is one. The results are attached if the report has them; otherwise the mail says where
/// they are.
caf::expected<mail_message> compose(const one_time_code_mail& values, std::string_view language);
caf::expected<mail_message> compose(const key_displaced_mail& values, std::string_view language);
caf::expected<mail_message> compose(const low_stock_mail& values, std::string_view language);
caf::expected<mail_message> compose(const account_notice_mail& values, std::string_view language);
caf::expected<mail_message> compose(const activation_mail& values, std::string_view language,
                                    const std::optional<brand>& of = {});
caf::expected<mail_message> compose(const batch_report& what, std::string_view language);

} // namespace meisim
