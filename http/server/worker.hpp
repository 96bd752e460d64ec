#pragma once

#include "http/server/connection.hpp"
#include "http/server/connection_counts.hpp"
#include "http/server/server.hpp"

#include <pistache/peer.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace meisim::http {

/// What the workers of a server share.
struct server_shared {
  server_settings settings;
  connection_counts counts;
  server_callbacks callbacks;
  /// Requests whose answer has not left entirely.
  std::atomic<uint32_t> open_answers{0};
  std::atomic<bool> is_draining{false};
  /// Whether other nodes are taking over. Then every client is served to the end, and asked to
  /// connect anew.
  std::atomic<bool> is_lingering{false};
};

/// One thread's connections and the tasks that other threads leave for it. All but `post` runs on
/// that thread.
class worker : public std::enable_shared_from_this<worker> {
public:
  using task = std::function<void()>;
  using time_point = connection::time_point;

  explicit worker(std::shared_ptr<server_shared> shared);

  ~worker();

  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Leaves a task for the worker's thread. Safe from any thread.
  void post(task what);

  /// The descriptors to poll: tasks have come; the sweep is due; writing is due again.
  int task_fd() const {
    return task_fd_;
  }
  int sweep_fd() const {
    return sweep_fd_;
  }
  int write_fd() const {
    return write_fd_;
  }

  void on_tasks();
  void on_sweep();
  void on_write_again();

  void on_connection(const std::shared_ptr<Pistache::Tcp::Peer>& peer);
  void on_input(const std::shared_ptr<Pistache::Tcp::Peer>& peer, std::string_view bytes);
  void on_disconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer);

  /// Whether to read from the client's socket now. If not, `resume` is called when it is time.
  bool takes_input(const std::shared_ptr<Pistache::Tcp::Peer>& peer);

  using peer_reader = std::function<void(const std::shared_ptr<Pistache::Tcp::Peer>&)>;

  /// Sets who reads from sockets, on this thread.
  void on_resume(peer_reader resume) {
    resume_ = std::move(resume);
  }

  /// Reads the body of a request that awaits it (reply.hpp).
  void read_body(const std::weak_ptr<Pistache::Tcp::Peer>& peer, uint64_t request_number,
                 reply::body_taker take);

  /// Writes an answer, if it is for the request that this connection waits for.
  void answer(const std::weak_ptr<Pistache::Tcp::Peer>& peer, uint64_t request_number,
              const response& what);

private:
  connection* find(const std::shared_ptr<Pistache::Tcp::Peer>& peer);
  void read_on(connection& c);
  void begin_answer(connection& c, method verb, std::string request_id, bool close);
  void dispatch(connection& c, request incoming);
  void dispatch_head(connection& c);
  void hand_over_body(connection& c);
  void resume(connection& c);
  void refuse(connection& c, int status, std::string_view message);
  void write_answer(connection& c, const response& what);
  void write_whole(connection& c, const response& what);
  void begin_stream(connection& c, const response& what, const std::string& head);
  void pull(connection& c);
  void take_chunk(const std::weak_ptr<Pistache::Tcp::Peer>& peer, uint64_t request_number,
                  const chunk& next);
  void end_stream(connection& c, bool is_whole);
  void write(connection& c, std::string_view bytes);
  void write_pending(connection& c);
  void write_again_soon();
  void after_write(connection& c);
  void end_answer(connection& c);
  void begin_close(connection& c);
  void sweep(connection& c, time_point now);
  void log(const connection& c, const response& what) const;

  std::shared_ptr<server_shared> shared_;
  int task_fd_;
  int sweep_fd_;
  int write_fd_;
  std::mutex tasks_lock_;
  std::vector<task> tasks_;
  std::unordered_map<int, std::unique_ptr<connection>> connections_;
  peer_reader resume_;
};

} // namespace meisim::http
