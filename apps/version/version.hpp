#pragma once

#include <string>

namespace meisim {

/// What `--version` prints: `meisimd 1.0.0 (commit 0123456789ab, Release)`.
std::string version_line(const std::string& program);

/// What operators tell the programs of nodes apart by: `1.0.0 (0123456789ab)`.
std::string release_name();

} // namespace meisim
