#include "actors/operators/key_ring.hpp"

#include "actors/operators/key_file.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/base/sealing.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace meisim {

namespace {

constexpr auto seen_file = "keys.seen";
constexpr auto nodes_key_file = "nodes.key";

std::string flaw_of(const ring_key& key, const std::string& text) {
  auto flaw = secret_flaw(text);
  return flaw.empty() ? key.rule.flaw(text) : flaw;
}

} // namespace

std::string random_secret() {
  sha256_digest bytes;
  random_bytes(bytes.data(), bytes.size());
  return to_hex(bytes);
}

key_ring::key_ring(std::string home, std::string nodes_key)
  : home_(std::move(home)), nodes_key_(std::move(nodes_key)) {
  read_seen();
}

kept_secret key_ring::add(key_rule rule) {
  auto& key = keys_.emplace_back(ring_key{std::move(rule), {}});
  if (key.is_fixed()) {
    key.secret.replace({key.rule.fixed});
    return key.secret;
  }
  auto found = read_key_file(path(key.rule.file), now());
  if (!found)
    throw std::runtime_error(message_of(found.error()));
  if (auto flaw = found->text.empty() ? std::string{} : key.rule.flaw(found->text); !flaw.empty())
    throw std::runtime_error(fmt::format("{}: {}", path(key.rule.file), flaw));
  key.secret.replace(std::move(*found));
  return key.secret;
}

caf::error key_ring::make(const std::string& name) {
  for (auto& key : keys_) {
    if (key.rule.name != name || !key.secret.text().empty())
      continue;
    if (auto failure = make_private_file(path(key.rule.file), random_secret() + '\n'))
      return failure;
    reload(key);
  }
  return {};
}

// -- files ----------------------------------------------------------------------------------------

std::string key_ring::path(const std::string& file) const {
  return home_ + '/' + file;
}

void key_ring::reload() {
  for (auto& key : keys_)
    if (!key.is_fixed())
      reload(key);
}

void key_ring::reload(ring_key& key) {
  auto present = key.secret.latest();
  auto found = read_key_file(path(key.rule.file), now());
  auto problem = found ? std::string{} : message_of(found.error());
  if (found && found->text.empty() && !present->text.empty())
    problem = path(key.rule.file) + " is not there";
  else if (found && found->text != present->text)
    if (auto flaw = flaw_of(key, found->text); !found->text.empty() && !flaw.empty())
      problem = fmt::format("{}: {}", path(key.rule.file), flaw);
  if (!problem.empty())
    return log_error("{}; what was in force stays in force", problem);
  if (found->text != present->text && !present->text.empty())
    log_info("{} is another one from now on: {}", key.rule.file, key_id(found->text));
  if (found->text != present->text || found->before != present->before)
    key.secret.replace(std::move(*found));
}

void key_ring::expire(instant now) {
  for (auto& key : keys_) {
    auto present = key.secret.latest();
    if (present->before.empty() || present->before_until == instant{}
        || present->before_until > now)
      continue;
    auto next = *present;
    next.before.clear();
    key.secret.replace(std::move(next));
    std::remove((path(key.rule.file) + ".before").c_str());
    log_info("the {} before holds no longer", key.rule.file);
  }
}

void key_ring::close(const std::string& name, bool is_closed) {
  for (auto& key : keys_)
    if (key.rule.name == name)
      key.secret.close(is_closed);
}

const ring_key* key_ring::find(const std::string& name) const {
  for (const auto& key : keys_)
    if (!name.empty() && key.rule.name == name)
      return &key;
  return nullptr;
}

std::vector<const ring_key*> key_ring::named() const {
  std::vector<const ring_key*> result;
  for (const auto& key : keys_)
    if (!key.rule.name.empty())
      result.push_back(&key);
  return result;
}

// -- all nodes ------------------------------------------------------------------------------------

caf::expected<std::string> key_ring::nodes_key(bool may_make) {
  if (!nodes_key_.empty())
    return nodes_key_;
  auto file = path(nodes_key_file);
  auto found = read_key_file(file, now());
  if (!found)
    return found.error();
  if (!found->text.empty())
    return found->text;
  if (!may_make)
    return make_error(ec::internal,
                      file + " is missing: copy it from the home of a node that has it");
  if (auto failure = make_private_file(file, random_secret() + '\n'))
    return failure;
  return nodes_key(false);
}

caf::expected<node_key> key_ring::seal_for_all(const std::string& name, const std::string& text) {
  auto under = nodes_key(true);
  if (!under)
    return under.error();
  return node_key{name, key_id(text), seal(*under, name, text)};
}

caf::error key_ring::take(const std::vector<node_key>& latest, bool is_start) {
  auto before = seen_;
  caf::error first;
  for (auto& key : keys_)
    if (!key.rule.name.empty())
      for (const auto& one : latest)
        if (one.name == key.rule.name && !(seen_.contains(one.name) && seen_[one.name] == one.id))
          // A key that cannot be taken over holds up no other.
          if (auto failure = take(key, one, is_start); failure && !first)
            first = std::move(failure);
  // From now on whatever comes is news.
  if (!first)
    for (const auto* key : named())
      seen_.try_emplace(key->rule.name);
  auto unwritten = seen_ == before ? caf::error{} : write_seen();
  return first ? first : unwritten;
}

caf::error key_ring::take(ring_key& key, const node_key& latest, bool is_start) {
  auto present = key.secret.latest();
  bool is_news = key_id(present->text) != latest.id;
  bool counts_here = is_start && !seen_.contains(latest.name) && !present->text.empty();
  if (is_news && key.is_fixed())
    log_warn("{} was changed for all nodes, and this one has it from {}: change it there",
             latest.name, key.rule.variable);
  else if (is_news && counts_here)
    log_warn("{} is not the key that the nodes share; without it the node takes theirs",
             path(key.rule.file));
  else if (is_news)
    if (auto failure = apply(key, latest))
      return failure;
  seen_[latest.name] = latest.id;
  return {};
}

caf::error key_ring::apply(ring_key& key, const node_key& latest) {
  auto under = nodes_key(false);
  if (!under)
    return under.error();
  auto text = unseal(*under, latest.name, latest.sealed);
  if (!text)
    return make_error(ec::internal,
                      fmt::format("{} was sealed under another key than {}: copy that from the "
                                  "home of a node that has it",
                                  latest.name, path(nodes_key_file)));
  if (auto flaw = flaw_of(key, *text); !flaw.empty()) {
    log_error("the new {} is not taken: it {}", latest.name, flaw);
    return {};
  }
  auto file = path(key.rule.file);
  // Another node of the same home may have written it.
  auto found = read_key_file(file, now());
  if (!found || found->text != *text)
    if (auto failure = write_key_file(file, *text, latest.former_until, now()))
      return failure;
  reload(key);
  return {};
}

void key_ring::read_seen() {
  std::ifstream file{path(seen_file)};
  for (std::string name, id; std::getline(file, name, ' ') && std::getline(file, id);)
    seen_[name] = id;
}

caf::error key_ring::write_seen() const {
  std::string text;
  for (const auto& [name, id] : seen_)
    text += fmt::format("{} {}\n", name, id);
  return write_private_file(path(seen_file), text);
}

} // namespace meisim
