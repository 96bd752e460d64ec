#include "http/edge/inventory_csv.hpp"

#include <boost/test/unit_test.hpp>

using namespace meisim;

namespace {

std::string reason_against(const std::string& line) {
  auto file = *http::read_inventory(line, 2);
  BOOST_TEST(file.lines.empty());
  BOOST_REQUIRE_EQUAL(file.rejected.size(), 1U);
  BOOST_TEST(file.rejected.front().number == 2);
  return file.rejected.front().reason;
}

} // namespace

BOOST_AUTO_TEST_SUITE(inventory_csv)

BOOST_AUTO_TEST_CASE(a_file_is_read_as_it_stands_in_the_wild) {
  auto file = *http::read_inventory("\xef\xbb\xbf\"iccid\",\"lpa\"\r\n"
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

BOOST_AUTO_TEST_CASE(every_spelling_comes_to_the_same) {
  auto file = *http::read_inventory("8901 4103 2111 1851 072,1$SMDP.example.com$C-1\n"
                                    "8901410321111851072F,"
                                    "https://esimsetup.apple.com/esim_qrcode_provisioning"
                                    "?carddata=LPA%3A1%24smdp.example.com%24C-1$\n"
                                    "8901-4103-2111-1851-072,lpa:1$smdp.example.com$C-1$$2468\n",
                                    1);
  BOOST_TEST(file.rejected.empty());
  BOOST_REQUIRE_EQUAL(file.lines.size(), 3U);
  for (const auto& line : file.lines)
    BOOST_TEST(line.iccid == "8901410321111851072");
  BOOST_TEST(file.lines[0].lpa == "LPA:1$smdp.example.com$C-1");
  BOOST_TEST(file.lines[1].lpa == "LPA:1$smdp.example.com$C-1");
  BOOST_TEST(file.lines[2].lpa == "LPA:1$smdp.example.com$C-1$$1");
  BOOST_TEST(file.lines[2].confirmation_code == "2468");
}

BOOST_AUTO_TEST_CASE(a_line_that_cannot_be_sold_is_rejected_with_its_reason) {
  const std::string iccid = "8901410321111851072,";
  BOOST_TEST(reason_against(iccid + "LPA:1$smdp.example.com$C,7")
             == "must have two columns, iccid and lpa");
  BOOST_TEST(reason_against("89014,LPA:1$smdp.example.com$C") == "iccid is not of 18 to 20 digits");
  BOOST_TEST(reason_against("8.96E+19,LPA:1$smdp.example.com$C")
             == "iccid is no whole number: a spreadsheet has shortened this number");
  BOOST_TEST(reason_against(iccid + "LPA:1$smdp.example.com")
             == "lpa is not of the form LPA:1$host$matching-id");
  BOOST_TEST(reason_against(iccid + "LPA:1$localhost$C") == "lpa has no host name of an SM-DP+");
}

BOOST_AUTO_TEST_SUITE_END()
