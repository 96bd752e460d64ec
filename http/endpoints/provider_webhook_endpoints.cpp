#include "http/edge/asking.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/crypto.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace meisim::http {

// The news that providers send by themselves. The sender has to know a secret that is part of the
// address. News change nothing by themselves: they only make due the job that looks after an order
// or an eSIM.

namespace {

/// The provider that the path names together with its secret. Null for any other path; all of them
/// are refused alike.
const provider_door* door_of(const exchange_pointer& x) {
  const auto& doors = x->node->provider_doors;
  auto found = std::ranges::find(doors, x->captures.at(0), &provider_door::prefix);
  bool is_open = found != doors.end() && found->format->read_news != nullptr
                 && found->secret.is(x->captures.at(1));
  return is_open ? &*found : nullptr;
}

void refuse_door(const exchange_pointer& x) {
  fail(x, make_error(ec::not_found, "there is no such address"));
}

void take_word(const exchange_pointer& x) {
  succeed(x, json_object([](json_writer& out) { out.member("received", true); }));
}

/// Some providers ask whether the address exists before they use it.
void get_provider_webhook(const exchange_pointer& x) {
  if (door_of(x) == nullptr)
    return refuse_door(x);
  take_word(x);
}

bool is_signed_well(const provider_door& door, const request& letter) {
  const auto& format = *door.format;
  if (format.is_signed == nullptr)
    return true;
  auto signature = letter.header(format.signature_header);
  auto text = letter.body;
  if (!format.signed_time_header.empty())
    text.append(":").append(letter.header(format.signed_time_header));
  auto keys = door.api_key.latest();
  return format.is_signed(text, signature, keys->text)
         || (!keys->before.empty() && format.is_signed(text, signature, keys->before));
}

void post_provider_webhook(const exchange_pointer& x) {
  const auto* door = door_of(x);
  if (door == nullptr)
    return refuse_door(x);
  if (!is_signed_well(*door, x->incoming))
    return fail(x, make_error(cause::malformed_body, "the body is not signed by the provider"));
  // Nobody waits for what follows: if it is lost, the next look comes by itself.
  if (auto news = door->format->read_news(x->incoming.body)) {
    news->provider = door->prefix;
    caf::anon_send(x->node->jobs, std::move(*news));
  }
  take_word(x);
}

} // namespace

route_table provider_webhook_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/provider/:prefix/webhook/:secret",
          open,
          provider_news,
          get_provider_webhook,
          {.is_page = true}},
    route{post, "/provider/:prefix/webhook/:secret", open, provider_news, post_provider_webhook,
          repeatable},
  };
  return table;
}

} // namespace meisim::http
