#include "http/server/worker.hpp"

#include "http/server/response_head.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>
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

/// The most bytes that may wait behind an unanswered request.
constexpr size_t most_pipelined = size_t{256} * 1024;

/// The next piece of a streamed answer is asked for when less than this waits for the socket.
constexpr size_t stream_low_water = size_t{64} * 1024;

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
  shared->in_flight.fetch_add(1, std::memory_order_relaxed);
  return {shared.get(),
          [shared](const void*) { shared->in_flight.fetch_sub(1, std::memory_order_relaxed); }};
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

void worker::on_write_again() {
  drain_counter(write_fd_);
  for (auto& [fd, c] : connections_)
    if (c->has_output())
      write_pending(*c);
}

void worker::sweep(connection& c, time_point now) {
  const auto& settings = shared_->settings;
  auto waited = now - c.since;
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
      write_answer(c, unknown_outcome("the answer took too long", c.if_late));
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
  auto& c = connections_[peer->fd()];
  c = std::make_unique<connection>(peer, shared_->callbacks.body_limit,
                                   std::chrono::steady_clock::now());
  if (shared_->connections.fetch_add(1) >= shared_->settings.most_connections)
    refuse(*c, 503, "too many connections");
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
  else if (c->reader.buffered() > most_pipelined)
    ::shutdown(peer->fd(), SHUT_RDWR);
}

void worker::on_disconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  auto* c = find(peer);
  if (!c)
    return;
  if (c->is_in_answer())
    shared_->open_answers.fetch_sub(1);
  connections_.erase(peer->fd());
  shared_->connections.fetch_sub(1);
}

connection* worker::find(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  auto found = connections_.find(peer->fd());
  // The next client may get the same descriptor, but not the same peer.
  return found != connections_.end() && found->second->peer == peer ? found->second.get() : nullptr;
}

// -- requests -------------------------------------------------------------------------------------

void worker::read_on(connection& c) {
  bool was_in_body = c.reader.in_body();
  switch (c.reader.read()) {
  case request_reader::status::need_more:
    if (c.reader.in_body() && !was_in_body)
      c.since = std::chrono::steady_clock::now();
    return;
  case request_reader::status::wants_continue:
    c.since = std::chrono::steady_clock::now();
    return write(c, "HTTP/1.1 100 Continue\r\n\r\n");
  case request_reader::status::complete:
    return dispatch(c);
  case request_reader::status::failed:
    return refuse(c, c.reader.failure_status(), c.reader.failure_message());
  }
}

void worker::begin_answer(connection& c, method verb, std::string request_id, bool close) {
  shared_->open_answers.fetch_add(1);
  c.now = connection::phase::answering;
  c.since = c.request_begun = std::chrono::steady_clock::now();
  c.close_after_answer = close;
  c.is_head_request = verb == method::head;
  c.verb = verb;
  c.request_id = std::move(request_id);
  ++c.request_number;
}

