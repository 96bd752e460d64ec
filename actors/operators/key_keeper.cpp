#include "actors/operators/key_keeper.hpp"

#include "actors/base/answer_with.hpp"
#include "actors/operators/key_file.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/operators/node_keys.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using keeper_pointer = key_keeper_actor::stateful_pointer<key_keeper_state>;

/// All nodes have a new key long before the first token is signed by it (signing_delay).
constexpr auto look_pause = 2s;
constexpr auto pause_after_failure = 10s;
constexpr auto token_key = "jwt";
constexpr auto admin_key = "admin";

void must(const caf::error& failure) {
  if (failure)
    throw std::runtime_error(message_of(failure));
}

// -- what other nodes have changed ----------------------------------------------------------------

void follow(keeper_pointer self) {
  auto& state = self->state;
  auto& db = *state.db;
  state.ring->expire(now());
  auto latest = guarded(db, "looking for new keys", [&] {
    state.ring->close(admin_key, is_automation_closed(db));
    return all_node_keys(db);
  });
  self->delayed_send(self, latest ? look_pause : pause_after_failure, tick_atom_v);
  if (!latest)
    return;
  auto failure = state.ring->take(*latest);
  auto problem = failure ? message_of(failure) : std::string{};
  if (problem != std::exchange(state.problem, problem) && !problem.empty())
    log_error("a key that was changed is not in force on this node: {}", problem);
}

// -- changing one ---------------------------------------------------------------------------------

/// Why this secret cannot take the place of the key; nothing if it can.
caf::error objection_to(const ring_key& key, const rotate_key& wish) {
  if (key.is_fixed())
    return make_error(ec::conflict,
                      fmt::format("{} is in the environment of this node ({}): change "
                                  "it there, and restart",
                                  wish.name, key.rule.variable));
  if (key.rule.is_made)
    return wish.secret.empty()
             ? caf::error{}
             : make_error(
               ec::invalid,
               fmt::format("secret must be left out: {} is made by the service", wish.name));
  auto flaw = secret_flaw(wish.secret);
  if (flaw.empty())
    flaw = key.rule.flaw(wish.secret);
  if (!flaw.empty())
    return make_error(ec::invalid, "secret " + flaw);
  if (wish.secret == key.secret.text())
    return make_error(ec::conflict, fmt::format("this is what {} is already", wish.name));
  return {};
}

std::string names_of(const key_ring& ring) {
  std::vector<std::string> names;
  for (const auto* key : ring.named())
    names.push_back(key->rule.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

void write_key(json_writer& out, const ring_key& key) {
  auto present = key.secret.latest();
  out.member("name", key.rule.name)
    .member("id", or_null(key_id(present->text)))
    .member("since", present->since)
    .member("formerId", or_null(key_id(present->before)))
    .member("formerUntil", present->before_until)
    .member("source", key.is_fixed() ? key.rule.variable : key.rule.file);
}

caf::result<desk_answer> rotate(keeper_pointer self, const rotate_key& wish) {
  auto& ring = *self->state.ring;
  auto& db = *self->state.db;
  const auto* key = ring.find(wish.name);
  if (!key)
    return make_error(ec::not_found,
                      fmt::format("there is no such key; there are {}", names_of(ring)));
  if (auto objection = objection_to(*key, wish))
    return objection;
  auto secret = key->rule.is_made ? random_secret() : wish.secret;
  auto next = ring.seal_for_all(wish.name, secret);
  if (!next)
    return std::move(next.error());
  auto written = guarded(db, "changing a key", [&] {
    transaction tx{db};
    replace_node_key(db, *next, wish.at_once ? 0s : std::chrono::seconds{former_key_lifetime});
    auto id_of = [](const std::string& id) {
      return json_object([&](json_writer& out) { out.member("id", or_null(id)); });
    };
    write_audit_event(db,
                      {wish.by, wish.name, {}, id_of(key_id(key->secret.text())), id_of(next->id)});
    tx.commit();
    return true;
  });
  if (!written)
    return std::move(written.error());
  // This node has sealed it, so it can open it. Only writing the file may fail.
  if (auto failure = ring.take({*next}))
    return failure;
  return desk_answer{json_object([&](json_writer& out) { write_key(out, *key); })};
}

desk_answer list_all(const key_ring& ring) {
  std::vector<ring_key> keys;
  for (const auto* key : ring.named())
    keys.push_back(*key);
  return {json_objects(keys, write_key)};
}

} // namespace

void settle_keys(key_ring& ring, database& db) {
  must(ring.make(admin_key));
  ring.close(admin_key, is_automation_closed(db));
  auto latest = all_node_keys(db);
  const auto* tokens = ring.find(token_key);
  bool is_shared =
    std::ranges::any_of(latest, [](const node_key& one) { return one.name == token_key; });
  if (tokens && !tokens->is_fixed() && !is_shared) {
    auto own = tokens->secret.text();
    auto proposal = ring.seal_for_all(token_key, own.empty() ? random_secret() : own);
    if (!proposal)
      throw std::runtime_error(message_of(proposal.error()));
    propose_node_key(db, *proposal);
    latest = all_node_keys(db);
  }
  must(ring.take(latest, true));
}

key_keeper_actor::behavior_type key_keeper(keeper_pointer self, std::string connection,
                                           std::shared_ptr<key_ring> ring) {
  self->state.db = std::make_unique<database>(std::move(connection), "keys");
  self->state.ring = std::move(ring);
  self->delayed_send(self, look_pause, tick_atom_v);
  return {
    [self](const rotate_key& wish) { return rotate(self, wish); },
    [self](const list_node_keys&) -> caf::result<desk_answer> {
      return list_all(*self->state.ring);
    },
    [self](refresh_atom) -> caf::result<done> {
      self->state.ring->reload();
      return done{};
    },
    [self](tick_atom) { follow(self); },
  };
}

} // namespace meisim
