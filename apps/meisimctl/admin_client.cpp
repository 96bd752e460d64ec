#include "apps/meisimctl/admin_client.hpp"

#include "apps/meisimctl/acting_as.hpp"
#include "apps/meisimctl/saved_session.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <curl/curl.h>
#include <fmt/core.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <thread>

namespace meisim {

namespace {

struct easy_deleter {
  void operator()(CURL* handle) const {
    curl_easy_cleanup(handle);
  }
};

struct list_deleter {
  void operator()(curl_slist* list) const {
    curl_slist_free_all(list);
  }
};

size_t append(char* bytes, size_t size, size_t count, void* target) {
  static_cast<std::string*>(target)->append(bytes, size * count);
  return size * count;
}

std::unique_ptr<curl_slist, list_deleter> headers_of(const std::string& token, const char* type,
                                                     const std::string& key) {
  curl_slist* list = nullptr;
  if (!token.empty())
    list = curl_slist_append(list, ("Authorization: Bearer " + token).c_str());
  list = curl_slist_append(list, (std::string{"Content-Type: "} + type).c_str());
  list = curl_slist_append(list, ("Idempotency-Key: " + key).c_str());
  list = curl_slist_append(list, "Expect:");
  return std::unique_ptr<curl_slist, list_deleter>{list};
}

/// A person's session comes before the node's own token.
std::string token_for(const std::string& url, const std::string& home) {
  if (auto session = saved_session(url); !session.empty())
    return session;
  auto path = home + "/admin.token";
  acting_as owner{owner_of_folder_of(path)};
  std::ifstream file{path};
  std::string token;
  if (!std::getline(file, token))
    throw refused("cannot read " + path
                  + "; --home names the home of the node, or sign in with "
                    "meisimctl login");
  return token;
}

std::string refusal_in(long status, const std::string& text) {
  auto answer = parse_answer(text);
  auto message = text_of(answer, "message");
  if (!message.empty())
    return fmt::format("{} ({}, request {})", message, text_of(answer, "code"),
                       text_of(answer, "request_id"));
  return "the node answered with status " + std::to_string(status);
}

} // namespace

std::string admin_client::get(const std::string& path) const {
  return call(path, nullptr);
}

std::string admin_client::remove(const std::string& path) const {
  content what{{}, "application/json", to_string(make_uuid()), false, true};
  return call(path, &what);
}

std::string admin_client::post(const std::string& path, const Json::Value& body) const {
  // Even if libcurl repeats the call, it is done only once.
  content what{write_json(body), "application/json", to_string(make_uuid())};
  return call(path, &what);
}

std::string admin_client::post_without_token(const std::string& path,
                                             const Json::Value& body) const {
  content what{write_json(body), "application/json", to_string(make_uuid()), true};
  return call(path, &what);
}

std::string admin_client::post_text(const std::string& path, const std::string& body) const {
  content what{body, "text/csv", to_string(make_uuid())};
  return call(path, &what);
}

std::string admin_client::post_once(const std::string& path, const Json::Value& body,
                                    const std::string& key) const {
  constexpr int most_tries = 3;
  content what{write_json(body), "application/json", key};
  bool is_lost = false;
  for (int tries = 1;; ++tries) {
    try {
      return call(path, &what);
    } catch (const refused& why) {
      // Once an answer was lost, the refusal of a repeat does not tell what became of the first
      // try.
      is_lost = is_lost || dynamic_cast<const answer_lost*>(&why) != nullptr;
      if (!is_lost)
        throw;
      if (tries == most_tries)
        throw refused(fmt::format("{}; it may be done already: repeat it with --idempotency-key {}",
                                  why.what(), key));
      std::this_thread::sleep_for(std::chrono::seconds{tries});
    }
  }
}

std::string admin_client::call(const std::string& path, const content* what) const {
  constexpr long may_be_done = 503;
  constexpr long unauthorized = 401;
  std::unique_ptr<CURL, easy_deleter> handle{curl_easy_init()};
  bool needs_token = !what || !what->is_open;
  auto headers =
    headers_of(needs_token ? token_for(url_, home_) : std::string{},
               what ? what->type : "application/json", what ? what->key : to_string(make_uuid()));
  std::string answer;
  curl_easy_setopt(handle.get(), CURLOPT_URL, (url_ + path).c_str());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(handle.get(), CURLOPT_NOPROXY, "*");
  if (what && what->is_removal) {
    curl_easy_setopt(handle.get(), CURLOPT_CUSTOMREQUEST, "DELETE");
  } else if (what) {
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(what->text.size()));
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, what->text.c_str());
  }
  auto failure = curl_easy_perform(handle.get());
  auto away = "the node at " + url_ + " cannot be reached: " + curl_easy_strerror(failure);
  if (failure == CURLE_COULDNT_CONNECT || failure == CURLE_COULDNT_RESOLVE_HOST)
    throw refused(away);
  if (failure != CURLE_OK)
    throw answer_lost(away);
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  bool in_session = needs_token && !saved_session(url_).empty();
  if (status == may_be_done)
    throw answer_lost(refusal_in(status, answer));
  if (status == unauthorized && in_session)
    throw session_ended("the session has ended; sign in with meisimctl login, or leave it with "
                        "meisimctl logout");
  if (status != 200)
    throw refused(refusal_in(status, answer));
  return answer;
}

void demand_dealer(const admin_client& node, const std::string& email) {
  if (!email.empty())
    node.get("/admin/v1/dealers/" + url_escaped(email));
}

Json::Value parse_answer(std::string_view text) {
  auto value = parse_json(text);
  return value ? std::move(*value) : Json::Value{};
}

} // namespace meisim
