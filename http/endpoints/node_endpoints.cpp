#include "http/edge/asking.hpp"
#include "http/edge/auditing.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/cluster/cluster.hpp"

#include <algorithm>
#include <array>

namespace meisim::http {

namespace {

/// The parts of a list that commas separate.
std::vector<std::string_view> parts_of(std::string_view list) {
  std::vector<std::string_view> parts;
  for (size_t from = 0; from < list.size();) {
    auto to = std::min(list.find(',', from), list.size());
    parts.push_back(list.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

void write_node(json_writer& out, const node_view& node) {
  out.member("name", node.name)
    .member("http", node.http)
    .member("admin", node.admin)
    .member("pid", node.pid)
    .member("version", or_null(node.version))
    .array("roles", parts_of(node.roles))
    .member("state", node.state)
    .member("entities", node.entities);
}

void admin_list_nodes(const exchange_pointer& x) {
  ask<node_list>(
    x, x->node->nodes,
    [x](const node_list& list) { succeed(x, json_objects(list.nodes, write_node)); }, list_nodes{});
}

void admin_drain_node(const exchange_pointer& x) {
  ask<done>(
    x, x->node->nodes, [x](done) { succeed(x); }, drain_node{x->captures.front(), stamp_of(x)});
}

} // namespace

route_table node_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/admin/v1/nodes", viewer, none, admin_list_nodes},
    route{post,
          "/admin/v1/nodes/:name/drain",
          admin,
          none,
          admin_drain_node,
          {.is_repeatable = true, .audit = audit_kind::node_drained}},
  };
  return table;
}

} // namespace meisim::http
