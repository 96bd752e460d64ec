#pragma once

#include "actors/operators/key_ring.hpp"
#include "persistence/base/session.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/operators/desk.hpp"
#include "protocols/operators/keys.hpp"

#include <memory>
#include <string>

namespace meisim {

struct key_keeper_state {
  static inline const char* name = "key-keeper";

  std::unique_ptr<database> db;
  std::shared_ptr<key_ring> ring;
  /// What last kept a change from being taken over; logged once.
  std::string problem;
};

/// What a node does at its start: it makes the secrets that it lacks, and takes over those that all
/// nodes share. Throws std::runtime_error with a sentence.
void settle_keys(key_ring& ring, database& db);

/// Spawns as KEY KEEPER; to be detached. `connection` as for `database`.
key_keeper_actor::behavior_type key_keeper(
  key_keeper_actor::stateful_pointer<key_keeper_state> self, std::string connection,
  std::shared_ptr<key_ring> ring);

} // namespace meisim
