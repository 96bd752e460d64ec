#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/url.hpp"

namespace meisim {

namespace {

outcome list_nodes(const admin_client& node) {
  auto json = node.get("/admin/v1/nodes");
  return {json,
          table_of(parse_answer(json),
                   {"name", "http", "admin", "pid", "version", "roles", "state", "entities"},
                   "No nodes."),
          true};
}

outcome drain_node(const admin_client& node, const std::string& name) {
  auto json =
    node.post("/admin/v1/nodes/" + url_escaped(name) + "/drain", Json::Value{Json::objectValue});
  return {json, name + " takes no more work as soon as it hears of it, within a second", true};
}

} // namespace

void declare_node_commands(CLI::App& app, command& chosen) {
  auto* group = app.add_subcommand("node", "The nodes of the cluster")->require_subcommand(1);
  group->add_subcommand("list", "List all nodes of the last day")->callback([&chosen] {
    chosen = list_nodes;
  });
  auto name = std::make_shared<std::string>();
  auto* drain = group->add_subcommand("drain", "Let a node hand over its work, and take no more");
  drain->add_option("name", *name, "The node's name")->required();
  drain->callback(
    [name, &chosen] { chosen = [name](const auto& node) { return drain_node(node, *name); }; });
}

} // namespace meisim
