#include "tests/fixtures/folders.hpp"
#include "tests/fixtures/service.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

// The samples of the dealers' documentation run as they were printed. Only the address, the key,
// the code and the like, which readers are to fill in, are put in.

using namespace meisim::test;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file{path};
  BOOST_REQUIRE_MESSAGE(file, "cannot read " << path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct fixture {
  service here;
  service::account owner = here.add_dealer("10.00");
  std::filesystem::path folder =
    std::filesystem::temp_directory_path() / ("meisim-samples-" + owner.email);

  fixture() {
    std::filesystem::create_directories(folder);
    setenv("MEISIM_DEALER_KEY", owner.key_header.substr(owner.key_header.find(' ') + 1).c_str(), 1);
  }

  ~fixture() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  std::string sample(const std::string& name) const {
    auto text = read_whole(std::filesystem::path{source_folder()} / "tests/samples" / name);
    return replaced(std::move(text), "https://meisimusa.com", here.public_url());
  }

  /// What a program of this text writes on its standard output; fails the test if it does not
  /// succeed.
  std::string run(const std::string& interpreter, const std::string& text) const {
    std::ofstream{folder / "sample"} << text;
    auto command = "cd '" + folder.string() + "' && " + interpreter + " sample >output";
    BOOST_TEST(std::system(command.c_str()) == 0, text << "\nhas failed");
    return read_whole(folder / "output");
  }

  /// The sample has ordered an eSIM: the answer says so, and so does the history.
  void check_order(const std::string& output, const std::string& customer) const {
    auto answer = web_reply{200, {}, output}.json();
    BOOST_TEST(answer["Status"].asString() == "Success");
    BOOST_TEST(answer["QrCode"].asString().starts_with("LPA:1$"));
    auto latest = here.get("/api/v1/orders", {owner.key_header}).json()[0];
    BOOST_TEST(latest["iccid"].asString() == answer["Iccid"].asString());
    BOOST_TEST(latest["email_address"].asString() == customer);
    BOOST_TEST(latest["status"].asString() == "completed");
  }

  /// The code of the mail to this address, as soon as it has come.
  std::string mailed_code(const std::string& address) const {
    for (int i = 0; i < 600; ++i) {
      auto mail = here.mails_to(address);
      if (auto lead = mail.find("one-time code is:"); lead != std::string::npos)
        return mail.substr(mail.find_first_of("0123456789", lead), 6);
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    BOOST_FAIL("no code has come");
    return {};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(samples_suite, fixture)

BOOST_AUTO_TEST_CASE(the_quick_start_leads_to_who_one_is) {
  here.admin_post("/admin/v1/dealers",
                  R"({"email":"you@yourcompany.com","company":"Yours","status":"approved"})");
  // Its three commands; each needs what the one before has printed.
  auto text = sample("quick_start.sh");
  auto verify = text.find("curl", text.find("# Check email"));
  auto use = text.find("curl", text.find("# 2."));
  BOOST_TEST(run("bash", text.substr(0, verify)) == R"({"sent":true})");
  auto code = mailed_code("you@yourcompany.com");
  auto verified = run("bash", replaced(text.substr(verify, use - verify), "123456", code));
  auto key = web_reply{200, {}, verified}.json()["apiKey"].asString();
  auto me = run("bash", replaced(text.substr(use), "YOUR_API_KEY", key));
  auto told = web_reply{200, {}, me}.json();
  BOOST_TEST(told["email"].asString() == "you@yourcompany.com");
  BOOST_TEST(told["company_name"].asString() == "Yours");
  BOOST_TEST(told["status"].asString() == "approved");
}

BOOST_AUTO_TEST_CASE(curl_orders_an_esim) {
  check_order(run("bash", sample("order_esim.sh")), "end@x.com");
}

BOOST_AUTO_TEST_CASE(node_orders_an_esim) {
  auto text = sample("order_esim.js") +
              R"(orderEsim('esim_5gb_30days_jp', 'node@x.com').then((order) => {
                   console.log(JSON.stringify(order));
                 });
                )";
  check_order(run("node", text), "node@x.com");
}

BOOST_AUTO_TEST_CASE(python_orders_an_esim) {
  auto text = sample("order_esim.py")
              + "import json\n"
                "print(json.dumps(order_esim('esim_5gb_30days_jp', 'python@x.com')))\n";
  check_order(run("/usr/bin/python3", text), "python@x.com");
}

BOOST_AUTO_TEST_CASE(curl_downloads_the_results_of_a_batch) {
  auto login =
    here.post("/dealer/login", R"({"email":")" + owner.email + R"(","password":"a-password"})");
  setenv("DEALER_JWT", login.json()["token"].asString().c_str(), 1);
  setenv("TOKEN", owner.portal_header.substr(owner.portal_header.rfind(' ') + 1).c_str(), 1);
  auto placed = here.post("/dealer/esim-verify", R"({"lpas":["LPA:1$smdp.example.com$USED-1"]})",
                          {owner.key_header});
  auto batch = placed.json()["batch_id"].asString();
  for (const char* name : {"verify_results.sh", "portal_results.sh"}) {
    run("bash", replaced(sample(name), "<batch-uuid>", batch));
    auto csv = read_whole(folder / "results.csv");
    BOOST_TEST(csv.starts_with("iccid,lpa,status,reason,checked_at\r\n"), csv);
    BOOST_TEST(csv.find(",LPA:1$smdp.example.com$USED-1,") != std::string::npos, csv);
    std::filesystem::remove(folder / "results.csv");
  }
}

/// The sample throws a refusal.
BOOST_AUTO_TEST_CASE(node_is_told_why_an_order_is_refused) {
  auto text = sample("order_esim.js")
              + "orderEsim('no-such-bundle', 'end@x.com').catch((e) => console.log(e.message));\n";
  BOOST_TEST(run("node", text).starts_with("HTTP 404: {\"error\":\"Not found\""));
}

BOOST_AUTO_TEST_SUITE_END()
