#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/private_postgres.hpp"
#include "tests/fixtures/service.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <string>

// What takes long is read from a replica, as long as there is one that is fresh.

using namespace meisim::test;

namespace {

std::string get(const service& here, const service::account& owner, const std::string& path) {
  // A file that is read while the replica dies breaks off.
  auto answer = call({"GET", here.public_url() + path, {owner.key_header}, {}}, true);
  return answer.status == 200 ? answer.body : std::string{};
}

bool reads_replica(const service& here) {
  return call({"GET", here.admin_url() + "/metrics", {}, {}}).body.find("meisim_replica_usable 1")
         != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(replica_suite)

BOOST_AUTO_TEST_CASE(statements_come_from_the_replica_and_from_the_primary_without_it) {
  private_postgres primary;
  private_postgres standby{private_postgres::standby_of{primary}};
  service here{{"--rate-limits", "off", "--replica-oldest-seconds", "86400", "--replica",
                standby.connection() + " {database}"},
               primary.connection()};
  auto owner = here.add_dealer("1000.00");
  BOOST_TEST(comes_true([&] { return reads_replica(here); }));
  BOOST_TEST(comes_true(
    [&] { return get(here, owner, "/dealer/statement").find("1000.00") != std::string::npos; }));
  {
    // What is done from now on does not arrive.
    soci::session sql{soci::postgresql, standby.connection()};
    sql << "SELECT pg_wal_replay_pause()";
    BOOST_TEST(comes_true([&] {
      std::string state;
      sql << "SELECT pg_get_wal_replay_pause_state()", soci::into(state);
      return state == "paused";
    }));
  }
  BOOST_TEST(here
               .admin_post("/admin/v1/dealers/" + owner.email + "/adjustments",
                           R"({"amount":"+7.77","reason":"goodwill"})")
               .status
             == 200);
  BOOST_TEST(get(here, owner, "/dealer/transactions").find("7.77") != std::string::npos);
  BOOST_TEST(get(here, owner, "/dealer/statement").find("7.77") == std::string::npos);
  standby.stop_immediately();
  BOOST_TEST(comes_true(
    [&] { return get(here, owner, "/dealer/statement").find("7.77") != std::string::npos; }));
}

BOOST_AUTO_TEST_SUITE_END()
