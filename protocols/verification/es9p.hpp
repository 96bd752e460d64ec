#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// The part of SGP.22's ES9+, by which a device speaks to an SM-DP+, that a check needs.

/// The only paths that a check may call. After them an SM-DP+ has found the order and shown the
/// profile, and has bound nothing.
inline constexpr std::array<std::string_view, 2> es9p_check_paths{
  "/gsma/rsp2/es9plus/initiateAuthentication", "/gsma/rsp2/es9plus/authenticateClient"};

/// The path of `url` if a check of a code of `host` may call it: `https`, exactly this host,
/// without user and port, and one of the paths above to the letter. Nothing otherwise.
std::optional<std::string_view> es9p_check_path(std::string_view url, std::string_view host);

/// What the header of an answer says.
struct es9p_status {
  /// Whether it says that the function was not executed.
  bool has_failed = false;
  /// Subject and reason, `8.2.6/3.8`; empty without them.
  std::string codes;
};

/// Reads the body of an answer; nothing if it is no JSON object.
std::optional<es9p_status> read_es9p_status(std::string_view body);

} // namespace meisim
