#include "protocols/cluster/registry.hpp"
#include "tests/fuzz/target.hpp"

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

// The messages that nodes send one another: what comes over the wire is read or refused. The seeds
// are held against the messages as they are by message_test.

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

/// CAF 0.17 never comes to the end of writing an infinite number. No message of ours has such
/// numbers, and what has come is not written again.
bool has_reals(const caf::message& what) {
  for (size_t i = 0; i < what.size(); ++i)
    if (what.match_element<float>(i) || what.match_element<double>(i)
        || what.match_element<long double>(i))
      return true;
  return false;
}

bytes written(const caf::message& what) {
  bytes result;
  caf::binary_serializer sink{here(), result};
  auto copy = what;
  fuzz::require(sink(copy) == caf::none, "what was read can be written");
  return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of(data, size);
  bytes raw{text.begin(), text.end()};
  caf::message what;
  caf::binary_deserializer source{here(), raw};
  if (source(what) != caf::none || what.empty() || has_reals(what))
    return 0;
  auto once = written(what);
  caf::message again;
  caf::binary_deserializer second{here(), once};
  fuzz::require(second(again) == caf::none && written(again) == once, "and is the same then");
  return 0;
}
