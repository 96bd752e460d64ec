#include "http/edge/admission.hpp"

#include "http/edge/asking.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"

namespace meisim::http {

namespace {

std::string_view bearer_token(const request& incoming) {
  constexpr std::string_view scheme = "Bearer ";
  auto header = incoming.header("authorization");
  return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string_view{};
}

/// Goes on by what a dealer or an IP limiter has answered.
auto take_admission(const exchange_pointer& x) {
  return [x](const admission& verdict) {
    x->admitted = verdict;
    if (verdict.refusal != ec::none)
      return fail(x, make_error(verdict.refusal, verdict.message));
    x->where.handler(x);
  };
}

/// Asks the dealer whether the credential is good, the account is in the state that the route
/// needs, and the limit is not reached.
void judge(const exchange_pointer& x, dealer_id id, credential shown) {
  admission_request question;
  question.shown = std::move(shown);
  question.limit = x->where.limit;
  question.needs_approval = x->where.who != access::any_dealer;
  question.needs_portal = x->where.who == access::portal;
  question.dealer = id;
  ask_entity<dealer_actor, admission>(x, dealer_atom_v, id, std::move(question), take_admission(x));
}

void admit_key(const exchange_pointer& x) {
  auto hash = to_hex(sha256(x->incoming.header("x-dealer-key")));
  if (auto known = x->node->keys->use(hash, std::chrono::steady_clock::now())) {
    if (known->is_note_due)
      x->self->send(x->node->accounts, key_used{hash});
    return judge(x, known->owner, {hash, 0});
  }
  ask_or<dealer_id>(
    x, x->node->records.next(),
    [x, hash](dealer_id owner) {
      x->node->keys->remember(hash, owner);
      judge(x, owner, {hash, 0});
    },
    [x](const caf::error& failure) {
      fail(x, code_of(failure) == ec::not_found
                ? make_error(ec::unauthorized, "x-dealer-key is not a key of ours")
                : failure);
    },
    find_key_owner{hash});
}

void admit_token(const exchange_pointer& x) {
  std::string text{bearer_token(x->incoming)};
  bool is_portal = x->where.who == access::portal;
  if (text.empty())
    return fail(x, make_error(ec::unauthorized,
                              is_portal ? "Authorization must be a Bearer token of the portal"
                                        : "x-dealer-key or a Bearer token is required"));
  auto wanted = is_portal ? audience::portal : audience::dealer;
  auto known = x->node->known_tokens->find(text, wanted, now());
  if (known)
    return judge(x, known->dealer, {{}, known->epoch});
  auto claims = x->node->tokens.read(text, wanted);
  if (!claims)
    return fail(x, claims.error());
  x->node->known_tokens->remember(text, wanted, *claims);
  judge(x, claims->dealer, {{}, claims->epoch});
}

void admit_dealer(const exchange_pointer& x) {
  if (!x->incoming.header("x-dealer-key").empty())
    admit_key(x);
  else
    admit_token(x);
}

void admit_address(const exchange_pointer& x) {
  ask_entity<ip_limiter_actor, admission>(x, ip_limiter_atom_v, x->incoming.ip,
                                          address_request{x->where.limit, x->incoming.ip},
                                          take_admission(x));
}

void admit_operator(const exchange_pointer& x) {
  if (!same_secret(bearer_token(x->incoming), x->node->admin_token))
    return fail(
      x, make_error(ec::unauthorized, "Authorization must be the Bearer token in admin.token"));
  x->where.handler(x);
}

} // namespace

void admit(const exchange_pointer& x) {
  switch (x->where.who) {
  case access::open:
    return x->where.limit == limit_class::none ? x->where.handler(x) : admit_address(x);
  case access::dealer:
  case access::any_dealer:
    return admit_dealer(x);
  case access::portal:
    return admit_token(x);
  case access::operators:
    return admit_operator(x);
  }
}

} // namespace meisim::http
