#include "protocols/cluster/registry.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/types.hpp"
#include "tests/fuzz/target.hpp"

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

// The messages that nodes send one another: what comes over the wire is read or refused.

using namespace meisim;

namespace {

struct quiet_config : caf::actor_system_config {
  quiet_config() {
    announce_messages(*this);
    set("scheduler.policy", caf::atom("testing"));
  }
};

caf::actor_system& here() {
  // Both outlive main: CAF's scheduler for tests is freed twice where its system ends after main.
  static auto& config = *new quiet_config;
  static auto& system = *new caf::actor_system{config};
  return system;
}

using bytes = caf::binary_serializer::container_type;

bytes written(const caf::message& what) {
  bytes result;
  caf::binary_serializer sink{here(), result};
  auto copy = what;
  fuzz::require(sink(copy) == caf::none, "what was read can be written");
  return result;
}

std::string seed(const caf::message& what) {
  auto raw = written(what);
  return {raw.begin(), raw.end()};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of(data, size);
  bytes raw{text.begin(), text.end()};
  caf::message what;
  caf::binary_deserializer source{here(), raw};
  if (source(what) != caf::none || what.empty())
    return 0;
  auto once = written(what);
  caf::message again;
  caf::binary_deserializer second{here(), once};
  fuzz::require(second(again) == caf::none && written(again) == once, "and is the same then");
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  remote_calls calls;
  calls.calls.push_back(
    {1, false, admission_request{{"hash", 7}, limit_class::login, true, false}});
  calls.calls.push_back({2, true, address_request{limit_class::login, "10.0.0.1"}});
  calls.calls.push_back({3, false, account_changed{dealer_id::make()}});
  calls.calls.push_back({4, false, pool_restocked{{"att", "qr"}}});
  calls.calls.push_back({0, false, ip_limiter_memory{"::1", {{{limit_class::login, {1, 2, 3}}}}}});
  remote_answers answers;
  answers.answers.push_back({1, admission{}});
  answers.answers.push_back({2, stock_counts{}});
  answers.answers.push_back({3, make_error(ec::not_owner, "elsewhere")});
  return {seed(caf::make_message(calls)), seed(caf::make_message(answers)),
          seed(caf::make_message(posting{}))};
}
