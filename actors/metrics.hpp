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
  prometheus::Gauge& active_visitors;
};

} // namespace meisim
