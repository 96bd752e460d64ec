#include "protocols/base/id.hpp"
#include "tests/fixtures/as_root.hpp"
#include "tests/fixtures/run_program.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

// What the programs say of themselves and of their configuration, without a database.

using namespace meisim::test;

namespace {

namespace fs = std::filesystem;

struct fixture {
  fs::path folder = fs::temp_directory_path() / ("meisim-config-" + to_string(meisim::make_uuid()));
  std::string file = (folder / "meisimd.conf").string();
  std::string home = (folder / "home").string();

  fixture() {
    fs::create_directories(home);
    // The scripts that run the tests set some of these.
    for (const char* name :
         {"MEISIM_HOME", "MEISIM_PORT", "MEISIM_ADMIN_PORT", "MEISIM_RATE_LIMITS", "PGPASSFILE"})
      ::unsetenv(name);
  }

  ~fixture() {
    fs::remove_all(folder);
  }

  /// Checks a configuration file of this text.
  ended_program check(const std::string& text, const std::string& more = {}) const {
    std::ofstream{file} << text;
    return run_program("meisimd",
                       "--check-config --config " + file + " --home " + home + " " + more);
  }
};

/// With real money in view.
constexpr auto sound = R"(
# a comment, and an empty line before it
provider-url=https://p3.example.com
provider=p4=packages@https://p4.example.com,concurrency=16
provider=p5=standard@https://p5.example.com
trusted-proxy=10.0.0.1,10.1.0.0/16
mail-url=smtps://mail.example.com
mail-from=orders@example.com
database=host=db.example.com dbname=meisim user=meisim
roles=http,core
)";

