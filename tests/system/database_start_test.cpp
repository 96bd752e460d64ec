#include "persistence/base/rights.hpp"
#include "tests/fixtures/as_root.hpp"
#include "tests/fixtures/child_process.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/run_program.hpp"

#include <arpa/inet.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <vector>

// How an operator makes the database of the nodes, and what a node says of one that it cannot use.

using namespace meisim::test;

namespace {

namespace fs = std::filesystem;

std::string fresh_name() {
  auto id = to_string(meisim::make_uuid());
  std::erase(id, '-');
  return "meisim_" + id;
}

struct fixture {
  std::string name = fresh_name();
  fs::path folder = fs::temp_directory_path() / name;
  std::string passwords = (folder / "pg.pass").string();
  std::string owner = name + "_owner";
  std::string owner_passwords = (folder / "owner.pass").string();

  fixture() {
    fs::create_directories(folder);
  }

  ~fixture() {
    as_superuser("DROP DATABASE IF EXISTS " + name);
    as_superuser("DROP ROLE IF EXISTS " + name);
    as_superuser("DROP ROLE IF EXISTS " + owner);
    fs::remove_all(folder);
  }

  void as_superuser(const std::string& statement) const {
    meisim::database{test_server(), "test"}.session() << statement;
  }

  ended_program create(const std::string& more = {}, const std::string& superuser = {}) const {
    return run_program("meisimctl", "database create --superuser '" + test_server() + superuser
                                      + "' --name " + name + " --role " + name + " --password-file "
                                      + passwords + " --owner-password-file " + owner_passwords
                                      + ' ' + more);
  }

  /// libpq's text of the database for its own role.
  std::string connection(const std::string& more = {}) const {
    return test_server() + " user=" + name + " dbname=" + name + " passfile=" + passwords + more;
  }

  /// The same for the owner of its tables.
  std::string owner_connection() const {
    return test_server() + " user=" + owner + " dbname=" + name + " passfile=" + owner_passwords;
  }

  /// Brings the schema up to date as an operator does.
  ended_program migrate_it(const std::string& service) const {
    return run_program("meisimd", "--migrate --database \"" + service + "\" --database-owner \""
                                    + owner_connection() + '"');
  }

  /// A node on this database, which is told to end after three seconds, and does not take long.
  ended_program start_node(const std::string& database, const std::string& variables = {}) const {
    auto begin = std::chrono::steady_clock::now();
    auto node = run_program("meisimd",
                            "--port 0 --admin-port 0 --home " + (folder / "home").string()
                              + " --database \"" + database + '"',
                            variables + " timeout --preserve-status -s TERM 3");
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds{5}));
    return node;
  }

  /// What it says of a database for which it waits; at SIGTERM it ends well, and at once.
  std::string complaint(const std::string& database, const std::string& variables = {}) const {
    auto node = start_node(database, variables);
    BOOST_TEST(node.status == 0);
    BOOST_TEST(node.says("the database cannot be used, trying again in 1 s: "), node.output);
    return node.output;
  }
};

