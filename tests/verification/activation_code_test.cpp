#include "protocols/base/iccid.hpp"
#include "protocols/verification/activation_code.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <set>

using namespace meisim;

namespace {

std::string flaw_of(std::string_view text) {
  auto reading = read_activation_code(text);
  BOOST_TEST(reading.code.has_value() == reading.flaw.empty(), text);
  return std::string{reading.flaw};
}

activation_code read(std::string_view text) {
  auto reading = read_activation_code(text);
  BOOST_REQUIRE_MESSAGE(reading.code, text << " " << reading.flaw);
  return *reading.code;
}

/// What a host, a matching id and an object identifier are made of, for random ones.
struct code_maker {
  std::mt19937 random{20'260'505};

  size_t below(size_t limit) {
    return std::uniform_int_distribution<size_t>{0, limit - 1}(random);
  }

  std::string text_of(std::string_view alphabet, size_t size) {
    std::string result;
    for (size_t i = 0; i < size; ++i)
      result += alphabet[below(alphabet.size())];
    return result;
  }

  std::string host() {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view inner = "abcdefghijklmnopqrstuvwxyz0123456789-";
    std::string result;
    for (size_t i = 0, count = 1 + below(4); i < count; ++i)
      result += text_of(letters, 1) + text_of(inner, below(20)) + text_of(letters, 1) + '.';
    return result + text_of(letters, 2 + below(5));
  }

