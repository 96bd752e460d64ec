#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/network.hpp"

#include <array>
#include <sstream>

namespace meisim::http {

// API keys.

namespace {

constexpr Json::ArrayIndex most_networks = 20;
constexpr size_t longest_key_label = 64;

/// The names in a text with blanks between them.
std::vector<std::string> names_of(scope_set scopes) {
  std::istringstream words{to_string(scopes)};
  std::vector<std::string> result;
  for (std::string word; words >> word;)
    result.push_back(word);
  return result;
}

void write_key(json_writer& out, const api_key& key) {
  out.member("prefix", key.prefix)
    .member("label", or_null(key.label))
    .array("scopes", names_of(key.scopes))
    .array("allowedIps", key.networks)
    .member("expiresAt", key.expires_at)
    .member("created_at", key.created_at)
    .member("last_used_at", key.last_used_at);
}

void get_keys(const exchange_pointer& x) {
  ask<key_list>(
    x, x->node->accounts,
    [x](const key_list& list) {
      succeed(x, json_object([&](json_writer& out) {
                out.member("ok", true).objects("keys", list.keys, write_key);
              }));
    },
    list_keys{x->dealer().id});
}

// -- what a new key is good for -------------------------------------------------------------------

scope_set read_scopes(fields& in) {
  scope_set result;
  for (const auto& item : in.required_array("scopes")) {
    auto scope = parse_scope(item.isString() ? item.asString() : std::string{});
    if (!scope)
      in.reject("scopes", "must name read, order, wallet, verify or manage");
    result = result | scope.value_or(scope_set{});
  }
  if (result.is_empty())
    in.reject("scopes", "must name at least one scope");
  return result;
}

/// If it is absent, the key never expires.
instant read_expiry(fields& in) {
  auto time = in.optional_time("expiresAt");
  // An empty text does not ask for a key without end.
  if (!time && in.has("expiresAt"))
    in.reject("expiresAt", "must be a time like 2026-05-05T12:34:56Z");
  if (time && *time <= now())
    in.reject("expiresAt", "must lie ahead");
  return time.value_or(instant{});
}

std::vector<std::string> read_networks(fields& in) {
  const auto& list = in.optional_array("allowedIps");
  if (in.has("allowedIps") && !list.isArray())
    in.reject("allowedIps", "must be a list of addresses and networks");
  if (list.size() > most_networks)
    in.reject("allowedIps", "must name at most 20 addresses and networks");
  std::vector<std::string> result;
  for (const auto& item : list) {
    auto network = read_network(item.isString() ? item.asString() : std::string{});
    if (!network)
      in.reject("allowedIps", "must name addresses and networks, such as 192.0.2.7 or 10.0.0.0/8");
    else
      result.push_back(std::move(*network));
  }
  return result;
}

/// A key cannot make a key that may do more than itself.
caf::error refusal_of(const admission& maker, const make_key& wish) {
  if (maker.is_bound)
    return make_error(ec::forbidden,
                      "a key that expires, or is bound to addresses, makes no other keys");
  if ((wish.scopes | maker.scopes) != maker.scopes)
    return make_error(ec::forbidden, "a key makes no key with scopes that it lacks itself");
  return {};
}

void post_key(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    make_key result;
    result.dealer = x->dealer().id;
    result.label = in.required_text("label", 1, longest_key_label);
    result.scopes = read_scopes(in);
    result.expires_at = read_expiry(in);
    result.networks = read_networks(in);
    result.by = stamp_of(x);
    return result;
  });
  if (!wish)
    return;
  if (auto refusal = refusal_of(x->admitted, *wish))
    return fail(x, refusal);
  ask<issued_key>(
    x, x->node->accounts,
    [x](const issued_key& issued) {
      succeed(x, json_object(
                   [&](json_writer& out) { out.member("ok", true).member("apiKey", issued.key); }));
    },
    std::move(*wish));
}

void delete_key(const exchange_pointer& x) {
  ask<done>(
    x, x->node->accounts, [x](done) { succeed(x); },
    revoke_key{x->dealer().id, x->captures.front(), stamp_of(x)});
}

} // namespace

route_table key_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/dealer/keys", dealer, read, get_keys, open_to(scopes::read | scopes::manage)},
    route{post,
          "/dealer/keys",
          dealer,
          read,
          post_key,
          {.scopes = scopes::manage, .told_by = "GET /dealer/keys tells"}},
    route{del, "/dealer/keys/:prefix", dealer, read, delete_key, open_to(scopes::manage)},
  };
  return table;
}

} // namespace meisim::http
