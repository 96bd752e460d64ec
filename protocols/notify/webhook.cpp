#include "protocols/notify/webhook.hpp"

#include "protocols/base/base64.hpp"
#include "protocols/base/crypto.hpp"

#include <fmt/core.h>

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret_mark = "whsec_";

constexpr std::array<std::chrono::seconds, 9> pauses{5s,    30s, 2min, 10min, 30min,
                                                     60min, 2h,  4h,   8h};

std::string_view hex_text(const sha256_digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

} // namespace

std::chrono::seconds webhook_pause(int32_t attempts) {
  auto last = static_cast<int32_t>(pauses.size()) - 1;
  return pauses.at(static_cast<size_t>(std::clamp(attempts - 1, 0, last)));
}

std::string make_webhook_secret() {
  std::string bytes(24, '\0');
  random_bytes(bytes.data(), bytes.size());
  return std::string{secret_mark} + to_base64(bytes);
}

std::string webhook_signature(std::string_view id, int64_t seconds, std::string_view body,
                              std::string_view secret) {
  auto key =
    from_base64(secret.starts_with(secret_mark) ? secret.substr(secret_mark.size()) : secret);
  auto digest = hmac_sha256(key.value_or(""), fmt::format("{}.{}.{}", id, seconds, body));
  return "v1," + to_base64(hex_text(digest));
}

std::vector<std::string> webhook_headers(const webhook_message& message, instant sent_at) {
  auto id = "msg_" + to_string(message.id);
  auto seconds = micros(sent_at) / 1'000'000;
  auto signatures = webhook_signature(id, seconds, message.body, message.secret);
  if (!message.former_secret.empty())
    signatures += ' ' + webhook_signature(id, seconds, message.body, message.former_secret);
  std::vector<std::string> lines{fmt::format("webhook-id: {}", id),
                                 fmt::format("webhook-timestamp: {}", seconds),
                                 fmt::format("webhook-signature: {}", signatures)};
  if (!message.trace_parent.empty())
    lines.push_back("traceparent: " + message.trace_parent);
  return lines;
}

} // namespace meisim
