#pragma once

#include "protocols/interfaces.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace meisim {

/// Records actors that read from a replica of the database.
struct replica_readers {
  std::vector<records_actor> members;
  /// Whether the replica answers, and is no older than it may be.
  std::shared_ptr<const std::atomic<bool>> is_usable;
};

/// The records actors of a node. They share the questions.
class records_pool {
public:
  records_pool() = default;

  explicit records_pool(std::vector<records_actor> members, replica_readers replica = {})
    : members_(std::move(members)), replica_(std::move(replica)),
      next_(std::make_shared<std::atomic<size_t>>(0)) {
    // nop
  }

  /// The actor whose turn it is; one at the replica as long as that is usable.
  const records_actor& next() const {
    const auto& ready = reads_replica() ? replica_.members : members_;
    return ready[next_->fetch_add(1, std::memory_order_relaxed) % ready.size()];
  }

  bool reads_replica() const {
    return replica_.is_usable && replica_.is_usable->load(std::memory_order_relaxed);
  }

private:
  std::vector<records_actor> members_;
  replica_readers replica_;
  std::shared_ptr<std::atomic<size_t>> next_;
};

} // namespace meisim
