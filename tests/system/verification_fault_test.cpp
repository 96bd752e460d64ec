#include "tests/fixtures/service.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <sstream>
#include <thread>

// Some devices hang or err, and the node is killed: each row of a batch still ends with one
// verdict, and is paid for or refunded.

using namespace meisim::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(verification_fault_suite)

namespace {

constexpr int rows = 6'000;

/// How the row ends: a tenth of the rows hang the device, err, or give no verdict.
std::string matching_id(int row) {
  switch (row % 100) {
  case 7:
    return "HANG-" + std::to_string(row);
  case 13:
  case 19:
  case 23:
  case 31:
    return "ERROR-" + std::to_string(row);
  case 41:
  case 43:
  case 47:
  case 53:
  case 59:
    return "UNKNOWN-" + std::to_string(row);
  default:
    return (row % 2 == 0 ? "AVAILABLE-" : "USED-") + std::to_string(row);
  }
}

std::string request() {
  std::string list;
  for (int row = 1; row <= rows; ++row)
    list += (row == 1 ? "\"LPA:1$smdp.example.com$" : ",\"LPA:1$smdp.example.com$")
            + matching_id(row) + '"';
  return R"({"lpas":[)" + list + "]}";
}

} // namespace

BOOST_AUTO_TEST_CASE(two_kills_cost_no_row_its_verdict_or_its_refund) {
  service here{
    {"--rate-limits", "off", "--simulated-devices", "200", "--simulated-latency-ms", "100"}};
  auto owner = here.add_dealer("10000.00");
  auto placed = here.post("/dealer/esim-verify", request(), {owner.key_header});
  BOOST_REQUIRE_EQUAL(placed.status, 200);
  auto path = "/dealer/esim-verify/" + placed.json()["batch_id"].asString();
  auto progress = [&] { return here.get(path, {owner.key_header}).json()["progress"]; };
  auto open_rows = [&] {
    auto seen = progress();
    return seen["pending"].asInt() + seen["in_progress"].asInt();
  };
  for (int left : {4'500, 2'500}) {
    for (int i = 0; i < 600 && open_rows() > left; ++i)
      std::this_thread::sleep_for(20ms);
    BOOST_TEST(open_rows() > 0);
    here.restart(SIGKILL);
  }
  for (int i = 0; i < 1'500 && open_rows() > 0; ++i)
    std::this_thread::sleep_for(100ms);
  BOOST_REQUIRE_EQUAL(open_rows(), 0);

  std::map<std::string, int> verdicts;
  auto csv = here.get(path + "/results.csv", {owner.key_header}).body;
  std::istringstream lines{csv};
  std::string line;
  std::getline(lines, line);
  int row = 0;
  while (std::getline(lines, line)) {
    ++row;
    auto id = matching_id(row);
    BOOST_REQUIRE(line.find("$" + id + ",") != std::string::npos);
    auto from = line.find(id) + id.size() + 1;
    auto verdict = line.substr(from, line.find(',', from) - from);
    ++verdicts[verdict];
    // A check that a kill interrupted counts as tried: a good code may then end as an error, but
    // never as another verdict.
    if (verdict != "error") {
      BOOST_TEST((!id.starts_with("HANG") && !id.starts_with("ERROR")), line);
      if (id.starts_with("AVAILABLE"))
        BOOST_TEST(verdict == "available", line);
      if (id.starts_with("USED"))
        BOOST_TEST(verdict == "used", line);
    }
  }
  BOOST_TEST(row == rows);
  auto end = progress();
  BOOST_TEST(end["available"].asInt() == verdicts["available"]);
  BOOST_TEST(end["used"].asInt() == verdicts["used"]);
  BOOST_TEST(end["unknown"].asInt() == verdicts["unknown"]);
  BOOST_TEST(end["error_count"].asInt() == verdicts["error"]);
  BOOST_TEST(verdicts["error"] >= rows / 20);
  auto balance = [&] {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  };
  auto due = 10'000.0 - rows + verdicts["error"];
  for (int i = 0; i < 300 && balance() < due; ++i)
    std::this_thread::sleep_for(100ms);
  BOOST_TEST(balance() == due);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()
