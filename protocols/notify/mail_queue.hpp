#pragma once

#include "protocols/base/id.hpp"
#include "protocols/notify/brand.hpp"

#include <optional>
#include <string>

namespace meisim {

/// A mail as it stands in the queue.
struct queued_mail {
  mail_id id;
  std::string recipient;
  /// The template's name.
  std::string kind;
  std::string language;
  /// The template's values as a JSON object.
  std::string values;
  /// The brand of the dealer whose customer gets it, at the time when it goes out.
  std::optional<brand> of = {};
};

struct load_mail {
  mail_id id;
};

/// The mail went out (empty reason) or never will; its job is done.
struct finish_mail {
  mail_id id;
  std::string failure;
};

} // namespace meisim
