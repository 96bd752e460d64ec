// Wallets under chance: postings of several dealers and their repeats, owners that move and die,
// and a database that refuses, conflicts and loses answers, in an order that a seed decides. What
// callers are told is held against a ledger in memory. Prints the seed that fails.

#include "actors/money/ask_wallet.hpp"
#include "actors/money/wallet.hpp"
#include "protocols/money/ledger_check.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/simulation/memory_ledger.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace meisim;
using namespace meisim::simulation;
using namespace std::chrono_literals;

namespace {

constexpr size_t dealer_count = 3;
constexpr size_t node_count = 2;
constexpr size_t postings_a_run = 40;
constexpr int steps_a_run = 1'500;

class chance {
public:
  explicit chance(uint64_t seed) : random_(seed) {
    // nop
  }

  size_t below(size_t limit) {
    return random_() % limit;
  }

  bool one_in(size_t count) {
    return below(count) == 0;
  }

  uuid id() {
    return {random_(), random_()};
  }

private:
  std::mt19937_64 random_;
};

/// What a caller sent, and what it was told.
struct call {
  size_t number = 0;
  posting what;
  /// The least that the wallet held in the ledger while the call was under way, and what the calls
  /// beside it may have taken of that.
  money lowest;
  money wanted_by_others;
  bool has_ended = false;
  /// Whether the caller was told that nothing was done.
  bool is_denied = false;
};

/// A posting on its way into the ledger.
struct entry {
  std::shared_ptr<const decided_posting> posting;
  caf::strong_actor_ptr wallet;
};

using entry_list = std::vector<entry>;

/// A transaction whose answer was lost while the database cannot be asked.
struct lost_transaction {
  entry_list entries;
  /// Whether PostgreSQL is still at work on it, and will commit it if it can.
  bool is_at_work = false;
};

/// What stands in a ledger writer's place.
struct writer {
  ledger_writer_actor handle;
  entry_list queue;
  std::deque<lost_transaction> lost;
};

/// A wallet, and the link by which callers reach it.
struct owner {
  size_t node = 0;
  wallet_actor wallet;
  caf::actor link;
};

/// Where the wallet of a dealer is.
struct ownership {
  dealer_id dealer;
  money start;
  size_t node = 0;
  /// All that were spawned; callers are sent to the last one.
  std::vector<owner> owners;
  /// Whether the next caller needs a new one.
  bool has_moved = true;
};

memory_ledger::batch postings_of(const entry_list& entries) {
  memory_ledger::batch result;
  result.reserve(entries.size());
  for (const auto& each : entries)
    result.push_back(each.posting);
  return result;
}

/// Passes postings on, as a link between nodes does, until the wallet's process has gone.
caf::behavior link_to(caf::event_based_actor* self, const wallet_actor& wallet) {
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

bool has_left(const wallet_actor& wallet) {
  return wallet->getf(caf::abstract_actor::is_cleaned_up_flag);
}

/// Whether this says that the posting was not done and never will be.
bool is_denial(const caf::error& failure) {
  auto code = code_of(failure);
  return code == ec::insufficient_funds
         || (code == ec::unavailable
             && message_of(failure) == message_of(make_error(ec::unavailable)));
}

class world : test::actor_fixture {
public:
  explicit world(uint64_t seed) : chance_(seed) {
    for (auto& owned : owned_) {
      owned.dealer = dealer_id{chance_.id()};
      owned.start = money::from_cents(static_cast<int64_t>(chance_.below(500)));
      ledger_.open(owned.dealer, owned.start);
    }
    for (auto& each : writers_)
      each.handle = spawn_writer(each);
    reader_ = spawn_reader();
    region_ = spawn_region();
  }

  ~world() {
    // They speak of what stands below.
    for (const auto& actor : spawned)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    settle();
  }

  /// Throws std::runtime_error that tells what has gone wrong.
  void run() {
    for (int i = 0; i < steps_a_run; ++i) {
      step();
      end_if_wrong();
    }
    come_to_rest();
    check_calls();
    check_ledger();
    end_if_wrong();
  }

private:
  // -- what surrounds a wallet --------------------------------------------------------------------

  ledger_writer_actor spawn_writer(writer& state) {
    return caf::actor_cast<ledger_writer_actor>(
      spawn([this, &state](caf::event_based_actor* me) -> caf::behavior {
        return {[this, &state, me](const commit_order& order) {
          if (!killed_.contains(me->current_sender()))
            state.queue.push_back({order.posting, me->current_sender()});
        }};
      }));
  }

  wallet_memory_actor spawn_reader() {
    return caf::actor_cast<wallet_memory_actor>(
      spawn([this](caf::event_based_actor*) -> caf::behavior {
        return {[this](const load_wallet& question) -> caf::result<wallet_position> {
                  if (is_away())
                    return make_error(ec::unavailable);
                  return ledger_.position(question.dealer);
                },
                [this](const find_receipt& question) -> caf::result<stored_receipt> {
                  if (is_away())
                    return make_error(ec::unavailable);
                  return ledger_.find(question);
                }};
      }));
  }

  region_actor spawn_region() {
    return caf::actor_cast<region_actor>(spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](wallet_atom, dealer_id dealer, const lookup&) { return owner_of(dealer); }};
    }));
  }

  bool is_away() {
    return !is_calm_ && chance_.one_in(15);
  }

  wallet_actor owner_of(dealer_id dealer) {
    auto& owned = *std::ranges::find(owned_, dealer, &ownership::dealer);
    // An old memory sends some callers to an owner that has left, or is about to.
    auto& owners = owned.owners;
    bool is_old_memory = !owners.empty() && !is_calm_ && chance_.one_in(10);
    if (is_old_memory)
      return caf::actor_cast<wallet_actor>(owners[chance_.below(owners.size())].link);
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
    auto made = spawn(wallet, owned.dealer, writers_[owned.node].handle, reader_, entity_terms{});
    owned.owners.push_back({owned.node, made, spawn(link_to, made)});
  }

  // -- what happens -------------------------------------------------------------------------------

  void step() {
    auto what = chance_.below(100);
    if (what < 6)
      send_new();
    else if (what < 9)
      send_again();
    else if (what < 22)
      end_transaction(writers_[chance_.below(node_count)]);
    else if (what < 25)
      look_up_lost(writers_[chance_.below(node_count)]);
    else if (what < 26)
      land_one();
    else if (what < 27)
      move(owned_[chance_.below(dealer_count)]);
    else if (what < 28)
      send_leave_order();
    else if (what < 29)
      kill(owned_[chance_.below(dealer_count)]);
    else if (what < 30)
      scheduler.advance_time(std::chrono::milliseconds{100 + chance_.below(3'000)});
    else
      run_any_job();
  }

  void run_any_job() {
    auto& jobs = scheduler.jobs;
    if (jobs.empty())
      return;
    std::swap(jobs.front(), jobs[chance_.below(jobs.size())]);
    scheduler.run_once();
  }

  void send(posting what) {
    auto& made = calls_.emplace_back();
    made.number = calls_.size();
    made.what = std::move(what);
    made.lowest = ledger_.position(made.what.dealer).balance;
    for (auto& other : calls_)
      if (&other != &made && !other.has_ended && other.what.dealer == made.what.dealer) {
        made.wanted_by_others += debited(other.what.lines);
        other.wanted_by_others += debited(made.what.lines);
      }
    system.spawn([this, &made](caf::event_based_actor* me) {
      ask_wallet(
        me, region_, made.what, [this, &made](const receipt& answer) { hear(made, answer); },
        [this, &made](const caf::error& failure) { hear(made, failure); });
    });
  }

  void send_new() {
    if (calls_.size() >= postings_a_run)
      return;
    posting what;
    what.id = posting_id{chance_.id()};
    what.dealer = owned_[chance_.below(dealer_count)].dealer;
    bool is_topup = chance_.one_in(3);
    for (size_t left = 1 + chance_.below(2); left > 0; --left) {
      auto amount = money::from_cents(1 + static_cast<int64_t>(chance_.below(200)));
      what.lines.push_back(is_topup ? ledger_line{entry_type::topup, amount, "up", {}}
                                    : ledger_line{entry_type::debit, -amount, "down", {}});
    }
    if (chance_.one_in(2)) {
      what.idempotency_key = fmt::format("key {}", calls_.size());
      what.request_hash = "a request";
    }
    send(std::move(what));
  }

  void send_again() {
    if (calls_.empty() || calls_.size() >= 2 * postings_a_run)
      return;
    auto what = calls_[chance_.below(calls_.size())].what;
    if (!what.idempotency_key.empty() && chance_.one_in(2)) {
      what.id = posting_id{chance_.id()};
      if (chance_.one_in(4))
        what.request_hash = "another request";
    }
    send(std::move(what));
  }

  // -- commits ------------------------------------------------------------------------------------

  void end_transaction(writer& by) {
    if (by.queue.empty())
      return;
    auto size = is_calm_ ? by.queue.size() : 1 + chance_.below(by.queue.size());
    auto end = by.queue.begin() + static_cast<std::ptrdiff_t>(size);
    entry_list entries{by.queue.begin(), end};
    by.queue.erase(by.queue.begin(), end);
    auto fate = is_calm_ ? 9 : chance_.below(10);
    if (!by.lost.empty() || fate == 0)
      report(entries, all_ended(entries, commit_result::unavailable));
    else if (fate == 1)
      lose_answer(entries);
    else if (fate == 2)
      lose_touch(by, entries);
    else
      report(entries, commit(postings_of(entries)));
  }

  std::vector<commit_outcome> commit(const memory_ledger::batch& batch) {
    auto outcomes = ledger_.commit(batch);
    note_balances();
    return outcomes;
  }

  void commit_whole(const entry_list& entries) {
    ledger_.commit_whole(postings_of(entries));
    note_balances();
  }

  /// The writer asks a database that is there what became of the transaction.
  void lose_answer(const entry_list& entries) {
    if (chance_.one_in(2))
      commit_whole(entries);
    report(entries, found_in_ledger(entries));
  }

  /// The database is away: it has done it, will still do it, or never does.
  void lose_touch(writer& by, entry_list entries) {
    report(entries, all_ended(entries, commit_result::unknown));
    auto what = chance_.below(3);
    if (what == 0)
      commit_whole(entries);
    by.lost.push_back({std::move(entries), what == 1});
  }

  void land(lost_transaction& transaction) {
    if (std::exchange(transaction.is_at_work, false))
      commit_whole(transaction.entries);
  }

  void land_one() {
    auto& lost = writers_[chance_.below(node_count)].lost;
    if (!lost.empty())
      land(lost.front());
  }

  void look_up_lost(writer& by) {
    if (by.lost.empty())
      return;
    auto transaction = std::move(by.lost.front());
    by.lost.pop_front();
    // Whether it commits or is ended, it is over before anybody looks.
    if (chance_.one_in(2))
      land(transaction);
    report(transaction.entries, found_in_ledger(transaction.entries));
  }

  static std::vector<commit_outcome> all_ended(const entry_list& entries, commit_result how) {
    std::vector<commit_outcome> outcomes;
    for (const auto& each : entries)
      outcomes.push_back({each.posting->what.id, how, {}});
    return outcomes;
  }

  std::vector<commit_outcome> found_in_ledger(const entry_list& entries) const {
    auto outcomes = all_ended(entries, commit_result::committed);
    for (auto& outcome : outcomes)
      if (!ledger_.has(outcome.id))
        outcome.result = commit_result::unavailable;
    return outcomes;
  }

  void report(const entry_list& entries, const std::vector<commit_outcome>& outcomes) {
    std::map<caf::strong_actor_ptr, commit_report> reports;
    for (size_t i = 0; i < entries.size(); ++i)
      reports[entries[i].wallet].outcomes.push_back(outcomes[i]);
    for (auto& [to, what] : reports)
      self->send(caf::actor_cast<wallet_actor>(to), std::move(what));
  }

  // -- owners -------------------------------------------------------------------------------------

  void move(ownership& owned) {
    if (owned.has_moved)
      return;
    owned.node = (owned.node + 1) % node_count;
    owned.has_moved = true;
    // The old owner may hear of it later than callers do.
    leaving_.push_back(owned.owners.back().wallet);
  }

  void send_leave_order() {
    if (leaving_.empty())
      return;
    self->send(leaving_.front(), leave_order{});
    leaving_.pop_front();
  }

  /// A process has gone. Others take over once nothing of it can be under way in the database.
  void kill(ownership& owned) {
    if (owned.owners.empty())
      return;
    const auto& [node, wallet, link] = owned.owners[chance_.below(owned.owners.size())];
    auto victim = caf::actor_cast<caf::strong_actor_ptr>(wallet);
    killed_.insert(victim);
    for (auto& each : writers_) {
      std::erase_if(each.queue, [&](const entry& one) { return one.wallet == victim; });
      for (auto& transaction : each.lost)
        if (std::ranges::find(transaction.entries, victim, &entry::wallet)
            != transaction.entries.end())
          land(transaction);
    }
    caf::anon_send_exit(wallet, caf::exit_reason::kill);
    self->send(link, leave_atom_v);
  }

  // -- what callers are told ----------------------------------------------------------------------

  void hear(call& made, const receipt& answer) {
    expect(!std::exchange(made.has_ended, true), made, "was answered twice");
    expect(ledger_.has(answer.id), made, "was acknowledged and is not in the ledger");
    auto stored = ledger_.find({made.what.dealer, made.what.idempotency_key, made.what.id});
    expect(stored.what.id == answer.id, made, "was answered with the receipt of another");
    expect(stored.request_hash == made.what.request_hash, made,
           "was answered with the receipt of another request under its key");
  }

  void hear(call& made, const caf::error& failure) {
    expect(!std::exchange(made.has_ended, true), made, "was answered twice");
    auto code = code_of(failure);
    auto id = made.what.id;
    made.is_denied = is_denial(failure);
    // Of what comes twice by its id, as jobs do it, the one may be done and the other refused.
    if (made.is_denied && is_alone(made)) {
      expect(!ledger_.has(id), made, "is in the ledger; said was: " + message_of(failure));
      expect(!is_committing(id), made, "is being committed; said was: " + message_of(failure));
    }
    if (code == ec::insufficient_funds)
      expect(made.lowest < debited(made.what.lines) + made.wanted_by_others, made,
             "was refused and could be paid");
    else if (code == ec::conflict)
      expect(is_key_of_another(made.what), made, "was refused for a key that is its own");
    else
      expect(code == ec::unavailable || code == ec::in_progress, made,
             "had an answer that none should have: " + message_of(failure));
  }

  bool is_alone(const call& made) const {
    return std::ranges::none_of(
      calls_, [&](const call& other) { return &other != &made && other.what.id == made.what.id; });
  }

  bool is_committing(posting_id id) const {
    auto has_it = [id](const entry_list& entries) {
      return std::ranges::any_of(entries,
                                 [&](const entry& each) { return each.posting->what.id == id; });
    };
    return std::ranges::any_of(writers_, [&](const writer& each) {
      return has_it(each.queue) || std::ranges::any_of(each.lost, [&](const lost_transaction& one) {
               return one.is_at_work && has_it(one.entries);
             });
    });
  }

  bool is_key_of_another(const posting& what) const {
    return std::ranges::any_of(calls_, [&](const call& other) {
      return other.what.idempotency_key == what.idempotency_key
             && other.what.request_hash != what.request_hash;
    });
  }

  void note_balances() {
    for (auto& made : calls_)
      if (!made.has_ended)
        made.lowest = std::min(made.lowest, ledger_.position(made.what.dealer).balance);
  }

  // -- the end ------------------------------------------------------------------------------------

  void come_to_rest() {
    is_calm_ = true;
    for (int i = 0; i < 100; ++i) {
      while (scheduler.has_job())
        run_any_job();
      for (auto& each : writers_) {
        while (!each.lost.empty())
          look_up_lost(each);
        end_transaction(each);
      }
      while (!leaving_.empty())
        send_leave_order();
      scheduler.advance_time(1s);
    }
  }

  void check_calls() {
    for (const auto& made : calls_) {
      expect(made.has_ended, made, "was never answered");
      // It may have come again, and have been done then.
      bool is_denied = std::ranges::all_of(calls_, [&](const call& other) {
        return other.what.id != made.what.id || other.is_denied;
      });
      expect(!is_denied || !ledger_.has(made.what.id), made,
             "was done, and said was that it was not");
    }
  }

  /// The model: a ledger is a list of postings, each there once, and a balance is their sum.
  void check_ledger() {
    std::map<dealer_id, wallet_position> sums;
    std::set<posting_id> ids;
    std::set<std::pair<dealer_id, std::string>> keys;
    for (const auto& owned : owned_)
      sums[owned.dealer].balance = owned.start;
    for (const auto& each : ledger_.history()) {
      const auto& what = each->what;
      auto& wallet = sums[what.dealer];
      wallet.balance += sum(what.lines);
      wallet.version += std::ssize(what.lines);
      expect(ids.insert(what.id).second, *each, "is there twice");
      expect(what.idempotency_key.empty() || keys.emplace(what.dealer, what.idempotency_key).second,
             *each, "is there under two ids");
      expect(each->transfers.back().balance_after == wallet.balance
               && each->transfers.back().seq == wallet.version,
             *each, "does not follow the one before");
      expect(!wallet.balance.is_negative(), *each, "was not covered");
    }
    for (const auto& owned : owned_)
      if (ledger_.position(owned.dealer).balance != sums[owned.dealer].balance)
        wrong_ = fmt::format("the balance of {} is not the sum", to_string(owned.dealer));
  }

  void expect(bool is_so, const call& made, std::string_view what) {
    if (!is_so && wrong_.empty())
      wrong_ = fmt::format("call {}, posting {}, {}", made.number, to_string(made.what.id), what);
  }

  void expect(bool is_so, const decided_posting& posting, std::string_view what) {
    if (!is_so && wrong_.empty())
      wrong_ = fmt::format("posting {} {}", to_string(posting.what.id), what);
  }

  void end_if_wrong() const {
    if (!wrong_.empty())
      throw std::runtime_error(wrong_);
  }

  chance chance_;
  memory_ledger ledger_;
  std::array<ownership, dealer_count> owned_;
  std::array<writer, node_count> writers_;
  wallet_memory_actor reader_;
  region_actor region_;
  std::deque<call> calls_;
  std::deque<wallet_actor> leaving_;
  std::set<caf::strong_actor_ptr> killed_;
  /// Whether nothing more goes wrong.
  bool is_calm_ = false;
  /// What has gone wrong first.
  std::string wrong_;
};

struct arguments {
  uint64_t seed = 1;
  uint64_t seeds = 10'000;
};

arguments read_arguments(int argc, char** argv) {
  arguments result;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string_view name{argv[i]};
    auto value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seed")
      result.seed = value;
    else if (name == "--seeds")
      result.seeds = value;
  }
  return result;
}

} // namespace

int main(int argc, char** argv) {
  auto [first, count] = read_arguments(argc, argv);
  // A wallet's warnings about what was made to happen here.
  spdlog::set_level(spdlog::level::off);
  for (auto seed = first; seed < first + count; ++seed) {
    try {
      world{seed}.run();
    } catch (const std::exception& error) {
      fmt::print("--seeds 1 --seed {}: {}\n", seed, error.what());
      return 1;
    }
  }
  fmt::print("{} seeds from {} on: every caller was told the truth\n", count, first);
  return 0;
}
