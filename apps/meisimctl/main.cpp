#include "apps/meisimctl/commands.hpp"
#include "apps/version/version.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr int refused_status = 1;
constexpr int usage_status = 2;

std::string environment(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value && *value ? value : fallback;
}

/// The home of the package if there is one, otherwise that of scripts/run.
std::string default_home() {
  constexpr auto installed = "/var/lib/meisim";
  return std::filesystem::exists(installed) ? installed : "var";
}

/// Options of the tool itself may stand anywhere on the line.
void let_through(CLI::App& app) {
  app.fallthrough();
  for (auto* sub : app.get_subcommands({}))
    let_through(*sub);
}

/// The words of the line in the order that CLI11 takes, the last one first. `help order` is `order
/// --help`.
std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  std::ranges::reverse(words);
  return words;
}

/// Says what is wrong with the arguments. CLI11 asks for a command even if there is one that it
/// does not know.
int refuse_arguments(const CLI::App& app, const CLI::ParseError& error) {
  auto unread = app.remaining(true);
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError) || unread.empty())
    return app.exit(error) == 0 ? 0 : usage_status;
  std::cerr << "meisimctl: nothing is called \"" << unread.front()
            << "\" here; --help lists what there is\n";
  return usage_status;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"meisimctl: the operator's tool of MeiSIM Dealer", "meisimctl"};
  app.footer("meisimctl help COMMAND tells more of one, such as meisimctl help order list.");
  bool as_json = false;
  auto home = default_home();
  std::string url = "http://127.0.0.1:" + environment("MEISIM_ADMIN_PORT", "8081");
  app.add_flag("--json", as_json, "Print one JSON document");
  app.add_option("--admin-url", url, "Where a node serves operators")->capture_default_str();
  app.add_option("--home", home, "The node's home, where its admin.token is")
    ->envname("MEISIM_HOME")
    ->capture_default_str();
  app.set_version_flag("--version", meisim::version_line("meisimctl"),
                       "Print version, commit and build, and exit");
  app.require_subcommand(1);
  meisim::command chosen;
  meisim::declare_commands(app, home, chosen);
  let_through(app);
  try {
    app.parse(words_of(argc, argv));
  } catch (const CLI::ParseError& error) {
    return refuse_arguments(app, error);
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  try {
    auto result = chosen(meisim::admin_client{url, home});
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
