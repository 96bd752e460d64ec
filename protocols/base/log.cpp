#include "protocols/base/log.hpp"

#include <spdlog/spdlog.h>

namespace meisim {

namespace {

spdlog::level::level_enum level_of(log_level level) {
  switch (level) {
  case log_level::info:
    return spdlog::level::info;
  case log_level::warn:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  }
  return spdlog::level::err;
}

} // namespace

void log_line(log_level level, fmt::string_view text, fmt::format_args arguments) {
  auto* logger = spdlog::default_logger_raw();
  if (logger->should_log(level_of(level)))
    logger->log(level_of(level), fmt::vformat(text, arguments));
}

} // namespace meisim