void worker::dispatch(connection& c) {
  auto incoming = c.reader.take();
  begin_answer(c, incoming.verb, incoming.id, !c.reader.keep_alive());
  bool is_closed = shared_->is_draining && !shared_->is_lingering;
  if (is_closed
      || shared_->in_flight.load(std::memory_order_relaxed) >= shared_->settings.most_in_flight) {
    return write_answer(c,
                        unavailable(is_closed ? "this node is going down, please repeat"
                                              : "too many requests are under way, please repeat"));
  }
  incoming.ip = c.peer->address().host();
  incoming.ip = client_address(shared_->settings.proxies, incoming);
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

/// Answers what never became a request, and ends the connection.
void worker::refuse(connection& c, int status, std::string_view message) {
  const auto& id = c.reader.request_id();
  begin_answer(c, method::other, id.empty() ? to_string(make_uuid()) : id, true);
  write_answer(c, status == 503 ? unavailable(message) : error_response(status, message));
}

// -- answers --------------------------------------------------------------------------------------

void worker::answer(const std::weak_ptr<Pistache::Tcp::Peer>& peer, uint64_t request_number,
                    const response& what) {
  auto alive = peer.lock();
  auto* c = alive ? find(alive) : nullptr;
  if (c && c->now == connection::phase::answering && c->request_number == request_number)
    write_answer(*c, what);
}

void worker::write_answer(connection& c, const response& what) {
  if (shared_->is_draining || shared_->is_lingering)
    c.close_after_answer = true;
  log(c, what);
  auto head = response_head(what, c.request_id, c.close_after_answer);
  if (what.chunks && !c.is_head_request)
    return begin_stream(c, what, head);
  if (!c.is_head_request)
    head += what.body;
  c.now = connection::phase::flushing;
  write(c, head);
}

void worker::begin_stream(connection& c, const response& what, const std::string& head) {
  c.now = connection::phase::streaming;
  c.since = std::chrono::steady_clock::now();
  c.chunks = what.chunks;
  write(c, head);
  pull(c);
}

void worker::pull(connection& c) {
  if (!c.chunks || c.is_pulling || c.output.size() - c.written > stream_low_water)
    return;
  c.is_pulling = true;
  auto push = [owner = weak_from_this(), peer = std::weak_ptr{c.peer},
               number = c.request_number](chunk next) {
    if (auto alive = owner.lock())
      alive->post([raw = alive.get(), peer, number, next = std::move(next)] {
        raw->take_chunk(peer, number, next);
      });
  };
  c.chunks->pull(std::move(push));
}

void worker::take_chunk(const std::weak_ptr<Pistache::Tcp::Peer>& peer, uint64_t request_number,
                        const chunk& next) {
  auto alive = peer.lock();
  auto* c = alive ? find(alive) : nullptr;
  if (!c || c->now != connection::phase::streaming || c->request_number != request_number)
    return;
  c->is_pulling = false;
  if (next.what != chunk::kind::piece) {
    bool is_whole = next.what == chunk::kind::end;
    if (!is_whole)
      log_warn("request {}: the rest of the answer could not be read", c->request_id);
    c->chunks.reset();
    c->now = connection::phase::flushing;
    c->close_after_answer = c->close_after_answer || !is_whole;
    return write(*c, is_whole ? "0\r\n\r\n" : "");
  }
  // An empty piece would read as the end.
  if (!next.text.empty())
    write(*c, fmt::format("{:x}\r\n{}\r\n", next.text.size(), next.text));
  pull(*c);
}

// -- bytes ----------------------------------------------------------------------------------------

void worker::write(connection& c, std::string_view bytes) {
  bool was_waiting = c.has_output();
  c.output.append(bytes);
  if (!was_waiting)
    write_pending(c);
}

/// Gives the socket what it takes. Only this thread closes the descriptor, so it is still this
/// peer's.
void worker::write_pending(connection& c) {
  while (c.has_output()) {
    auto sent = ::send(c.peer->fd(), c.output.data() + c.written, c.output.size() - c.written,
                       MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      c.written += static_cast<size_t>(sent);
      c.since = std::chrono::steady_clock::now();
    } else if (sent < 0 && errno == EINTR) {
      continue;
    } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      // To try again every few milliseconds is cheaper than Pistache's write events, and cannot
      // spin.
      return arm(write_fd_, write_interval, 0ms);
    } else {
      // The client has gone; its disconnection is on the way.
      break;
    }
  }
  bool was_held_up = c.written > 0 && c.output.capacity() > stream_low_water;
  c.output.clear();
  c.written = 0;
  if (was_held_up)
    c.output.shrink_to_fit();
  after_write(c);
}

void worker::after_write(connection& c) {
  if (c.now == connection::phase::streaming)
    pull(c);
  else if (c.now == connection::phase::flushing)
    end_answer(c);
}

/// The answer is out. Goes on to the next request, or to the end of the connection.
void worker::end_answer(connection& c) {
  shared_->open_answers.fetch_sub(1);
  if (c.close_after_answer)
    return begin_close(c);
  c.now = connection::phase::reading;
  c.since = std::chrono::steady_clock::now();
  // A pipelined request waits for its turn on the task queue. Otherwise many of them would pile up
  // on the stack.
  if (c.reader.in_request())
    post([this, peer = std::weak_ptr{c.peer}] {
      auto alive = peer.lock();
      auto* next = alive ? find(alive) : nullptr;
      if (next && next->now == connection::phase::reading)
        read_on(*next);
    });
}

void worker::begin_close(connection& c) {
  c.now = connection::phase::closing;
  c.since = std::chrono::steady_clock::now();
  ::shutdown(c.peer->fd(), SHUT_WR);
}

void worker::log(const connection& c, const response& what) const {
  if (!shared_->callbacks.log)
    return;
  auto took = std::chrono::steady_clock::now() - c.request_begun;
  shared_->callbacks.log({to_string(c.verb), c.request_id, what.note, what.status,
                          std::chrono::duration_cast<std::chrono::microseconds>(took).count()});
}

} // namespace meisim::http
