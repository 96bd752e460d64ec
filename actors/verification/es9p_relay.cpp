#include "actors/verification/es9p_relay.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/verification/public_address.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace meisim {

namespace {

/// An answer to authenticateClient has a few certificates and the profile's metadata, with an icon
/// of at most 1 KiB.
constexpr size_t body_limit = size_t{256} * 1024;
constexpr long connect_timeout_ms = 10'000;

constexpr std::array<std::string_view, 3> carried_headers{
  "content-type:", "user-agent:", "x-admin-protocol:"};

bool is_carried(std::string_view line) {
  return std::any_of(carried_headers.begin(), carried_headers.end(), [&](std::string_view name) {
    return line.size() > name.size() && same_but_for_case(line.substr(0, name.size()), name);
  });
}

std::string address_text(const curl_sockaddr& address) {
  std::array<char, NI_MAXHOST> text{};
  if (::getnameinfo(&address.addr, address.addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST)
      != 0)
    return "unknown";
  return text.data();
}

} // namespace

void es9p_relay::multi_deleter::operator()(CURLM* handle) const {
  curl_multi_cleanup(handle);
}

void es9p_relay::easy_deleter::operator()(CURL* handle) const {
  curl_easy_cleanup(handle);
}

void es9p_relay::list_deleter::operator()(curl_slist* list) const {
  curl_slist_free_all(list);
}

es9p_relay::es9p_relay(std::string host, const relay_settings& settings)
  : host_(std::move(host)), settings_(settings), multi_(curl_multi_init()),
    easy_(curl_easy_init()) {
  if (!settings_.connect_to.empty())
    connect_to_.reset(curl_slist_append(nullptr, (host_ + ":443:" + settings_.connect_to).c_str()));
  prepare();
}

es9p_relay::~es9p_relay() {
  if (is_under_way_)
    curl_multi_remove_handle(multi_.get(), easy_.get());
}

void es9p_relay::prepare() {
  auto* handle = easy_.get();
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings_.ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, settings_.ca_file.c_str());
    // Without this, the system's certificates would be trusted as well.
    curl_easy_setopt(handle, CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  if (connect_to_)
    curl_easy_setopt(handle, CURLOPT_CONNECT_TO, connect_to_.get());
}

curl_socket_t es9p_relay::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& relay = *static_cast<es9p_relay*>(self);
  if (!relay.settings_.allow_private && !is_public_address(address->addr)) {
    relay.refused_address_ = address_text(*address);
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t es9p_relay::collect(char* data, size_t size, size_t count, void* self) {
  auto& body = static_cast<es9p_relay*>(self)->answer_.body;
  if (body.size() + size * count > body_limit)
    return 0;
  body.append(data, size * count);
  return size * count;
}

void es9p_relay::post(std::string_view path, const std::vector<std::string>& headers,
                      std::string body) {
  auto* handle = easy_.get();
  answer_ = {};
  refused_address_.clear();
  request_body_ = std::move(body);
  headers_.reset();
  for (const auto& line : headers)
    if (is_carried(line))
      headers_.reset(curl_slist_append(headers_.release(), line.c_str()));
  // The body is sent at once, without asking for leave first.
  headers_.reset(curl_slist_append(headers_.release(), "Expect:"));
  auto url = "https://" + host_ + std::string{path};
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request_body_.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request_body_.data());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers_.get());
  curl_multi_add_handle(multi_.get(), handle);
  is_under_way_ = true;
}

std::string es9p_relay::connect_only() {
  auto* handle = easy_.get();
  auto url = "https://" + host_ + '/';
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
  auto code = curl_easy_perform(handle);
  if (code == CURLE_OK)
    return {};
  return refused_address_.empty() ? curl_easy_strerror(code)
                                  : refused_address_ + " is no public address";
}

bool es9p_relay::proceed() {
  if (!is_under_way_)
    return false;
  int running = 0;
  curl_multi_perform(multi_.get(), &running);
  int left = 0;
  while (auto* message = curl_multi_info_read(multi_.get(), &left))
    if (message->msg == CURLMSG_DONE) {
      finish(message->data.result);
      return true;
    }
  return false;
}

void es9p_relay::finish(CURLcode code) {
  is_under_way_ = false;
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer_.http_status = static_cast<int32_t>(status);
  } else {
    answer_.body.clear();
    answer_.failure = refused_address_.empty() ? curl_easy_strerror(code)
                                               : refused_address_ + " is no public address";
  }
  curl_multi_remove_handle(multi_.get(), easy_.get());
}

relay_answer es9p_relay::take() {
  return std::exchange(answer_, {});
}

} // namespace meisim
