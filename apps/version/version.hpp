#pragma once

#include <string>

namespace meisim {

/// What `--version` prints: `meisimd 1.0.0 (commit 0123456789ab, Release)`.
std::string version_line(const std::string& program);

} // namespace meisim
