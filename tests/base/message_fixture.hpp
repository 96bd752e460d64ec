#pragma once

#include "protocols/cluster/cluster.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/interfaces.hpp"
#include "tests/fixtures/actors.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

// Messages that may cross to another node arrive as they were sent. Messages that are cut off are
// refused.

namespace meisim::test {

using bytes = caf::binary_serializer::container_type;

struct message_fixture {
  deterministic_config config;
  caf::actor_system system{config};

  bytes written(caf::message what) {
    bytes result;
    caf::binary_serializer sink{system, result};
    BOOST_REQUIRE(sink(what) == caf::none);
    return result;
  }

  caf::error read(const bytes& from, caf::message& into) {
    caf::binary_deserializer source{system, from};
    return source(into);
  }

  /// CAF gives an empty message for one that it cannot read.
  bool is_refused(const bytes& from) {
    caf::message result;
    return read(from, result) != caf::none || result.empty();
  }

  /// What arrives of `sent` at the other node.
  template <class T>
  T arrived(const T& sent) {
    auto whole = written(caf::make_message(sent));
    caf::message result;
    BOOST_REQUIRE(read(whole, result) == caf::none);
    BOOST_REQUIRE(result.match_elements<T>());
    // An error holds a message within the message. If that is cut off, it is the empty one.
    auto cuts = std::is_same_v<T, caf::error> ? 0 : whole.size();
    for (size_t size = 0; size < cuts; ++size) {
      auto begin = whole.begin();
      bytes part{begin, begin + static_cast<std::ptrdiff_t>(size)};
      BOOST_REQUIRE_MESSAGE(is_refused(part), size << " of " << whole.size());
    }
    BOOST_TEST((written(result) == whole));
    return result.get_as<T>(0);
  }
};

inline posting some_posting() {
  posting result;
  result.id = posting_id::make();
  result.dealer = dealer_id::make();
  result.lines = {{entry_type::debit, money::from_cents(-1'234), "a \"line\"", order_id::make()},
                  {entry_type::credit, money::from_cents(34), {}, {}}};
  result.idempotency_key = "key";
  result.request_hash = "hash";
  result.ceiling = money::from_cents(99);
  return result;
}

} // namespace meisim::test
