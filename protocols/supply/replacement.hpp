#pragma once

#include "protocols/access/audit.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/page.hpp"
#include "protocols/supply/supply.hpp"
#include "protocols/verification/verdict.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

using check_id = id<struct check_tag>;

/// What has been decided about an eSIM that is said to be broken.
enum class decision : uint8_t {
  /// The check is under way.
  pending,
  install_again,
  replaced,
  /// Burnt, and the next import brings the new one.
  awaiting_restock,
  admin_review,
  /// The operator found nothing to replace.
  rejected,
};

std::string_view to_string(decision what);

std::optional<decision> parse_decision(std::string_view text);

/// A sentence for the dealer.
std::string_view message_of(decision what);

/// What a verdict asks for next.
enum class next_step : uint8_t { install_again, ask_another_device, replace, review };

/// A dealer says that an eSIM of theirs is broken.
struct request_replacement {
  dealer_id dealer;
  std::string iccid;
};

/// How a check stands.
struct replacement_view {
  check_id id;
  dealer_id dealer;
  std::string iccid;
  decision what = decision::pending;
  /// `pending` or `in_progress` before the verdict, then the verdict.
  std::string validator_status;
  std::string note;
  std::string decided_by;
  instant requested_at;
  /// Only if it is replaced.
  std::optional<stock_row> replacement;
  pool_name pool;
};

/// The dealer's check; `not_found` for anybody else's.
struct find_replacement {
  dealer_id dealer;
  check_id check;
};

/// A page of the dealer's checks.
struct browse_checks {
  dealer_id dealer;
  page_wish page;
};

/// The checks that wait for the operator, oldest first.
struct list_reviews {};

struct review_list {
  std::vector<replacement_view> reviews;
};

/// The operator decides.
struct resolve_review {
  check_id check;
  bool replaces = false;
  std::string note;
  audit_stamp by = {};
};

/// What is known of a check whose validator has answered.
struct load_verdicts {
  /// The batch that the check was made by.
  batch_id batch;
};

struct replacement_verdicts {
  check_id check;
  decision what = decision::pending;
  verdict first = verdict::unknown;
  std::string first_device;
  std::optional<verdict> second;
  std::string second_device;
  /// Whether the cluster has a device besides the first one.
  bool has_other_device = false;
  /// Whether another device was asked, and its time is over.
  bool is_overdue = false;
};

/// The decision table. `used` is believed when two devices agree, or when the whole cluster has
/// only one device. No device confirms its own verdict.
next_step step_after(const replacement_verdicts& found);

/// Take a step on a check that is pending; harmless when repeated. Without `batch` the operator
/// takes it.
struct take_step {
  check_id check;
  next_step step = next_step::review;
  /// The device that a second opinion must not come from.
  std::string not_on;
  /// Why, for the operator.
  std::string note;
  /// The batch whose job this ends.
  batch_id batch;
};

} // namespace meisim
