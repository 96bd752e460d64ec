#include "http/endpoints/endpoints.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/money/answers.hpp"

#include <fmt/core.h>

namespace meisim::http {

namespace {

std::string roles_json(const std::string& roles) {
  std::string list = "[";
  size_t from = 0;
  while (from < roles.size()) {
    auto to = std::min(roles.find(',', from), roles.size());
    list += (from == 0 ? "" : ",") + json_quoted(roles.substr(from, to - from));
    from = to + 1;
  }
  return list + ']';
}

} // namespace

void admin_list_nodes(const exchange_pointer& x) {
  x->ask<node_list>(
    x->node->nodes,
    [x](const node_list& list) {
      std::string body = "[";
      for (const auto& node : list.nodes)
        body += fmt::format(
          R"({}{{"name":{},"http":{},"admin":{},"pid":{},"roles":{},"state":"{}","entities":{}}})",
          body.size() > 1 ? "," : "", json_quoted(node.name), json_quoted(node.http),
          json_quoted(node.admin), node.pid, roles_json(node.roles), node.state, node.entities);
      x->succeed(body + ']');
    },
    list_nodes{});
}

void admin_drain_node(const exchange_pointer& x) {
  x->ask<done>(
    x->node->nodes, [x](done) { x->succeed(std::string{R"({"ok":true})"}); },
    drain_node{x->captures.front()});
}

} // namespace meisim::http
