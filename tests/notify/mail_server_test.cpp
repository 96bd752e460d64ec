#include "actors/notify/mail_transport.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/error.hpp"
#include "tests/fixtures/certificates.hpp"
#include "tests/fixtures/child_process.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/folders.hpp"
#include "tests/fixtures/read_json.hpp"
#include "tests/fixtures/service.hpp"

#include <signal.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <thread>

// Mail that is sent to a server of other makers.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr auto password = "pass: \"wörd\" 1";

/// Between a mail's parts an empty line more or less says nothing.
std::string trimmed(std::string text) {
  while (text.ends_with('\n'))
    text.pop_back();
  return text;
}

/// A mail server, its folder, and its certificate. The server can be away.
struct mail_house {
  explicit mail_house(std::string kind = "none", std::string name = {})
    : tls(std::move(kind)), user(std::move(name)) {
    folder = fs::temp_directory_path() / ("meisim-mail-" + to_string(make_uuid()));
    fs::create_directories(folder);
    setenv("MAIL_PASSWORD", password, 1);
    auto command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                   " -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout "
                   + (folder / "key").string() + " -out " + certificate() + " 2>/dev/null";
    BOOST_REQUIRE_EQUAL(std::system(command.c_str()), 0);
    open();
  }

  ~mail_house() {
    server.reset();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  mail_house(const mail_house&) = delete;
  mail_house& operator=(const mail_house&) = delete;

  /// Opens on the port of the time before.
  void open() {
    auto key = tls == "none" ? std::string{} : (folder / "key").string();
    auto cert = tls == "none" ? std::string{} : certificate();
    auto settings = R"({"pause":)" + std::to_string(pause.count()) + R"(,"tls":")" + tls
                    + R"(","user":")" + user + R"(","key":")" + key + R"(","cert":")" + cert
                    + R"(","folder":")" + folder.string() + R"(","port":)" + port + "}";
    auto script = source_folder() + "/tests/node/mail_server.mjs";
    server.emplace("/usr/bin/env", std::vector<std::string>{"node", script, settings},
                   "mail server ready ");
    port = server->rest_of_line();
  }

  void close() {
    server.reset();
  }

  std::string certificate() const {
    return (folder / "certificate").string();
  }

  std::string url() const {
    return (tls == "implicit" ? "smtps://127.0.0.1:" : "smtp://127.0.0.1:") + port;
  }

  mail_settings settings() const {
    mail_settings result;
    result.url = url();
    result.ca_file = tls == "none" ? std::string{} : certificate();
    result.user = user;
    if (!user.empty())
      result.password = password;
    return result;
  }

  std::vector<Json::Value> mails() const {
    std::vector<Json::Value> result;
    for (int i = 1; fs::exists(folder / (std::to_string(i) + ".json")); ++i)
      result.push_back(read_json(text_of_file(folder / (std::to_string(i) + ".json"))));
    return result;
  }

  /// Those that a test is about: a dealer is told of a new key and password besides.
  template <class Wanted>
  std::vector<Json::Value> mails(Wanted is_wanted) const {
    auto result = mails();
    std::erase_if(result, [&](const Json::Value& mail) { return !is_wanted(mail); });
    return result;
  }

  std::string logins() const {
    return text_of_file(folder / "logins");
  }

  /// So long it thinks about each mail; holds from the next `open()` on.
  std::chrono::milliseconds pause{0};
  std::string tls;
  std::string user;
  fs::path folder;
  std::string port = "0";
  std::optional<child_process> server;
};

