#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace meisim {

/// Which servers of a cluster a session may use: only the one that takes writes, or also a replica,
/// for reads that may be a little old.
enum class server_role { primary, any };

/// What tells a PostgreSQL from its copies: they share the cluster's identifier, and each promotion
/// begins a new timeline.
struct server_identity {
  std::string system;
  uint32_t timeline = 0;
};

/// What the sessions of this process together know of the server that they speak to. Safe for many
/// threads.
///
/// After a failover the former primary may come back and take writes. A session there would read
/// what is no longer true, and write what nobody else reads. So sessions use only the server whose
/// timeline is the highest that any of them has seen.
class server_watch {
public:
  explicit server_watch(server_role accepted = server_role::primary) : accepted_(accepted) {
    // nop
  }

  /// The watch that all sessions with this connection text and role share.
  static std::shared_ptr<server_watch> of(const std::string& connection,
                                          server_role accepted = server_role::primary);

  server_role accepted() const {
    return accepted_;
  }

  /// Takes over what a node has kept in this file, if there is one.
  void learn_from(const std::string& file);

  /// Keeps what was seen in this file, so that it is known after the next start.
  void keep_in(const std::string& file);

  /// Nothing while no session was opened yet.
  std::optional<server_identity> agreed() const;

  /// Why a session with this server is not to be used. Empty if it is the server that all agree on,
  /// or becomes that now.
  std::string judge(const server_identity& seen);

  /// Whether a session that was opened to this server is still good.
  bool is_current(const server_identity& seen) const;

  /// Whether it is too early to try again: after a failure others wait, longer and longer, up to
  /// half a second.
  bool must_wait() const;

  /// A session that is open to this server. It is broken off once another server was promoted,
  /// because its own server may hang and never say so. The socket is duplicated.
  void note_session(const void* session, int socket, const server_identity& at);

  void forget_session(const void* session);

  /// The order in which the hosts of the connection text are tried; `hosts` is their number. Hosts
  /// that did not answer come last, and only one session at a time waits for them. So the others
  /// notice a promotion at once.
  std::vector<size_t> order_of(size_t hosts);

  /// This host, by its place in the connection text, has let a session wait in vain.
  void note_silence(size_t host);

  void note_answer(size_t host);

  /// Logs that no session can be opened, and why. Each reason is logged once.
  void note_failure(std::string_view reason);

  /// Logs once that a session could be opened again.
  void note_success();

  /// Why the last session could not be opened; empty while sessions can be opened.
  std::string trouble() const;

private:
  using clock = std::chrono::steady_clock;

  struct open_session {
    int socket;
    server_identity at;
  };

  void remember();
  void follow(const server_identity& promoted);

  /// What the log calls the server.
  const char* name() const {
    return accepted_ == server_role::primary ? "the database" : "the replica";
  }

  const server_role accepted_;
  mutable std::mutex lock_;
  std::string file_;
  std::optional<server_identity> agreed_;
  std::unordered_map<const void*, open_session> sessions_;
  std::string trouble_;
  /// What the log was told of this trouble.
  std::set<std::string, std::less<>> told_;
  /// Hosts that do not answer, and when they are tried again.
  std::map<size_t, clock::time_point> silent_;
  clock::time_point next_try_{};
  std::chrono::milliseconds pause_{0};
};

} // namespace meisim