/// What the first group of `pattern` finds in the lines of a text.
std::set<std::string> words(const std::string& text, const std::string& pattern) {
  std::regex expression{pattern, std::regex::ECMAScript | std::regex::multiline};
  std::set<std::string> result;
  for (std::sregex_iterator one{text.begin(), text.end(), expression}, none; one != none; ++one)
    result.insert((*one)[1]);
  return result;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(programs_tests, fixture)

BOOST_AUTO_TEST_CASE(each_program_says_which_build_it_is) {
  for (const std::string program : {"meisimd", "meisimctl", "meisim-sandbox"}) {
    auto said = run_program(program, "--version");
    BOOST_TEST(said.status == 0);
    BOOST_TEST(said.output.starts_with(program + " 1.0.0 (commit "), said.output);
  }
}

BOOST_AUTO_TEST_CASE(a_sound_configuration_is_praised_by_silence) {
  auto said = check(sound);
  BOOST_TEST(said.output == "0 errors, 0 warnings\n");
  BOOST_TEST(said.status == 0);
}

BOOST_AUTO_TEST_CASE(a_wrong_line_is_named) {
  auto expect = [&](const std::string& line, const std::string& sentence) {
    auto said = check("# first\n\n" + line + "\n");
    BOOST_TEST(said.status == 1);
    BOOST_TEST(said.says(file + ":3: " + sentence), said.output);
  };
  expect("prot=8080", R"(there is no option "prot")");
  expect("[meisimd]", R"(there is no option "[meisimd]")");
  expect("help=true", R"(there is no option "help")");
  expect("check-config", R"(there is no option "check-config")");
  expect("port", "port needs a value");
  expect("port=eighty", "");
  expect("http-workers=65", "");
  expect("roles=http,kernel", "");
}

BOOST_AUTO_TEST_CASE(an_option_is_set_once_unless_it_takes_several_values) {
  auto said = check("port=1\nadmin-port=2\nport=3\n");
  BOOST_TEST(said.status == 1);
  BOOST_TEST(said.says(file + ":3: port is set in line 1 already"), said.output);
}

BOOST_AUTO_TEST_CASE(the_command_line_goes_before_the_file) {
  BOOST_TEST(check("rate-limits=off\n").says("rate-limits: off"));
  BOOST_TEST(!check("rate-limits=off\n", "--rate-limits on").says("rate-limits: off"));
  // A name that does not exist is an error too.
  BOOST_TEST(check("rate-limit=off\n", "--rate-limits on").status == 1);
}

BOOST_AUTO_TEST_CASE(to_run_with_a_wrong_line_is_a_wrong_use) {
  std::ofstream{file} << "prot=8080\n";
  auto said = run_program("meisimd", "--config " + file + " --home " + home);
  BOOST_TEST(said.status == 2);
  BOOST_TEST(said.says(file + R"(:1: there is no option "prot")"), said.output);
}

BOOST_AUTO_TEST_CASE(what_is_unsafe_is_a_warning) {
  auto said = check("");
  BOOST_TEST(said.status == 0);
  for (const char* about : {"mail-url", "mail-from", "provider-url", "trusted-proxy"})
    BOOST_TEST(said.says(std::string{"warning: "} + about + ": "), said.output);
  auto expect = [&](const std::string& line, const std::string& about) {
    auto found = check(sound + line + "\n");
    BOOST_TEST(found.status == 0);
    BOOST_TEST(found.says("warning: " + about + ": "), line << "\n" << found.output);
    BOOST_TEST(found.says("0 errors, 1 warning\n"), line << "\n" << found.output);
  };
  expect("admin-address=0.0.0.0", "admin-address");
  expect("rate-limits=off", "rate-limits");
  expect("rate-limits=10", "rate-limits");
  expect("webhook-any-address", "webhook-any-address");
  expect("seed-demo", "seed-demo");
  expect("simulated-devices=8", "simulated-devices");
  expect("stripe-url=http://127.0.0.1:8090", "stripe-url");
  expect("stripe-publishable-key=pk_test_1", "stripe-publishable-key");
  expect("provider=p6=standard@http://p6.example.com", "provider");
  expect("provider=p6=standard@http://127.0.0.1:8090", "provider");
  std::ofstream{home + "/stripe.key"} << "sk_live_1\n";
  fs::permissions(home + "/stripe.key", fs::perms::owner_read | fs::perms::others_read);
  expect("", "home");
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_an_error) {
  auto expect = [&](const std::string& line, const std::string& about) {
    auto found = check(line + "\n");
    BOOST_TEST(found.status == 1);
    BOOST_TEST(found.says("error: " + about + ": "), line << "\n" << found.output);
  };
  expect("mail-url=pigeon://roof", "mail-url");
  expect("provider-url=ftp://p3.example.com", "provider-url");
  expect("devices-file=/nowhere/devices.json", "devices-file");
  expect("cluster-certificate=/nowhere/node.pem", "cluster");
  expect("roles=devices", "join");
  expect("database=meisim", "database");
  ::setenv("PGPASSFILE", "/nowhere/pg.pass", 1);
  expect("", "PGPASSFILE");
}

BOOST_AUTO_TEST_CASE(a_token_that_is_a_link_leads_root_nowhere,
                     *boost::unit_test::precondition(is_root)) {
  auto secret = folder / "secret";
  std::ofstream{secret} << "for root alone\n";
  fs::permissions(secret, fs::perms::owner_read);
  fs::create_symlink(secret, home + "/admin.token");
  auto list = [&] {
    return run_program("meisimctl", "--admin-url http://127.0.0.1:1 dealer list --home " + home);
  };
  BOOST_TEST(list().says("cannot be reached"));
  BOOST_REQUIRE(::chown(home.c_str(), folder_owner, folder_owner) == 0);
  BOOST_TEST(list().says("cannot read " + home + "/admin.token"));
}

BOOST_AUTO_TEST_CASE(the_example_has_every_option_and_changes_none) {
  auto example = run_program("meisimd", "--example-config");
  BOOST_TEST(example.status == 0);
  auto known = words(run_program("meisimd", "--help").output, R"(^ +(?:-h,)?--([a-z0-9-]+))");
  for (const char* once :
       {"help", "version", "config", "check-config", "example-config", "migrate"})
    BOOST_TEST(known.erase(once) == 1U, once);
  auto named = words(example.output, "^#([a-z0-9-]+)=");
  BOOST_TEST(named == known, boost::test_tools::per_element());

  BOOST_TEST(check(example.output).output == check("").output);
  // Without its comment mark, each line is an option that the node knows, with the value that holds
  // anyway. This is not so for options without a default, or off by default.
  std::regex line{"^#([a-z0-9-]+=.+)$", std::regex::ECMAScript | std::regex::multiline};
  std::string all;
  for (std::sregex_iterator one{example.output.begin(), example.output.end(), line}, none;
       one != none; ++one)
    if (!(*one)[1].str().ends_with("=true"))
      all += (*one)[1].str() + '\n';
  BOOST_TEST(all.find("\nmost-in-flight=") != std::string::npos);
  std::ofstream{file} << all;
  auto with_defaults = run_program("meisimd", "--check-config --config " + file);
  BOOST_TEST(with_defaults.output == run_program("meisimd", "--check-config").output);
}

BOOST_AUTO_TEST_CASE(a_command_that_is_not_known_is_named) {
  for (const auto* arguments : {"ordr list", "order ordr"}) {
    auto said = run_program("meisimctl", arguments);
    BOOST_TEST(said.status == 2);
    BOOST_TEST(said.output.find("\"ordr\"") != std::string::npos, said.output);
  }
  BOOST_TEST(run_program("meisimctl", "order").output.find("subcommand is required")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(help_is_a_command_too_and_lists_all_in_groups) {
  auto all = run_program("meisimctl", "help");
  BOOST_TEST(all.status == 0);
  BOOST_TEST(all.output == run_program("meisimctl", "--help").output);
  BOOST_TEST(all.says("Usage: meisimctl [OPTIONS] SUBCOMMAND"), all.output);
  BOOST_TEST(all.says("Orders and the work behind them:"), all.output);
  // Whatever is in no group would stand under this heading.
  BOOST_TEST(!all.says("\nSubcommands:"), all.output);
  BOOST_TEST(run_program("meisimctl", "help order list").says("--stuck"));
  auto set = run_program("meisimctl", "dealer set --help");
  BOOST_TEST(set.says("--markup PERCENT"), set.output);
  BOOST_TEST(!set.says("FLOAT"), set.output);
}

BOOST_AUTO_TEST_CASE(a_large_adjustment_has_to_be_meant) {
  auto adjust = [this](const std::string& options) {
    return run_program("meisimctl", "--admin-url http://127.0.0.1:1 --home " + home
                                      + " wallet adjust a@b.test --reason test --amount "
                                      + options);
  };
  for (const auto* sum : {"1000.01", "-1000.01", "6 --ask-above 5"}) {
    auto refused = adjust(sum);
    BOOST_TEST(refused.status == 2, refused.output);
    BOOST_TEST(refused.output.find("--yes") != std::string::npos, refused.output);
  }
  // These come as far as the node, which is not there.
  for (const auto* sum : {"1000.00", "-1000.00", "5000 --yes", "6 --ask-above 6"})
    BOOST_TEST(adjust(sum).status == 1, sum);
}

BOOST_AUTO_TEST_SUITE_END()
