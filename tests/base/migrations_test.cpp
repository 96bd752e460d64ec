#include "persistence/base/embedded_migrations.hpp"
#include "tests/fixtures/database.hpp"

#include <atomic>
#include <thread>
#include <vector>

// How the schema comes into a database.

using namespace meisim;
using namespace meisim::test;

BOOST_AUTO_TEST_SUITE(transactions_suite)

BOOST_AUTO_TEST_CASE(a_transaction_within_another_ends_with_it) {
  database_fixture f;
  f.run("CREATE TABLE t (x integer)");
  auto rows = [&] { return f.value_of<int>("SELECT count(*) FROM t"); };
  auto add = [&](bool commits) {
    transaction inner{f.db};
    f.run("INSERT INTO t VALUES (1)");
    if (commits)
      inner.commit();
  };
  {
    transaction outer{f.db};
    add(true);
  }
  BOOST_TEST(rows() == 0);
  {
    transaction outer{f.db};
    add(true);
    outer.commit();
  }
  BOOST_TEST(rows() == 1);
  {
    transaction outer{f.db};
    add(false);
    BOOST_CHECK_THROW(outer.commit(), soci::soci_error);
  }
  BOOST_TEST(rows() == 1);
  add(true);
  BOOST_TEST(rows() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(migrations_suite)

BOOST_AUTO_TEST_CASE(each_migration_is_applied_once) {
  database_fixture f;
  f.open_dealer();
  migrate(f.db);
  BOOST_TEST(f.value_of<int>("SELECT count(*) FROM schema_migrations")
             == static_cast<int>(embedded_migrations().size()));
  BOOST_TEST(f.value_of<int>("SELECT count(*) FROM dealers") == 1);
}

BOOST_AUTO_TEST_CASE(one_that_was_changed_since_is_refused_by_name) {
  database_fixture f;
  f.run("UPDATE schema_migrations SET checksum = 'another'");
  auto names_it = [](const std::runtime_error& error) {
    return std::string_view{error.what()}.find("0001_base") != std::string_view::npos;
  };
  BOOST_CHECK_EXCEPTION(migrate(f.db), std::runtime_error, names_it);
}

BOOST_AUTO_TEST_CASE(a_schema_that_is_newer_than_the_program_is_refused_by_name) {
  database_fixture f;
  f.run("INSERT INTO schema_migrations (name, checksum) VALUES ('9999_tomorrow', 'x')");
  auto names_it = [](const std::runtime_error& error) {
    std::string_view what = error.what();
    return what.find("newer than this program") != std::string_view::npos
           && what.find("9999_tomorrow") != std::string_view::npos;
  };
  BOOST_CHECK_EXCEPTION(migrate(f.db), std::runtime_error, names_it);
}

BOOST_AUTO_TEST_CASE(nodes_that_start_at_once_take_turns) {
  test_database here;
  std::atomic<int> failures = 0;
  std::vector<std::thread> nodes;
  for (int i = 0; i < 4; ++i)
    nodes.emplace_back([&] {
      try {
        database db{here.connection(), "test"};
        migrate(db);
      } catch (const std::exception&) {
        ++failures;
      }
    });
  for (auto& node : nodes)
    node.join();
  BOOST_TEST(failures == 0);
  database db{here.connection(), "test"};
  int applied = 0;
  db.session() << "SELECT count(*) FROM schema_migrations", soci::into(applied);
  BOOST_TEST(applied == static_cast<int>(embedded_migrations().size()));
}

BOOST_AUTO_TEST_CASE(the_session_afterwards_has_its_limits_again) {
  database_fixture f;
  BOOST_TEST(f.value_of<std::string>("SHOW statement_timeout") == "10s");
  BOOST_TEST(f.value_of<std::string>("SHOW lock_timeout") == "5s");
}

BOOST_AUTO_TEST_SUITE_END()
