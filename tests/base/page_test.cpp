#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/page.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

// Places in lists, short ids and times as callers write them.

using namespace meisim;

BOOST_AUTO_TEST_SUITE(page_suite)

BOOST_AUTO_TEST_CASE(a_place_is_read_as_it_was_written) {
  page_cursor place{1'777'984'496'000'000, make_uuid()};
  auto read = parse_page_cursor(to_string(place));
  BOOST_REQUIRE(read);
  BOOST_TEST(read->at == place.at);
  BOOST_TEST((read->id == place.id));
  BOOST_TEST(parse_page_cursor("12")->at == 12);
  for (const char* wrong : {"", "x", "-1", "1.", "1.x", "12x", "99999999999999999999", " 1"})
    BOOST_TEST(!parse_page_cursor(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(an_order_is_named_by_its_id_or_its_short_id) {
  auto id = order_id::make();
  BOOST_TEST((parse_order_name(to_string(id))->id == id));
  auto by_short = parse_order_name(short_id(7));
  BOOST_REQUIRE(by_short);
  BOOST_TEST(!by_short->id);
  BOOST_TEST(by_short->number == 7);
  BOOST_TEST(parse_order_name("mm-il0o1z")->number == parse_order_name("MM-11001Z")->number);
  for (const char* wrong :
       {"", "MM-", "MM-1234", "MM-12345U", "XX-123456", "MM-0234567", "MM-12345678"})
    BOOST_TEST(!parse_order_name(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(each_number_of_an_order_makes_another_short_id) {
  std::set<std::string> seen;
  for (int64_t number = 0; number < 10'000; ++number) {
    auto name = short_id(number);
    BOOST_REQUIRE(seen.insert(name).second);
    BOOST_REQUIRE_EQUAL(parse_order_name(name)->number, number);
  }
  // The last of six letters, and the first of seven.
  constexpr int64_t with_six = int64_t{1} << 30;
  BOOST_TEST(short_id(with_six - 1).size() == 9u);
  BOOST_TEST(short_id(with_six) == "MM-1000000");
  BOOST_TEST(parse_order_name("MM-1000000")->number == int64_t{1} << 30);
}

BOOST_AUTO_TEST_CASE(a_time_is_read_to_the_second) {
  BOOST_TEST(rfc3339(*parse_time("2026-05-05T12:34:56Z")) == "2026-05-05T12:34:56Z");
  BOOST_TEST(rfc3339(*parse_time("2026-05-05T12:34:56.789Z")) == "2026-05-05T12:34:56Z");
  for (const char* wrong :
       {"", "2026-05-05", "2026-05-05T12:34:56", "2026-05-05T24:00:00Z", "2026-05-05 12:34:56Z",
        "2026-05-05T12:34:56.Z", "2026-02-30T00:00:00Z"})
    BOOST_TEST(!parse_time(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_time_is_written_to_the_second_or_the_microsecond) {
  BOOST_TEST(rfc3339(from_micros(-1)) == "1969-12-31T23:59:59Z");
  BOOST_TEST(rfc3339_to_micros(from_micros(-1)) == "1969-12-31T23:59:59.999999Z");
  BOOST_TEST(rfc3339_to_micros(*parse_time("2026-05-05T02:04:06Z") + std::chrono::microseconds{789})
             == "2026-05-05T02:04:06.000789Z");
}

BOOST_AUTO_TEST_SUITE_END()
