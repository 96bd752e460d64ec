#pragma once

#include "protocols/interfaces.hpp"

#include <memory>
#include <utility>

namespace meisim {

/// How often a posting is sent to whoever owns the wallet now, before its sender gives up.
constexpr int most_deliveries = 5;

/// Brings a posting to its wallet, wherever that is, and calls `on_receipt` or `on_error` in `self`
/// once. An owner that has left meanwhile is looked up anew, and the posting repeated: its id makes
/// that safe.
template <class Self, class OnReceipt, class OnError>
void ask_wallet(Self* self, region_actor region, posting what, OnReceipt on_receipt,
                OnError on_error, int deliveries = 1) {
  auto dealer = what.dealer;
  self->request(region, caf::infinite, wallet_atom_v, dealer)
    .then(
      [=, what = std::move(what)](const wallet_actor& owner) {
        self->request(owner, caf::infinite, what)
          .then([on_receipt](const receipt& result) { on_receipt(result); },
                [=](const caf::error& failure) {
                  if (failure == caf::sec::request_receiver_down && deliveries < most_deliveries)
                    ask_wallet(self, region, what, on_receipt, on_error, deliveries + 1);
                  else
                    on_error(failure);
                });
      },
      [on_error](const caf::error& failure) { on_error(failure); });
}

} // namespace meisim
