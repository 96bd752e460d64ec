#pragma once

#include "protocols/cluster/ask_entity.hpp"
#include "protocols/money/posting.hpp"

namespace meisim {

/// Sends a posting to its wallet, on whatever node that is, and calls `on_receipt` or `on_error` in
/// `self` once.
template <class Self, class OnReceipt, class OnError>
void ask_wallet(Self* self, const region_actor& region, posting what, OnReceipt on_receipt,
                OnError on_error) {
  auto dealer = what.dealer;
  ask_entity<wallet_actor, receipt>(
    self, region, wallet_atom_v, dealer, std::make_shared<const posting>(std::move(what)),
    [on_receipt](const receipt& result) { on_receipt(result); }, on_error,
    [](const wallet_actor&) {});
}

} // namespace meisim
