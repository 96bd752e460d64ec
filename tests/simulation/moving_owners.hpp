#pragma once

#include "actors/money/wallet.hpp"
#include "tests/simulation/lossy_writers.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace meisim::simulation {

/// Wallets on two nodes. They move from one node to the other, are asked after they have moved, and
/// die.
class moving_owners {
public:
  moving_owners(test::actor_fixture& actors, ground& on, lossy_writers& writers)
    : actors_(actors), ground_(on), writers_(writers), reader_(spawn_reader()),
      region_(spawn_region()) {
    // nop
  }

  /// A dealer, whose wallet is spawned when somebody asks for it.
  void add(dealer_id dealer) {
    owned_.push_back({dealer});
  }

  const region_actor& region() const {
    return region_;
  }

  /// Some wallet belongs to the other node from now on.
  void move_one() {
    auto& owned = any();
    if (owned.has_moved)
      return;
    owned.node = (owned.node + 1) % node_count;
    owned.has_moved = true;
    // The old owner may hear of it later than callers do.
    leaving_.push_back(owned.owners.back().wallet);
  }

  /// An old owner hears that it is none any more.
  void tell_one_to_leave() {
    if (leaving_.empty())
      return;
    actors_.self->send(leaving_.front(), leave_order{});
    leaving_.pop_front();
  }

  void tell_all_to_leave() {
    while (!leaving_.empty())
      tell_one_to_leave();
  }

  /// A process has gone. Others take over once nothing of it can be under way in the database.
  void kill_one() {
    auto& owned = any();
    if (owned.owners.empty())
      return;
    const auto& [node, wallet, link] = owned.owners[ground_.random.below(owned.owners.size())];
    writers_.lose_wallet(caf::actor_cast<caf::strong_actor_ptr>(wallet));
    caf::anon_send_exit(wallet, caf::exit_reason::kill);
    actors_.self->send(link, leave_atom_v);
  }

private:
  /// A wallet, and the link by which callers reach it.
  struct owner {
    size_t node = 0;
    wallet_actor wallet;
    caf::actor link;
  };

  /// Where the wallet of a dealer is.
  struct ownership {
    dealer_id dealer;
    size_t node = 0;
    /// All that were spawned; callers are sent to the last one.
    std::vector<owner> owners = {};
    /// Whether the next caller needs a new one.
    bool has_moved = true;
  };

  /// Passes postings on, as a link between nodes does, until the wallet's process has gone.
  static caf::behavior link_to(caf::event_based_actor* self, const wallet_actor& wallet) {
    auto open = std::make_shared<std::map<uint64_t, caf::typed_response_promise<receipt>>>();
    auto last_call = std::make_shared<uint64_t>(0);
    return {
      [=](posting& what) -> caf::result<receipt> {
        auto number = ++*last_call;
        auto promise = self->make_response_promise<receipt>();
        open->emplace(number, promise);
        auto end = [open, number](auto& answer) {
          if (auto call = open->extract(number))
            call.mapped().deliver(std::move(answer));
        };
        self->request(wallet, caf::infinite, std::move(what))
          .then([end](receipt& answer) { end(answer); }, [end](caf::error& why) { end(why); });
        return promise;
      },
      [=](leave_atom) {
        for (auto& [number, call] : *open)
          call.deliver(make_error(ec::not_owner));
        open->clear();
        self->quit();
      },
    };
  }

  static bool has_left(const wallet_actor& wallet) {
    return wallet->getf(caf::abstract_actor::is_cleaned_up_flag);
  }

  wallet_memory_actor spawn_reader() {
    return caf::actor_cast<wallet_memory_actor>(
      actors_.spawn([this](caf::event_based_actor*) -> caf::behavior {
        return {[this](const load_wallet& question) -> caf::result<wallet_position> {
                  if (is_away())
                    return make_error(ec::unavailable);
                  return ground_.ledger.position(question.dealer);
                },
                [this](const find_receipt& question) -> caf::result<stored_receipt> {
                  if (is_away())
                    return make_error(ec::unavailable);
                  return ground_.ledger.find(question);
                }};
      }));
  }

  region_actor spawn_region() {
    return caf::actor_cast<region_actor>(
      actors_.spawn([this](caf::event_based_actor*) -> caf::behavior {
        return {[this](wallet_atom, dealer_id dealer, const lookup&) { return owner_of(dealer); }};
      }));
  }

  /// Whether the database does not answer just now.
  bool is_away() {
    return !ground_.is_calm && ground_.random.one_in(15);
  }

  ownership& any() {
    return owned_[ground_.random.below(owned_.size())];
  }

  wallet_actor owner_of(dealer_id dealer) {
    auto& owned = *std::ranges::find(owned_, dealer, &ownership::dealer);
    // Out-of-date memory sends some callers to an owner that has left or is leaving.
    auto& owners = owned.owners;
    auto& random = ground_.random;
    bool is_old_memory = !owners.empty() && !ground_.is_calm && random.one_in(10);
    if (is_old_memory)
      return caf::actor_cast<wallet_actor>(owners[random.below(owners.size())].link);
    if (std::exchange(owned.has_moved, false) || has_left(owners.back().wallet))
      take_over(owned);
    return caf::actor_cast<wallet_actor>(owners.back().link);
  }

  /// A node has one wallet of a dealer at a time: one that is still leaving goes first.
  void take_over(ownership& owned) {
    auto here = std::ranges::find_if(owned.owners, [&](const owner& one) {
      return one.node == owned.node && !has_left(one.wallet);
    });
    if (here != owned.owners.end()) {
      std::rotate(here, here + 1, owned.owners.end());
      return;
    }
    auto made =
      actors_.spawn(wallet, owned.dealer, writers_.of_node(owned.node), reader_, entity_terms{});
    owned.owners.push_back({owned.node, made, actors_.spawn(link_to, made)});
  }

  test::actor_fixture& actors_;
  ground& ground_;
  lossy_writers& writers_;
  wallet_memory_actor reader_;
  region_actor region_;
  std::vector<ownership> owned_;
  std::deque<wallet_actor> leaving_;
};

} // namespace meisim::simulation
