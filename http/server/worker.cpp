#include "http/server/worker.hpp"

#include "protocols/base/id.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace meisim::http {

namespace {

using namespace std::chrono_literals;

/// When so many bytes wait behind an unanswered request, no more is read from the client.
constexpr size_t most_pipelined = size_t{64} * 1024;

constexpr auto sweep_interval = 500ms;
constexpr auto write_interval = 5ms;

/// How long a client has to close after our last answer.
constexpr auto close_patience = 2s;

int make_timer() {
  return ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
}

void arm(int timer, std::chrono::milliseconds first, std::chrono::milliseconds again) {
  auto spec = [](std::chrono::milliseconds time) {
    return timespec{time.count() / 1'000, (time.count() % 1'000) * 1'000'000};
  };
  itimerspec when{spec(again), spec(first)};
  ::timerfd_settime(timer, 0, &when, nullptr);
}

void drain_counter(int fd) {
  uint64_t count = 0;
  while (::read(fd, &count, sizeof(count)) > 0) {
    // nop
  }
}

std::shared_ptr<const void> count_work(const std::shared_ptr<server_shared>& shared) {
  shared->settings.in_flight->fetch_add(1, std::memory_order_relaxed);
  return {shared.get(), [shared](const void*) {
            shared->settings.in_flight->fetch_sub(1, std::memory_order_relaxed);
          }};
}

} // namespace

worker::worker(std::shared_ptr<server_shared> shared)
  : shared_(std::move(shared)), task_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
    sweep_fd_(make_timer()), write_fd_(make_timer()) {
  if (task_fd_ < 0 || sweep_fd_ < 0 || write_fd_ < 0)
    throw std::runtime_error("no file descriptors left for an HTTP worker");
  arm(sweep_fd_, sweep_interval, sweep_interval);
}

worker::~worker() {
  ::close(task_fd_);
  ::close(sweep_fd_);
  ::close(write_fd_);
}

// -- tasks and timers -----------------------------------------------------------------------------

void worker::post(task what) {
  bool was_empty = false;
  {
    std::lock_guard guard{tasks_lock_};
    was_empty = tasks_.empty();
    tasks_.push_back(std::move(what));
  }
  if (was_empty) {
    uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(task_fd_, &one, sizeof(one));
  }
}

void worker::on_tasks() {
  // The counter is read first: a task that is posted after the exchange below raises it again.
  drain_counter(task_fd_);
  std::vector<task> tasks;
  {
    std::lock_guard guard{tasks_lock_};
    tasks.swap(tasks_);
  }
  for (auto& what : tasks)
    what();
}

void worker::on_sweep() {
  drain_counter(sweep_fd_);
  auto now = std::chrono::steady_clock::now();
  for (auto& [fd, c] : connections_)
    sweep(*c, now);
}

/// Trying again every few milliseconds is cheaper than Pistache's write events, and cannot spin.
void worker::write_again_soon() {
  arm(write_fd_, write_interval, 0ms);
}

void worker::on_write_again() {
  drain_counter(write_fd_);
  for (auto& [fd, c] : connections_)
    if (c->has_output())
      write_pending(*c);
}

void worker::sweep(connection& c, time_point now) {
  const auto& settings = shared_->settings;
  auto waited = now - c.since;
  if (c.now == connection::phase::streaming && c.chunks->is_endless
      && (shared_->is_draining || shared_->is_lingering)) {
    c.close_after_answer = true;
    return end_stream(c, true);
  }
  if (c.has_output() || c.now == connection::phase::streaming) {
    if (waited > settings.write_timeout)
      ::shutdown(c.peer->fd(), SHUT_RDWR);
    return;
  }
  switch (c.now) {
  case connection::phase::reading:
    if (c.reader.in_body() ? waited > settings.body_timeout
                           : c.reader.in_request() && waited > settings.header_timeout)
      refuse(c, 408, "the rest of the request did not come in time");
    else if (waited > settings.idle_timeout || (shared_->is_draining && !c.reader.in_request()))
      begin_close(c);
    return;
  case connection::phase::answering:
    if (waited > settings.answer_timeout)
      write_answer(c, c.awaits_body ? unavailable("this could not be begun in time, please repeat")
                                    : unknown_outcome("the answer took too long", c.if_late));
    return;
  case connection::phase::streaming:
  case connection::phase::flushing:
    return;
  case connection::phase::closing:
    if (waited > close_patience)
      ::shutdown(c.peer->fd(), SHUT_RDWR);
    return;
  }
}

// -- connections ----------------------------------------------------------------------------------

void worker::on_connection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  const auto& settings = shared_->settings;
  auto& c = connections_[peer->fd()];
  c = std::make_unique<connection>(peer, shared_->callbacks.body_limit,
                                   body_share{settings.body_memory},
                                   std::chrono::steady_clock::now());
  const auto& address = c->address;
  auto count = shared_->counts.add(counted_address(address));
  if (count.all > settings.most_connections)
    refuse(*c, 503, "too many connections");
  else if (count.of_address > settings.most_connections_per_address
           && !settings.proxies.contains(address))
    refuse(*c, 503, "too many connections from your address");
}

void worker::on_input(const std::shared_ptr<Pistache::Tcp::Peer>& peer, std::string_view bytes) {
  auto* c = find(peer);
  if (!c || c->now == connection::phase::closing)
    return;
  if (c->now == connection::phase::reading && !c->reader.in_request())
    c->since = std::chrono::steady_clock::now();
  c->reader.feed(bytes);
  if (c->now == connection::phase::reading)
    read_on(*c);
}

