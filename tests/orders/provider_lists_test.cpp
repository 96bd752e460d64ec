#include "protocols/orders/provider_format.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

// Providers' lists of orders, in the form that their documents show.

using namespace meisim;

namespace {

const instant from = *parse_time("2026-05-05T00:00:00Z");
const instant to = *parse_time("2026-05-07T00:00:00Z");

std::string path_of(const provider_format& format, int32_t page = 0) {
  return format.list_call({from, to, page}).path;
}

order_page read(const provider_format& format, std::string_view body, int32_t page = 0) {
  auto result = format.read_list(body, page);
  BOOST_REQUIRE(result);
  return *result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(provider_lists_suite)

BOOST_AUTO_TEST_CASE(each_format_asks_for_a_time_and_a_page) {
  BOOST_TEST(path_of(standard_format, 2)
             == "/v1/orders?from=2026-05-05T00%3A00%3A00Z&to=2026-05-07T00%3A00%3A00Z&page=2");
  BOOST_TEST(path_of(airalo_format, 1).find("2026-05-05%20-%202026-05-07&limit=100&page=2")
             != std::string::npos);
  BOOST_TEST(path_of(esim_go_format).find("createdAt=gte%3A2026-05-05") != std::string::npos);
  BOOST_TEST(path_of(reloadly_format).find("startDate=2026-05-05%2000%3A00%3A00")
             != std::string::npos);
  BOOST_TEST(path_of(dt_one_format, 1).find("&page=2&per_page=100") != std::string::npos);
  auto query = esim_access_format.list_call({from, to, 0});
  BOOST_TEST(query.body.find(R"("startTime":"2026-05-05T00:00:00Z")") != std::string::npos);
  BOOST_TEST(packages_format.list_call == nullptr);
}

BOOST_AUTO_TEST_CASE(airalo_tells_our_reference_and_leaves_out_what_it_has_given_back) {
  auto page =
    read(airalo_format, R"({"data":[{"id":7,"description":"ref-1","price":4.5,"currency":"USD",)"
                        R"("created_at":"2026-05-05 12:34:56"},)"
                        R"({"id":8,"price":"4.50","status":{"slug":"refunded"}}],)"
                        R"("meta":{"last_page":2}})");
  BOOST_REQUIRE_EQUAL(page.orders.size(), 1u);
  BOOST_TEST(page.orders[0].id == "7");
  BOOST_TEST(page.orders[0].reference == "ref-1");
  BOOST_TEST(page.orders[0].amount == "4.5");
  BOOST_TEST((page.orders[0].at == *parse_time("2026-05-05T12:34:56Z")));
  BOOST_TEST(page.has_more);
  BOOST_TEST(!read(airalo_format, R"({"data":[],"meta":{"last_page":2}})", 1).has_more);
}

BOOST_AUTO_TEST_CASE(esim_go_tells_its_number_and_the_total) {
  auto page =
    read(esim_go_format, R"({"orders":[{"orderReference":"go-1","total":6.5,"currency":"EUR",)"
                         R"("createdDate":"2026-05-05T12:34:56Z"}],"pageCount":1})");
  BOOST_REQUIRE_EQUAL(page.orders.size(), 1u);
  BOOST_TEST(page.orders[0].id == "go-1");
  BOOST_TEST(page.orders[0].amount == "6.5");
  BOOST_TEST(page.orders[0].currency == "EUR");
  BOOST_TEST(!page.has_more);
}

BOOST_AUTO_TEST_CASE(esim_access_tells_no_price) {
  auto page = read(esim_access_format,
                   R"({"success":true,"errorCode":"0","obj":{"esimList":[)"
                   R"({"orderNo":"B1","transactionId":"ref-1","esimStatus":"GOT_RESOURCE"},)"
                   R"({"orderNo":"B2","esimStatus":"CANCEL"}]}})");
  BOOST_REQUIRE_EQUAL(page.orders.size(), 1u);
  BOOST_TEST(page.orders[0].id == "B1");
  BOOST_TEST(page.orders[0].reference == "ref-1");
  BOOST_TEST(page.orders[0].amount.empty());
}

BOOST_AUTO_TEST_CASE(top_ups_are_listed_with_what_they_cost_unless_they_have_failed) {
  auto page =
    read(reloadly_format,
         R"({"content":[{"transactionId":11,"customIdentifier":"ref-1","status":"SUCCESSFUL",)"
         R"("transactionDate":"2026-05-05 12:34:56","balanceInfo":{"cost":4.75,)"
         R"("currencyCode":"USD"}},{"transactionId":12,"status":"FAILED"}],"totalPages":1})");
  BOOST_REQUIRE_EQUAL(page.orders.size(), 1u);
  BOOST_TEST(page.orders[0].id == "11");
  BOOST_TEST(page.orders[0].amount == "4.75");
  auto other = read(dt_one_format, R"([{"id":21,"external_id":"ref-2","status":{"class":{"id":7}},)"
                                   R"("prices":{"wholesale":{"amount":3.1,"fee":0,"unit":"USD"}},)"
                                   R"("creation_date":"2026-05-05T12:34:56.000000000Z"},)"
                                   R"({"id":22,"status":{"class":{"id":9}}}])");
  BOOST_REQUIRE_EQUAL(other.orders.size(), 1u);
  BOOST_TEST(other.orders[0].id == "21");
  BOOST_TEST(other.orders[0].reference == "ref-2");
  BOOST_TEST(other.orders[0].amount == "3.1");
  BOOST_TEST(!other.has_more);
}

BOOST_AUTO_TEST_CASE(what_is_no_list_is_told_as_such) {
  for (const auto* format : {&standard_format, &airalo_format, &esim_go_format, &esim_access_format,
                             &reloadly_format, &dt_one_format})
    for (const auto* body : {"", "x", "{}", R"({"orders":[{}],"data":[{}],"content":[{}]})"})
      BOOST_TEST(!format->read_list(body, 0), format->name << ": " << body);
}

BOOST_AUTO_TEST_SUITE_END()
