#pragma once

#include "protocols/interfaces.hpp"

namespace meisim {

struct account_desk_state {
  static inline const char* name = "account-desk";

  // Without it CAF would make the state from the actor's pointer, by its first member.
  account_desk_state() = default;

  job_book_actor book;
  provider_actor provider;
};

/// Spawns as ACCOUNT DESK: notes the order as pending, asks the provider, notes how that ended, and
/// answers. Whatever it leaves pending the fulfilment settles, by the same reference.
account_desk_actor::behavior_type account_desk(
  account_desk_actor::stateful_pointer<account_desk_state> self, job_book_actor book,
  provider_actor provider);

/// The end of an order on account whose eSIM has come, with the customer's mail if one is wanted.
finish_account_order finish_of(const order_to_fulfil& order, const esim& bought);

} // namespace meisim
