#include "actors/operators/key_file.hpp"
#include "actors/operators/key_ring.hpp"
#include "protocols/base/id.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

// The secrets of a node: files of its home, and what other nodes have changed.

using namespace meisim;
using namespace std::chrono_literals;

namespace {

/// The home of a node.
struct home {
  std::filesystem::path path =
    std::filesystem::temp_directory_path() / ("meisim-test-" + to_string(make_uuid()));

  home() {
    std::filesystem::create_directories(path);
  }

  ~home() {
    std::filesystem::remove_all(path);
  }

  home(const home&) = delete;
  home& operator=(const home&) = delete;

  void write(const std::string& file, const std::string& text) const {
    std::ofstream{path / file} << text;
  }

  std::string line(const std::string& file) const {
    std::string text;
    std::ifstream in{path / file};
    std::getline(in, text);
    return text;
  }
};

/// A ring with Stripe's key.
struct stripe_ring {
  key_ring ring;
  kept_secret stripe;

  explicit stripe_ring(const home& of)
    : ring{of.path.string()}, stripe{ring.add({"stripe", "stripe.key"})} {
    // nop
  }
};

node_key changed(key_ring& by, const std::string& text, std::chrono::hours former = 24h) {
  auto key = by.seal_for_all("stripe", text);
  BOOST_REQUIRE(key);
  key->made_at = now();
  key->former_until = now() + former;
  return *key;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_ring_suite)

BOOST_AUTO_TEST_CASE(a_file_that_was_changed_is_in_force_once_it_is_read_again) {
  home here;
  here.write("stripe.key", "sk_1\n");
  stripe_ring node{here};
  here.write("stripe.key", "sk_2\r\n");
  BOOST_TEST(node.stripe.text() == "sk_1");
  node.ring.reload();
  BOOST_TEST(node.stripe.text() == "sk_2");
  BOOST_TEST(!node.stripe.is("sk_1"));
  here.write("stripe.key.before", "sk_1\n");
  node.ring.reload();
  BOOST_TEST(node.stripe.is("sk_1"));
  BOOST_TEST(!node.stripe.is(""));
}

BOOST_AUTO_TEST_CASE(a_bad_file_leaves_what_was_in_force) {
  home here;
  here.write("stripe.key", "sk_1\n");
  stripe_ring node{here};
  for (const std::string bad : {"", "\n", "sk_\x01\n", "\nsk_2\n"}) {
    here.write("stripe.key", bad);
    node.ring.reload();
    BOOST_TEST(node.stripe.text() == "sk_1");
  }
  std::filesystem::remove(here.path / "stripe.key");
  node.ring.reload();
  BOOST_TEST(node.stripe.text() == "sk_1");
  here.write("stripe.key", "\n");
  BOOST_CHECK_THROW(stripe_ring{here}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_secret_of_the_environment_is_not_read_from_a_file) {
  home here;
  here.write("stripe.key", "sk_file\n");
  key_ring ring{here.path.string()};
  auto stripe = ring.add({"stripe", "stripe.key", "MEISIM_STRIPE_KEY", "sk_fixed"});
  ring.reload();
  BOOST_TEST(stripe.text() == "sk_fixed");
}

BOOST_AUTO_TEST_CASE(what_one_node_changes_all_nodes_take_over_once) {
  home first, second;
  first.write("stripe.key", "sk_1\n");
  second.write("stripe.key", "sk_1\n");
  stripe_ring one{first};
  BOOST_TEST(!one.ring.take({}, true));
  auto news = changed(one.ring, "sk_2");
  std::filesystem::copy_file(first.path / "nodes.key", second.path / "nodes.key");
  stripe_ring other{second};
  BOOST_TEST(!other.ring.take({}, true));
  for (auto* node : {&one, &other}) {
    BOOST_TEST(!node->ring.take({news}));
    BOOST_TEST(node->stripe.text() == "sk_2");
    BOOST_TEST(node->stripe.is("sk_1"));
  }
  BOOST_TEST(second.line("stripe.key") == "sk_2");
  BOOST_TEST(second.line("stripe.key.before") == "sk_1");
  // What is written by hand afterwards counts, also after the next start.
  second.write("stripe.key", "sk_3\n");
  other.ring.reload();
  BOOST_TEST(!other.ring.take({news}));
  BOOST_TEST(other.stripe.text() == "sk_3");
  stripe_ring again{second};
  BOOST_TEST(!again.ring.take({news}, true));
  BOOST_TEST(again.stripe.text() == "sk_3");
  // A node that was away hears of it at its next start.
  auto latest = changed(one.ring, "sk_4");
  stripe_ring back{second};
  BOOST_TEST(!back.ring.take({latest}, true));
  BOOST_TEST(back.stripe.text() == "sk_4");
}

BOOST_AUTO_TEST_CASE(a_new_node_takes_what_the_others_share_unless_it_has_its_own) {
  home first, second, third;
  stripe_ring one{first};
  auto news = changed(one.ring, "sk_1");
  for (const auto* home : {&second, &third})
    std::filesystem::copy_file(first.path / "nodes.key", home->path / "nodes.key");
  stripe_ring bare{second};
  BOOST_TEST(!bare.ring.take({news}, true));
  BOOST_TEST(bare.stripe.text() == "sk_1");
  third.write("stripe.key", "sk_own\n");
  stripe_ring own{third};
  BOOST_TEST(!own.ring.take({news}, true));
  BOOST_TEST(own.stripe.text() == "sk_own");
}

BOOST_AUTO_TEST_CASE(without_the_key_of_the_nodes_nothing_is_taken_and_the_error_says_what_to_do) {
  home first, second;
  stripe_ring one{first};
  auto news = changed(one.ring, "sk_1");
  stripe_ring other{second};
  auto missing = other.ring.take({news}, true);
  BOOST_TEST(!!missing);
  second.write("nodes.key", "another key of the nodes, which is long enough\n");
  auto wrong = other.ring.take({news}, true);
  BOOST_TEST(!!wrong);
  BOOST_TEST(other.stripe.text().empty());
  std::filesystem::copy_file(first.path / "nodes.key", second.path / "nodes.key",
                             std::filesystem::copy_options::overwrite_existing);
  BOOST_TEST(!other.ring.take({news}, true));
  BOOST_TEST(other.stripe.text() == "sk_1");
}

BOOST_AUTO_TEST_CASE(the_one_before_ends_at_its_time_or_at_once) {
  home here;
  here.write("stripe.key", "sk_1\n");
  stripe_ring node{here};
  BOOST_TEST(!node.ring.take({}, true));
  BOOST_TEST(!node.ring.take({changed(node.ring, "sk_2")}));
  node.ring.expire(now() + 23h);
  BOOST_TEST(node.stripe.is("sk_1"));
  node.ring.expire(now() + 25h);
  BOOST_TEST(!node.stripe.is("sk_1"));
  BOOST_TEST(!std::filesystem::exists(here.path / "stripe.key.before"));
  BOOST_TEST(!node.ring.take({changed(node.ring, "sk_3", 0h)}));
  BOOST_TEST(node.stripe.text() == "sk_3");
  BOOST_TEST(!node.stripe.is("sk_2"));
}

BOOST_AUTO_TEST_CASE(files_of_secrets_are_for_their_owner_alone) {
  home here;
  here.write("stripe.key", "sk_1\n");
  stripe_ring node{here};
  BOOST_TEST(!node.ring.take({}, true));
  BOOST_TEST(!node.ring.take({changed(node.ring, "sk_2")}));
  using std::filesystem::perms;
  for (const auto* file : {"stripe.key", "stripe.key.before", "nodes.key", "keys.seen"}) {
    auto mode = std::filesystem::status(here.path / file).permissions();
    BOOST_TEST((mode == (perms::owner_read | perms::owner_write)), file);
  }
}

BOOST_AUTO_TEST_SUITE_END()
