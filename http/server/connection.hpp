#pragma once

#include "http/server/request_reader.hpp"
#include "http/server/response.hpp"

#include <pistache/peer.h>

#include <chrono>
#include <memory>
#include <string>

namespace meisim::http {

/// A client's connection, as the worker that owns it sees it.
struct connection {
  using time_point = std::chrono::steady_clock::time_point;

  enum class phase {
    /// The rest of a request, or its start, has still to come.
    reading,
    /// A request is with the handler.
    answering,
    /// A chunked answer is under way.
    streaming,
    /// The answer's last bytes wait for the socket.
    flushing,
    /// The last answer is out; the client is to close the connection.
    closing,
  };

  connection(std::shared_ptr<Pistache::Tcp::Peer> owner, request_reader::body_limit limit,
             time_point opened)
    : peer(std::move(owner)), reader(std::move(limit)), since(opened) {
    // nop
  }

  std::shared_ptr<Pistache::Tcp::Peer> peer;
  request_reader reader;
  phase now = phase::reading;
  /// When the present step began: the wait for a request, its head, its body, the answer, or the
  /// last byte written.
  time_point since;
  /// Rises with each request, so that a late answer is told from the one that is waited for.
  uint64_t request_number = 0;
  bool close_after_answer = false;
  bool is_head_request = false;
  /// What the client can do if its request is not answered in time.
  recourse if_late;

  /// Bytes that the socket has not taken yet.
  std::string output;
  size_t written = 0;

  /// The chunked answer's source while one is under way.
  std::shared_ptr<chunk_source> chunks;
  bool is_pulling = false;

  // For the log.
  method verb = method::get;
  std::string request_id;
  time_point request_begun;

  bool is_in_answer() const {
    return now == phase::answering || now == phase::streaming || now == phase::flushing;
  }

  bool has_output() const {
    return written < output.size();
  }
};

} // namespace meisim::http
