#pragma once

#include "protocols/base/id.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace meisim::http {

/// Lets only so many requests of one dealer be under way at once. So many more wait, in order, and
/// no other dealer waits for them. Any thread may use it.
class dealer_turns : public std::enable_shared_from_this<dealer_turns> {
public:
  /// Ends when the last copy goes.
  using turn = std::shared_ptr<const void>;
  /// Must not block: it is called at once, or by the thread that ends another turn.
  using go_on = std::function<void(turn)>;

  dealer_turns(size_t at_once, size_t most_waiting)
    : at_once_(at_once), most_waiting_(most_waiting) {
    // nop
  }

  /// False if too many wait already.
  bool take(dealer_id dealer, go_on begin) {
    {
      std::lock_guard guard{lock_};
      auto& line = lines_[dealer];
      if (line.under_way == at_once_) {
        bool has_place = line.waiting.size() < most_waiting_;
        if (has_place)
          line.waiting.push_back(std::move(begin));
        return has_place;
      }
      ++line.under_way;
    }
    begin(new_turn(dealer));
    return true;
  }

private:
  struct dealer_line {
    size_t under_way = 0;
    std::deque<go_on> waiting;
  };

  turn new_turn(dealer_id dealer) {
    return {this, [me = shared_from_this(), dealer](const void*) { me->end(dealer); }};
  }

  void end(dealer_id dealer) {
    go_on next;
    {
      std::lock_guard guard{lock_};
      auto found = lines_.find(dealer);
      auto& [under_way, waiting] = found->second;
      if (waiting.empty()) {
        if (--under_way == 0)
          lines_.erase(found);
        return;
      }
      next = std::move(waiting.front());
      waiting.pop_front();
    }
    next(new_turn(dealer));
  }

  const size_t at_once_;
  const size_t most_waiting_;
  std::mutex lock_;
  std::unordered_map<dealer_id, dealer_line> lines_;
};

} // namespace meisim::http
