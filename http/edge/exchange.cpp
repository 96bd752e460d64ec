#include "http/edge/exchange.hpp"

#include "http/edge/receipt_answer.hpp"
#include "http/edge/route.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"

#include <algorithm>
#include <limits>

namespace meisim::http {

namespace {

std::string_view bearer_token(const request& incoming) {
  constexpr std::string_view scheme = "Bearer ";
  auto header = incoming.header("authorization");
  return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string_view{};
}

bool is_json(std::string_view content_type) {
  constexpr std::string_view wanted = "application/json";
  return same_but_for_case(content_type.substr(0, wanted.size()), wanted)
         && (content_type.size() == wanted.size() || content_type[wanted.size()] == ';'
             || content_type[wanted.size()] == ' ');
}

} // namespace

// -- admission ------------------------------------------------------------------------------------

void exchange::run(request_runner_actor::pointer runner) {
  self = runner;
  attempt([this] { admit(); });
}

void exchange::admit() {
  switch (where_.who) {
  case access::open:
    return where_.limit == limit_class::none ? where_.handler(shared_from_this()) : admit_address();
  case access::dealer:
  case access::any_dealer:
    return admit_dealer();
  case access::portal:
    return admit_token();
  case access::operators:
    return admit_operator();
  }
}

void exchange::admit_dealer() {
  if (!incoming.header("x-dealer-key").empty())
    admit_key();
  else
    admit_token();
}

void exchange::admit_key() {
  auto hash = to_hex(sha256(incoming.header("x-dealer-key")));
  if (auto known = node->keys->use(hash, std::chrono::steady_clock::now())) {
    if (known->is_note_due)
      self->send(node->accounts, key_used{hash});
    return judge(known->owner, {hash, 0});
  }
  auto me = shared_from_this();
  ask_or<dealer_id>(
    node->records.next(),
    [me, hash](dealer_id owner) {
      me->node->keys->remember(hash, owner);
      me->judge(owner, {hash, 0});
    },
    [me](const caf::error& failure) {
      me->fail(code_of(failure) == ec::not_found
                 ? make_error(ec::unauthorized, "x-dealer-key is not a key of ours")
                 : failure);
    },
    find_key_owner{hash});
}

void exchange::admit_token() {
  std::string text{bearer_token(incoming)};
  bool is_portal = where_.who == access::portal;
  if (text.empty())
    return fail(
      make_error(ec::unauthorized, is_portal ? "Authorization must be a Bearer token of the portal"
                                             : "x-dealer-key or a Bearer token is required"));
  auto wanted = is_portal ? audience::portal : audience::dealer;
  auto known = node->known_tokens->find(text, wanted, now());
  if (known)
    return judge(known->dealer, {{}, known->epoch});
  auto claims = node->tokens.read(text, wanted);
  if (!claims)
    return fail(claims.error());
  node->known_tokens->remember(text, wanted, *claims);
  judge(claims->dealer, {{}, claims->epoch});
}

void exchange::judge(dealer_id id, credential shown) {
  admission_request question;
  question.shown = std::move(shown);
  question.limit = where_.limit;
  question.needs_approval = where_.who != access::any_dealer;
  question.needs_portal = where_.who == access::portal;
  question.dealer = id;
  auto me = shared_from_this();
  ask_entity<dealer_actor, admission>(
    dealer_atom_v, id, std::move(question),
    [me](const admission& verdict) { me->take_admission(verdict); });
}

void exchange::admit_address() {
  auto me = shared_from_this();
  ask_entity<ip_limiter_actor, admission>(
    ip_limiter_atom_v, incoming.ip, address_request{where_.limit, incoming.ip},
    [me](const admission& verdict) { me->take_admission(verdict); });
}

void exchange::admit_operator() {
  if (!same_secret(bearer_token(incoming), node->admin_token))
    return fail(
      make_error(ec::unauthorized, "Authorization must be the Bearer token in admin.token"));
  where_.handler(shared_from_this());
}

void exchange::take_admission(const admission& verdict) {
  admission_ = verdict;
  if (verdict.refusal != ec::none)
    return fail(make_error(verdict.refusal, verdict.message));
  where_.handler(shared_from_this());
}

// -- what handlers need ---------------------------------------------------------------------------

std::optional<Json::Value> exchange::json_body() {
  if (!is_json(incoming.header("content-type"))) {
    answer(error_response(415, "Content-Type must be application/json"));
    return std::nullopt;
  }
  auto body = parse_body(incoming.body);
  if (body)
    return std::move(*body);
  fail(body.error());
  return std::nullopt;
}

std::optional<Json::Value> exchange::optional_json_body() {
  if (incoming.body.empty())
    return Json::Value{Json::objectValue};
  return json_body();
}

std::optional<std::string> exchange::idempotency_key() {
  constexpr size_t longest = 255;
  auto key = incoming.header("idempotency-key");
  bool is_visible =
    std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (key.size() <= longest && is_visible)
    return std::string{key};
  fail(make_error(ec::invalid, "Idempotency-Key must be 1 to 255 visible characters"));
  return std::nullopt;
}

std::optional<page_range> exchange::page() {
  auto limit = incoming.whole_parameter("limit", 1, 1'000, 100);
  auto offset = incoming.whole_parameter("offset", 0, std::numeric_limits<int32_t>::max(), 0);
  if (limit && offset)
    return page_range{*limit, *offset};
  fail(limit ? offset.error() : limit.error());
  return std::nullopt;
}

std::string exchange::request_hash() const {
  return to_hex(
    sha256(std::string{to_string(incoming.verb)} + ' ' + incoming.path + '\n' + incoming.body));
}

// -- answers --------------------------------------------------------------------------------------

void exchange::succeed(std::string body) {
  response result;
  result.body = std::move(body);
  answer(std::move(result));
}

void exchange::succeed(const receipt& what) {
  response result;
  result.status = status_of(what.code);
  result.body = receipt_answer(what);
  if (what.replayed && !incoming.header("idempotency-key").empty())
    result.headers.emplace_back("Idempotent-Replayed", "true");
  answer(std::move(result));
}

void exchange::fail(const caf::error& failure) {
  // The verification and portal endpoints have a name of their own for missing funds.
  bool names_funds = where_.who == access::portal || where_.path.starts_with("/dealer/esim-verify");
  answer(problem(failure, names_funds));
}

void exchange::answer(response what) {
  const auto& rate = admission_.rate;
  if (rate.limit > 0) {
    what.headers.emplace_back("RateLimit-Limit", std::to_string(rate.limit));
    what.headers.emplace_back("RateLimit-Remaining", std::to_string(rate.remaining));
    what.headers.emplace_back("RateLimit-Reset", std::to_string(rate.reset_seconds));
  }
  if (what.status == 429)
    what.headers.emplace_back("Retry-After", std::to_string(rate.reset_seconds));
  what.note.route = where_.path;
  if (admission_.dealer.id)
    what.note.dealer = to_string(admission_.dealer.id);
  to_.send(std::move(what));
}

void exchange::break_down(std::string_view why) {
  auto failed = error_response(500, "something failed on our side");
  failed.note.detail = why;
  answer(std::move(failed));
}

} // namespace meisim::http
