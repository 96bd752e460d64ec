#include "protocols/base/json_writer.hpp"
#include "protocols/base/strict_json.hpp"

#include <boost/test/unit_test.hpp>
#include <json/value.h>

#include <limits>

using namespace meisim;
using namespace std::string_view_literals;

namespace {

/// How a lone value is written.
template <class T>
std::string written(const T& value) {
  std::string result;
  json_writer{result}.value(value);
  return result;
}

const auto noon = from_micros(1'777'982'096'999'999);

} // namespace

BOOST_AUTO_TEST_SUITE(json_writer_suite)

BOOST_AUTO_TEST_CASE(members_stand_in_the_order_of_the_calls) {
  auto text = json_object([](json_writer& out) {
    out.member("ok", true)
      .member("name", "one")
      .member("count", 7)
      .object("within", [&] { out.member("a", 1).member("b", 2); })
      .member("last", nullptr);
  });
  BOOST_TEST(text == R"({"ok":true,"name":"one","count":7,"within":{"a":1,"b":2},"last":null})");
}

BOOST_AUTO_TEST_CASE(empty_objects_and_arrays_are_written) {
  auto text = json_object([](json_writer& out) {
    out.object("nothing", [] {}).array("none", std::vector<int>{}).member("after", 1);
  });
  BOOST_TEST(text == R"({"nothing":{},"none":[],"after":1})");
}

BOOST_AUTO_TEST_CASE(arrays_hold_values_objects_and_arrays) {
  std::vector<std::vector<int>> rows{{1, 2}, {}, {3}};
  std::vector<std::string> texts{"a", "b\""};
  auto write_number = [](json_writer& out, int number) { out.member("n", number); };
  auto text = json_object([&](json_writer& out) {
    out.array("rows", rows, [](json_writer& inner, const auto& row) { inner.array(row); })
      .array("texts", texts)
      .objects("numbers", rows.front(), write_number)
      .object("last", write_number, 3);
  });
  BOOST_TEST(text
             == R"({"rows":[[1,2],[],[3]],"texts":["a","b\""],"numbers":[{"n":1},{"n":2}],)"
                R"("last":{"n":3}})");
  BOOST_TEST(json_objects(rows.front(), write_number) == R"([{"n":1},{"n":2}])");
  BOOST_TEST(json_object(write_number, 4) == R"({"n":4})");
}

BOOST_AUTO_TEST_CASE(it_appends_to_what_is_there) {
  std::string text = "data: ";
  json_writer out{text};
  out.object([&] { out.member("a", 1); });
  BOOST_TEST(text == R"(data: {"a":1})");
}

BOOST_AUTO_TEST_CASE(optional_members_are_left_out_and_optional_values_are_null) {
  std::optional<int> none;
  auto text = json_object([&](json_writer& out) {
    out.optional_member("a", none)
      .optional_member("b", std::optional{2})
      .member("c", none)
      .member("d", std::optional{"four"sv})
      .member("e", or_null(""))
      .member("f", or_null("six"));
  });
  BOOST_TEST(text == R"({"b":2,"c":null,"d":"four","e":null,"f":"six"})");
}

BOOST_AUTO_TEST_CASE(numbers_are_written_whole) {
  BOOST_TEST(written(0) == "0");
  BOOST_TEST(written(std::numeric_limits<int64_t>::min()) == "-9223372036854775808");
  BOOST_TEST(written(std::numeric_limits<uint64_t>::max()) == "18446744073709551615");
  BOOST_TEST(written(int16_t{-7}) == "-7");
  BOOST_TEST(written(size_t{7}) == "7");
  BOOST_TEST(written(15 / 1.0) == "15");
  BOOST_TEST(written(1'250 / 100.0) == "12.5");
  BOOST_TEST(written(1 / 100.0) == "0.01");
  BOOST_TEST(written(100'000 / 100.0) == "1000");
}

BOOST_AUTO_TEST_CASE(amounts_have_exactly_two_decimals) {
  for (int64_t cents : {int64_t{0}, int64_t{5}, int64_t{-5}, int64_t{100}, int64_t{-12'345},
                        std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()})
    BOOST_TEST(written(money::from_cents(cents)) == to_string(money::from_cents(cents)));
  BOOST_TEST(written(money::from_cents(-5)) == "-0.05");
  BOOST_TEST(written(money::from_cents(2'500)) == "25.00");
}

BOOST_AUTO_TEST_CASE(times_are_rfc_3339_or_null) {
  BOOST_TEST(written(noon) == R"("2026-05-05T11:54:56Z")");
  BOOST_TEST(written(instant{}) == "null");
}

BOOST_AUTO_TEST_CASE(ids_are_texts) {
  auto id = order_id::parse("0190a0b0-c0d0-7e0f-8a0b-0c0d0e0f0a0b");
  BOOST_TEST(written(*id) == R"("0190a0b0-c0d0-7e0f-8a0b-0c0d0e0f0a0b")");
  BOOST_TEST(written(id->value) == written(*id));
}

BOOST_AUTO_TEST_CASE(written_json_is_taken_over) {
  BOOST_TEST(json_object([](json_writer& out) {
               out.member("a", json_text{R"({"b":[1]})"}).member("c", false);
             })
             == R"({"a":{"b":[1]},"c":false})");
}

BOOST_AUTO_TEST_CASE(blanks_go_but_within_texts) {
  BOOST_TEST(without_blanks(R"({"a" : 1, "b c" : [ "d, e" , null],)"
                            "\n \t\r"
                            R"( "f" : "g \" : \\" , "h" : {} })")
             == R"({"a":1,"b c":["d, e",null],"f":"g \" : \\","h":{}})");
  BOOST_TEST(without_blanks("").empty());
}

BOOST_AUTO_TEST_CASE(texts_are_escaped) {
  BOOST_TEST(written("") == R"("")");
  BOOST_TEST(written("plain") == R"("plain")");
  BOOST_TEST(written("\"\\/\b\f\n\r\t"sv) == R"("\"\\/\b\f\n\r\t")");
  BOOST_TEST(written("\0\x01\x1f\x7f"sv) == "\"\\u0000\\u0001\\u001f\x7f\"");
  BOOST_TEST(written("d\xc3\xa9j\xc3\xa0 \xf0\x9f\x98\x80"sv)
             == "\"d\xc3\xa9j\xc3\xa0 \xf0\x9f\x98\x80\"");
  BOOST_TEST(json_object([](json_writer& out) { out.member("a\"b", "c\"d"); })
             == R"({"a\"b":"c\"d"})");
}

BOOST_AUTO_TEST_CASE(each_ascii_character_is_written_as_jsoncpp_writes_it) {
  for (char c = 0; c >= 0 && c < 127; ++c) {
    std::string text{'x', c, 'y'};
    auto expected = write_json(Json::Value{text});
    BOOST_TEST(written(text) == expected);
    BOOST_TEST(json_quoted(text) == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()
