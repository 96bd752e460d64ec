#include "http/edge/parse_body.hpp"
#include "http/edge/parse_bulk.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"

#include <boost/test/unit_test.hpp>

// Large bodies, which are read piece by piece.

using namespace meisim;
using namespace meisim::http;

namespace {

constexpr bulk_rules codes{"lpas", 3, "must hold 1 to 3 codes", 8,
                           "must have at most 8 characters"};
constexpr bulk_rules file{"csv"};

bulk_body read(const std::string& text, const bulk_rules& rules = codes) {
  auto body = parse_bulk_body(text, rules);
  BOOST_REQUIRE_MESSAGE(body, text.substr(0, 200) << ": " << message_of(body.error()));
  return std::move(*body);
}

std::string flaw(const std::string& text, const bulk_rules& rules = codes) {
  auto body = parse_bulk_body(text, rules);
  BOOST_REQUIRE_MESSAGE(!body, text.substr(0, 200) << " is taken");
  BOOST_TEST((code_of(body.error()) == ec::invalid));
  return message_of(body.error());
}

std::string array_of(const std::string& element, size_t count) {
  std::string result = R"({"lpas":[)";
  for (size_t i = 0; i < count; ++i)
    result += (i > 0 ? "," : "") + element;
  return result + "]}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(bulk_body_suite)

BOOST_AUTO_TEST_CASE(texts_are_kept_apart_from_the_other_members) {
  auto body = read(R"( {"a":1,"lpas":["x","\u00e4",""],"b":{"lpas":["y"]},"c":[1.5,true,null]} )");
  BOOST_TEST((body.texts == std::vector<std::string>{"x", "ä", ""}));
  BOOST_TEST(write_json(body.members)
             == R"({"a":1,"b":{"lpas":["y"]},"c":[1.5,true,null],"lpas":[]})");
  BOOST_TEST(read("\xef\xbb\xbf{\"lpas\":[]}").texts.empty());
  BOOST_TEST(write_json(read("{}").members) == "{}");
}

BOOST_AUTO_TEST_CASE(one_great_text_is_kept_apart_too) {
  std::string line = "iccid,lpa\\r\\n";
  std::string csv;
  for (int i = 0; i < 100'000; ++i)
    csv += line;
  auto body = read(R"({"sku_id":"s","csv":")" + csv + R"("})", file);
  BOOST_TEST(body.text.size() == 100'000u * 11u);
  BOOST_TEST(body.members["sku_id"].asString() == "s");
  BOOST_TEST(body.members["csv"].asString() == "-");
  BOOST_TEST(read(R"({"csv":""})", file).members["csv"].asString().empty());
  // Of another type, it is for whoever reads the members to say so.
  BOOST_TEST(read(R"({"csv":["a"]})", file).members["csv"].isArray());
  BOOST_TEST(read(R"({"lpas":"a"})").members["lpas"].isString());
}

BOOST_AUTO_TEST_CASE(what_is_too_much_ends_the_reading_where_it_stands) {
  BOOST_TEST(flaw(array_of("0", 5'000'000)) == "lpas[0] must be a text");
  BOOST_TEST(flaw(array_of("{}", 5'000'000)) == "lpas[0] must be a text");
  BOOST_TEST(flaw(array_of("[]", 5'000'000)) == "lpas[0] must be a text");
  BOOST_TEST(flaw(array_of("\"\"", 5'000'000)) == "lpas must hold 1 to 3 codes");
  BOOST_TEST(flaw(array_of("\"123456789\"", 2)) == "lpas[0] must have at most 8 characters");
  BOOST_TEST(flaw(R"({"x":[)" + array_of("0", 2'000) + "]}")
             == "the body has too many members and elements");
  std::string deep(100'000, '[');
  BOOST_TEST(flaw(R"({"a":)" + deep) == "the body must be a JSON object: it is nested too deeply");
}

BOOST_AUTO_TEST_CASE(it_is_as_strict_as_the_reader_of_small_bodies) {
  for (const std::string text : {"",
                                 "null",
                                 "7",
                                 "[0]",
                                 "\"x\"",
                                 "{",
                                 "{}x",
                                 "{} {}",
                                 "{\"a\":1,}",
                                 "{\"a\":01}",
                                 "{\"a\":+1}",
                                 "{\"a\":.5}",
                                 "{\"a\":1.}",
                                 "{'a':1}",
                                 "{a:1}",
                                 "{\"a\":1/**/}",
                                 "{\"a\":NaN}",
                                 "{\"a\":1,\"a\":2}",
                                 "{\"lpas\":[],\"lpas\":[]}",
                                 "{\"a\":\"\\u0000\"}",
                                 "{\"\\u0000\":1}",
                                 "{\"a\":\"\\ud800\"}",
                                 "{\"a\":\"\xc3\x28\"}",
                                 "{\"a\":\"\n\"}",
                                 "{\"lpas\":[\"a\" \"b\"]}",
                                 "{\"lpas\":[\"a\",]}"}) {
    BOOST_TEST(!flaw(text).empty(), text);
    BOOST_TEST(!parse_body(text), text);
  }
  for (const std::string text : {"{}", " {\"a\":[1,-2,0.5,1e3,{\"b\":null}]} ",
                                 "{\"a\":\"\\ud83d\\ude00\\n\",\"b\":12345678901234567890}"})
    BOOST_TEST(write_json(read(text).members) == write_json(*parse_body(text)));
}

BOOST_AUTO_TEST_SUITE_END()
