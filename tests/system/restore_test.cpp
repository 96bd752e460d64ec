#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/held_node.hpp"
#include "tests/fixtures/load.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <string>

// The drill of docs/backup.md: a copy is made while dealers order, the database is lost, and
// another one takes its place.

using namespace meisim;
using namespace meisim::test;

namespace {

void run(const std::string& command) {
  BOOST_REQUIRE_MESSAGE(std::system(command.c_str()) == 0, command);
}

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
  BOOST_TEST(comes_true([&] { return !node.has_orders("processing"); }, std::chrono::seconds{120}));
  BOOST_TEST(!node.has_orders("failed"));
  BOOST_TEST(node.ctl("ledger check").status == 0);
  BOOST_TEST(node.process.stop(SIGTERM) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
