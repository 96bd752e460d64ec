#pragma once

#include <fmt/core.h>

namespace meisim {

enum class log_level { info, warn, error };

/// Writes a line to the node's log. Sources include this and not spdlog, which would compile its
/// formatting anew into each file.
void log_line(log_level level, fmt::string_view text, fmt::format_args arguments);

template <class... Ts>
void log_info(fmt::format_string<Ts...> text, Ts&&... arguments) {
  log_line(log_level::info, text, fmt::make_format_args(arguments...));
}

template <class... Ts>
void log_warn(fmt::format_string<Ts...> text, Ts&&... arguments) {
  log_line(log_level::warn, text, fmt::make_format_args(arguments...));
}

template <class... Ts>
void log_error(fmt::format_string<Ts...> text, Ts&&... arguments) {
  log_line(log_level::error, text, fmt::make_format_args(arguments...));
}

} // namespace meisim
