#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/run_program.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <csignal>
#include <filesystem>
#include <future>

// Beside which other nodes a node does not start.

using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service({"--rate-limits", "off"});
  std::filesystem::path home =
    std::filesystem::temp_directory_path() / ("meisim-test-" + to_string(meisim::make_uuid()));

  ~fixture() {
    std::filesystem::remove_all(home);
  }

  /// Another process on the service's database, which is not given long.
  ended_program start(const std::string& options, const std::string& variables = "env") const {
    return run_program("meisimd",
                       "--port 0 --admin-port 0 --home " + home.string() + " --database \""
                         + here.database_connection() + "\" " + options,
                       variables + " timeout --preserve-status -s TERM 20");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(start_refusals_tests, fixture)

BOOST_AUTO_TEST_CASE(a_second_process_of_a_name_is_refused_and_the_first_goes_on) {
  auto second = start("");
  BOOST_TEST(second.status == 1, second.output);
  BOOST_TEST(second.says("a node node-0 is alive on this database"), second.output);
  auto nodes = here.admin_get("/admin/v1/nodes").json();
  BOOST_REQUIRE_EQUAL(nodes.size(), 1u);
  BOOST_TEST(nodes[0]["state"].asString() == "up");
  BOOST_TEST(here.add_dealer("1.00").key_header.starts_with("x-dealer-key: dk_"));
}

BOOST_AUTO_TEST_CASE(a_heartbeat_of_a_dead_process_that_is_written_late_keeps_nobody_out) {
  service own{{"--rate-limits", "off"}};
  own.stop(SIGKILL);
  soci::session db{soci::postgresql, own.database_connection()};
  auto sessions = [&](const std::string& that) {
    int count = 0;
    db << "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
          "AND pid <> pg_backend_pid() AND "
            + that,
      soci::into(count);
    return count;
  };
  BOOST_REQUIRE(comes_true([&] { return sessions("true") == 0; }));
  auto late = std::async(std::launch::async, [&] {
    auto has_looked = [&] { return sessions("query LIKE '%FROM beat_at%'") > 0; };
    bool is_seen = comes_true(has_looked);
    db << "UPDATE nodes SET beat_at = clock_timestamp()";
    return is_seen;
  });
  own.start();
  BOOST_TEST(late.get());
  BOOST_TEST(own.admin_get("/admin/v1/nodes").json()[0]["state"].asString() == "up");
}

BOOST_AUTO_TEST_CASE(a_live_stripe_key_and_the_demonstration_keep_apart) {
  for (const auto* key : {"sk_live_51abcdef", "rk_live_51abcdef"}) {
    auto variables = std::string{"env MEISIM_STRIPE_KEY="} + key;
    auto node = start("--node-name live", variables);
    BOOST_TEST(node.status == 1, node.output);
    BOOST_TEST(node.says("this database has the demonstration"), node.output);
    auto seeding = start("--node-name live --seed-demo", variables);
    BOOST_TEST(seeding.status == 1, seeding.output);
    BOOST_TEST(seeding.says("seed-demo: Stripe's key is a live one"), seeding.output);
  }
}

BOOST_AUTO_TEST_CASE(one_time_codes_stay_in_no_folder_unasked) {
  test_database empty{test_server(), migrated_template()};
  auto begin = "--port 0 --admin-port 0 --home " + home.string() + " --database \""
               + empty.connection() + "\" ";
  auto refused = run_program("meisimd", begin);
  BOOST_TEST(refused.status == 1, refused.output);
  BOOST_TEST(refused.says("set allow-mail-folder"), refused.output);
  auto allowed = run_program("meisimd", begin + "--allow-mail-folder",
                             "env timeout --preserve-status -s TERM 10");
  BOOST_TEST(allowed.says("meisimd ready"), allowed.output);
}

BOOST_AUTO_TEST_SUITE_END()
