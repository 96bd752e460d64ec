#pragma once

#include <string>

namespace meisim {

// What is wrong with the value of an option; empty for a good one.

std::string check_rate_limits(const std::string& text);
std::string check_proxy(const std::string& text);
std::string check_percent(const std::string& text);
std::string check_amount(const std::string& text);
std::string check_credit_limit(const std::string& text);
std::string check_public_url(const std::string& text);
std::string check_roles(const std::string& text);
std::string check_private_folder(const std::string& text);

} // namespace meisim
