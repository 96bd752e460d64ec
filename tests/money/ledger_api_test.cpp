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

  ended_program archive(const std::string& month) const {
    return run_program("meisimctl", "--admin-url " + admin_url() + " --home " + home()
                                      + " archive --before " + month + " --superuser '"
                                      + database_connection() + "'");
  }

  /// The month so many months before this one.
  std::string months_ago(int months) const {
    database db{database_connection(), "test"};
    std::string month;
    db.session() << "SELECT to_char(date_trunc('month', now()) - interval '"
                      + std::to_string(months) + " months', 'YYYY-MM')",
      soci::into(month);
    return month;
  }

  /// A dealer whose wallet has moved once, eight months ago (protocols/money/commit.cpp has the
  /// chain).
  void add_old_dealer() const {
    database db{database_connection(), "test"};
    auto& sql = db.session();
    sql << "SELECT make_month('transfers', 'transfers_' || to_char(m, 'YYYY_MM'), 'created_at', m)"
           " FROM (SELECT date_trunc('month', now()) - interval '8 months') AS t (m)";
    sql << "CREATE TABLE made AS SELECT gen_random_uuid() AS dealer, gen_random_uuid() AS posting,"
           " date_trunc('month', now()) - interval '7 months 20 days' AS at";
    sql << "INSERT INTO dealers (id, email, company, status) SELECT dealer, 'old@example.test',"
           " 'Old', 'approved' FROM made";
    sql << "INSERT INTO postings (id, dealer_id, kind, code, last_seq, created_at)"
           " SELECT posting, dealer, 'adjustment', 0, 1, at FROM made";
    sql << "INSERT INTO transfers (dealer_id, seq, posting_id, type, debit_account, credit_account,"
           " amount_cents, balance_after_cents, description, created_at, chain)"
           " SELECT dealer, 1, posting, 'topup', 'cash', 'wallet', 500, 500, 'Old', at,"
           " sha256(decode(repeat('00', 32), 'hex') || convert_to(concat_ws('|',"
           " replace(posting::text, '-', ''), replace(dealer::text, '-', ''), 1, 'topup', 500, 500,"
           " repeat('0', 32), to_micros(at), 'cash', '', 'Old'), 'UTF8')) FROM made";
    sql << "INSERT INTO wallets (dealer_id, balance_cents, version, chain)"
           " SELECT dealer_id, 500, 1, chain FROM transfers JOIN made ON dealer = dealer_id";
    sql << "DROP TABLE made";
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

BOOST_AUTO_TEST_CASE(old_months_leave_by_one_command_and_the_ledger_stays_whole) {
  add_dealer("100");
  add_old_dealer();
  // Without a key nothing is done.
  BOOST_TEST(archive(months_ago(6)).status == 1);
  BOOST_TEST(check("--make-key").status == 0);
  auto archived = archive(months_ago(6));
  BOOST_TEST(archived.status == 0, archived.output);
  BOOST_TEST(archived.says("\"transfers_"), archived.output);
  keep(archived.output);
  auto held = check("--against-head " + head());
  BOOST_TEST(held.status == 0, held.output);
  int count = 0;
  database{database_connection(), "test"}.session() << "SELECT count(*) FROM archived_transfers",
    soci::into(count);
  BOOST_TEST(count == 1);
  auto again = archive(months_ago(6));
  BOOST_TEST(again.status == 0, again.output);
  BOOST_TEST(again.says("\"tables\":[]"), again.output);
  BOOST_TEST(archive(months_ago(2)).says("the last three months stay"));
  BOOST_TEST(archive("2026-5").status == 2);
  tamper("UPDATE ledger_archived SET chain = sha256('')");
  BOOST_TEST(check("--against-head " + head()).status == 1);
}

BOOST_AUTO_TEST_CASE(wrong_questions_are_refused) {
  BOOST_TEST(admin_get("/admin/v1/ledger/check?since_last=maybe").status == 400);
  for (auto body : {"{}", R"({"heads":{}})", R"({"heads":[{}]})",
                    R"({"heads":[{"dealer":"x","seq":1,"chain":"00"}]})"})
    BOOST_TEST(admin_post("/admin/v1/ledger/heads", body).status == 400, body);
  BOOST_TEST(admin_post("/admin/v1/ledger/heads", R"({"heads":[]})").json()["ok"].asBool());
}

BOOST_AUTO_TEST_SUITE_END()
