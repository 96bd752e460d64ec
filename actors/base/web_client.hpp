#pragma once

#include "protocols/base/web.hpp"

#include <caf/send.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace meisim {

/// The error of a call that was not begun, because its name stands for no public address.
inline constexpr std::string_view not_public_error = "the address is not a public one";

/// Starts a call. Its answer comes as a message.
using web_submit = std::function<void(web_request)>;

/// Calls HTTP services from a thread of its own, many at a time, over connections that stay open.
/// Follows no redirects and takes answers of at most 8 MiB.
class web_client {
public:
  /// `answered` is called on the client's thread, once for each request; it must not block or
  /// throw.
  explicit web_client(std::function<void(web_answer)> answered);

  /// Calls under way are dropped without an answer.
  ~web_client();

  web_client(const web_client&) = delete;
  web_client& operator=(const web_client&) = delete;

  /// Takes a request from any thread and returns at once.
  void submit(web_request request);

private:
  class worker;

  std::unique_ptr<worker> worker_;
};

/// How an actor sends calls outside of tests: by a `web_client` of its own, so that it shares no
/// connection. The client keeps the actor alive until the actor is told to exit.
template <class Actor>
web_submit submit_for(const Actor& answers_to) {
  auto client = std::make_shared<web_client>(
    [answers_to](web_answer answer) { caf::anon_send(answers_to, std::move(answer)); });
  return [client](web_request request) { client->submit(std::move(request)); };
}

} // namespace meisim
