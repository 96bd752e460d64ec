#include "http/edge/admission.hpp"

#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/edge/page_session.hpp"
#include "http/server/client_address.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace meisim::http {

namespace {

/// The scheme's name counts in any case (RFC 9110 §11.1).
std::string_view bearer_token(const request& incoming) {
  constexpr std::string_view scheme = "Bearer ";
  auto header = incoming.header("authorization");
  return same_but_for_case(header.substr(0, scheme.size()), scheme)
           ? trimmed(header.substr(scheme.size()))
           : std::string_view{};
}

constexpr std::string_view key_in_authorization =
  "Authorization holds an API key, which belongs in the header x-dealer-key";
constexpr std::string_view key_for_portal =
  "Authorization must be a Bearer token of the portal, which takes no API key";

bool is_api_key(std::string_view text) {
  return text.starts_with("dk_");
}

/// The key as it was issued. Configuration files keep quotes around it, and some software writes
/// the scheme of another header before it.
std::string_view shown_key(const request& incoming) {
  constexpr std::string_view scheme = "Bearer ";
  auto key = trimmed_text(incoming.header("x-dealer-key"));
  if (same_but_for_case(key.substr(0, scheme.size()), scheme))
    key = trimmed_text(key.substr(scheme.size()));
  bool is_quoted =
    key.size() > 2 && key.front() == key.back() && (key.front() == '"' || key.front() == '\'');
  return is_quoted ? key.substr(1, key.size() - 2) : key;
}

/// Three parts with dots between them, and a header that is JSON in base64.
bool looks_like_token(std::string_view text) {
  return text.starts_with("eyJ") && std::ranges::count(text, '.') == 2;
}

/// The error for a dealer's refusal.
caf::error refusal_of(const admission& verdict) {
  if (verdict.refusal == ec::forbidden && verdict.dealer.status == dealer_status::pending)
    return make_error(cause::not_approved, verdict.message);
  if (verdict.refusal == ec::forbidden && verdict.dealer.status == dealer_status::suspended)
    return make_error(cause::suspended, verdict.message);
  return make_error(verdict.refusal, verdict.message);
}

/// Writes down that a dealer has reached a limit.
void note_limit(const exchange_pointer& x) {
  const auto& dealer = x->dealer();
  if (!x->node->reached_limits->is_due(dealer.id, x->where.limit, std::chrono::steady_clock::now()))
    return;
  audit_event event{stamp_of(x).as(audit_kind::limit_reached), dealer.email, dealer.id};
  event.after = json_object([&](json_writer& out) { out.member("route", x->where.path); });
  x->self->request(x->node->accounts, caf::infinite, std::move(event))
    .then([](done) {}, [](const caf::error&) {});
}

void refuse(const exchange_pointer& x, const admission& verdict) {
  x->admitted = verdict;
  if (verdict.refusal == ec::rate_limited && verdict.dealer.id)
    note_limit(x);
  fail(x, refusal_of(verdict));
}

/// Writes down that the key is in use that has just let this request pass.
void note_use(const exchange_pointer& x) {
  const auto& hash = x->shown.key_hash;
  if (!hash.empty() && x->node->keys->use(hash, std::chrono::steady_clock::now()))
    x->self->send(x->node->accounts, key_used{hash});
}

/// Goes on with the answer of a dealer or an IP limiter.
auto take_admission(const exchange_pointer& x) {
  return [x](const admission& verdict) {
    if (verdict.refusal != ec::none)
      return refuse(x, verdict);
    note_use(x);
    x->admitted = verdict;
    x->proceed();
  };
}

/// The question without the rate limit.
admission_request question_about(const exchange_pointer& x, dealer_id id) {
  admission_request question;
  question.shown = x->shown;
  question.needs_approval = x->where.who != access::any_dealer;
  question.needs_portal = x->where.who == access::portal;
  question.dealer = id;
  question.scopes = x->where.extras.scopes;
  question.address = x->incoming.ip;
  return question;
}

/// Asks the dealer whether the credential is good, the account is in the state that the route
/// needs, and the limit is not reached.
void judge(const exchange_pointer& x, dealer_id id, credential shown) {
  x->shown = std::move(shown);
  auto question = question_about(x, id);
  question.limit = x->where.limit;
  ask_entity<dealer_actor, admission>(x, dealer_atom_v, id, std::move(question), take_admission(x));
}

/// Asks the limiter of the caller's address about one more request of a group.
template <class GoOn>
void ask_address(const exchange_pointer& x, limit_class group, bool only_asks, GoOn go_on) {
  auto address = counted_address(x->incoming.ip);
  ask_entity<ip_limiter_actor, admission>(
    x, ip_limiter_atom_v, address, address_request{group, address, only_asks}, std::move(go_on));
}

/// Refuses a key that is not ours, and counts it against the address.
void refuse_key(const exchange_pointer& x) {
  ask_address(x, limit_class::unknown_key, false, [x](const admission& verdict) {
    if (verdict.refusal != ec::none)
      return refuse(x, verdict);
    fail(x, make_error(ec::unauthorized, "x-dealer-key is not a key of ours"));
  });
}

void find_owner(const exchange_pointer& x, const std::string& hash) {
  ask_or<dealer_id>(
    x, x->node->records.next(),
    [x, hash](dealer_id owner) {
      x->node->keys->remember(hash, owner);
      judge(x, owner, {hash, 0, {}});
    },
    [x, hash](const caf::error& failure) {
      if (code_of(failure) != ec::not_found)
        return fail(x, failure);
      x->node->keys->remember_unknown(hash, std::chrono::steady_clock::now());
      refuse_key(x);
    },
    find_key_owner{hash});
}

void admit_key(const exchange_pointer& x) {
  auto key = shown_key(x->incoming);
  if (looks_like_token(key))
    return fail(x, make_error(ec::unauthorized, "x-dealer-key holds a token, which belongs behind "
                                                "Bearer in the header Authorization"));
  auto hash = to_hex(sha256(key));
  auto now = std::chrono::steady_clock::now();
  if (auto owner = x->node->keys->owner_of(hash))
    return judge(x, *owner, {hash, 0, {}});
  // A mistyped key costs no question to the database.
  if (!may_be_api_key(key) || x->node->keys->is_unknown(hash, now))
    return refuse_key(x);
  // An address that has shown too many wrong keys costs no more questions to the database.
  ask_address(x, limit_class::unknown_key, true, [x, hash](const admission& verdict) {
    verdict.refusal == ec::none ? find_owner(x, hash) : refuse(x, verdict);
  });
}

/// What the token says, if it is good for these endpoints.
caf::expected<token_claims> read_token(const exchange_pointer& x, const std::string& text,
                                       audience wanted) {
  // Claims are remembered under the signing keys by which they were read, not under later ones.
  auto keys = x->node->tokens.keys();
  if (auto known = x->node->known_tokens->find(text, wanted, now(), keys))
    return std::move(*known);
  auto claims = x->node->tokens.read(text, wanted);
  if (claims)
    x->node->known_tokens->remember(text, wanted, *claims, keys);
  return claims;
}

void judge_token(const exchange_pointer& x, const token_claims& claims) {
  judge(x, claims.dealer, {{}, claims.epoch, claims.session});
}

void admit_token(const exchange_pointer& x, const std::string& text, audience wanted) {
  auto claims = read_token(x, text, wanted);
  claims ? judge_token(x, *claims) : fail(x, claims.error());
}

bool only_reads(const request& incoming) {
  return incoming.verb == method::get || incoming.verb == method::head;
}

/// A browser sends our pages' cookie with every request, even if another site has caused the
/// request.
bool is_forged(const request& incoming) {
  return !only_reads(incoming) && !is_from_own_page(incoming);
}

/// Whether a browser says that another page has sent the request. The dealers' and the operators'
/// port are one site to a browser, so the cookie comes along.
bool is_from_elsewhere(const request& incoming) {
  auto site = incoming.header("sec-fetch-site");
  return !site.empty() && site != "same-origin" && site != "none";
}

void refuse_forged(const exchange_pointer& x) {
  fail(x, make_error(ec::forbidden, "the request does not come from a page of ours"));
}

/// Lets an operator who views a dealer's account look, and end the view. Only the dealer may do
/// anything else.
void admit_viewer(const exchange_pointer& x, const token_claims& claims) {
  if (!only_reads(x->incoming) && !x->where.extras.is_for_viewers)
    return fail(x, make_error(ec::forbidden, "an operator who looks at the account changes "
                                             "nothing"));
  x->viewer = claims.viewer;
  judge_token(x, claims);
}

void admit_page(const exchange_pointer& x, std::string_view token) {
  if (is_forged(x->incoming))
    return refuse_forged(x);
  x->is_from_page = true;
  std::string text{token};
  auto claims = read_token(x, text, audience::page);
  if (claims)
    return judge_token(x, *claims);
  if (auto look = read_token(x, text, audience::view))
    return admit_viewer(x, *look);
  fail(x, claims.error());
}

/// The sentence for a caller without a Bearer token.
std::string_view lack_of_token(const request& incoming, bool is_portal) {
  auto header = trimmed(incoming.header("authorization"));
  auto last_word = header.substr(header.rfind(' ') + 1);
  if (is_api_key(last_word))
    return is_portal ? key_for_portal : key_in_authorization;
  if (looks_like_token(last_word))
    return "Authorization must be the word Bearer, a blank and the token";
  return is_portal ? "Authorization must be a Bearer token of the portal"
                   : "x-dealer-key or a Bearer token is required";
}

void admit_bearer(const exchange_pointer& x) {
  std::string text{bearer_token(x->incoming)};
  bool is_portal = x->where.who == access::portal;
  if (auto token = page_token(x->incoming, dealers_cookie); text.empty() && !token.empty())
    return admit_page(x, token);
  if (text.empty() || is_api_key(text))
    return fail(x,
                make_error(ec::unauthorized, std::string{lack_of_token(x->incoming, is_portal)}));
  admit_token(x, text, is_portal ? audience::portal : audience::dealer);
}

void admit_dealer(const exchange_pointer& x) {
  if (!x->incoming.header("x-dealer-key").empty())
    admit_key(x);
  else
    admit_bearer(x);
}

void admit_address(const exchange_pointer& x) {
  ask_address(x, x->where.limit, false, take_admission(x));
}

/// A session may be older than the option, or than the role of its operator.
bool lacks_second_factor(const exchange_pointer& x, const operator_identity& caller) {
  return !caller.session.empty() && !caller.has_second_factor
         && std::ranges::count(x->node->second_factor_roles, caller.role) > 0;
}

/// Lets an operator pass if the role suffices. A limit counts by address.
void judge_operator(const exchange_pointer& x, operator_identity caller) {
  if (lacks_second_factor(x, caller))
    return fail(x, second_factor_missing(caller.role));
  auto needed = role_needed(x->where.who).value_or(operator_role::admin);
  if (!suffices(caller.role, needed))
    return fail(x, make_error(ec::forbidden,
                              fmt::format("this takes the role {}, and {} has {}",
                                          to_string(needed), caller.name, to_string(caller.role))));
  x->caller = std::move(caller);
  x->where.limit == limit_class::none ? x->proceed() : admit_address(x);
}

/// A session is looked up each time, so that an ended session is good for nothing.
void admit_operator(const exchange_pointer& x) {
  std::string token{bearer_token(x->incoming)};
  if (token.empty()) {
    token = page_token(x->incoming, operators_cookie);
    if (!token.empty() && (is_forged(x->incoming) || is_from_elsewhere(x->incoming)))
      return refuse_forged(x);
  }
  if (x->node->admin_token.is(token))
    return judge_operator(x, {std::string{automation_name}, operator_role::admin});
  auto refused = [x] {
    fail(x, make_error(ec::unauthorized,
                       "Authorization must be the Bearer token of an operator's session or of a "
                       "script, or the one in admin.token"));
  };
  if (!is_operator_token(token))
    return refused();
  ask_or<operator_identity>(
    x, x->node->records.next(), [x](const operator_identity& caller) { judge_operator(x, caller); },
    [x, refused](const caf::error& failure) {
      if (code_of(failure) == ec::not_found)
        refused();
      else
        fail(x, failure);
    },
    find_operator{to_hex(sha256(token))});
}

} // namespace

void admit(const exchange_pointer& x) {
  switch (x->where.who) {
  case access::open:
    return x->where.limit == limit_class::none ? x->proceed() : admit_address(x);
  case access::dealer:
  case access::any_dealer:
    return admit_dealer(x);
  case access::portal:
    return admit_bearer(x);
  case access::viewer:
  case access::support:
  case access::finance:
  case access::admin:
    return admit_operator(x);
  }
}

admission_request question_asked(const exchange_pointer& x) {
  return question_about(x, x->dealer().id);
}

} // namespace meisim::http
