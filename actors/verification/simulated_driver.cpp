#include "actors/verification/simulated_driver.hpp"

#include "protocols/base/crypto.hpp"

#include <array>
#include <utility>

namespace meisim {

namespace {

using driver_pointer = simulated_driver_actor::stateful_pointer<simulated_driver_state>;

constexpr std::string_view hang = "HANG-";

constexpr std::array<std::pair<std::string_view, verdict>, verdict_count> prefixes{{
  {"AVAILABLE-", verdict::available},
  {"USED-", verdict::used},
  {"INVALID-", verdict::invalid},
  {"ERROR-", verdict::error},
  {"UNKNOWN-", verdict::unknown},
}};

/// How a hundred codes end: 60 available, 35 used, 3 invalid, 1 error, 1 unknown. Each number is
/// the sum of the shares up to its verdict.
constexpr std::array<std::pair<int, verdict>, verdict_count> shares{{
  {60, verdict::available},
  {95, verdict::used},
  {98, verdict::invalid},
  {99, verdict::error},
  {100, verdict::unknown},
}};

int percentile(const activation_code& code, size_t byte) {
  auto digest = sha256(to_string(code));
  return (static_cast<int>(static_cast<uint8_t>(digest[byte])) << 8
          | static_cast<int>(static_cast<uint8_t>(digest[byte + 1])))
         % 100;
}

verdict verdict_of(const activation_code& code) {
  for (auto [prefix, what] : prefixes)
    if (code.matching_id.starts_with(prefix))
      return what;
  auto place = percentile(code, 0);
  for (auto [share, what] : shares)
    if (place < share)
      return what;
  return verdict::unknown;
}

std::string_view reason_of(verdict what) {
  switch (what) {
  case verdict::available:
    return "";
  case verdict::used:
    return "refused by the SM-DP+: already downloaded, or never issued";
  case verdict::invalid:
    return "the download order has expired";
  case verdict::error:
    return "the SM-DP+ could not be reached";
  case verdict::unknown:
    return "the profile is not yet released";
  }
  return "";
}

std::chrono::microseconds time_for(const simulated_settings& settings,
                                   const activation_code& code) {
  // From -jitter to +jitter.
  auto share = settings.jitter_percent * (2 * percentile(code, 2) - 99);
  std::chrono::microseconds latency = settings.latency;
  return latency + latency * share / 9'900;
}

} // namespace

finding simulate(const activation_code& code) {
  finding found;
  found.what = verdict_of(code);
  found.reason = reason_of(found.what);
  found.fault = found.what == verdict::error ? blame::unsure : blame::nobody;
  found.seen = {"simulated", "", 0, code.host};
  return found;
}

simulated_driver_actor::behavior_type simulated_driver(driver_pointer self,
                                                       simulated_settings settings) {
  return {
    [self, settings](const activation_code& code) -> caf::result<finding> {
      auto& state = self->state;
      state.code = code;
      state.answer = self->make_response_promise<finding>();
      if (!code.matching_id.starts_with(hang))
        self->delayed_send(self, time_for(settings, code), tick_atom_v);
      return state.answer;
    },
    [](const test_device& question) {
      return device_test{question.name, "", "", {{"program", true, "simulated"}}};
    },
    [self](tick_atom) { self->state.answer.deliver(simulate(self->state.code)); },
  };
}

} // namespace meisim
