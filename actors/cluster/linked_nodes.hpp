#pragma once

#include <caf/node_id.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace meisim {

/// The nodes that this one has a link to. Each has been greeted, and the database knows it under
/// the incarnation that it told. Links write it and the node gate reads it, on any thread.
class linked_nodes {
public:
  void add(const caf::node_id& node) {
    std::scoped_lock lock{mutex_};
    nodes_.push_back(node);
  }

  /// Takes out what one `add` has put in.
  void remove(const caf::node_id& node) {
    std::scoped_lock lock{mutex_};
    if (auto found = std::ranges::find(nodes_, node); found != nodes_.end())
      nodes_.erase(found);
  }

  bool contains(const caf::node_id& node) const {
    std::scoped_lock lock{mutex_};
    return std::ranges::find(nodes_, node) != nodes_.end();
  }

private:
  mutable std::mutex mutex_;
  /// A handful; twice while one link takes over from another.
  std::vector<caf::node_id> nodes_;
};

/// Keeps one node among them for as long as this object lives.
class linked_node {
public:
  linked_node(std::shared_ptr<linked_nodes> all, caf::node_id node)
    : all_(std::move(all)), node_(std::move(node)) {
    all_->add(node_);
  }

  ~linked_node() {
    all_->remove(node_);
  }

  linked_node(const linked_node&) = delete;
  linked_node& operator=(const linked_node&) = delete;

private:
  std::shared_ptr<linked_nodes> all_;
  caf::node_id node_;
};

} // namespace meisim
