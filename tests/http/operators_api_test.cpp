#include "persistence/base/session.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

// What the operator's API takes beside bodies.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service(
    {"--rate-limits", "off", "--simulated-devices", "2", "--simulated-latency-ms", "1"});

  /// Checks one code of this host, and has that be so many days ago.
  void check_code(const std::string& host, int days_ago) const {
    auto owner = here.add_dealer("5.00");
    auto batch = here
                   .post("/dealer/esim-verify", R"({"lpas":["LPA:1$)" + host + R"($AVAILABLE-1"]})",
                         {owner.key_header})
                   .json()["batch_id"]
                   .asString();
    BOOST_REQUIRE(comes_true([&] {
      auto shown = here.get("/dealer/esim-verify/" + batch, {owner.key_header}).json();
      return !shown["batch"]["completed_at"].isNull();
    }));
    database db{here.database_connection(), "test"};
    db.session() << "ALTER TABLE verdicts DISABLE TRIGGER verdicts_are_final";
    db.session() << "UPDATE verdicts SET checked_at = checked_at - :days * interval '1 day' "
                    "WHERE batch_id = :batch::uuid",
      soci::use(days_ago, "days"), soci::use(batch, "batch");
    db.session() << "ALTER TABLE verdicts ENABLE TRIGGER verdicts_are_final";
  }

  bool is_reported(const std::string& host, const std::string& query) const {
    auto report = here.admin_get("/admin/v1/device-report" + query);
    BOOST_REQUIRE_EQUAL(report.status, 200);
    for (const auto& row : report.json())
      if (row["host"].asString() == host)
        return row["available"].asInt() == 1;
    return false;
  }

  static void check_refused(const web_reply& answer, const std::string& name) {
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(answer.json()["message"].asString().starts_with(name), answer.body);
  }
};

const std::string stock = "/admin/v1/inventory/att/parameters";

} // namespace

BOOST_FIXTURE_TEST_SUITE(operators_api_suite, fixture)

BOOST_AUTO_TEST_CASE(the_report_about_devices_goes_back_as_many_days_as_it_is_asked_for) {
  check_code("today.example.com", 0);
  check_code("month.example.com", 20);
  BOOST_TEST(is_reported("today.example.com", "?days=1"));
  BOOST_TEST(!is_reported("month.example.com", "?days=1"));
  BOOST_TEST(is_reported("month.example.com", "?days=30"));
  // A week where nothing is said.
  for (const auto* unsaid : {"", "?days="}) {
    BOOST_TEST(is_reported("today.example.com", unsaid));
    BOOST_TEST(!is_reported("month.example.com", unsaid));
  }
  for (const auto* days : {"0", "-1", "3651", "7x"})
    check_refused(here.admin_get(std::string{"/admin/v1/device-report?days="} + days), "days");
}

BOOST_AUTO_TEST_CASE(a_later_part_of_a_file_is_told_of_by_the_lines_of_the_whole_file) {
  const std::string good = "8901410555500000001,LPA:1$host.example$P-1\n";
  auto part = here.admin_post(stock + "?first_line=101", good + "nonsense\n").json();
  BOOST_TEST(part["imported"].asInt() == 1);
  BOOST_REQUIRE_EQUAL(part["rejected"].size(), 1u);
  BOOST_TEST(part["rejected"][0]["line"].asInt() == 102);
  // Each part may bear the header, which tells the columns.
  auto later = here.admin_post(stock + "?first_line=2", "LPA;ICCID\nnonsense;8901\n").json();
  BOOST_REQUIRE_EQUAL(later["rejected"].size(), 1u);
  BOOST_TEST(later["rejected"][0]["line"].asInt() == 3);
  for (const auto* unsaid : {"", "?first_line="}) {
    auto again = here.admin_post(stock + unsaid, "iccid,lpa\n" + good).json();
    BOOST_TEST(again["duplicate_lines"][0]["line"].asInt() == 2);
  }
  for (const auto* line : {"0", "-1", "x", "1x", "99999999999"})
    check_refused(here.admin_post(stock + "?first_line=" + line, good), "first_line");
}

BOOST_AUTO_TEST_CASE(an_adjustment_sent_twice_under_one_key_is_made_once) {
  auto owner = here.add_dealer("10.00");
  auto adjust = [&](const std::string& amount, const std::string& key) {
    return here.admin_post("/admin/v1/dealers/" + owner.email + "/adjustments",
                           R"({"amount":")" + amount + R"(","reason":"A gift"})",
                           {"Idempotency-Key: " + key});
  };
  auto balance = [&] {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  };
  auto first = adjust("+5.00", "gift-1");
  BOOST_TEST(first.status == 200);
  auto again = adjust("+5.00", "gift-1");
  BOOST_TEST(again.status == 200);
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(again.headers["idempotent-replayed"] == "true");
  BOOST_TEST(balance() == 15.0);
  BOOST_TEST(adjust("+6.00", "gift-1").status == 409);
  BOOST_TEST(balance() == 15.0);
  BOOST_TEST(adjust("-1.00", "gift-2").status == 200);
  BOOST_TEST(balance() == 14.0);
}

BOOST_AUTO_TEST_SUITE_END()
