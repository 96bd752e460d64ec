#include "persistence/base/session.hpp"

#include "persistence/base/connection_text.hpp"
#include "protocols/base/log.hpp"

#include <poll.h>
#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <tuple>
#include <utility>

namespace meisim {

namespace {

PGconn* connection_of(soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

/// Whether the server has gone. It says so on the connection, but nobody reads that before the next
/// use. A statement that is sent then would be lost, and nobody would know whether a commit took
/// place.
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

/// Why there is no connection, in libpq's words, which name the server. SOCI puts a line of its own
/// in front.
std::string libpq_reason(std::string_view message) {
  auto begin = message.find('\n');
  std::string result{begin == std::string_view::npos ? message : message.substr(begin + 1)};
  std::ranges::replace(result, '\n', ' ');
  std::ranges::replace(result, '\t', ' ');
  return result.substr(0, result.find_last_not_of(' ') + 1);
}

std::string place_of(PGconn* connection) {
  return std::string{PQhost(connection)} + ", port " + PQport(connection) + ": ";
}

/// A statement that writes was sent to a standby: the primary is elsewhere by now.
constexpr std::string_view read_only_server = "25006";

bool is_retryable(std::string_view sqlstate) {
  auto group = sqlstate.substr(0, 2);
  return group == "08" || group == "40" || group == "53" || group == "57" || sqlstate == "55P03"
         || sqlstate == "25P03" || sqlstate == read_only_server;
}

/// Takes a notice that PostgreSQL sends besides its answers. Its words may be in any language. So
/// the place in PostgreSQL's sources tells that it gave up waiting for a synchronous standby.
void take_notice(void* is_unreplicated, const PGresult* notice) {
  const char* place = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
  if (place != nullptr && std::string_view{place} == "SyncRepWaitForLSN")
    *static_cast<bool*>(is_unreplicated) = true;
}

/// A host that refuses does so at once; one that takes longer does not answer.
constexpr std::chrono::seconds silence{1};

// Asks the server itself: for the identifier in its control file, and the timeline that it writes.
constexpr auto who_are_you =
  "SELECT pg_is_in_recovery()::int, (SELECT system_identifier FROM pg_control_system())::text, "
  "CASE WHEN pg_is_in_recovery() THEN '' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) "
  "END, (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())::text";

} // namespace

database::database(std::string connection, std::string role, durability commits)
  : database(connection, std::move(role), server_watch::of(connection), commits) {
  // nop
}

database::database(std::string connection, std::string role, std::shared_ptr<server_watch> server,
                   durability commits)
  : connection_(std::move(connection)), role_(std::move(role)), commits_(commits),
    server_(std::move(server)) {
  // nop
}

database::~database() {
  close();
}

soci::session& database::session() {
  if (session_ && (!server_->is_current(identity_) || is_broken(*session_))) {
    // The rest of a transaction must not run on another connection, which does not have the
    // beginning.
    if (in_transaction_)
      throw soci::soci_error("the connection broke within a transaction");
    close();
  }
  if (!session_)
    open();
  return *session_;
}

/// Opens a session to the first host that is the server agreed on. As long as there is none, all
/// hosts are looked at, and the one that was promoted last is taken.
void database::open() {
  if (server_->must_wait())
    throw soci::soci_error(server_->trouble());
  auto texts = connection_texts(connection_, role_);
  bool looks_at_all = texts.size() > 1 && !server_->agreed();
  std::string why;
  for (auto place : server_->order_of(texts.size()))
    if (open_at(place, texts[place], why) && !looks_at_all)
      break;
  if (looks_at_all && (!session_ || !server_->is_current(identity_))) {
    close();
    for (size_t place = 0; place < texts.size(); ++place)
      if (open_at(place, texts[place], why))
        break;
  }
  if (!session_) {
    server_->note_failure(why);
    throw soci::soci_error(why);
  }
  server_->note_success();
  if (commits_ == durability::soon)
    *session_ << "SET synchronous_commit = off";
}

/// False, with the reason added to `why`, if there is no server, or if it is not the one that is
/// meant.
bool database::open_at(size_t place, const std::string& text, std::string& why) {
  auto refuse = [&why](const std::string& reason) {
    why += (why.empty() ? "" : "; ") + reason;
    return false;
  };
  auto begin = std::chrono::steady_clock::now();
  std::unique_ptr<soci::session> opened;
  try {
    opened = std::make_unique<soci::session>(soci::postgresql, text);
    server_->note_answer(place);
    PQsetNoticeReceiver(connection_of(*opened), take_notice, &is_unreplicated_);
    int is_standby = 0;
    server_identity seen;
    std::string timeline, started;
    *opened << who_are_you, soci::into(is_standby), soci::into(seen.system), soci::into(timeline),
      soci::into(started);
    auto* connection = connection_of(*opened);
    if (server_->accepted() == server_role::primary) {
      if (is_standby != 0)
        return refuse(place_of(connection) + "this server is a standby, and takes no writes");
      seen.timeline = static_cast<uint32_t>(std::stoul(timeline, nullptr, 16));
      if (auto flaw = server_->judge(seen); !flaw.empty())
        return refuse(place_of(connection) + flaw);
    }
    process_ = {PQbackendPID(connection), started};
    identity_ = seen;
    session_ = std::move(opened);
    server_->note_session(this, PQsocket(connection), identity_);
    return true;
  } catch (const soci::soci_error& error) {
    if (!opened && std::chrono::steady_clock::now() - begin > silence)
      server_->note_silence(place);
    return refuse(opened ? first_line(error.what()) : libpq_reason(error.what()));
  }
}

bool database::is_away() const {
  return !session_ && !server_->trouble().empty();
}

bool database::take_unreplicated() {
  return std::exchange(is_unreplicated_, false);
}

void database::forget_statements() {
  statements_.clear();
}

void database::close() {
  server_->forget_session(this);
  statements_.clear();
  pipelined_.clear();
  session_.reset();
  is_unreplicated_ = false;
}

const char* const no_standby = "no synchronous standby has confirmed the commit in time";

transaction::transaction(database& db, durability commits)
  : db_(db), is_inner_(db.in_transaction_) {
  if (!is_inner_)
    db_.session() << "BEGIN";
  if (commits == durability::at_once && db_.commits_ == durability::soon)
    db_.session() << "SET LOCAL synchronous_commit = on";
  if (is_inner_)
    return;
  // A notice of an earlier statement must not be taken for this commit's.
  std::ignore = db_.take_unreplicated();
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
  auto process = db_.process();
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
  if (db_.take_unreplicated())
    throw commit_unknown(no_standby, process);
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
    // The log already knows that there is no server.
    if (!db.is_away())
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
