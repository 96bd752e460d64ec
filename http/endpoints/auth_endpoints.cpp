#include "http/endpoints/endpoints.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/money/answers.hpp"

#include <fmt/core.h>

namespace meisim::http {

namespace {

constexpr size_t shortest_password = 8;
constexpr size_t longest_password = 128;

/// RFC 3339 with milliseconds, as the documented login shows it.
std::string expiry(instant time) {
  auto text = rfc3339(time);
  text.insert(text.size() - 1, ".000");
  return text;
}

void log_in(const exchange_pointer& x, audience to) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  login wish;
  wish.email = in.required_email("email");
  wish.password = in.required_text("password", 1, longest_password);
  wish.portal = to == audience::portal;
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<session>(
    x->node->accounts,
    [x, to](const session& opened) {
      auto token = x->node->tokens.issue(opened.dealer.id, opened.token_epoch, to, now());
      x->succeed(
        fmt::format(R"({{"ok":true,"token":"{}","expiresAt":"{}","dealer":{{"id":"{}","email":{},)"
                    R"("company":{}}}}})",
                    token.text, expiry(token.expires_at), to_string(opened.dealer.id),
                    json_quoted(opened.dealer.email), json_quoted(opened.dealer.company)));
    },
    std::move(wish));
}

} // namespace

void post_send_otp(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  send_code wish{in.required_email("email")};
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<done>(
    x->node->accounts, [x](done) { x->succeed(std::string{R"({"sent":true})"}); }, std::move(wish));
}

void post_verify_otp(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  try_code wish{in.required_email("email"), in.required_text("code", 6, 6)};
  if (wish.code.find_first_not_of("0123456789") != std::string::npos)
    in.reject("code", "must be 6 digits");
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<issued_key>(
    x->node->accounts,
    [x](const issued_key& issued) {
      x->succeed(fmt::format(R"({{"verified":true,"apiKey":"{}"}})", issued.key));
    },
    std::move(wish));
}

void post_set_password(const exchange_pointer& x) {
  auto body = x->json_body();
  if (!body)
    return;
  fields in{*body};
  set_password wish;
  wish.dealer = x->dealer().id;
  wish.email = in.required_email("email");
  wish.password = in.required_text("password", shortest_password, longest_password);
  if (auto failure = in.failure())
    return x->fail(failure);
  x->ask<done>(
    x->node->accounts, [x](done) { x->succeed(std::string{R"({"ok":true})"}); }, std::move(wish));
}

void post_dealer_login(const exchange_pointer& x) {
  log_in(x, audience::dealer);
}

void post_portal_login(const exchange_pointer& x) {
  log_in(x, audience::portal);
}

void get_keys(const exchange_pointer& x) {
  x->ask<key_list>(
    x->node->accounts,
    [x](const key_list& list) {
      std::string body = R"({"ok":true,"keys":[)";
      for (const auto& key : list.keys) {
        bool is_used = micros(key.last_used_at) != 0;
        body +=
          fmt::format(R"({}{{"prefix":"{}","created_at":"{}","last_used_at":{}}})",
                      &key == list.keys.data() ? "" : ",", key.prefix, rfc3339(key.created_at),
                      is_used ? '"' + rfc3339(key.last_used_at) + '"' : "null");
      }
      x->succeed(body + "]}");
    },
    list_keys{x->dealer().id});
}

void delete_key(const exchange_pointer& x) {
  x->ask<done>(
    x->node->accounts, [x](done) { x->succeed(std::string{R"({"ok":true})"}); },
    revoke_key{x->dealer().id, x->captures.front()});
}

} // namespace meisim::http