  activation_code code() {
    activation_code result;
    result.host = host();
    result.matching_id =
      text_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-", below(40));
    if (below(2) == 0)
      result.oid = "1.3.6.1.4.1." + std::to_string(below(100'000));
    result.needs_confirmation = below(2) == 0;
    return result;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(activation_codes)

BOOST_AUTO_TEST_CASE(the_parts_of_a_code_are_told_apart) {
  auto code = read("LPA:1$T-MOBILE.IDEMIA.IO$AYU36-O48VE-8PWDE-ZRXGS");
  BOOST_TEST(code.host == "t-mobile.idemia.io");
  BOOST_TEST(code.matching_id == "AYU36-O48VE-8PWDE-ZRXGS");
  BOOST_TEST(code.oid.empty());
  BOOST_TEST(!code.needs_confirmation);
  code = read("LPA:1$smdp.example.com$04386-AGYFT-A74Y8-3F815$1.3.6.1.4.1.31746$1");
  BOOST_TEST(code.oid == "1.3.6.1.4.1.31746");
  BOOST_TEST(code.needs_confirmation);
  BOOST_TEST(read("LPA:1$smdp.example.com$A$$1").needs_confirmation);
}

BOOST_AUTO_TEST_CASE(what_the_standard_allows_is_a_code) {
  for (std::string_view text : {
         "lpa:1$smdp.example.com$A",
         "LpA:1$smdp.example.com$A",
         "LPA:1$smdp.example.com$",
         "LPA:1$a.b$A$1.2.3",
         "LPA:1$a.b$A$",
         "LPA:1$xn--bcher-kva.example$A",
         "LPA:1$3.example$0",
       })
    BOOST_TEST(flaw_of(text) == "", text);
}

BOOST_AUTO_TEST_CASE(all_spellings_of_a_code_are_one) {
  for (std::string_view text : {
         "LPA:1$smdp.example.com$A-1",
         "lpa:1$SMDP.Example.com$A-1",
         "1$smdp.example.com$A-1",
         " LPA:1$smdp.example.com$A-1\t",
         "LPA:1$smdp.example.com$A-1$",
         "LPA:1$smdp.example.com$A-1$$",
         "LPA:1$smdp.example.com$A-1$$0",
         "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA:1$smdp.example.com$A-1",
         "https://example.com/esim?carddata=LPA%3A1%24smdp.example.com%24A-1&x=1",
       })
    BOOST_TEST(to_string(read(text)) == "LPA:1$smdp.example.com$A-1", text);
  BOOST_TEST(to_string(read("LPA:1$smdp.example.com$a-1")) != "LPA:1$smdp.example.com$A-1");
}

BOOST_AUTO_TEST_CASE(a_confirmation_code_is_kept_apart) {
  for (std::string_view text :
       {"LPA:1$smdp.example.com$A$1.3.6.1$2468", "LPA:1$smdp.example.com$A$2468$1.3.6.1"}) {
    auto code = read(text);
    BOOST_TEST(code.needs_confirmation);
    BOOST_TEST(code.confirmation_code == "2468");
    BOOST_TEST(to_string(code) == "LPA:1$smdp.example.com$A$1.3.6.1$1");
  }
  BOOST_TEST(read("LPA:1$smdp.example.com$A$2468").confirmation_code == "2468");
  BOOST_TEST(read("LPA:1$smdp.example.com$A$1").needs_confirmation);
  BOOST_TEST(read("LPA:1$smdp.example.com$A$1").confirmation_code.empty());
}

BOOST_AUTO_TEST_CASE(each_flaw_has_its_sentence) {
  auto code_of = [](std::string host, std::string matching_id = "A") {
    return "LPA:1$" + host + "$" + matching_id;
  };
  BOOST_TEST(flaw_of("") == "is empty");
  BOOST_TEST(flaw_of("2$smdp.example.com$A") == "does not begin with LPA:1$");
  BOOST_TEST(flaw_of("https://a.example/?carddata=") == "is empty");
  BOOST_TEST(flaw_of("LPA:2$smdp.example.com$A") == "does not begin with LPA:1$");
  BOOST_TEST(flaw_of("LPA:1") == "is not of the form LPA:1$host$matching-id");
  BOOST_TEST(flaw_of("LPA:1$smdp.example.com") == "is not of the form LPA:1$host$matching-id");
  BOOST_TEST(flaw_of("LPA:1$smdp.example.com$A$1.2$1$x")
             == "is not of the form LPA:1$host$matching-id");
  for (std::string_view host :
       {"", "localhost", "10.0.0.1", "smdp..com", ".smdp.com", "smdp.com.", "-a.com", "a-.com",
        "https://smdp.example.com", "user@smdp.example.com", "[::1]", "smdp.example.com/x",
        "smdp.example.com#", "a.1"})
    BOOST_TEST(flaw_of(code_of(std::string{host})) == "has no host name of an SM-DP+", host);
  BOOST_TEST(flaw_of(code_of("smdp.example.com:8443"))
             == "has a port after the host name of the SM-DP+");
  BOOST_TEST(flaw_of(code_of("smdp_.example.com"))
             == "has an underscore in the host name of the SM-DP+");
  BOOST_TEST(flaw_of(code_of(std::string(64, 'a') + ".com")) == "has no host name of an SM-DP+");
  BOOST_TEST(flaw_of(code_of("smdp.example.com", "A_B"))
             == "has a matching id of other characters than letters, digits and hyphens");
  BOOST_TEST(flaw_of("LPA:1$smdp.example.com$A$1..2")
             == "has an object identifier of other characters than digits and dots");
  BOOST_TEST(flaw_of("LPA:1$smdp.example.com$A$$2") == "has a confirmation flag other than 1");
  BOOST_TEST(flaw_of(code_of("smdp.example.com", std::string(300, 'A')))
             == "is longer than 255 characters");
  for (std::string_view text : {"LPA:1$ smdp.example.com$A", "LPA:1$smdp.example.com$A\nB",
                                "LPA:1$smdp.example.com$\xc3\x84"})
    BOOST_TEST(flaw_of(text) == "holds characters that no activation code has");
}

BOOST_AUTO_TEST_CASE(the_longest_code_has_255_characters) {
  std::string prefix = "LPA:1$smdp.example.com$";
  BOOST_TEST(flaw_of(prefix + std::string(255 - prefix.size(), 'A')) == "");
  BOOST_TEST(flaw_of(prefix + std::string(256 - prefix.size(), 'A'))
             == "is longer than 255 characters");
  // `LPA:` counts, whether it is written or not.
  auto without = prefix.substr(4);
  BOOST_TEST(flaw_of(without + std::string(255 - prefix.size(), 'A')) == "");
  BOOST_TEST(flaw_of(without + std::string(256 - prefix.size(), 'A'))
             == "is longer than 255 characters");
}

BOOST_AUTO_TEST_CASE(a_code_survives_being_written_and_read) {
  code_maker make;
  for (int i = 0; i < 5'000; ++i) {
    auto code = make.code();
    auto text = to_string(code);
    auto again = read(text);
    BOOST_REQUIRE_EQUAL(again.host, code.host);
    BOOST_REQUIRE_EQUAL(again.matching_id, code.matching_id);
    BOOST_REQUIRE_EQUAL(again.oid, code.oid);
    BOOST_REQUIRE_EQUAL(again.needs_confirmation, code.needs_confirmation);
    BOOST_REQUIRE_EQUAL(to_string(again), text);
  }
}

BOOST_AUTO_TEST_CASE(whatever_is_read_as_a_code_is_written_as_the_same_code) {
  // Codes with a few of their characters changed: near enough to get past the first check.
  code_maker make;
  std::set<std::string> flaws;
  for (int i = 0; i < 5'000; ++i) {
    auto text = to_string(make.code());
    for (size_t j = 0, count = 1 + make.below(3); j < count; ++j)
      text[make.below(text.size())] = static_cast<char>(make.below(256));
    auto reading = read_activation_code(text);
    flaws.insert(std::string{reading.flaw});
    if (reading.code)
      BOOST_REQUIRE_EQUAL(to_string(read(to_string(*reading.code))), to_string(*reading.code));
  }
  BOOST_TEST(flaws.size() >= 6u);
}

BOOST_AUTO_TEST_CASE(any_bytes_get_an_answer) {
  code_maker make;
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (size_t j = 0, size = make.below(300); j < size; ++j)
      text += static_cast<char>(make.below(256));
    BOOST_REQUIRE(!read_activation_code(text).flaw.empty());
    BOOST_REQUIRE(read_iccid(text).number.has_value() == read_iccid(text).flaw.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(iccids)

BOOST_AUTO_TEST_CASE(padding_is_left_out_and_the_check_digit_reported) {
  auto read = [](std::string_view text) {
    auto reading = read_iccid(text);
    BOOST_REQUIRE_MESSAGE(reading.number, text << " " << reading.flaw);
    return *reading.number;
  };
  BOOST_TEST(read("8901410321111851072").digits == "8901410321111851072");
  BOOST_TEST(read("8901410321111851072F").digits == "8901410321111851072");
  BOOST_TEST(read("8901410321111851072f").digits == "8901410321111851072");
  BOOST_TEST(read("890141032111185107FF").digits == "890141032111185107");
  BOOST_TEST(read("8944110068256270054").luhn_ok);
  BOOST_TEST(read("8944110068256270054F").luhn_ok);
  BOOST_TEST(!read("8944110068256270055").luhn_ok);
  BOOST_TEST(read("890000000000000000").digits.size() == 18u);
  BOOST_TEST(read("89000000000000000000").digits.size() == 20u);
  for (std::string_view text : {"8901 4103 2111 1851 072", "8901410-3211-1185-1072 F",
                                " 8901410321111851072\t", "8901410321111851072 "})
    BOOST_TEST(read(text).digits == "8901410321111851072", text);
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_iccids) {
  auto flaw_of = [](std::string_view text) { return std::string{read_iccid(text).flaw}; };
  BOOST_TEST(flaw_of("") == "is empty");
  BOOST_TEST(flaw_of("FFFF") == "is empty");
  BOOST_TEST(flaw_of("89000000000000000") == "is not of 18 to 20 digits");
  BOOST_TEST(flaw_of("890000000000000000000") == "is not of 18 to 20 digits");
  BOOST_TEST(flaw_of("8800000000000000000") == "does not begin with 89");
  for (std::string_view text : {"8.96E+19", "8,90141E+18", "8.9e19"})
    BOOST_TEST(flaw_of(text) == "is no whole number: a spreadsheet has shortened this number",
               text);
  for (std::string_view text :
       {"89014103211118510F2", "+8901410321111851072", "F8901410321111851072", "8E", "E8"})
    BOOST_TEST(flaw_of(text) == "holds other characters than digits", text);
}

BOOST_AUTO_TEST_CASE(one_wrong_digit_fails_luhn) {
  std::string number = "8944110068256270054";
  for (size_t i = 0; i < number.size(); ++i)
    for (char c = '0'; c <= '9'; ++c) {
      auto changed = number;
      changed[i] = c;
      BOOST_TEST(passes_luhn(changed) == (c == number[i]));
    }
  BOOST_TEST(!passes_luhn(""));
  BOOST_TEST(!passes_luhn("89x"));
}

BOOST_AUTO_TEST_SUITE_END()
