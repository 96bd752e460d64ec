#include "tests/fixtures/run_program.hpp"
#include "tests/fixtures/service.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

// The proof of the ledger, and heads that are kept elsewhere, by the operator's tool.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : service {
  ended_program check(const std::string& options) const {
    return run_program("meisimctl", "--admin-url " + admin_url() + " --home " + home()
                                      + " ledger check " + options);
  }

  std::string head() const {
    return home() + "/head.json";
  }

  void keep(const std::string& text) const {
    std::ofstream{head()} << text;
  }

  void tamper(const std::string& statement) const {
    database db{database_connection(), "test"};
    db.session() << "ALTER TABLE transfers DISABLE TRIGGER transfers_are_final";
    db.session() << statement;
    db.session() << "ALTER TABLE transfers ENABLE TRIGGER transfers_are_final";
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_api_suite, fixture)

BOOST_AUTO_TEST_CASE(a_cut_tail_is_found_by_a_head_that_was_kept_elsewhere) {
  add_dealer("100");
  auto exported = check("--make-key --export-head");
  BOOST_TEST(exported.status == 0, exported.output);
  keep(exported.output);
  struct stat key {};
  BOOST_TEST(::stat((home() + "/ledger-head.key").c_str(), &key) == 0);
  BOOST_TEST((key.st_mode & 0777) == 0600u);
  BOOST_TEST(check("--make-key").status == 1);
  add_dealer("50");
  auto held = check("--since-last --against-head " + head());
  BOOST_TEST(held.status == 0, held.output);
  tamper("DELETE FROM transfers WHERE amount_cents = 10000");
  held = check("--since-last --against-head " + head());
  BOOST_TEST(held.status == 1);
  BOOST_TEST(held.says("is not there any more"), held.output);
}

BOOST_AUTO_TEST_CASE(a_head_that_somebody_else_has_made_is_refused) {
  add_dealer("100");
  auto exported = check("--make-key --export-head").output;
  keep(exported.replace(exported.find("\"seq\":1"), 7, "\"seq\":2"));
  auto held = check("--against-head " + head());
  BOOST_TEST(held.status == 1);
  BOOST_TEST(held.says("is not signed"), held.output);
}

BOOST_AUTO_TEST_CASE(a_head_whose_wallets_were_moved_into_its_time_is_refused) {
  add_dealer("100");
  auto exported = check("--make-key --export-head").output;
  auto member = [&](const std::string& name) {
    auto begin = exported.find('"' + name + "\":\"") + name.size() + 4;
    return exported.substr(begin, exported.find('"', begin) - begin);
  };
  auto line = "\\n" + member("dealer") + " 1 " + member("chain");
  auto at = member("at");
  auto begin = exported.find("\"heads\":[");
  exported.replace(begin, exported.find(']', begin) + 1 - begin, "\"heads\":[]");
  exported.replace(exported.find(at), at.size(), at + line);
  keep(exported);
  auto held = check("--against-head " + head());
  BOOST_TEST(held.status == 1);
  BOOST_TEST(held.says("is not signed"), held.output);
}

BOOST_AUTO_TEST_CASE(wrong_questions_are_refused) {
  BOOST_TEST(admin_get("/admin/v1/ledger/check?since_last=maybe").status == 400);
  for (auto body : {"{}", R"({"heads":{}})", R"({"heads":[{}]})",
                    R"({"heads":[{"dealer":"x","seq":1,"chain":"00"}]})"})
    BOOST_TEST(admin_post("/admin/v1/ledger/heads", body).status == 400, body);
  BOOST_TEST(admin_post("/admin/v1/ledger/heads", R"({"heads":[]})").json()["ok"].asBool());
}

BOOST_AUTO_TEST_SUITE_END()
