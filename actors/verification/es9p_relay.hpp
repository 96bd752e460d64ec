#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// How to get at an SM-DP+.
struct relay_settings {
  /// The certificates (PEM) that an SM-DP+'s certificate must chain to; empty for the system's.
  std::string ca_file;
  /// Whether a host may have an address that is not public. For tests only.
  bool allow_private = false;
  /// `host:port` to connect to instead of port 443 of the code's host. For tests only.
  std::string connect_to;
};

/// What came back.
struct relay_answer {
  /// Zero without an answer.
  int32_t http_status = 0;
  std::string body;
  /// What went wrong, for the log.
  std::string failure;
};

/// Carries the requests of one check to one SM-DP+, one at a time, over HTTPS. It asks port 443 of
/// the host and nobody else. Each address is checked at the moment of connecting to it, no proxy is
/// used, no redirect is followed, and the size of an answer is limited. Not safe for several
/// threads.
class es9p_relay {
public:
  es9p_relay(std::string host, const relay_settings& settings);

  ~es9p_relay();

  es9p_relay(const es9p_relay&) = delete;
  es9p_relay& operator=(const es9p_relay&) = delete;

  /// Starts a POST. `headers` are whole lines, of which only those that an ES9+ request has are
  /// sent.
  void post(std::string_view path, const std::vector<std::string>& headers, std::string body);

  /// Connects to the host as a request would, and sends none. Blocks for ten seconds at most.
  /// Returns what is wrong, or nothing. Not to be called while a request is under way, nor before
  /// one.
  std::string connect_only();

  bool is_under_way() const {
    return is_under_way_;
  }

  /// Goes on with the request as far as that is possible without waiting; true once there is an
  /// answer to `take`.
  bool proceed();

  relay_answer take();

  /// What `curl_multi_poll` waits on.
  CURLM* waiting_on() const {
    return multi_.get();
  }

private:
  struct multi_deleter {
    void operator()(CURLM* handle) const;
  };
  struct easy_deleter {
    void operator()(CURL* handle) const;
  };
  struct list_deleter {
    void operator()(curl_slist* list) const;
  };

  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static size_t collect(char* data, size_t size, size_t count, void* self);

  void prepare();
  void finish(CURLcode code);

  std::string host_;
  relay_settings settings_;
  std::unique_ptr<CURLM, multi_deleter> multi_;
  std::unique_ptr<CURL, easy_deleter> easy_;
  std::unique_ptr<curl_slist, list_deleter> headers_;
  std::unique_ptr<curl_slist, list_deleter> connect_to_;
  std::string request_body_;
  relay_answer answer_;
  std::string refused_address_;
  bool is_under_way_ = false;
};

} // namespace meisim
