#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/kept_secret.hpp"
#include "protocols/operators/keys.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <functional>
#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace meisim {

/// What is known of a secret before it is read.
struct key_rule {
  /// What operators call it; empty for one that they do not change by a command.
  std::string name;
  /// Its file in the home.
  std::string file;
  /// The environment variable that can hold it, and its value. If it has one, the file does not
  /// count.
  std::string variable = {};
  std::string fixed = {};
  /// Whether the service makes it of random bytes.
  bool is_made = false;
  /// What is wrong with a text as this secret; empty if nothing is.
  std::function<std::string(const std::string& text)> flaw = [](const auto&) {
    return std::string{};
  };
};

/// A secret of the node, and where it comes from.
struct ring_key {
  key_rule rule;
  kept_secret secret;

  bool is_fixed() const {
    return !rule.fixed.empty();
  }
};

/// The secrets of a node, in files of its home. A secret that is changed by a command also stands
/// in the database, where all nodes see it, sealed under `nodes.key`.
class key_ring {
public:
  /// `nodes_key` is what the environment has in place of the file `nodes.key`; empty for nothing.
  explicit key_ring(std::string home, std::string nodes_key = {});

  /// Reads a secret. Throws std::runtime_error with a sentence if its file is no good.
  kept_secret add(key_rule rule);

  /// Makes a secret that the service makes itself, if there is none.
  caf::error make(const std::string& name);

  /// Reads all files again. If a file is no good, its secret stays as it was and the log says so.
  void reload();

  /// Forgets those that were before and hold no longer.
  void expire(instant now);

  /// Lets nobody in by this secret any more, or again.
  void close(const std::string& name, bool is_closed);

  /// Nothing if there is none of this name.
  const ring_key* find(const std::string& name) const;

  std::vector<const ring_key*> named() const;

  /// A text as it travels to the other nodes. `internal` if there is no key to seal it under.
  caf::expected<node_key> seal_for_all(const std::string& name, const std::string& text);

  /// Takes over what was changed since the last look. `is_start` is true at the first look of this
  /// node, when the files of its home count. After an error things stay as they were, and the next
  /// look tries again.
  caf::error take(const std::vector<node_key>& latest, bool is_start = false);

private:
  std::string path(const std::string& file) const;
  void reload(ring_key& key);
  caf::error take(ring_key& key, const node_key& latest, bool is_start);
  caf::error apply(ring_key& key, const node_key& latest);
  /// Made if there is none and `may_make`.
  caf::expected<std::string> nodes_key(bool may_make);
  void read_seen();
  caf::error write_seen() const;

  std::string home_;
  std::string nodes_key_;
  std::list<ring_key> keys_;
  /// By name, the id that was last taken over; empty if there was none.
  std::map<std::string, std::string> seen_;
};

/// 256 random bits in hexadecimal.
std::string random_secret();

} // namespace meisim
