#include "actors/operators/key_keeper.hpp"
#include "persistence/operators/node_keys.hpp"
#include "tests/fixtures/database.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

// How nodes come to the secrets that they share.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  std::filesystem::path folder =
    std::filesystem::temp_directory_path() / ("meisim-test-" + to_string(make_uuid()));

  ~fixture() {
    std::filesystem::remove_all(folder);
  }

  std::string home(const std::string& name) const {
    std::filesystem::create_directories(folder / name);
    return (folder / name).string();
  }

  struct node {
    key_ring ring;
    kept_secret jwt;
    kept_secret admin;

    explicit node(const std::string& home)
      : ring{home}, jwt{ring.add({"jwt", "jwt.key", {}, {}, true})},
        admin{ring.add({"admin", "admin.token", {}, {}, true})} {
      // nop
    }
  };
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(node_keys_suite, fixture)

BOOST_AUTO_TEST_CASE(the_first_node_makes_the_key_of_the_tokens_and_the_next_has_the_same) {
  node first{home("a")};
  settle_keys(first.ring, db);
  BOOST_TEST(first.jwt.text().size() == 64u);
  BOOST_TEST(first.admin.text().size() == 64u);
  std::filesystem::copy_file(folder / "a/nodes.key", home("b") + "/nodes.key");
  node second{home("b")};
  settle_keys(second.ring, db);
  BOOST_TEST(second.jwt.text() == first.jwt.text());
  BOOST_TEST(second.admin.text() != first.admin.text());
  // Nothing in the database is the key itself.
  BOOST_TEST(value_of<std::string>("SELECT sealed || id FROM node_keys").find(first.jwt.text())
             == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_node_without_the_key_of_the_nodes_does_not_start) {
  node first{home("a")};
  settle_keys(first.ring, db);
  node stranger{home("b")};
  BOOST_CHECK_THROW(settle_keys(stranger.ring, db), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_replaced_is_the_latest_of_its_name) {
  node first{home("a")};
  settle_keys(first.ring, db);
  auto next = first.ring.seal_for_all("jwt", std::string(64, 'x'));
  BOOST_REQUIRE(next);
  {
    transaction tx{db};
    replace_node_key(db, *next, former_key_lifetime);
    tx.commit();
  }
  BOOST_TEST((next->former_until - next->made_at == former_key_lifetime));
  auto latest = all_node_keys(db);
  BOOST_REQUIRE_EQUAL(latest.size(), 1u);
  BOOST_TEST(latest.front().id == next->id);
  auto before = first.jwt.text();
  BOOST_TEST(!first.ring.take(latest));
  BOOST_TEST(first.jwt.text() == std::string(64, 'x'));
  BOOST_TEST(first.jwt.is(before));
  // It is proposed only where there is none.
  propose_node_key(db, *first.ring.seal_for_all("jwt", before));
  BOOST_TEST(all_node_keys(db).front().id == next->id);
}

BOOST_AUTO_TEST_SUITE_END()
