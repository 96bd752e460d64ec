#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace meisim {

/// What tells a PostgreSQL from its copies: they share the cluster's identifier, and each promotion
/// begins a new timeline.
struct server_identity {
  std::string system;
  uint32_t timeline = 0;
};

/// What the sessions of this process know together of the server that they speak to. All may call
/// it from any thread.
///
/// After a failover the former primary may come back and take writes. Whoever went there would read
/// what is no longer true, and write what nobody else reads. So sessions keep to the one server
/// whose timeline is the highest that any of them has seen.
class server_watch {
public:
  /// `name` is what the log calls the server.
  explicit server_watch(std::string name = "the database") : name_(std::move(name)) {
    // nop
  }

  /// The one of all sessions with this connection text, which gets this name if it is new.
  static std::shared_ptr<server_watch> of(const std::string& connection,
                                          std::string_view name = "the database");

  /// Remembers across starts, in this file, what was seen.
  void keep_in(const std::string& file);

  /// Nothing while no session was opened yet.
  std::optional<server_identity> agreed() const;

  /// Why a session with this server is not to be used; empty for the server that all agree on,
  /// which this may have become.
  std::string judge(const server_identity& seen);

  /// Whether a session that was opened to this server is still good.
  bool is_current(const server_identity& seen) const;

  /// Whether it is too early to try again: after a failure others wait, longer and longer, up to
  /// half a second.
  bool must_wait() const;

  /// Tells the log once that no session can be opened, and why.
  void note_failure(std::string_view reason);

  /// Tells the log once that one could be opened again.
  void note_success();

  /// Why the last one could not be opened; empty while they can.
  std::string trouble() const;

private:
  using clock = std::chrono::steady_clock;

  void remember();

  const std::string name_;
  mutable std::mutex lock_;
  std::string file_;
  std::optional<server_identity> agreed_;
  std::string trouble_;
  clock::time_point next_try_{};
  std::chrono::milliseconds pause_{0};
};

} // namespace meisim
