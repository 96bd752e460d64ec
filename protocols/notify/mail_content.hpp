#pragma once

#include "protocols/base/id.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

// The values of the templates of each kind of mail. They stand in the queue as JSON.

/// A name or label that somebody chose, as one line in which no mail program finds a link: an
/// invisible character (U+2060) stands behind each dot, colon, slash and at sign within a word.
std::string plain_name(std::string_view text);

/// The mail with a one-time code.
struct one_time_code_mail {
  static constexpr std::string_view kind = "one-time-code";

  std::string code;
};

/// The mail that tells a dealer that a new key took the place of another.
struct key_displaced_mail {
  static constexpr std::string_view kind = "key-displaced";

  /// The first characters of the key that is not valid any more.
  std::string prefix;
};

/// The mail that tells operators that a pool of stock runs out. The database writes its values.
struct low_stock_mail {
  static constexpr std::string_view kind = "low-stock";

  std::string pool;
  /// How much can be sold, and below how much that is too little.
  int64_t available = 0;
  int64_t threshold = 0;
};

/// What the owner of an account is told of it: about its security, and about what a dealer chose to
/// hear of.
enum class account_notice : uint8_t {
  /// A new API key; the detail is its prefix.
  key_made,
  password_set,
  /// Too many codes were wrong, so no code is taken for 15 minutes.
  codes_locked,
  /// Too many passwords were wrong, so no password is taken for a time.
  passwords_paused,
  second_factor_set,
  second_factor_ended,
  /// An operator has given the account another address.
  email_changed,
  /// The detail is the balance.
  balance_low,
  /// The detail is the order's short id.
  order_failed,
  /// Nothing arrives at the address in the detail.
  webhook_disabled,
};

/// Whether it is about who can come in. Every owner is told of that.
constexpr bool is_about_security(account_notice what) {
  return what <= account_notice::email_changed;
}

struct account_notice_mail {
  static constexpr std::string_view kind = "account-notice";

  account_notice what = account_notice::key_made;
  std::string detail;
  /// Whether the account is an operator's, not a dealer's.
  bool is_operators = false;
};

/// The name of a notice, in the queue and in the templates.
std::string_view to_string(account_notice what);

/// The mail with which a customer gets eSIMs.
struct activation_mail {
  static constexpr std::string_view kind = "esim-activation";

  struct item {
    std::string iccid;
    std::string lpa;
  };

  std::string customer_name;
  /// The product as the customer should read it.
  std::string product;
  /// The order's short id.
  std::string order;
  std::vector<item> esims;
  /// Whose customer it is.
  dealer_id dealer = {};
  /// Which unit of the order it brings, of how many; zero if it brings all of them.
  int32_t unit = 0;
  int32_t units = 0;
};

/// The mail that tells that a batch is complete, with its results. The queue only has the batch:
/// the results are read when the mail goes out.
struct batch_results_mail {
  static constexpr std::string_view kind = "batch-results";

  batch_id batch;
};

/// The values as a JSON object.
std::string to_json(const one_time_code_mail& values);
std::string to_json(const key_displaced_mail& values);
std::string to_json(const account_notice_mail& values);
std::string to_json(const activation_mail& values);
std::string to_json(const batch_results_mail& values);

/// Reads what `to_json` has written; `internal` for anything else.
caf::expected<one_time_code_mail> one_time_code_from(std::string_view json);
caf::expected<key_displaced_mail> key_displaced_from(std::string_view json);
caf::expected<low_stock_mail> low_stock_from(std::string_view json);
caf::expected<account_notice_mail> account_notice_from(std::string_view json);
caf::expected<activation_mail> activation_from(std::string_view json);
caf::expected<batch_results_mail> batch_results_from(std::string_view json);

} // namespace meisim
