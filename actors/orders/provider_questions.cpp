#include "actors/orders/provider.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/json_writer.hpp"

#include <algorithm>
#include <utility>

namespace meisim {

namespace {

/// How often a question is asked. It is so few times that a question which the provider cannot
/// digest does not open the circuit for all others.
constexpr uint32_t most_tries_of_a_question = 3;

/// Whether the provider wants to be left alone for a while.
bool is_turned_away(const web_answer& answer) {
  return answer.failure == web_failure::none && (answer.status == 429 || answer.status == 503);
}

/// Whether the provider has certainly not done what it was asked.
bool was_not_taken(const web_answer& answer) {
  return answer.failure == web_failure::not_sent || is_turned_away(answer);
}

bool has_failed(const web_answer& answer) {
  return answer.failure != web_failure::none || answer.status >= 500 || answer.status == 429;
}

/// Why a SIM cannot be asked for, by the provider's catalogue.
caf::error flaw_of(const sim_question& what, const network* listed, const provider_format& format) {
  if (listed == nullptr && format.orders_by_code)
    return make_error(cause::vendor_unreachable, "the provider's catalogue cannot be had");
  if (listed != nullptr && !listed->takes_serials && !what.sim.sim_serial.empty())
    return make_error(cause::wrong_state,
                      "this network knows SIMs by their telephone numbers only");
  return {};
}

/// Why none of a provider's eSIMs can be revoked.
const char* no_revocation(const provider_format& format) {
  return format.refunds_on_request
           ? "the provider of this eSIM revokes none; it gives money back only if people there "
             "agree: our support asks them"
           : "the provider of this eSIM revokes none";
}

} // namespace

caf::typed_response_promise<provider_text> provider_state::ask_about(const esim_question& what) {
  if (what.is_revocation && !settings_.format->revokes_esims) {
    auto promise = self_->make_response_promise<provider_text>();
    promise.deliver(make_error(cause::wrong_state, no_revocation(*settings_.format)));
    return promise;
  }
  if (settings_.format->esim_call == nullptr) {
    auto promise = self_->make_response_promise<provider_text>();
    promise.deliver(make_error(cause::wrong_state, "the provider of this name sells no eSIMs"));
    return promise;
  }
  auto about = what;
  about.product = bare(about.product);
  question asked;
  asked.about = about;
  asked.leads_to_revocation = what.is_revocation && settings_.format->revocation_call != nullptr;
  asked.only_reads = !what.is_revocation || asked.leads_to_revocation;
  about.is_revocation = !asked.only_reads;
  return put_question(std::move(asked), settings_.format->esim_call(about));
}

caf::typed_response_promise<provider_text> provider_state::ask_about(const sim_question& what) {
  if (settings_.format->sim_call == nullptr) {
    auto promise = self_->make_response_promise<provider_text>();
    promise.deliver(make_error(ec::vendor_error, "the provider tops up no SIMs"));
    return promise;
  }
  const auto* listed = catalogue_ ? find_network(*catalogue_, what.network) : nullptr;
  auto flaw = flaw_of(what, listed, *settings_.format);
  if (flaw) {
    auto promise = self_->make_response_promise<provider_text>();
    promise.deliver(std::move(flaw));
    return promise;
  }
  auto asked = what;
  asked.network = bare(asked.network);
  question what_is_asked;
  what_is_asked.only_reads = true;
  if (listed != nullptr)
    what_is_asked.of = *listed;
  auto call = settings_.format->sim_call(asked, what_is_asked.of);
  return put_question(std::move(what_is_asked), std::move(call));
}

caf::typed_response_promise<provider_text> provider_state::ask_for_list(
  const provider_list_question& what) {
  if (settings_.format->list_call == nullptr) {
    auto promise = self_->make_response_promise<provider_text>();
    promise.deliver(make_error(cause::wrong_state,
                               "this provider lists no orders: hold its invoice against them"));
    return promise;
  }
  question asked;
  asked.only_reads = true;
  asked.page = what.wish.page;
  return put_question(std::move(asked), settings_.format->list_call(what.wish));
}

/// A page as operators read it; 502 if the answer is no page.
provider_text provider_state::listed(const web_answer& answer, int32_t number) const {
  auto page =
    answer.status == 200 ? settings_.format->read_list(answer.body, number) : std::nullopt;
  if (!page)
    return {answer.status == 200 ? 502 : answer.status, {}};
  auto write = [this](json_writer& out, const listed_order& order) {
    out.member("id", order.id)
      .member("reference", or_null(order.reference))
      .member("amountUsd", dollars_up(order.amount, order.currency, settings_.rates))
      .member("at", order.at);
  };
  return {200, json_object([&](json_writer& out) {
            out.objects("data", page->orders, write)
              .member("nextPage", page->has_more ? std::optional{number + 1} : std::nullopt);
          })};
}

caf::typed_response_promise<provider_text> provider_state::put_question(question what,
                                                                        provider_call call) {
  what.call = std::move(call);
  what.give_up_at = now() + settings_.patience;
  what.promise = self_->make_response_promise<provider_text>();
  auto promise = what.promise;
  auto call_id = ++last_call_id_;
  questions_.emplace(call_id, std::move(what));
  ask(call_id);
  return promise;
}

void provider_state::ask(uint64_t call_id) {
  auto& what = questions_.at(call_id);
  auto give_up = [&](const char* why) {
    what.promise.deliver(make_error(cause::vendor_unreachable, why));
    questions_.erase(call_id);
  };
  if (now() >= what.give_up_at)
    return give_up("the provider takes no questions");
  if (auto time = take_turn(false); time.count() > 0) {
    if (token_wait().count() > 0)
      return give_up("the provider refuses our credential");
    self_->delayed_send(self_, time, wake_atom_v, call_id, uint32_t{0});
    return;
  }
  auto before = breaker_.state();
  if (!breaker_.try_pass(now()))
    return give_up("the provider is away");
  show_circuit(before);
  ++what.tries;
  what.token = token_number_;
  auto request = request_for(what.call);
  request.call_id = call_id;
  submit_(std::move(request));
}

void provider_state::take_text(uint64_t call_id, question& what, web_answer answer) {
  if (renews_token(answer, what.token, what.has_new_token))
    return ask(call_id);
  // A revocation whose answer was lost may have been carried out. The caller has to ask.
  bool is_harmless = what.only_reads || was_not_taken(answer);
  if (has_failed(answer) && is_harmless && what.tries < most_tries_of_a_question) {
    auto time = std::max<std::chrono::milliseconds>(
      backoff(what.tries), std::chrono::seconds{answer.retry_after_seconds});
    if (now() + time <= what.give_up_at) {
      self_->delayed_send(self_, time, wake_atom_v, call_id, uint32_t{0});
      return;
    }
  }
  if (has_failed(answer)) {
    what.promise.deliver(make_error(cause::vendor_unreachable, "the provider does not answer"));
  } else if (what.leads_to_revocation
             && !tells_revoked(*settings_.format, answer.status, answer.body, *what.about)) {
    if (auto next = settings_.format->revocation_call(answer.body, *what.about))
      return revoke(call_id, what, std::move(*next));
    what.promise.deliver(provider_text{404, std::move(answer.body)});
  } else if (what.about) {
    what.promise.deliver(settings_.format->read_esim(answer.status, answer.body, *what.about));
  } else if (what.page) {
    what.promise.deliver(listed(answer, *what.page));
  } else {
    const auto& format = *settings_.format;
    auto status = format.read_sim == nullptr ? answer.status
                                             : format.read_sim(answer.status, answer.body, what.of);
    what.promise.deliver(provider_text{status, std::move(answer.body)});
  }
  questions_.erase(call_id);
}

void provider_state::revoke(uint64_t call_id, question& what, provider_call call) {
  what.call = std::move(call);
  what.leads_to_revocation = false;
  what.only_reads = false;
  what.tries = 0;
  ask(call_id);
}

} // namespace meisim
