#pragma once

#include "actors/money/stripe_calls.hpp"
#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/stripe_reconciliation.hpp"
#include "protocols/money/stripe_wire.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// Makes the way out for the actor that is to get the answers.
using stripe_connector = std::function<web_submit(stripe_actor)>;

class stripe_state {
public:
  static inline const char* name = "stripe";

  using pointer = stripe_actor::stateful_pointer<stripe_state>;

  void start(pointer self, stripe_settings settings, payment_store_actor store, region_actor region,
             const stripe_connector& connect, prometheus::Registry& registry);

  /// Writes the payment down, asks Stripe, and answers the sender once both are done.
  caf::result<topup_started> begin(const start_topup& wish);

  /// Does what an event says, and answers the sender after the commit.
  caf::result<done> take(const stripe_letter& letter);

  /// Asks Stripe about an event or a payment, and does what is missing.
  caf::result<replay_outcome> replay(const replay_payment& wish);

  caf::result<stripe_reconciliation> reconcile(const reconcile_stripe& question);

  /// Shows how many events wait for the operator, now and then.
  void count_unmatched();

  stripe_calls calls;

private:
  /// Called with what kept an event from being done, which then stands on the operator's list;
  /// empty if nothing did. The error is one that may pass.
  using letter_end = std::function<void(const caf::expected<std::string>& problem)>;

  struct letter_in_work {
    stripe_event event;
    letter_end ended;
    /// The operator who has asked for it and is told what kept it from being done. Nothing where
    /// Stripe has sent it.
    std::optional<audit_stamp> asked_by;
    bool is_recalled = false;
    bool has_changed = false;
    int lost_races = 0;
  };
  using letter_pointer = std::shared_ptr<letter_in_work>;

  /// What a reconciliation has gathered.
  struct reconciliation_in_work {
    reconcile_stripe question;
    caf::typed_response_promise<stripe_reconciliation> promise;
    std::vector<balance_entry> entries;
    int pages = 0;
  };
  using reconciliation_pointer = std::shared_ptr<reconciliation_in_work>;

  void ask_stripe(const begun_payment& begun, const start_topup& wish,
                  caf::typed_response_promise<topup_started> promise);
  void finish(const begun_payment& begun, payment_kind kind, const stripe_object& made,
              caf::typed_response_promise<topup_started> promise);

  void work_on(stripe_event event, letter_end ended, std::optional<audit_stamp> asked_by = {});
  /// Finds the payment and takes its next step, until there is none.
  void work_on(const letter_pointer& letter);
  void step(const letter_pointer& letter, const stripe_payment& payment);
  void settle(const letter_pointer& letter, const stripe_payment& payment);
  void again_or_end(const letter_pointer& letter, const caf::error& failure);
  /// For an event that names only an intent that we do not know: Stripe says whose it is.
  void look_up_intent(const letter_pointer& letter);
  /// For an intent that was paid in another currency: its session has the amount in ours.
  void look_up_session(const letter_pointer& letter);
  /// For a charge that tells only how much was refunded in all.
  void look_up_refunds(const letter_pointer& letter);
  /// Called with what the operator's list has of an event.
  using noting_end = std::function<void(const noted_event&)>;

  void note(const letter_pointer& letter, std::string_view why, noting_end noted);
  void put_on_list(const letter_pointer& letter, std::string_view why);
  /// For an event that is done: it may not have been on the list at all.
  void take_off_list(const std::string& event, const char* because);
  /// For a payment of ours that the database does not know, or does not know any more. Stripe is to
  /// send the event again until the database knows the payment or an operator has settled it.
  void wait_for_recall(const letter_pointer& letter);
  /// Writes the payment behind an intent of ours down anew, from what Stripe knows of it.
  void recall(const std::string& intent, const audit_stamp& by, const letter_end& ended);
  void recall(const paid_intent& paid, const audit_stamp& by, const letter_end& ended);
  void recall(const letter_pointer& letter);
  /// Whether a payment was made by another installation that shares our Stripe account.
  bool is_anothers(const std::string& installation) const;
  void pass_by(const letter_pointer& letter);
  void count_event(const stripe_event& event, std::string_view outcome);

  using replay_promise = caf::typed_response_promise<replay_outcome>;

  void replay_event(const replay_payment& wish, replay_promise promise);
  void replay_refund(const replay_payment& wish, replay_promise promise);
  /// The payment with this id, session or intent; one of Stripe's that is not known is recalled.
  void replay_known(const replay_payment& wish, replay_promise promise);
  void replay_lost(const replay_payment& wish, replay_promise promise);
  void replay(const stripe_payment& payment, const audit_stamp& by, replay_promise promise);
  void replay_movements(stripe_event paid, const audit_stamp& by, const replay_promise& promise);
  void replay_disputes(stripe_event moved, const audit_stamp& by, const replay_promise& promise);

  void next_page(const reconciliation_pointer& work);
  void hold_against_ours(const reconciliation_pointer& work);

  pointer self_ = nullptr;
  stripe_settings settings_;
  payment_store_actor store_;
  region_actor region_;
  prometheus::Family<prometheus::Counter>* events_ = nullptr;
  prometheus::Gauge* unmatched_ = nullptr;
  /// How many events without our signature have come since the last one with it.
  prometheus::Gauge* unsigned_ = nullptr;
};

/// What an operator is told of a payment that another installation has made.
constexpr const char* anothers_payment = "another installation of this service has made it";

/// Spawns as STRIPE. It never blocks: calls go out by `connect`, answers come back as messages. It
/// has to be told to exit.
stripe_actor::behavior_type stripe(stripe_state::pointer self, stripe_settings settings,
                                   payment_store_actor store, region_actor region,
                                   const stripe_connector& connect,
                                   const std::shared_ptr<prometheus::Registry>& registry);

} // namespace meisim
