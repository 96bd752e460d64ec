#pragma once

#include "actors/base/call_pace.hpp"
#include "actors/base/circuit_breaker.hpp"
#include "actors/base/web_client.hpp"
#include "actors/orders/recent_calls.hpp"
#include "protocols/base/kept_secret.hpp"
#include "protocols/base/web.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/orders/intent.hpp"
#include "protocols/orders/provider_format.hpp"
#include "protocols/orders/provider_status.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace meisim {

/// Sees each exchange with a provider: a call, and the answer to it.
struct exchange_observer {
  std::function<void(const web_request&)> asked;
  std::function<void(const web_answer&)> answered;
};

/// How to speak to the upstream provider.
struct provider_settings {
  /// The prefix of what it sells, which also tells its metrics and log lines apart.
  std::string name = "p3";
  /// Whether the provider's own names lack the prefix. If so, the prefix is added to what it sells
  /// and removed from what it is asked.
  bool has_bare_names = false;
  const provider_format* format = &standard_format;
  /// Where its API is: `http://127.0.0.1:8090`.
  std::string url;
  /// Empty for none.
  kept_secret api_key;
  /// Calls under way at a time; the rest waits its turn.
  size_t concurrency = 64;
  /// How many orders may be under way or waiting; the next one is refused as `unavailable`.
  size_t most_tasks = 10'000;
  std::chrono::milliseconds connect_timeout{3'000};
  /// From the start of a call to the last byte of its answer.
  std::chrono::milliseconds timeout{10'000};
  /// How often an order is tried that certainly was not accepted.
  uint32_t most_tries = 5;
  /// For how long the provider is asked about an order whose fate is unknown.
  std::chrono::milliseconds patience{25'000};
  /// The pause after the first failure; each further one doubles it, and chance shortens it by up
  /// to half.
  std::chrono::milliseconds first_pause{200};
  std::chrono::milliseconds longest_pause{2'000};
  /// The age at which the catalogue is fetched anew.
  std::chrono::milliseconds catalogue_lifetime{60'000};
  /// Gets each new catalogue.
  std::function<void(std::shared_ptr<const catalogue>)> publish = [](const auto&) {};
  /// Gets how the provider is, whenever that changes.
  std::function<void(provider_status)> tell = [](const auto&) {};
  circuit_settings circuit;
  /// Where orders are noted before they are asked for; only for formats that want it.
  intent_store_actor intents = {};
  /// The log warns when there is less on the account.
  money low_balance = {};
  /// How often the balance is asked for, where the provider tells it.
  std::chrono::milliseconds balance_lifetime{300'000};
  /// What other currencies than dollars are worth.
  std::vector<exchange_rate> rates = {};
  /// The address to which the provider sends its webhooks, without its secret end. Empty if nobody
  /// can call us.
  std::string news_url = {};
  kept_secret news_secret = {};
  /// Null if nobody looks on.
  std::shared_ptr<exchange_observer> observer = {};
};

/// Makes the function by which an actor sends calls. Their answers come to that actor.
using web_connector = std::function<web_submit(provider_actor)>;

class provider_state {
public:
  static inline const char* name = "provider";

  using pointer = provider_actor::stateful_pointer<provider_state>;

  void start(pointer self, provider_settings settings, const web_connector& connect,
             prometheus::Registry& registry);

  /// Answers the sender with the catalogue that is there, or else with the next.
  caf::typed_response_promise<catalogue_view> view();

  /// Takes an order. Answers the sender in the end.
  caf::typed_response_promise<provider_outcome> accept(provider_order order);

  /// Asks about an eSIM or a SIM, again after a pause where that is safe.
  caf::typed_response_promise<provider_text> ask_about(const esim_question& what);
  caf::typed_response_promise<provider_text> ask_about(const sim_question& what);
  caf::typed_response_promise<provider_text> ask_for_list(const provider_list_question& what);

  void handle(web_answer answer);

  /// Takes a task or a question up again after its pause.
  void wake(uint64_t call_id, uint32_t step);

  /// Fetches the catalogue if it has aged, ends what has waited too long, and tells of the calls.
  void tick();

private:
  struct task {
    provider_order order;
    /// What it costs by the catalogue of when it was asked for.
    std::optional<money> cost;
    /// The next call asks what became of the order instead of placing it.
    bool looking_up = false;
    /// It may have been bought, by an earlier task or by this one.
    bool is_doubtful = false;
    /// An order call of this task has ended without an answer.
    bool is_unanswered = false;
    /// Until when the provider may still be at work on an order call whose end nobody has heard, of
    /// this task or of one before it.
    std::optional<std::chrono::steady_clock::time_point> settles_at;
    /// The outcome if the provider turns out to know no such order.
    std::optional<provider_outcome> objection;
    bool is_under_way = false;
    /// The number of the token that the call bears, and whether it had to be renewed before.
    uint64_t token = 0;
    bool has_new_token = false;
    /// The intent to ask the provider is noted, or the format needs no note.
    bool is_noted = false;
    /// The provider has been asked what an order needs before it is placed, or is being asked now.
    bool is_checked = false;
    bool is_being_checked = false;
    /// What the last try came to.
    std::string last_words;
    /// Its caller has been answered: only the end of its call is awaited.
    bool is_over = false;
    uint32_t tries = 0;
    /// For how long the provider wants to be left alone.
    std::chrono::milliseconds rest{0};
    /// Tells the present wake-up from one that is out of date.
    uint32_t step = 0;
    std::chrono::steady_clock::time_point give_up_at;
    caf::typed_response_promise<provider_outcome> promise;
  };

  /// What is asked about an eSIM or a SIM.
  struct question {
    /// What is asked, of an eSIM.
    std::optional<esim_question> about;
    /// Whether the answer tells what call will revoke it.
    bool leads_to_revocation = false;
    /// Which page of the list of orders this asks for.
    std::optional<int32_t> page;
    /// The network of the SIM, as the catalogue has it.
    network of;
    uint64_t token = 0;
    bool has_new_token = false;
    provider_call call;
    /// Whether repeating it changes nothing at the provider.
    bool only_reads = false;
    uint32_t tries = 0;
    std::chrono::steady_clock::time_point give_up_at;
    caf::typed_response_promise<provider_text> promise;
  };

  static constexpr uint64_t catalogue_call = 0;
  static constexpr uint64_t balance_call = 1;
  static constexpr uint64_t token_call = 2;

  std::chrono::steady_clock::time_point now() const;

  /// Calls for a task, or puts it in the queue while too many calls are under way. A task that has
  /// waited too long is not sent any more: its caller is about to hear so.
  void proceed(uint64_t call_id);
  bool may_pass(const task& what, bool is_check);
  /// Fills in the provider's name of the ordered product. Otherwise returns why it cannot be
  /// ordered.
  std::optional<provider_outcome> name_for_provider(provider_order& order) const;
  std::optional<provider_outcome> name_top_up(provider_order& order) const;
  std::optional<provider_outcome> name_bundle(provider_order& order) const;
  provider_outcome not_listed(std::string reason) const;
  /// The call that has to come before the order; nothing if the order needs none.
  std::optional<provider_call> check_of(const task& what) const;
  void take_check(uint64_t call_id, task& what, const web_answer& answer);
  /// The address above with its secret end; empty if either is missing.
  std::string callback_url() const;
  /// What is called now: a check, an order or a look-up.
  provider_call call_for(const task& what, std::optional<provider_call> check) const;
  void call(uint64_t call_id, task& what, provider_call next);
  void call_waiting();
  void decide(uint64_t call_id, task& what, const web_answer& answer);
  void conclude(uint64_t call_id, task& what, provider_outcome outcome);
  void decide_order(uint64_t call_id, task& what, provider_outcome outcome);
  void decide_look_up(uint64_t call_id, task& what, provider_outcome outcome);
  /// Tries again after a pause, or gives up.
  void try_later(uint64_t call_id, task& what, const provider_outcome& because);

  // For formats where asking twice may buy twice (provider_intents.cpp).

  /// Notes that the provider is about to be asked for the order, once more after `again_after`.
  void note(uint64_t call_id, const task& what, instant again_after);
  void take_note(uint64_t call_id, const end_intent& of, const intent& known);
  /// Finds out which order at the provider is this one.
  void claim(uint64_t call_id, task& what, provider_outcome outcome);
  void take_claim(uint64_t call_id, provider_outcome outcome, const claimed_order& got);
  /// Drops the note of an order that certainly was not bought.
  void forget(const task& what, provider_verdict verdict);
  /// For how long the provider may be at work on a lost order call.
  std::chrono::milliseconds settling_time() const;
  void pause(uint64_t call_id, task& what, std::chrono::milliseconds time);
  /// Ends all that has waited too long, before its caller gives up. What was never sent is not
  /// bought; what became of the rest is unknown.
  void end_overdue();
  /// Notes what the answer to an order says of our account at the provider.
  void note_account(const provider_outcome& outcome);
  /// Tells whether it is refused: our credentials for a token, or our orders.
  void show_account();
  bool is_settled(const task& what) const;
  /// Whether the task would wait for a token that certainly will not come.
  bool is_hopeless(const task& what) const;
  /// Ends or delays a task that the circuit breaker does not let through, or that is hopeless.
  void hold_back(uint64_t call_id, task& what);
  void finish(uint64_t call_id, provider_outcome outcome);
  provider_outcome given_up(const task& what, std::string reason) const;
  /// The patience of its caller is over. What the provider said last tells more than `reason`.
  provider_outcome out_of_time(const task& what, const std::string& reason) const;
  std::chrono::milliseconds backoff(uint32_t tries);
  int32_t retry_after() const;

  /// For how long the next call has to wait, for the provider's rate or for a token; zero if it is
  /// made now.
  std::chrono::milliseconds take_turn(bool is_order);

  void fetch_catalogue();
  void fetch_page();
  void take_page(const web_answer& answer);
  void take_catalogue(caf::expected<catalogue> fetched);

  /// Whether calls can be made; if not, a token is on its way.
  bool has_token();
  /// How long there certainly will be no token, because our credentials were refused; zero if they
  /// were not.
  std::chrono::milliseconds token_wait() const;
  void take_token(const web_answer& answer);
  /// Whether the provider refuses a token that was good before. Then it has done nothing, and the
  /// call may be made once more with a new token.
  bool renews_token(const web_answer& answer, uint64_t used, bool& has_new_token);

  void ask_balance();
  void take_balance(const web_answer& answer);

  caf::typed_response_promise<provider_text> put_question(question what, provider_call call);
  void ask(uint64_t call_id);
  void take_text(uint64_t call_id, question& what, web_answer answer);
  /// Goes on to the call that revokes.
  void revoke(uint64_t call_id, question& what, provider_call call);
  web_request request_for(provider_call call) const;
  /// Between the provider's names and ours.
  std::string bare(const std::string& ours) const;
  std::string qualified(const std::string& bare) const;
  void date_products(catalogue& fetched) const;
  void qualify(catalogue& fetched) const;
  void tell_of_refused(const catalogue& fetched) const;
  void mark_abilities(catalogue& fetched) const;
  /// Counts and logs what the provider sells no more.
  void tell_of_gone(const catalogue& fetched) const;
  provider_text listed(const web_answer& answer, int32_t number) const;
  void note_health(const web_answer& answer);
  void note_time(const web_answer& answer);
  void show_circuit(circuit_state before);
  /// Tells how the provider is.
  void tell_status();
  /// Tells the board how the latest calls went, if that has changed.
  void tell_calls();

  pointer self_ = nullptr;
  provider_settings settings_;
  web_submit submit_;
  circuit_breaker breaker_;
  /// Holds orders back while the provider refuses our credential or credit.
  circuit_breaker account_breaker_;
  call_pace call_pace_;
  call_pace order_pace_;
  std::minstd_rand random_{std::random_device{}()};

  /// By call id; the first ids are the constants above.
  std::unordered_map<uint64_t, task> tasks_;
  uint64_t last_call_id_ = token_call;
  std::unordered_map<uint64_t, question> questions_;
  std::deque<uint64_t> waiting_;
  size_t under_way_ = 0;

  std::shared_ptr<const catalogue> catalogue_;
  std::chrono::steady_clock::time_point fetched_at_;
  /// After a fetch that failed.
  std::chrono::steady_clock::time_point fetch_not_before_;
  /// What the provider has said with a refusal: not even a reader who waits has it asked earlier.
  std::chrono::steady_clock::time_point left_alone_until_;
  bool fetching_ = false;
  /// The pages that have come so far, and the next one's call.
  catalogue gathered_;
  provider_call next_page_;
  int32_t page_ = 0;

  /// Empty while there is none; its number tells it from those before.
  std::string token_;
  uint64_t token_number_ = 0;
  std::chrono::steady_clock::time_point token_ends_at_;
  std::chrono::steady_clock::time_point token_not_before_;
  bool is_token_asked_for_ = false;
  bool is_token_refused_ = false;

  std::optional<std::chrono::steady_clock::time_point> balance_asked_at_;
  bool is_low_ = false;
  recent_calls recent_calls_;
  /// What is told of the provider.
  provider_status status_;
  std::vector<caf::typed_response_promise<catalogue_view>> readers_;

  prometheus::Gauge* circuit_gauge_ = nullptr;
  prometheus::Gauge* account_gauge_ = nullptr;
  prometheus::Gauge* refused_gauge_ = nullptr;
  prometheus::Counter* gone_counter_ = nullptr;
  /// Orders that were refused since the last that was placed.
  prometheus::Gauge* refusals_gauge_ = nullptr;
  /// Null until a balance was told.
  prometheus::Gauge* balance_gauge_ = nullptr;
  prometheus::Family<prometheus::Gauge>* balances_ = nullptr;
  prometheus::Family<prometheus::Counter>* outcomes_ = nullptr;
  prometheus::Family<prometheus::Histogram>* call_seconds_ = nullptr;
};

/// Spawns as PROVIDER. It never blocks: calls go out by `connect`, answers come back as messages.
/// It has to be told to exit.
provider_actor::behavior_type provider(provider_state::pointer self, provider_settings settings,
                                       const web_connector& connect,
                                       const std::shared_ptr<prometheus::Registry>& registry);

} // namespace meisim
