#include "actors/base/metrics.hpp"

namespace meisim {

namespace {

prometheus::Histogram& histogram(prometheus::Registry& registry, const std::string& name,
                                 const std::string& help,
                                 const prometheus::Histogram::BucketBoundaries& bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds);
}

prometheus::Gauge& entity_gauge(prometheus::Registry& registry, const std::string& kind) {
  return prometheus::BuildGauge()
    .Name("meisim_active_entities")
    .Help("Entities that are active on this node")
    .Register(registry)
    .Add({{"kind", kind}});
}

prometheus::Counter& remote_counter(prometheus::Registry& registry, const std::string& direction) {
  return prometheus::BuildCounter()
    .Name("meisim_remote_requests_total")
    .Help("Questions to entities of other nodes, and of other nodes to entities of this one")
    .Register(registry)
    .Add({{"direction", direction}});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const std::string& name,
                         const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

} // namespace

node_metrics::node_metrics(std::shared_ptr<prometheus::Registry> shared)
  : registry(std::move(shared)),
    commit_postings(histogram(*registry, "meisim_commit_postings",
                              "Postings in one ledger transaction",
                              {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024})),
    commit_seconds(histogram(*registry, "meisim_commit_seconds",
                             "Seconds that a ledger transaction took",
                             {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5})),
    active_wallets(entity_gauge(*registry, "wallet")),
    active_dealers(entity_gauge(*registry, "dealer")),
    active_pools(entity_gauge(*registry, "pool")),
    active_ip_limiters(entity_gauge(*registry, "ip_limiter")),
    members(
      gauge(*registry, "meisim_cluster_members", "Nodes known to be alive, this one included")),
    links(gauge(*registry, "meisim_cluster_links", "Links to other nodes that are up")),
    moves(prometheus::BuildCounter()
            .Name("meisim_entity_moves_total")
            .Help("Entities that left this node because they belong to another one now")
            .Register(*registry)
            .Add({})),
    remote_out(remote_counter(*registry, "out")), remote_in(remote_counter(*registry, "in")) {
  // nop
}

} // namespace meisim
