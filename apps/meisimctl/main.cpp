#include "apps/meisimctl/commands.hpp"

#include <curl/curl.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

namespace {

constexpr int refused_status = 1;
constexpr int usage_status = 2;

std::string environment(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value && *value ? value : fallback;
}

std::string admin_token() {
  auto path = environment("MEISIM_HOME", "var") + "/admin.token";
  std::ifstream file{path};
  std::string token;
  if (!std::getline(file, token))
    throw meisim::refused("cannot read " + path + "; MEISIM_HOME names the home of the node");
  return token;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"meisimctl: the operator's tool of MeiSIM Dealer"};
  bool as_json = false;
  std::string url = "http://127.0.0.1:" + environment("MEISIM_ADMIN_PORT", "8081");
  app.add_flag("--json", as_json, "Print one JSON document");
  app.add_option("--admin-url", url, "The node's admin API")->capture_default_str();
  app.require_subcommand(1);
  meisim::command chosen;
  meisim::declare_commands(app, chosen);
  // Options of the tool itself may stand anywhere on the line.
  app.fallthrough();
  for (auto* group : app.get_subcommands({})) {
    group->fallthrough();
    for (auto* sub : group->get_subcommands({}))
      sub->fallthrough();
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_status;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  try {
    auto result = chosen(meisim::admin_client{url, admin_token()});
    std::cout << (as_json ? result.json : result.text) << '\n';
    return result.is_ok ? 0 : refused_status;
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return usage_status;
  } catch (const std::exception& error) {
    std::cerr << "meisimctl: " << error.what() << '\n';
    return refused_status;
  }
}
