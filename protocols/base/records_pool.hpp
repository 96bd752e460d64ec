#pragma once

#include "protocols/interfaces.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace meisim {

/// The records actors of a node. They share the questions.
class records_pool {
public:
  records_pool() = default;

  explicit records_pool(std::vector<records_actor> members)
    : members_(std::move(members)), next_(std::make_shared<std::atomic<size_t>>(0)) {
    // nop
  }

  /// The one whose turn it is.
  const records_actor& next() const {
    return members_[next_->fetch_add(1, std::memory_order_relaxed) % members_.size()];
  }

private:
  std::vector<records_actor> members_;
  std::shared_ptr<std::atomic<size_t>> next_;
};

} // namespace meisim
