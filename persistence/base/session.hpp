#pragma once

#include "persistence/base/server_watch.hpp"
#include "protocols/base/error.hpp"

#include <caf/expected.hpp>
#include <soci/soci.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace meisim {

struct array_statement;

/// What a connection knows of a statement that travels in a pipeline.
struct pipelined_statement {
  /// The name under which it was prepared; empty before.
  std::string name;
  std::shared_ptr<const array_statement> statement;
};

/// PostgreSQL's process at the other end of a connection. Process numbers are used again, so a
/// process is known by its number and its start together.
struct server_process {
  int id = 0;
  /// As PostgreSQL writes it.
  std::string started;
};

/// Whether a commit returns only when it is on disk, or before that. The latter is for work that is
/// harmless to do again.
enum class durability { at_once, soon };

/// A connection to PostgreSQL with the statements that were prepared on it. Belongs to one thread.
///
/// A lost connection is replaced at the next use; what was prepared on the old one is dropped
/// first, because SOCI's statements must not outlive their session.
class database {
public:
  /// `connection` is libpq's text without a password. The session is with the host that all
  /// sessions of this process agree on (server_watch.hpp). `role` names the session in
  /// pg_stat_activity.
  database(std::string connection, std::string role, durability commits = durability::at_once);

  /// The same for a session that shares its watch with those of another text for the same servers.
  database(std::string connection, std::string role, std::shared_ptr<server_watch> server,
           durability commits = durability::at_once);

  ~database();

  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// The open session; connects if there is none. Throws soci::soci_error if the server cannot be
  /// reached, or if the connection broke within a transaction.
  soci::session& session();

  /// The statements of one subject, prepared at their first use on this connection. `Statements` is
  /// made from a `soci::session&` and holds the variables that its statements are bound to.
  template <class Statements>
  Statements& prepared() {
    auto& open = session();
    auto& slot = statements_[key_of<Statements>()];
    if (!slot)
      slot = std::make_shared<Statements>(open);
    return *static_cast<Statements*>(slot.get());
  }

  /// Drops what was prepared. It has to be called after a statement has failed, but not within its
  /// transaction: SOCI loses the parameters of a statement that is executed again after a failure.
  void forget_statements();

  /// Drops the connection and all that was prepared on it.
  void close();

  /// The process of the session that was opened last.
  const server_process& process() const {
    return process_;
  }

  /// Whether none of the servers can be used. The log was told so (server_watch.hpp).
  bool is_away() const;

  /// Whether PostgreSQL has given up waiting for a synchronous standby since this was last asked.
  /// What was committed then is on one machine only.
  bool take_unreplicated();

private:
  friend class transaction;
  friend class pipeline;

  template <class T>
  static const void* key_of() {
    static char key = 0;
    return &key;
  }

  void open();
  bool open_at(size_t place, const std::string& text, std::string& why);

  std::string connection_;
  std::string role_;
  durability commits_;
  std::shared_ptr<server_watch> server_;
  std::unique_ptr<soci::session> session_;
  server_identity identity_;
  server_process process_;
  bool is_unreplicated_ = false;
  bool in_transaction_ = false;
  /// Whether a part of the transaction was given up.
  bool is_spoilt_ = false;
  std::unordered_map<const void*, std::shared_ptr<void>> statements_;
  /// By their address.
  std::unordered_map<const void*, pipelined_statement> pipelined_;
};

/// A transaction that rolls back unless it is committed. A transaction within another is part of
/// it: it becomes durable with the outer one. If the inner one was not committed, the outer one
/// cannot be.
class transaction {
public:
  /// With `at_once` this commit waits for the disk even if the session's do not. It is for what
  /// somebody is told, and for what has to be known before a provider is asked.
  explicit transaction(database& db, durability commits = durability::soon);

  ~transaction();

  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  /// Makes it durable. Throws commit_unknown if the connection broke before PostgreSQL's answer
  /// came, and soci::soci_error if the transaction had failed before.
  void commit();

private:
  database& db_;
  bool open_ = true;
  bool is_inner_;
};

/// From now on the statements of the transaction are planned by their values, and by whatever index
/// fits. It is for lists with filters, for which no order waits.
void plan_by_values(database& db);

/// Lets each statement of the transaction take ten minutes, as long as an operator's request may
/// take. It is for statements that read or change much, on a session that nobody else waits for.
void allow_long_statements(database& db);

/// The connection was lost while a commit was under way, or no standby has confirmed it in time.
/// Whether the commit took place must be looked up once PostgreSQL's process at the other end has
/// gone.
struct commit_unknown : std::runtime_error {
  commit_unknown(const std::string& what, server_process at)
    : std::runtime_error(what), process(std::move(at)) {
    // nop
  }

  server_process process;
};

/// The text of the error for a commit that no standby has confirmed.
extern const char* const no_standby;

/// What a failed statement means to the caller.
struct database_failure {
  /// `unavailable` if nothing was done and repeating later is sensible; `outcome_unknown` if the
  /// answer to a commit was lost; `conflict` for a violated unique or check constraint; otherwise
  /// `internal`.
  ec code = ec::internal;
  /// PostgreSQL's five characters; empty if the connection failed.
  std::string sqlstate;
  /// The violated constraint's name; empty without one.
  std::string constraint;
  /// One line for the log, without SQL and values.
  std::string summary;
};

/// Reads an exception that SOCI threw.
database_failure read_failure(const std::exception& error);

/// Logs the failure, closes a broken connection, and returns the error for the caller.
caf::error report_failure(database& db, std::string_view subject, const std::exception& error);

/// Runs `work` and turns whatever SOCI throws into an error of ours. A broken connection is closed,
/// so that the next use opens another. `subject` names the work in the log.
template <class Work>
auto guarded(database& db, std::string_view subject, Work work)
  -> caf::expected<std::decay_t<decltype(work())>> {
  try {
    return work();
  } catch (const std::exception& error) {
    return report_failure(db, subject, error);
  }
}

} // namespace meisim
