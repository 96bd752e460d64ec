#include "protocols/money/stripe_signature.hpp"

#include "protocols/base/crypto.hpp"

#include <fmt/core.h>

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace meisim {

namespace {

/// The text before and after the first `separator`. Without a separator all of it is before.
std::pair<std::string_view, std::string_view> split(std::string_view text, char separator) {
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == separator)
      return {text.substr(0, i), text.substr(i + 1)};
  return {text, {}};
}

std::optional<int64_t> parse_seconds(std::string_view text) {
  int64_t value = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || text.empty() || value < 0)
    return std::nullopt;
  return value;
}

int64_t seconds_of(instant time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string signature_of(std::string_view seconds, std::string_view payload,
                         std::string_view secret) {
  return to_hex(hmac_sha256(secret, fmt::format("{}.{}", seconds, payload)));
}

} // namespace

std::string signature_problem(std::string_view header, std::string_view payload,
                              std::string_view secret, instant now) {
  std::string_view stamp;
  std::vector<std::string_view> signatures;
  while (!header.empty()) {
    auto [element, rest] = split(header, ',');
    header = rest;
    auto [name, value] = split(element, '=');
    if (name == "t")
      stamp = value;
    else if (name == "v1")
      signatures.push_back(value);
  }
  auto seconds = parse_seconds(stamp);
  if (!seconds || signatures.empty())
    return "Stripe-Signature must hold t and v1";
  auto expected = signature_of(stamp, payload, secret);
  bool matches = false;
  for (auto signature : signatures)
    matches = same_secret(signature, expected) || matches;
  if (!matches)
    return "Stripe-Signature does not fit the body";
  auto most = std::chrono::duration_cast<std::chrono::seconds>(signature_tolerance).count();
  auto here = seconds_of(now);
  // Compared without a difference, which a wild stamp could carry out of range.
  if (*seconds < here - most || *seconds > here + most)
    return "Stripe-Signature is older than five minutes";
  return {};
}

std::string sign_payload(std::string_view payload, std::string_view secret, instant now) {
  auto stamp = fmt::format("{}", seconds_of(now));
  return fmt::format("t={},v1={}", stamp, signature_of(stamp, payload, secret));
}

} // namespace meisim
