#pragma once

#include <string>

namespace meisim {

/// A line of standard input. A person at a terminal is asked, and does not see what is typed.
std::string read_secret(const char* prompt);

} // namespace meisim