mail_message some_mail(const std::string& to = "jane@example.com") {
  mail_message mail;
  mail.id = mail_id::make();
  mail.to = to;
  mail.subject = "Ihre eSIM ist bereit – 準備ができました, and more words than one line can hold";
  mail.text = "Grüße\n.\n..dots\nFrom here\n" + std::string(2'000, 'x') + "\nend\n";
  mail.html = "<p>Grüße</p>\n";
  return mail;
}

caf::error send(const mail_settings& settings, const mail_message& mail) {
  auto transport = open_mail_transport(settings);
  BOOST_REQUIRE(transport);
  return (*transport)(mail);
}

/// Waits until no mail is to be sent, as far as the node knows.
bool all_mails_are_out(const service& at) {
  database db{at.database_connection(), "test"};
  return comes_true([&] {
    int waiting = 1;
    db.session() << "SELECT count(*) FROM jobs WHERE kind = 'mail'", soci::into(waiting);
    return waiting == 0;
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(mail_servers)

BOOST_AUTO_TEST_CASE(a_mail_arrives_as_it_was_written) {
  mail_house house;
  auto mail = some_mail();
  BOOST_TEST(!send(house.settings(), mail));
  auto got = house.mails();
  BOOST_REQUIRE_EQUAL(got.size(), 1u);
  BOOST_TEST(got[0]["subject"].asString() == mail.subject);
  BOOST_TEST(trimmed(got[0]["text"].asString()) == trimmed(mail.text));
  BOOST_TEST(trimmed(got[0]["html"].asString()) == trimmed(mail.html));
  BOOST_TEST(got[0]["to"][0].asString() == "jane@example.com");
  BOOST_TEST(got[0]["from"].asString() == "no-reply@meisim.test");
  BOOST_TEST(got[0]["id"].asString() == "<" + to_string(mail.id) + "@meisim.test>");
  BOOST_TEST(!got[0]["secure"].asBool());
}

BOOST_AUTO_TEST_CASE(results_of_five_megabytes_arrive_attached) {
  mail_house house;
  auto mail = some_mail();
  std::string csv = "iccid,lpa,status,reason,checked_at\r\n";
  while (csv.size() < 5'000'000)
    csv += "8901410000000000000,LPA:1$smdp.example$" + std::to_string(csv.size()) + ",used,ü,\r\n";
  mail.attachments.push_back({"results-1.csv", "text/csv; charset=utf-8", csv, {}});
  mail.attachments.push_back({"esim.png", "image/png", std::string{"\x89PNG\0\r\n", 7}, "a@b"});
  BOOST_TEST(!send(house.settings(), mail));
  auto got = house.mails();
  BOOST_REQUIRE_EQUAL(got.size(), 1u);
  std::map<std::string, Json::Value> files;
  for (const auto& file : got[0]["attachments"])
    files[file["name"].asString()] = file;
  BOOST_REQUIRE_EQUAL(files.size(), 2u);
  const auto& results = files["results-1.csv"];
  BOOST_TEST(results["type"].asString() == "text/csv");
  BOOST_TEST(results["disposition"].asString() == "attachment");
  BOOST_TEST(results["size"].asUInt64() == csv.size());
  BOOST_TEST(results["sha256"].asString() == to_hex(sha256(csv)));
  BOOST_TEST(files["esim.png"]["cid"].asString() == "a@b");
  BOOST_TEST(files["esim.png"]["size"].asInt() == 7);
}

BOOST_AUTO_TEST_CASE(a_connection_is_encrypted_where_the_server_can) {
  for (const auto* tls : {"starttls", "implicit"}) {
    mail_house house{tls, "sender"};
    auto failure = send(house.settings(), some_mail());
    BOOST_TEST((code_of(failure) == ec::none));
    auto got = house.mails();
    BOOST_REQUIRE_EQUAL(got.size(), 1u);
    BOOST_TEST(got[0]["secure"].asBool());
    BOOST_TEST(got[0]["user"].asString() == "sender");
    BOOST_TEST(house.logins() == "secure sender\n");
  }
}

BOOST_AUTO_TEST_CASE(nothing_goes_to_a_server_whose_certificate_is_not_trusted) {
  for (const auto* tls : {"starttls", "implicit"}) {
    mail_house house{tls, "sender"};
    auto settings = house.settings();
    settings.ca_file.clear();
    BOOST_TEST((code_of(send(settings, some_mail())) == ec::unavailable));
    BOOST_TEST(house.mails().empty());
    BOOST_TEST(house.logins().empty());
  }
}

BOOST_AUTO_TEST_CASE(a_password_never_goes_over_an_open_connection) {
  mail_house house{"none", "sender"};
  BOOST_TEST((code_of(send(house.settings(), some_mail())) == ec::unavailable));
  BOOST_TEST(house.logins().empty());
  BOOST_TEST(house.mails().empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_password_can_be_mended_so_the_mail_waits) {
  mail_house house{"starttls", "sender"};
  auto settings = house.settings();
  settings.password = "wrong-password";
  auto failure = send(settings, some_mail());
  BOOST_TEST((code_of(failure) == ec::unavailable));
  BOOST_TEST(message_of(failure).find("wrong-password") == std::string::npos);
  BOOST_TEST(house.mails().empty());
  BOOST_TEST(!send(house.settings(), some_mail()));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final_or_not_as_the_server_says) {
  mail_house house;
  auto transport = open_mail_transport(house.settings());
  BOOST_REQUIRE(transport);
  BOOST_TEST((code_of((*transport)(some_mail("refused@example.com"))) == ec::vendor_error));
  BOOST_TEST((code_of((*transport)(some_mail("later@example.com"))) == ec::unavailable));
  BOOST_TEST(!(*transport)(some_mail()));
  BOOST_TEST(house.mails().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_serves_many_mails_and_its_loss_none_twice) {
  mail_house house;
  auto transport = open_mail_transport(house.settings());
  BOOST_REQUIRE(transport);
  BOOST_TEST(!(*transport)(some_mail()));
  BOOST_TEST(!(*transport)(some_mail()));
  auto got = house.mails();
  BOOST_REQUIRE_EQUAL(got.size(), 2u);
  BOOST_TEST(got[0]["session"].asString() == got[1]["session"].asString());
  house.close();
  auto waiting = some_mail();
  BOOST_TEST((code_of((*transport)(waiting)) == ec::unavailable));
  house.open();
  BOOST_TEST(!(*transport)(waiting));
  got = house.mails();
  BOOST_REQUIRE_EQUAL(got.size(), 3u);
  BOOST_TEST(got[2]["id"].asString() == "<" + to_string(waiting.id) + "@meisim.test>");
}

BOOST_AUTO_TEST_CASE(a_node_sends_what_it_could_not_send_once_the_server_is_back) {
  mail_house house{"starttls", "sender"};
  setenv("MEISIM_MAIL_PASSWORD", password, 1);
  service node{{"--rate-limits", "off", "--mail-url", house.url(), "--mail-user", "sender",
                "--mail-ca-file", house.certificate()}};
  auto dealer = node.add_dealer("100");
  auto is_customers = [](const Json::Value& mail) {
    return mail["to"][0].asString() == "end@example.com";
  };
  auto asked_for = [&] {
    return house.mails([&](const Json::Value& mail) {
      return is_customers(mail) || mail["subject"].asString() == "Your MeiSIM sign-in code";
    });
  };
  auto in_time = [&](size_t wanted) {
    comes_true([&] { return asked_for().size() >= wanted; }, 30s);
    return asked_for().size();
  };
  auto ask_code = [&] {
    BOOST_TEST(node.post("/dealer/send-otp", R"({"email":")" + dealer.email + R"("})").status
               == 200);
  };
  ask_code();
  BOOST_REQUIRE_EQUAL(in_time(1), 1u);
  // What the server has taken without saying so would be sent again.
  BOOST_REQUIRE(all_mails_are_out(node));
  house.close();
  auto ordered = node.post("/dealer/order",
                           R"({"productId":"p3:data-us-5gb","customerEmail":"end@example.com",)"
                           R"("customerName":"Jane Doe","language":"fr"})",
                           {dealer.key_header});
  BOOST_REQUIRE_EQUAL(ordered.status, 200);
  ask_code();
  std::this_thread::sleep_for(1s);
  // What waits outlasts the node.
  node.restart(SIGKILL);
  house.open();
  BOOST_TEST(in_time(3) == 3u);
  BOOST_TEST(node.final_status(dealer, ordered.json()["orderId"].asString()) == "completed");
  BOOST_TEST(house.mails(is_customers).size() == 1u);
  BOOST_TEST(asked_for().size() == 3u);
  unsetenv("MEISIM_MAIL_PASSWORD");
}

BOOST_AUTO_TEST_CASE(a_password_that_is_written_while_the_node_runs_is_read_at_a_signal) {
  mail_house house{"starttls", "sender"};
  service node{{"--rate-limits", "off", "--mail-url", house.url(), "--mail-user", "sender",
                "--mail-ca-file", house.certificate()}};
  auto dealer = node.add_dealer("0");
  BOOST_TEST(node.post("/dealer/send-otp", R"({"email":")" + dealer.email + R"("})").status == 200);
  std::this_thread::sleep_for(1s);
  BOOST_TEST(house.mails().empty());
  std::ofstream{node.home() + "/mail.password"} << password << '\n';
  BOOST_REQUIRE(::kill(node.node_id(), SIGHUP) == 0);
  BOOST_TEST(comes_true([&] { return !house.mails().empty(); }, 60s));
}

BOOST_AUTO_TEST_CASE(two_nodes_mail_each_order_once_however_slow_the_server_is) {
  constexpr size_t orders = 32;
  mail_house house;
  house.close();
  house.pause = 5s;
  house.open();
  certificates keys;
  service here{keys.added_to({"--rate-limits", "off", "--mail-url", house.url()})};
  auto there = here.start_peer("node-2");
  auto dealer = here.add_dealer("1000");
  auto place = [&](const std::string& node, size_t number) {
    auto body = R"({"productId":"p3:data-us-5gb","customerName":"E","customerEmail":"e)"
                + std::to_string(number) + R"(@example.com"})";
    auto answer = call({"POST",
                        node + "/dealer/order",
                        {dealer.key_header, "Content-Type: application/json"},
                        body});
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    return answer.json()["orderId"].asString();
  };
  auto customers_mails = [&] {
    return house.mails(
      [&](const Json::Value& mail) { return mail["to"][0].asString() != dealer.email; });
  };
  std::vector<std::string> placed;
  for (size_t i = 0; i < orders; ++i)
    placed.push_back(place(i % 2 == 0 ? here.public_url() : there.url, i));
  // An order does not wait for its mail.
  for (const auto& id : placed)
    BOOST_TEST(here.final_status(dealer, id) == "completed");
  BOOST_TEST(customers_mails().size() < orders);
  BOOST_TEST(comes_true([&] { return customers_mails().size() >= orders; }));
  // None is waiting to be sent once more.
  BOOST_TEST(all_mails_are_out(here));
  std::set<std::string> recipients;
  for (const auto& mail : customers_mails())
    recipients.insert(mail["to"][0].asString());
  BOOST_TEST(recipients.size() == orders);
  BOOST_TEST(customers_mails().size() == orders);
}

BOOST_AUTO_TEST_SUITE_END()
