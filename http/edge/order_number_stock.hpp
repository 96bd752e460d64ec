#pragma once

#include "protocols/orders/fulfilment.hpp"

#include <deque>
#include <mutex>
#include <optional>

namespace meisim::http {

/// The numbers of orders to come that the database has given to this node. Any thread may use it.
class order_number_stock {
public:
  /// A number that nobody else gets; nothing if all have been taken.
  std::optional<int64_t> take() {
    std::lock_guard guard{lock_};
    if (blocks_.empty())
      return std::nullopt;
    auto& block = blocks_.front();
    auto number = block.first++;
    if (--block.count == 0)
      blocks_.pop_front();
    return number;
  }

  void add(const order_number_block& block) {
    std::lock_guard guard{lock_};
    blocks_.push_back(block);
  }

private:
  std::mutex lock_;
  std::deque<order_number_block> blocks_;
};

} // namespace meisim::http
