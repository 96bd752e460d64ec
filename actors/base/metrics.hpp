#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>

namespace meisim {

/// What a node counts. References stay good as long as the registry lives.
struct node_metrics {
  explicit node_metrics(std::shared_ptr<prometheus::Registry> registry);

  std::shared_ptr<prometheus::Registry> registry;
  /// Postings in one ledger transaction.
  prometheus::Histogram& commit_postings;
  /// Seconds that a ledger transaction took, its COMMIT included.
  prometheus::Histogram& commit_seconds;
  /// Entities that are active on this node.
  prometheus::Gauge& active_wallets;
  prometheus::Gauge& active_dealers;
  prometheus::Gauge& active_pools;
  prometheus::Gauge& active_ip_limiters;
  /// Nodes that this one knows to be alive, itself included.
  prometheus::Gauge& members;
  /// Links to other nodes that are up.
  prometheus::Gauge& links;
  /// Entities that were told to leave because they belong to another node now.
  prometheus::Counter& moves;
  /// Questions to entities of other nodes, and of other nodes to entities here.
  prometheus::Counter& remote_out;
  prometheus::Counter& remote_in;
};

} // namespace meisim
