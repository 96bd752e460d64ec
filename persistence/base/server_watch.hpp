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

/// Which of the servers of a cluster sessions may be with: the one that takes writes, or a replica
/// as well, for what may be a little old.
enum class server_role { primary, any };

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
  explicit server_watch(server_role accepted = server_role::primary) : accepted_(accepted) {
    // nop
  }

  /// The one of all sessions with this connection text and role.
  static std::shared_ptr<server_watch> of(const std::string& connection,
                                          server_role accepted = server_role::primary);

  server_role accepted() const {
    return accepted_;
  }

  /// Takes over what a node has kept in this file, if there is one.
  void learn_from(const std::string& file);

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

  /// A session that is open to this server. It is broken off once another server was promoted: its
  /// own may hang, and would never say so. The socket is duplicated.
  void note_session(const void* session, int socket, const server_identity& at);

  void forget_session(const void* session);

  /// In which order the hosts of the connection text, which are so many, are tried. Those that did
  /// not answer come last, and one session at a time waits for them: meanwhile the others notice
  /// a promotion at once.
  std::vector<size_t> order_of(size_t hosts);

  /// This host, by its place in the connection text, has let a session wait in vain.
  void note_silence(size_t host);

  void note_answer(size_t host);

  /// Tells the log that no session can be opened, and why: each reason once.
  void note_failure(std::string_view reason);

  /// Tells the log once that one could be opened again.
  void note_success();

  /// Why the last one could not be opened; empty while they can.
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
