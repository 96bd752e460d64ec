#include "persistence/base/session.hpp"

#include "protocols/base/log.hpp"

#include <poll.h>
#include <soci/postgresql/soci-postgresql.h>

#include <string_view>

namespace meisim {

namespace {

// A statement that takes longer has met a fault, and its client has been answered long ago. Every
// statement finds its rows by an index, and every list reads a page in the order of an index.
// Without statistics, or with old ones, the planner would instead gather all rows in a bitmap,
// start parallel workers, or read a whole table for each job. No plan depends on the values, so
// each is made once.
constexpr std::string_view session_options =
  " connect_timeout=3 keepalives_idle=30 tcp_user_timeout=10000"
  " options='-c statement_timeout=10s -c lock_timeout=5s"
  " -c idle_in_transaction_session_timeout=15s -c enable_bitmapscan=off -c enable_seqscan=off"
  " -c max_parallel_workers_per_gather=0 -c jit=off"
  " -c plan_cache_mode=force_generic_plan -c timezone=UTC'";

PGconn* connection_of(soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

/// Whether the server has gone. It says so on the connection, but nobody reads that before the next
/// use. What is sent then would be lost, and of a commit nobody would know whether it took place.
bool is_broken(soci::session& session) {
  auto* connection = connection_of(session);
  pollfd socket{PQsocket(connection), POLLIN, 0};
  auto has_spoken = [&] { return ::poll(&socket, 1, 0) > 0; };
  // Reads the server's last words, up to the end.
  constexpr int most_reads = 4;
  for (int i = 0; i < most_reads && has_spoken(); ++i)
    if (PQconsumeInput(connection) == 0)
      break;
  return PQstatus(connection) != CONNECTION_OK;
}

std::string constraint_in(std::string_view message) {
  constexpr std::string_view marker = "constraint \"";
  auto begin = message.find(marker);
  if (begin == std::string_view::npos)
    return {};
  begin += marker.size();
  return std::string{message.substr(begin, message.find('"', begin) - begin)};
}

std::string first_line(std::string_view message) {
  // What follows in SOCI's text is the statement with its values, which may be secret.
  auto end = message.find_first_of("\r\n");
  auto statement = message.find(" while ");
  return std::string{message.substr(0, std::min(end, statement))};
}

bool is_retryable(std::string_view sqlstate) {
  auto group = sqlstate.substr(0, 2);
  return group == "08" || group == "40" || group == "53" || group == "57" || sqlstate == "55P03"
         || sqlstate == "25P03";
}

} // namespace

database::database(std::string connection, std::string role, durability commits)
  : connection_(std::move(connection)), role_(std::move(role)), commits_(commits) {
  // nop
}

database::~database() {
  close();
}

soci::session& database::session() {
  if (session_ && is_broken(*session_)) {
    // The rest of a transaction must not run on another connection, which does not have its
    // beginning.
    if (in_transaction_)
      throw soci::soci_error("the connection broke within a transaction");
    close();
  }
  if (!session_) {
    auto parameters =
      connection_ + " application_name='meisim " + role_ + "'" + std::string{session_options};
    session_ = std::make_unique<soci::session>(soci::postgresql, parameters);
    if (commits_ == durability::soon)
      *session_ << "SET synchronous_commit = off";
  }
  return *session_;
}

void database::forget_statements() {
  statements_.clear();
}

void database::close() {
  statements_.clear();
  pipelined_.clear();
  session_.reset();
}

transaction::transaction(database& db) : db_(db), is_inner_(db.in_transaction_) {
  if (is_inner_)
    return;
  db_.session() << "BEGIN";
  db_.in_transaction_ = true;
  db_.is_spoilt_ = false;
}

transaction::~transaction() {
  if (is_inner_) {
    db_.is_spoilt_ = db_.is_spoilt_ || open_;
    return;
  }
  db_.in_transaction_ = false;
  if (!open_)
    return;
  try {
    db_.session() << "ROLLBACK";
  } catch (const std::exception&) {
    db_.close();
  }
}

void transaction::commit() {
  if (is_inner_) {
    open_ = false;
    return;
  }
  if (db_.is_spoilt_)
    throw soci::soci_error("a part of the transaction was given up");
  auto& session = db_.session();
  auto process = PQbackendPID(connection_of(session));
  // PostgreSQL answers the COMMIT of a failed transaction with success, having rolled it back.
  if (PQtransactionStatus(connection_of(session)) != PQTRANS_INTRANS)
    throw soci::soci_error("the transaction had failed before its commit");
  open_ = false;
  try {
    session << "COMMIT";
  } catch (const std::exception& error) {
    if (is_broken(session))
      throw commit_unknown(error.what(), process);
    throw;
  }
}

void plan_by_values(database& db) {
  db.session() << "SELECT set_config('enable_bitmapscan', 'on', true), "
                  "set_config('plan_cache_mode', 'force_custom_plan', true)";
}

void allow_long_statements(database& db) {
  db.session() << "SET LOCAL statement_timeout = '10min'";
}

database_failure read_failure(const std::exception& error) {
  database_failure result;
  result.summary = first_line(error.what());
  if (auto* failure = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
    result.sqlstate = failure->sqlstate();
    result.constraint = constraint_in(error.what());
    // The error of a connection that breaks in the middle of a statement has no SQLSTATE.
    if (result.sqlstate.find_first_not_of(' ') == std::string::npos
        || result.sqlstate.front() == '\0' || is_retryable(result.sqlstate))
      result.code = ec::unavailable;
    else if (result.sqlstate == "23505" || result.sqlstate == "23514")
      result.code = ec::conflict;
  } else if (dynamic_cast<const commit_unknown*>(&error)) {
    result.code = ec::outcome_unknown;
  } else if (dynamic_cast<const soci::soci_error*>(&error)) {
    result.code = ec::unavailable;
  }
  return result;
}

caf::error report_failure(database& db, std::string_view subject, const std::exception& error) {
  auto failure = read_failure(error);
  if (may_pass(failure.code)) {
    log_warn("database: {} failed and may be repeated: {}", subject, failure.summary);
    db.close();
  } else {
    log_error("database: {} failed ({} {}): {}", subject, failure.sqlstate, failure.constraint,
              failure.summary);
    db.forget_statements();
  }
  return make_error(failure.code);
}

} // namespace meisim
