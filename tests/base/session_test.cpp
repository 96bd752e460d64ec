#include "tests/fixtures/database.hpp"

#include <string>

// Sessions: which failures may pass, and what becomes of the session.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  /// What a caller hears of it.
  ec outcome_of(const std::string& statement) {
    auto done = guarded(db, "a test", [&] {
      run(statement);
      return true;
    });
    return done ? ec::none : code_of(done.error());
  }

  int process() {
    return value_of<int>("SELECT pg_backend_pid()");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(session_suite, fixture)

BOOST_AUTO_TEST_CASE(a_server_that_takes_no_writes_is_left) {
  run("SET default_transaction_read_only = on");
  auto first = process();
  BOOST_TEST((outcome_of("CREATE TABLE written (number integer)") == ec::unavailable));
  // By now there may be another server.
  BOOST_TEST(process() != first);
  BOOST_TEST((outcome_of("CREATE TABLE written (number integer)") == ec::none));
}

BOOST_AUTO_TEST_CASE(a_row_that_is_there_already_costs_no_session) {
  run("CREATE TABLE written (number integer PRIMARY KEY)");
  auto first = process();
  BOOST_TEST((outcome_of("INSERT INTO written VALUES (1)") == ec::none));
  BOOST_TEST((outcome_of("INSERT INTO written VALUES (1)") == ec::conflict));
  BOOST_TEST(process() == first);
}

BOOST_AUTO_TEST_SUITE_END()
