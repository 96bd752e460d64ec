#pragma once

#include "protocols/jobs.hpp"
#include "protocols/mail.hpp"
#include "protocols/mail_content.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace meisim {

/// Makes the mail that stands in the queue: picks the template by its kind, in the mail's language
/// or else in English. `internal` for an unknown kind or values that do not fit it: such a mail can
/// never be sent.
caf::expected<mail_message> compose_mail(const queued_mail& queued);

/// Fills the templates of the two kinds; `id`, `to` stay empty.
mail_message compose(const one_time_code_mail& values, std::string_view language);
caf::expected<mail_message> compose(const activation_mail& values, std::string_view language);

/// `text` as HTML shows it.
std::string html_escaped(std::string_view text);

} // namespace meisim
