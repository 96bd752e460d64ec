#include "apps/meisimctl/commands.hpp"
#include "apps/meisimctl/read_secret.hpp"
#include "apps/meisimctl/table.hpp"
#include "protocols/base/url.hpp"

#include <fstream>

namespace meisim {

namespace {

struct key_arguments {
  std::string name, file;
  bool is_at_once = false;
};

outcome list_all_keys(const admin_client& node) {
  auto json = node.get("/admin/v1/keys");
  return {json,
          table_of(parse_answer(json), {"name", "id", "since", "formerId", "formerUntil", "source"},
                   "No secrets."),
          true};
}

/// The service makes these itself.
bool is_made(const std::string& name) {
  return name == "jwt" || name == "admin";
}

std::string secret_in_file(const std::string& path) {
  std::ifstream file{path};
  std::string secret;
  if (!std::getline(file, secret))
    throw refused("cannot read " + path);
  if (secret.ends_with('\r'))
    secret.pop_back();
  return secret;
}

outcome rotate(const admin_client& node, const key_arguments& a) {
  Json::Value body{Json::objectValue};
  if (!a.file.empty())
    body["secret"] = secret_in_file(a.file);
  else if (!is_made(a.name))
    body["secret"] = read_secret("New secret: ");
  if (a.is_at_once)
    body["atOnce"] = true;
  auto json = node.post("/admin/v1/keys/" + url_escaped(a.name) + "/rotate", body);
  return {json, lines_of(parse_answer(json)), true};
}

} // namespace

void declare_key_commands(CLI::App& app, command& chosen) {
  auto a = std::make_shared<key_arguments>();
  auto* key = app.add_subcommand("key", "The secrets of the service")->require_subcommand(1);
  key->add_subcommand("list", "List this node's by their ids, and where they come from")
    ->callback([&chosen] { chosen = list_all_keys; });
  auto* sub = key->add_subcommand(
    "rotate", "Put another one in its place, on all nodes; the one before holds for a day");
  sub->add_option("key", a->name, "jwt, admin, stripe, stripe-webhook or provider-PREFIX")
    ->required();
  sub->add_option("--from-file", a->file,
                  "The new secret, for those that are made elsewhere; else from standard input");
  sub->add_flag("--at-once", a->is_at_once, "The one before holds no longer: somebody has it");
  sub->callback([=, &chosen] { chosen = [=](const auto& node) { return rotate(node, *a); }; });
}

} // namespace meisim
