#pragma once

#include <caf/error.hpp>

#include <string>

namespace meisim {

/// Nothing if a webhook may have this address; else `invalid` with a sentence. A name is not looked
/// up here, because what it stands for can change: its address is checked at each call.
/// `any_address` allows private addresses and plain http.
caf::error check_webhook_url(const std::string& url, bool any_address);

} // namespace meisim