uid_t owner_of(const fs::path& path) {
  struct stat about = {};
  BOOST_TEST(::stat(path.c_str(), &about) == 0);
  return about.st_uid;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(database_start_tests, fixture)

BOOST_AUTO_TEST_CASE(the_database_is_made_once) {
  auto first = create();
  BOOST_TEST(first.status == 0, first.output);
  BOOST_TEST(first.says("role " + name + ": made"), first.output);
  BOOST_TEST(first.says("database " + name + ": made"), first.output);
  BOOST_TEST(first.says(passwords), first.output);
  auto kept = text_of_file(passwords);
  struct stat about = {};
  BOOST_TEST(::stat(passwords.c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 07777) == 0600U);
  auto password = kept.substr(kept.rfind(':') + 1, 64);
  BOOST_TEST(!first.says(password));
  BOOST_TEST(first.says("owner " + owner + ": made"), first.output);
  auto migrated = migrate_it(connection());
  BOOST_TEST(migrated.status == 0, migrated.output);
  meisim::database own{connection(), "test"};
  BOOST_TEST(!meisim::owns_ledger(own));
  BOOST_CHECK_THROW(own.session() << "DELETE FROM transfers", soci::soci_error);
  own.close();

  auto second = create("--json");
  BOOST_TEST(second.status == 0, second.output);
  BOOST_TEST(second.says(R"("role_made":false)"), second.output);
  BOOST_TEST(second.says(R"("owner_made":false)"), second.output);
  BOOST_TEST(second.says(R"("database_made":false)"), second.output);
  BOOST_TEST(second.says(R"("works":true)"), second.output);
  BOOST_TEST(text_of_file(passwords) == kept);
}

BOOST_AUTO_TEST_CASE(the_password_opens_each_server_that_is_named) {
  // The second one answers only after a failover.
  auto made = create({}, " host=127.0.0.1,127.0.0.2");
  BOOST_TEST(made.status == 0, made.output);
  BOOST_TEST(made.says("database=host=127.0.0.1,127.0.0.2 port="), made.output);
  for (const auto& file : {passwords, owner_passwords}) {
    auto lines = text_of_file(file);
    BOOST_TEST(contains(lines, "127.0.0.1:"), lines);
    BOOST_TEST(contains(lines, "127.0.0.2:"), lines);
  }
}

BOOST_AUTO_TEST_CASE(a_password_that_other_nodes_have_is_not_changed_unasked) {
  BOOST_TEST(create().status == 0);
  auto kept = text_of_file(passwords);
  fs::remove(passwords);
  auto refused = create();
  BOOST_TEST(refused.status == 1);
  BOOST_TEST(refused.says("--new-password"), refused.output);
  BOOST_TEST(!fs::exists(passwords));
  BOOST_TEST(create("--new-password").status == 0);
  BOOST_TEST(text_of_file(passwords) != kept);
  meisim::database{connection(), "test"}.session();
}

BOOST_AUTO_TEST_CASE(links_beside_the_password_lead_root_nowhere,
                     *boost::unit_test::precondition(is_root)) {
  BOOST_TEST(create().status == 0);
  const auto secret = fs::temp_directory_path() / (name + ".secret");
  std::ofstream{secret} << "for root alone\n";
  fs::permissions(secret, fs::perms::owner_read | fs::perms::owner_write);
  BOOST_REQUIRE(::chown(folder.c_str(), folder_owner, folder_owner) == 0);
  for (const auto& link : std::vector{passwords, passwords + ".new"}) {
    fs::remove(link);
    fs::create_symlink(secret, link);
    auto made = create("--new-password");
    BOOST_TEST(made.status == 0, made.output);
    BOOST_TEST(text_of_file(secret) == "for root alone\n");
    BOOST_TEST(owner_of(secret) == 0U);
    BOOST_TEST(!fs::is_symlink(passwords));
    BOOST_TEST(!contains(text_of_file(passwords), "for root alone"));
    BOOST_TEST(owner_of(passwords) == folder_owner);
  }
  fs::remove(secret);
}

BOOST_AUTO_TEST_CASE(a_password_on_the_command_line_is_refused) {
  auto refused = create({}, " password=secret");
  BOOST_TEST(refused.status == 1);
  BOOST_TEST(refused.says("PGPASSFILE"), refused.output);
}

BOOST_AUTO_TEST_CASE(a_node_says_that_nobody_answers) {
  BOOST_TEST(contains(complaint("host=127.0.0.1 port=1 dbname=meisim user=meisim"),
                      "PostgreSQL at 127.0.0.1, port 1, does not answer"));
}

BOOST_AUTO_TEST_CASE(a_node_ends_at_once_while_it_waits_for_a_silent_server) {
  int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  BOOST_REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  BOOST_REQUIRE(::listen(listener, 16) == 0);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  auto node = start_node("host=127.0.0.1 dbname=meisim user=meisim port="
                         + std::to_string(ntohs(address.sin_port)));
  BOOST_TEST(node.status == 0);
  BOOST_TEST(node.says("stopped before the node was ready"), node.output);
  ::close(listener);
}

BOOST_AUTO_TEST_CASE(a_node_says_what_is_wrong_with_its_database) {
  BOOST_TEST(create().status == 0);
  BOOST_TEST(contains(complaint(test_server() + " dbname=nowhere"), "has no database nowhere"));
  BOOST_TEST(contains(
    complaint(test_server() + " user=" + name + " dbname=" + name, "env PGPASSFILE=/dev/null"),
    "wants a password for the role " + name));
  std::ofstream{passwords} << "*:*:*:*:wrong\n";
  BOOST_TEST(contains(complaint(connection()), "refuses the password of the role " + name));
}

BOOST_AUTO_TEST_CASE(a_node_that_lacks_rights_says_so_and_does_not_wait) {
  BOOST_TEST(create().status == 0);
  auto node = start_node(connection());
  BOOST_TEST(node.status == 1);
  BOOST_TEST(node.says("the role lacks rights in its database"), node.output);
  BOOST_TEST(node.says("meisimd --migrate"), node.output);
}

BOOST_AUTO_TEST_CASE(a_node_ends_at_once_while_it_waits_for_its_neighbours_to_go) {
  BOOST_TEST(create().status == 0);
  BOOST_TEST(migrate_it(connection()).status == 0);
  meisim::database own{connection(), "test"};
  // Alive for as long as the test takes, and without a certificate as the node itself is.
  own.session() << "INSERT INTO nodes (name, incarnation, http, admin, cluster, wire_oldest, "
                   "wire_newest, pid, roles, state, entities, beat_at) VALUES ('other', "
                   "gen_random_uuid(), '', '', '', 1, 1, 1, 'http,core', 'up', 0, "
                   "clock_timestamp() + interval '1 hour')";
  own.close();
  auto node = start_node(connection());
  BOOST_TEST(node.status == 0, node.output);
  BOOST_TEST(node.says("stopped before the node was ready"), node.output);
}

BOOST_AUTO_TEST_SUITE_END()
