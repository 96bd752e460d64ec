#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// The languages that mails are in.
constexpr std::array<std::string_view, 5> mail_languages{"en", "de", "es", "fr", "ja"};

/// What a dealer wants to be mailed about. It is told of its account's security in any case.
struct notice_choices {
  /// One of `mail_languages`.
  std::string language = "en";
  /// When the balance falls below it; nothing for never.
  std::optional<money> low_balance = {};
  /// An order that failed; of many within a quarter of an hour, the first.
  bool failed_orders = false;
  /// A webhook that was disabled because nothing arrives.
  bool disabled_webhooks = true;
};

struct find_notice_choices {
  dealer_id dealer;
};

struct set_notice_choices {
  dealer_id dealer;
  notice_choices what;
  audit_stamp by = {};
};

} // namespace meisim
