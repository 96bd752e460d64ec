#include "http/edge/inventory_csv.hpp"

#include <boost/test/unit_test.hpp>

using namespace meisim;

namespace {

std::string reason_against(const std::string& line) {
  auto file = http::read_inventory(line, 2);
  BOOST_TEST(file.lines.empty());
  BOOST_REQUIRE_EQUAL(file.rejected.size(), 1U);
  BOOST_TEST(file.rejected.front().number == 2);
  return file.rejected.front().reason;
}

} // namespace

BOOST_AUTO_TEST_SUITE(inventory_csv)

BOOST_AUTO_TEST_CASE(a_file_is_read_as_it_stands_in_the_wild) {
  auto file = http::read_inventory("\xef\xbb\xbf\"iccid\",\"lpa\"\r\n"
                                   "\"8901410321111851072\",\"LPA:1$SMDP.example.com$C-1\"\r\n\r\n"
                                   "8901410321111851080, LPA:1$smdp.example.com$C-2",
                                   1);
  BOOST_TEST(file.rejected.empty());
  BOOST_REQUIRE_EQUAL(file.lines.size(), 2U);
  BOOST_TEST(file.lines[0].number == 2);
  BOOST_TEST(file.lines[0].iccid == "8901410321111851072");
  BOOST_TEST(file.lines[0].lpa == "LPA:1$smdp.example.com$C-1");
  BOOST_TEST(file.lines[1].number == 4);
  BOOST_TEST(file.lines[1].lpa == "LPA:1$smdp.example.com$C-2");
}

BOOST_AUTO_TEST_CASE(stock_has_one_way_to_write_a_code) {
  auto stored = [](const std::string& lpa) {
    auto file = http::read_inventory("8901410321111851072," + lpa, 2);
    BOOST_REQUIRE_EQUAL(file.lines.size(), 1U);
    return file.lines.front().lpa;
  };
  for (const auto* written : {"LPA:1$smdp.example.com$C-1", "lpa:1$smdp.example.com$C-1",
                              "Lpa:1$SMDP.Example.com$C-1", "LPA:1$smdp.example.com$C-1$"})
    BOOST_TEST(stored(written) == "LPA:1$smdp.example.com$C-1", written);
  BOOST_TEST(stored("lpa:1$smdp.example.com$c-1$$1") == "LPA:1$smdp.example.com$c-1$$1");
}

BOOST_AUTO_TEST_CASE(a_line_that_cannot_be_sold_is_rejected_with_its_reason) {
  const std::string iccid = "8901410321111851072,";
  BOOST_TEST(reason_against(iccid + "LPA:1$smdp.example.com$C,7")
             == "must have two columns, iccid and lpa");
  BOOST_TEST(reason_against("89014,LPA:1$smdp.example.com$C") == "iccid must be 18 to 22 digits");
  BOOST_TEST(reason_against(iccid + "LPA:1$smdp.example.com")
             == "lpa is not of the form LPA:1$host$matching-id");
  BOOST_TEST(reason_against(iccid + "LPA:1$localhost$C") == "lpa has no host name of an SM-DP+");
}

BOOST_AUTO_TEST_SUITE_END()
