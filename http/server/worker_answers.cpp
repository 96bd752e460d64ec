#include "http/server/response_head.hpp"
#include "http/server/worker.hpp"
#include "protocols/base/log.hpp"

#include <fmt/core.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

// Brings a worker's answers to their clients.

namespace meisim::http {

namespace {

/// The next piece of a streamed answer is asked for when less than this waits for the socket.
constexpr size_t stream_low_water = size_t{64} * 1024;

} // namespace

// -- answers --------------------------------------------------------------------------------------

void worker::answer(const std::weak_ptr<Pistache::Tcp::Peer>& peer, uint64_t request_number,
                    const response& what) {
  auto alive = peer.lock();
  auto* c = alive ? find(alive) : nullptr;
  if (c && c->now == connection::phase::answering && c->request_number == request_number)
    write_answer(*c, what);
}

void worker::write_answer(connection& c, const response& what) {
  // A body that has not been read cannot be told from the next request.
  if (shared_->is_draining || shared_->is_lingering || std::exchange(c.awaits_body, false))
    c.close_after_answer = true;
  log(c, what);
  c.takes_chunks = c.reader.knows_chunks();
  if (what.chunks && !c.takes_chunks)
    c.close_after_answer = true;
  if (what.status >= 400)
    return write_whole(c, with_request_id(what, c.request_id));
  if (!what.chunks || c.is_head_request)
    return write_whole(c, what);
  begin_stream(c, what, response_head(what, c.request_id, c.close_after_answer, c.takes_chunks));
}

void worker::write_whole(connection& c, const response& what) {
  auto head = response_head(what, c.request_id, c.close_after_answer, c.takes_chunks);
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
    return end_stream(*c, is_whole);
  }
  // An empty piece would read as the end.
  if (!next.text.empty())
    write(*c,
          c->takes_chunks ? fmt::format("{:x}\r\n{}\r\n", next.text.size(), next.text) : next.text);
  pull(*c);
}

void worker::end_stream(connection& c, bool is_whole) {
  c.chunks.reset();
  c.now = connection::phase::flushing;
  c.close_after_answer = c.close_after_answer || !is_whole;
  write(c, is_whole && c.takes_chunks ? "0\r\n\r\n" : "");
}

// -- bytes ----------------------------------------------------------------------------------------

void worker::write(connection& c, std::string_view bytes) {
  bool was_waiting = c.has_output();
  c.output.append(bytes);
  if (!was_waiting)
    write_pending(c);
}

/// Gives the socket the bytes that it takes. Only this thread closes the descriptor, so it is still
/// this peer's.
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
      return write_again_soon();
    } else {
      // The client has gone. Its disconnection will be noticed, even if nothing is read from it
      // now.
      c.output.clear();
      c.written = 0;
      return begin_close(c);
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
  c.is_in_answer = false;
  if (c.close_after_answer)
    return begin_close(c);
  c.now = connection::phase::reading;
  c.since = std::chrono::steady_clock::now();
  resume(c);
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
  resume(c);
}

void worker::log(const connection& c, const response& what) const {
  if (!shared_->callbacks.log)
    return;
  auto took = std::chrono::steady_clock::now() - c.request_begun;
  shared_->callbacks.log({to_string(c.verb), c.request_id, c.client, what.note, what.status,
                          std::chrono::duration_cast<std::chrono::microseconds>(took).count()});
}

} // namespace meisim::http
