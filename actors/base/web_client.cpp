#include "actors/base/web_client.hpp"

#include "protocols/verification/public_address.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace meisim {

namespace {

constexpr size_t idle_handles = 64;

struct list_deleter {
  void operator()(curl_slist* list) const {
    curl_slist_free_all(list);
  }
};

/// A call under way, with all that libcurl keeps pointers to.
struct call {
  web_request request;
  web_answer answer;
  std::unique_ptr<curl_slist, list_deleter> headers;
  /// Whether a connection was refused because its address is no public one.
  bool is_refused = false;
  char error[CURL_ERROR_SIZE] = {};
};

size_t collect(char* data, size_t size, size_t count, void* context) {
  auto& what = *static_cast<call*>(context);
  auto& body = what.answer.body;
  auto room = what.request.most_body - body.size();
  if (size * count > room && !what.request.may_be_cut)
    return 0;
  body.append(data, std::min(size * count, room));
  return size * count;
}

/// Opens a connection's socket if its address is a public one. The name has been looked up by now.
curl_socket_t open_public(void* context, curlsocktype, curl_sockaddr* target) {
  if (!is_public_address(target->addr)) {
    static_cast<call*>(context)->is_refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

/// Whether the request may have reached the other side.
bool was_sent(CURL* handle, CURLcode code) {
  switch (code) {
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_URL_MALFORMAT:
  case CURLE_COULDNT_RESOLVE_PROXY:
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_CONNECT:
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
    return false;
  default:
    break;
  }
  // Zero until the connection stands and the request goes out.
  curl_off_t begun = 0;
  curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &begun);
  return begun > 0;
}

void prepare(CURL* handle, call& what) {
  const auto& request = what.request;
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &what);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &what);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, what.error);
  if (request.is_public_only) {
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_public);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &what);
  }
  for (const auto& line : request.headers)
    what.headers.reset(curl_slist_append(what.headers.release(), line.c_str()));
  if (request.method != "GET") {
    // A body is sent at once, without asking for leave first.
    what.headers.reset(curl_slist_append(what.headers.release(), "Expect:"));
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, what.headers.get());
}

} // namespace

class web_client::worker {
public:
  explicit worker(std::function<void(web_answer)> answered)
    : answered_(std::move(answered)), multi_(curl_multi_init()), thread_([this] { run(); }) {
    // nop
  }

  ~worker() {
    stopping_ = true;
    curl_multi_wakeup(multi_);
    thread_.join();
    for (auto& [handle, what] : calls_) {
      curl_multi_remove_handle(multi_, handle);
      curl_easy_cleanup(handle);
    }
    for (auto* handle : idle_)
      curl_easy_cleanup(handle);
    curl_multi_cleanup(multi_);
  }

  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  void submit(web_request request) {
    {
      std::lock_guard guard{mutex_};
      submitted_.push_back(std::move(request));
    }
    curl_multi_wakeup(multi_);
  }

private:
  void run() {
    while (!stopping_) {
      take_submitted();
      int running = 0;
      curl_multi_perform(multi_, &running);
      finish_done();
      // A wake-up during the steps above ends this wait at once.
      curl_multi_poll(multi_, nullptr, 0, 1'000, nullptr);
    }
  }

  void take_submitted() {
    std::vector<web_request> taken;
    {
      std::lock_guard guard{mutex_};
      taken.swap(submitted_);
    }
    for (auto& request : taken)
      begin(std::move(request));
  }

  void begin(web_request request) {
    auto* handle = take_handle();
    auto what = std::make_unique<call>();
    what->answer.call_id = request.call_id;
    what->request = std::move(request);
    if (handle == nullptr) {
      what->answer.failure = web_failure::not_sent;
      what->answer.error = "libcurl has no handle left";
      answered_(std::move(what->answer));
      return;
    }
    prepare(handle, *what);
    calls_.emplace(handle, std::move(what));
    curl_multi_add_handle(multi_, handle);
  }

  CURL* take_handle() {
    if (idle_.empty())
      return curl_easy_init();
    auto* handle = idle_.back();
    idle_.pop_back();
    return handle;
  }

  void finish_done() {
    int left = 0;
    while (auto* message = curl_multi_info_read(multi_, &left))
      if (message->msg == CURLMSG_DONE)
        finish(message->easy_handle, message->data.result);
  }

  void finish(CURL* handle, CURLcode code) {
    auto found = calls_.find(handle);
    auto what = std::move(found->second);
    calls_.erase(found);
    auto& answer = what->answer;
    curl_off_t took = 0;
    curl_easy_getinfo(handle, CURLINFO_TOTAL_TIME_T, &took);
    answer.took = std::chrono::microseconds{took};
    if (code == CURLE_OK) {
      long status = 0;
      curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
      answer.status = static_cast<int32_t>(status);
      curl_off_t pause = 0;
      curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &pause);
      // A day is more than anybody waits.
      answer.retry_after_seconds = static_cast<int32_t>(std::clamp<curl_off_t>(pause, 0, 86'400));
    } else {
      answer.failure = was_sent(handle, code) ? web_failure::no_answer : web_failure::not_sent;
      answer.error = what->error[0] != '\0' ? what->error : curl_easy_strerror(code);
      if (what->is_refused)
        answer.error = not_public_error;
      answer.body.clear();
    }
    curl_multi_remove_handle(multi_, handle);
    give_back(handle);
    answered_(std::move(answer));
  }

  void give_back(CURL* handle) {
    if (idle_.size() >= idle_handles) {
      curl_easy_cleanup(handle);
      return;
    }
    curl_easy_reset(handle);
    idle_.push_back(handle);
  }

  std::function<void(web_answer)> answered_;
  CURLM* multi_;
  std::unordered_map<CURL*, std::unique_ptr<call>> calls_;
  std::vector<CURL*> idle_;
  std::mutex mutex_;
  std::vector<web_request> submitted_;
  std::atomic<bool> stopping_ = false;
  /// The last member, so that the thread starts when all others are there.
  std::thread thread_;
};

web_client::web_client(std::function<void(web_answer)> answered)
  : worker_(std::make_unique<worker>(std::move(answered))) {
  // nop
}

web_client::~web_client() = default;

void web_client::submit(web_request request) {
  worker_->submit(std::move(request));
}

} // namespace meisim
