#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/load.hpp"
#include "tests/fixtures/run_program.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <sstream>
#include <string>

// The drill of docs/operating.md: a copy is made while dealers order, the database is lost, and
// another one takes its place.

using namespace meisim;
using namespace meisim::test;

namespace {

void run(const std::string& command) {
  BOOST_REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
}

/// A node that keeps still on a restored database.
struct held_node {
  std::string home;
  child_process process;
  std::string admin_port;

  held_node(const service& of, const std::string& database)
    : home(of.home()), process("meisimd",
                               {"--home", home, "--port", "0", "--admin-port", "0", "--database",
                                database, "--hold", "--provider-url", of.sandbox_url(),
                                "--stripe-url", of.sandbox_url(), "--rate-limits", "off"},
                               "meisimd ready ") {
    std::istringstream ports{process.rest_of_line()};
    std::string port;
    ports >> port >> admin_port;
  }

  ended_program ctl(const std::string& arguments) const {
    return run_program("meisimctl",
                       "--admin-url http://127.0.0.1:" + admin_port + " --home " + home + ' '
                         + arguments,
                       "LC_ALL=C XDG_STATE_HOME=" + home + "/none");
  }

  bool has_open_orders() const {
    auto list = ctl("--json order list --status processing");
    BOOST_TEST(list.status == 0, list.output);
    return list.output.find("shortId") != std::string::npos;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(restore_suite)

BOOST_AUTO_TEST_CASE(a_copy_made_under_load_is_restored_held_compared_and_released) {
  service here;
  auto owner = here.add_dealer("100000.00");
  auto file = here.home() + "/copy";
  load clients;
  for (int i = 0; i < 4; ++i)
    clients.place_orders(here.public_url(), owner);
  BOOST_REQUIRE(comes_true([&] { return clients.outcomes().size() > 20; }));
  run("pg_dump --format custom --file " + file + " --dbname \"" + here.database_connection()
      + "\"");
  auto known = clients.outcomes().size();
  BOOST_REQUIRE(comes_true([&] { return clients.outcomes().size() > known + 20; }));
  clients.stop();
  here.stop(SIGKILL);

  test_database restored;
  run("pg_restore --no-owner --exit-on-error --dbname \"" + restored.connection() + "\" " + file);
  held_node node{here, restored.connection()};
  auto report = node.ctl("restore report");
  BOOST_TEST(report.status == 0, report.output);
  BOOST_TEST(report.says("meisimctl provider reconcile"), report.output);
  BOOST_TEST(report.says("lastOrderAt"), report.output);
  auto proof = node.ctl("ledger check");
  BOOST_TEST(proof.status == 0, proof.output);
  BOOST_TEST(comes_true([&] { return node.ctl("status").says("all work is held"); }));

  auto released = node.ctl("release");
  BOOST_TEST(released.status == 0, released.output);
  // What was under way is asked for under the same references, so that nothing is bought twice.
  BOOST_TEST(comes_true([&] { return !node.has_open_orders(); }, std::chrono::seconds{120}));
  BOOST_TEST(!node.ctl("--json order list --status failed").says("shortId"));
  BOOST_TEST(node.ctl("ledger check").status == 0);
  BOOST_TEST(node.process.stop(SIGTERM) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