/// A client may send more before it is answered, but only so much. This also holds in the moment
/// between two of its requests.
bool worker::takes_input(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  auto* c = find(peer);
  bool takes = c && (c->now == connection::phase::closing || c->reader.buffered() < most_pipelined);
  if (c && !takes)
    c->has_unread_input = true;
  return takes;
}

/// Goes on reading from a client that was not read from for a while.
void worker::resume(connection& c) {
  if (std::exchange(c.has_unread_input, false))
    post([this, peer = std::weak_ptr{c.peer}] {
      if (auto alive = peer.lock())
        resume_(alive);
    });
}

void worker::on_disconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  auto* c = find(peer);
  if (!c)
    return;
  if (c->is_in_answer)
    shared_->open_answers.fetch_sub(1);
  shared_->counts.remove(counted_address(c->address));
  connections_.erase(peer->fd());
}

connection* worker::find(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  auto found = connections_.find(peer->fd());
  // The next client may get the same descriptor, but not the same peer.
  return found != connections_.end() && found->second->peer == peer ? found->second.get() : nullptr;
}

// -- requests -------------------------------------------------------------------------------------

void worker::read_on(connection& c) {
  using status = request_reader::status;
  bool was_in_body = c.reader.in_body();
  auto read = c.reader.read();
  if (read == status::failed)
    return refuse(c, c.reader.failure_status(), c.reader.failure_message());
  if (read == status::wants_admission)
    return dispatch_head(c);
  if (!c.memory.grow_to(c.reader.budgeted_size()))
    return refuse(c, 503, "the memory for bodies is in use, please repeat");
  if (read == status::need_more) {
    if (c.reader.in_body() && !was_in_body) {
      c.since = std::chrono::steady_clock::now();
      if (c.reader.waits_for_continue())
        write(c, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    return;
  }
  if (c.take_body)
    return hand_over_body(c);
  auto incoming = c.reader.take();
  incoming.memory = std::exchange(c.memory, body_share{shared_->settings.body_memory});
  begin_answer(c, incoming.verb, incoming.id, !c.reader.keep_alive());
  dispatch(c, std::move(incoming));
}

/// Gives the handler a request whose body is read when the handler asks for it.
void worker::dispatch_head(connection& c) {
  auto incoming = c.reader.take_head();
  begin_answer(c, incoming.verb, incoming.id, !c.reader.keep_alive());
  c.awaits_body = true;
  dispatch(c, std::move(incoming));
}

void worker::read_body(const std::weak_ptr<Pistache::Tcp::Peer>& peer, uint64_t request_number,
                       reply::body_taker take) {
  auto alive = peer.lock();
  auto* c = alive ? find(alive) : nullptr;
  if (!c || c->now != connection::phase::answering || c->request_number != request_number
      || !c->awaits_body)
    return;
  c->take_body = std::move(take);
  c->now = connection::phase::reading;
  c->since = std::chrono::steady_clock::now();
  c->reader.admit();
  if (!c->memory.grow_to(c->reader.budgeted_size()))
    return refuse(*c, 503, "the memory for bodies is in use, please repeat");
  if (c->reader.waits_for_continue())
    write(*c, "HTTP/1.1 100 Continue\r\n\r\n");
  read_on(*c);
  if (c->now == connection::phase::reading)
    resume(*c);
}

void worker::hand_over_body(connection& c) {
  c.now = connection::phase::answering;
  c.since = std::chrono::steady_clock::now();
  c.awaits_body = false;
  auto take = std::exchange(c.take_body, nullptr);
  take(c.reader.take_body(), std::exchange(c.memory, body_share{shared_->settings.body_memory}));
}

void worker::begin_answer(connection& c, method verb, std::string request_id, bool close) {
  shared_->open_answers.fetch_add(1);
  c.is_in_answer = true;
  c.now = connection::phase::answering;
  c.since = c.request_begun = std::chrono::steady_clock::now();
  c.close_after_answer = close;
  c.is_head_request = verb == method::head;
  c.verb = verb;
  c.request_id = std::move(request_id);
  c.client = c.address;
  ++c.request_number;
}

void worker::dispatch(connection& c, request incoming) {
  bool is_closed = shared_->is_draining && !shared_->is_lingering;
  if (is_closed
      || shared_->settings.in_flight->load(std::memory_order_relaxed)
           >= shared_->settings.most_in_flight) {
    return write_answer(c,
                        unavailable(is_closed ? "this node is going down, please repeat"
                                              : "too many requests are under way, please repeat"));
  }
  incoming.ip = c.address;
  incoming.is_passed_on = is_passed_on(shared_->settings.proxies, incoming);
  incoming.ip = client_address(shared_->settings.proxies, incoming);
  c.client = incoming.ip;
  reply to{weak_from_this(), c.peer, c.request_number, count_work(shared_)};
  try {
    c.if_late = shared_->callbacks.handle(std::move(incoming), to);
  } catch (const std::exception& error) {
    auto failed = error_response(500, "something failed on our side");
    failed.note.detail = error.what();
    to.send(std::move(failed));
  } catch (...) {
    to.send(error_response(500, "something failed on our side"));
  }
}

/// Answers a request that cannot be read to its end, and ends the connection.
void worker::refuse(connection& c, int status, std::string_view message) {
  const auto& id = c.reader.request_id();
  if (!c.is_in_answer)
    begin_answer(c, method::other, id.empty() ? to_string(make_uuid()) : id, true);
  c.take_body = nullptr;
  c.close_after_answer = true;
  write_answer(c, status == 503 ? unavailable(message) : error_response(status, message));
}

} // namespace meisim::http
