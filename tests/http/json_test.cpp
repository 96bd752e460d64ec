#include "http/edge/fields.hpp"
#include "http/edge/parse_body.hpp"
#include "protocols/base/error.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace meisim;
using namespace meisim::http;

namespace {

std::string refusal_of(std::string_view body) {
  auto value = parse_body(body);
  if (value)
    return {};
  BOOST_TEST((code_of(value.error()) == ec::invalid));
  return message_of(value.error());
}

/// Reads `body` and tells what the fields object says about it in the end.
std::string complaint(std::string_view body, const std::function<void(fields&)>& read) {
  auto value = parse_body(body);
  BOOST_REQUIRE_MESSAGE(value, body);
  fields in{*value};
  read(in);
  auto failure = in.failure();
  if (!failure)
    return {};
  BOOST_TEST((code_of(failure) == ec::invalid));
  return message_of(failure);
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_suite)

BOOST_AUTO_TEST_CASE(well_formed_objects_are_read) {
  for (std::string_view body : {
         R"({})",
         " \t\r\n{ \"a\" : [ 1 , -2, 0, -0, 0.5, 10, 100.001, 1e3, 1E+3, 1e-03, 10e00 ] } \n",
         R"({"a":"\" \\ \/ \b \f \n \r \t \u00e9 \u4e2d"})",
         R"({"a":"\ud83d\ude00","b":"+1 01 1. \\u0000"})",
         R"({"a":{"a":null},"b":[true,false]})",
         "{\"\xe4\xb8\xad\":\"\xf0\x9f\x98\x80\"}",
       })
    BOOST_TEST(refusal_of(body) == "", body);
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  using namespace std::string_view_literals;
  for (std::string_view body : {
         ""sv,
         " "sv,
         "{"sv,
         "}"sv,
         "[]"sv,
         "1"sv,
         "null"sv,
         "\"a\""sv,
         "{}{}"sv,
         "{} x"sv,
         "{},"sv,
         // What jsoncpp lets pass unless told otherwise.
         R"({"a":1,"a":2})"sv,
         R"({"a":1,})"sv,
         R"({"a":[1,]})"sv,
         "{/* */}"sv,
         "{} // x"sv,
         "{'a':1}"sv,
         "{a:1}"sv,
         R"({"a":NaN})"sv,
         R"({"a":Infinity})"sv,
         R"({"a":-Infinity})"sv,
         "{}\xef\xbb\xbf"sv,
         "\xef\xbb\xbf\xef\xbb\xbf{}"sv,
         // What it lets pass even in its strict mode.
         R"({"a":01})"sv,
         R"({"a":-01})"sv,
         R"({"a":00})"sv,
         R"({"a":+1})"sv,
         R"({"a":1.})"sv,
         R"({"a":1.e5})"sv,
         R"({"a":-})"sv,
         R"({"a":.5})"sv,
         R"({"a":1e})"sv,
         R"({"a":1e999})"sv,
         "{\"a\":\"\n\"}"sv,
         "{\"a\":\"\x01\"}"sv,
         "{\"a\":\"\0\"}"sv,
         "{}\0"sv,
         "{\"a\":\"\xff\"}"sv,
         "{\"a\":\"\xc0\x80\"}"sv,
         "{\"a\":\"\xed\xa0\x80\"}"sv,
         R"({"a":"\u0000"})"sv,
         R"({"\u0000":1})"sv,
         R"({"a":"\ud83d"})"sv,
         R"({"a":"\ude00"})"sv,
         R"({"a":"\ud83d\u0041"})"sv,
         R"({"a":"\ud83dx"})"sv,
         R"({"a":"\u12"})"sv,
         R"({"a":"\x41"})"sv,
         R"({"a":"\)"sv,
       })
    BOOST_TEST(refusal_of(body).starts_with("the body must be a JSON object: "), body);
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded) {
  auto nested = [](int depth) {
    return "{\"a\":" + std::string(static_cast<size_t>(depth), '[')
           + std::string(static_cast<size_t>(depth), ']') + "}";
  };
  BOOST_TEST(refusal_of(nested(25)) == "");
  BOOST_TEST(refusal_of(nested(40)) != "");
  BOOST_TEST(refusal_of(nested(100'000)) != "");
}

BOOST_AUTO_TEST_CASE(texts_have_bounds_in_characters) {
  auto required = [](fields& in) { in.required_text("name", 2, 3); };
  BOOST_TEST(complaint(R"({"name":"ab"})", required) == "");
  BOOST_TEST(complaint("{\"name\":\"\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\"}", required) == "");
  BOOST_TEST(complaint(R"({"name":"a"})", required) == "name must have 2 to 3 characters");
  BOOST_TEST(complaint(R"({"name":"abcd"})", required) == "name must have 2 to 3 characters");
  BOOST_TEST(complaint(R"({"name":12})", required) == "name must be a text");
  BOOST_TEST(complaint(R"({})", required) == "name is required");
  BOOST_TEST(complaint(R"({"name":null})", required) == "name is required");
  auto optional = [](fields& in) { in.optional_text("name", 2, 3); };
  BOOST_TEST(complaint(R"({})", optional) == "");
  BOOST_TEST(complaint(R"({"name":null})", optional) == "");
  BOOST_TEST(complaint(R"({"name":" \u00a0"})", optional) == "");
  BOOST_TEST(complaint(R"({"name":[]})", optional) == "name must be a text");
  BOOST_TEST(complaint(R"({"name":" \u00a0"})", required) == "name must have 2 to 3 characters");
  BOOST_TEST(complaint(R"({"name":" abc\n"})", required) == "");
  auto secret = [](fields& in) { BOOST_TEST(in.required_raw_text("name", 1, 9) == " a\tb "); };
  BOOST_TEST(complaint(R"({"name":" a\tb "})", secret) == "");
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_no_other_numbers) {
  int64_t read = 0;
  auto quantity = [&](fields& in) { read = in.whole_number("quantity", 1, 100); };
  BOOST_TEST(complaint(R"({"quantity":100})", quantity) == "");
  BOOST_TEST(read == 100);
  for (std::string_view text : {"10.0", "1e1", "10.000"}) {
    BOOST_TEST(complaint("{\"quantity\":" + std::string{text} + "}", quantity) == "", text);
    BOOST_TEST(read == 10);
  }
  auto told = [&](std::string_view text) {
    return complaint("{\"quantity\":" + std::string{text} + "}", quantity);
  };
  for (std::string_view text :
       {"0", "101", "101.0", "-1", "18446744073709551615", "99999999999999999999999", "1e300"})
    BOOST_TEST(told(text) == "quantity must be a whole number from 1 to 100", text);
  for (std::string_view text : {"1.5", "0.1", "-1e-3"})
    BOOST_TEST(told(text) == "quantity must be a whole number", text);
  for (std::string_view text : {"true", "\"1\"", "[]", "{}"})
    BOOST_TEST(told(text) == "quantity must be a number", text);
  BOOST_TEST(complaint(R"({})", quantity) == "quantity is required");
  auto optional = [&](fields& in) { read = in.whole_number("quantity", 1, 100, 7); };
  BOOST_TEST(complaint(R"({"quantity":null})", optional) == "");
  BOOST_TEST(read == 7);
}

BOOST_AUTO_TEST_CASE(amounts_are_exact) {
  std::optional<money> read;
  auto guard = [&](fields& in) { read = in.optional_amount("maxPriceUsd"); };
  struct {
    std::string_view text;
    int64_t cents;
  } good[] = {{"25", 2'500},
              {"25.0", 2'500},
              {"25.00", 2'500},
              {"0.01", 1},
              {"0.29", 29},
              {"1.15", 115},
              {"8.2", 820},
              {"1e2", 10'000},
              {"1000000.07", 100'000'007},
              {"99999999999.99", 9'999'999'999'999}};
  for (const auto& [text, cents] : good) {
    BOOST_TEST(complaint("{\"maxPriceUsd\":" + std::string{text} + "}", guard) == "", text);
    BOOST_TEST((read && read->cents() == cents), text);
  }
  for (std::string_view text : {"0", "0.00", "-1", "-0.01", "0.001", "25.001", "1000000.001",
                                "99999999999.999", "1e15", "99999999999999999999999"})
    BOOST_TEST(complaint("{\"maxPriceUsd\":" + std::string{text} + "}", guard)
                 == "maxPriceUsd must be an amount above 0 with at most two decimals",
               text);
  for (std::string_view text : {"true", "\"25\"", "[]", "{}"})
    BOOST_TEST(complaint("{\"maxPriceUsd\":" + std::string{text} + "}", guard)
                 == "maxPriceUsd must be a number",
               text);
  BOOST_TEST(complaint(R"({})", guard) == "");
  BOOST_TEST(!read);
}

BOOST_AUTO_TEST_CASE(addresses_are_plausible_and_mailed_as_written) {
  std::string read;
  auto email = [&](fields& in) { read = in.required_email("email"); };
  BOOST_TEST(complaint(R"({"email":"Some.One+x@Example.TEST"})", email) == "");
  BOOST_TEST(read == "Some.One+x@example.test");
  for (std::string_view text :
       {"", "a", "@b.c", "a@", "a@b", "a@b.", "a@.b", "a@b..c", "a b@c.d", "a@b@c.d"})
    BOOST_TEST(complaint("{\"email\":\"" + std::string{text} + "\"}", email)
                 == "email must be an email address",
               text);
  BOOST_TEST(complaint(R"({"email":"a@b.c\r\nBcc: x@y.z"})", email)
             == "email must be one line, without control characters");
  // A label of DNS has 63 characters at most, an address 254.
  auto domain = std::string(60, 'd') + '.' + std::string(60, 'd') + '.' + std::string(60, 'd');
  auto local = std::string(60, 'l');
  BOOST_TEST(complaint("{\"email\":\"" + local + "@" + domain + ".test\"}", email) == "");
  BOOST_TEST(complaint("{\"email\":\"" + local + "@" + domain + ".testtesttest\"}", email) != "");
  BOOST_TEST(complaint(R"({"email":7})", email) == "email must be a text");
  std::string account;
  BOOST_TEST(complaint(R"({"email":"Some.One@Example.TEST"})",
                       [&](fields& in) { account = in.required_account("email"); })
             == "");
  BOOST_TEST(account == "some.one@example.test");
  BOOST_TEST(complaint(R"({})", email) == "email is required");
}

BOOST_AUTO_TEST_CASE(flags_and_objects_are_what_they_say) {
  auto read = [](fields& in) {
    in.flag("portal", false);
    in.optional_object("customer");
  };
  BOOST_TEST(complaint(R"({"portal":true,"customer":{}})", read) == "");
  BOOST_TEST(complaint(R"({"portal":1})", read) == "portal must be true or false");
  BOOST_TEST(complaint(R"({"customer":[]})", read) == "");
  BOOST_TEST(complaint(R"({"customer":[1]})", read) == "customer must be an object");
}

BOOST_AUTO_TEST_CASE(the_first_fault_is_told_and_unknown_fields_are_faults) {
  auto read = [](fields& in) {
    in.required_text("first");
    in.whole_number("second", 1, 9);
  };
  BOOST_TEST(complaint(R"({"second":"x"})", read) == "first is required");
  BOOST_TEST(complaint(R"({"first":"a","second":1,"third":1})", read)
             == "third is not a field of this request, which takes first, second");
  auto body = *parse_body(R"({"first":"a","second":1,"third":1})");
  fields asked{body};
  read(asked);
  BOOST_TEST((cause_of(asked.failure()) == cause::unknown_field));
  BOOST_TEST(field_of(asked.failure()) == "third");
  BOOST_TEST(complaint(R"({"first":"a","second":10,"third":1})", read)
             == "second must be a whole number from 1 to 9");
  auto own = [](fields& in) { in.reject("code", "must be 6 digits"); };
  BOOST_TEST(complaint(R"({})", own) == "code must be 6 digits");
}

BOOST_AUTO_TEST_SUITE_END()
