#include "persistence/base/failover_watch.hpp"

#include "persistence/base/connection_text.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <chrono>
#include <optional>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using watch_clock = std::chrono::steady_clock;
using watched_server = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using watch_answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr auto pause_between_looks = 500ms;
constexpr auto patience_with_server = 3s;
/// A server that refuses does so at once.
constexpr auto silence_of_server = 1s;

/// A standby gives no row.
constexpr auto are_you_primary =
  "SELECT system_identifier, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) "
  "FROM pg_control_system() WHERE NOT pg_is_in_recovery()";

/// Whether the next part of the answer came in time.
bool hears_of(PGconn* server, watch_clock::time_point end) {
  while (PQisBusy(server) != 0) {
    auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(end - watch_clock::now()).count();
    pollfd socket{PQsocket(server), POLLIN, 0};
    if (left <= 0 || ::poll(&socket, 1, static_cast<int>(left)) <= 0 || PQconsumeInput(server) == 0)
      return false;
  }
  return true;
}

/// Who the server is, if it is a primary. Closes the connection to a server that does not answer.
std::optional<server_identity> ask(watched_server& server) {
  auto end = watch_clock::now() + patience_with_server;
  std::optional<server_identity> seen;
  bool is_sent = PQsendQuery(server.get(), are_you_primary) == 1;
  while (is_sent && hears_of(server.get(), end)) {
    watch_answer answer{PQgetResult(server.get()), PQclear};
    if (!answer)
      return seen;
    if (PQntuples(answer.get()) == 1)
      seen = server_identity{
        PQgetvalue(answer.get(), 0, 0),
        static_cast<uint32_t>(std::stoul(PQgetvalue(answer.get(), 0, 1), nullptr, 16))};
  }
  server.reset();
  return std::nullopt;
}

} // namespace

failover_watch::failover_watch(const std::string& connection)
  : servers_(server_watch::of(connection)) {
  auto texts = connection_texts(connection, "watch");
  if (texts.size() < 2)
    return;
  for (size_t host = 0; host < texts.size(); ++host)
    threads_.emplace_back(
      [this, host, text = texts[host]](const std::stop_token& end) { look_at(end, host, text); });
}

void failover_watch::look_at(const std::stop_token& end, size_t host, const std::string& text) {
  watched_server server{nullptr, PQfinish};
  do {
    auto begin = watch_clock::now();
    if (!server)
      server.reset(PQconnectdb(text.c_str()));
    // The log hears from sessions what is wrong with a server.
    if (PQstatus(server.get()) != CONNECTION_OK)
      server.reset();
    auto seen = server ? ask(server) : std::nullopt;
    if (server)
      servers_->note_answer(host);
    else if (watch_clock::now() - begin > silence_of_server)
      servers_->note_silence(host);
    if (seen)
      servers_->judge(*seen);
  } while (pause(end));
}

/// False once the watch is to end.
bool failover_watch::pause(const std::stop_token& end) {
  std::unique_lock guard{lock_};
  wake_.wait_for(guard, end, pause_between_looks, [] { return false; });
  return !end.stop_requested();
}

} // namespace meisim
