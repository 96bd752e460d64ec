#pragma once

#include "http/server/reply.hpp"
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
    /// A request is with the handler, perhaps without its body.
    answering,
    /// A chunked answer is under way.
    streaming,
    /// The answer's last bytes wait for the socket.
    flushing,
    /// The last answer is out, and the client is to close the connection.
    closing,
  };

  connection(std::shared_ptr<Pistache::Tcp::Peer> owner, request_reader::body_limit limit,
             body_share share, time_point opened)
    : peer(std::move(owner)), address(peer->address().host()), reader(std::move(limit)),
      memory(std::move(share)), since(opened) {
    // nop
  }

  std::shared_ptr<Pistache::Tcp::Peer> peer;
  /// Of the other end, which may be a proxy.
  std::string address;
  request_reader reader;
  /// The share of the body that is being read.
  body_share memory;
  phase now = phase::reading;
  /// When the present step began: the wait for a request, its head, its body, the answer, or the
  /// last byte written.
  time_point since;
  /// Rises with each request, so that a late answer is not mistaken for the one that is awaited.
  uint64_t request_number = 0;
  /// Whether the request counts among those whose answer has not left entirely.
  bool is_in_answer = false;
  /// Whether the handler has the request's head, and the body has not been read.
  bool awaits_body = false;
  /// Who gets the body, once it is there.
  reply::body_taker take_body;
  /// Whether the client may have sent bytes that have not been read from the socket, because nobody
  /// wanted them.
  bool has_unread_input = false;
  bool close_after_answer = false;
  /// Whether the client knows chunks. If it does not, an answer of unknown length ends with the
  /// connection.
  bool takes_chunks = true;
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
  std::string client;
  time_point request_begun;

  bool has_output() const {
    return written < output.size();
  }
};

} // namespace meisim::http
