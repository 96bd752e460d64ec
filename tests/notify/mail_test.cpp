#include "actors/notify/mail_transport.hpp"
#include "protocols/base/error.hpp"
#include "protocols/notify/mail.hpp"
#include "protocols/notify/qr_code.hpp"

#include <boost/test/unit_test.hpp>
#include <png.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

using namespace meisim;

namespace {

const mail_id some_id{*parse_uuid("01890000-0000-7000-8000-000000000001")};
const mail_sender house{"MeiSIM", "no-reply@meisim.test"};
const instant noon = from_micros(1'777'982'096'000'000);

mail_message plain_mail() {
  mail_message mail;
  mail.id = some_id;
  mail.to = "jane@example.com";
  mail.subject = "Hello";
  mail.text = "Good day\n";
  return mail;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Whether all is ASCII in lines that end in CRLF and are short enough for any server.
bool is_fit_for_transport(std::string_view text) {
  size_t length = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    bool line_end = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (line_end) {
      length = 0;
      ++i;
      continue;
    }
    if (c == '\r' || c == '\n' || c >= 0x80 || ++length > 998)
      return false;
  }
  return true;
}

struct picture {
  size_t side = 0;
  std::vector<uint8_t> pixels;
};

picture read_png(const std::string& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  BOOST_REQUIRE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) != 0);
  image.format = PNG_FORMAT_GRAY;
  BOOST_REQUIRE_EQUAL(image.width, image.height);
  picture result{image.width, std::vector<uint8_t>(PNG_IMAGE_SIZE(image))};
  BOOST_REQUIRE(png_image_finish_read(&image, nullptr, result.pixels.data(), 0, nullptr) != 0);
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rendering)

BOOST_AUTO_TEST_CASE(a_plain_mail_has_all_headers_and_a_body) {
  auto text = render(plain_mail(), house, noon);
  BOOST_TEST(text
             == "Date: Tue, 5 May 2026 11:54:56 +0000\r\n"
                "From: \"MeiSIM\" <no-reply@meisim.test>\r\n"
                "To: jane@example.com\r\n"
                "Subject: Hello\r\n"
                "Message-ID: <01890000-0000-7000-8000-000000000001@meisim.test>\r\n"
                "Auto-Submitted: auto-generated\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n"
                "\r\n"
                "Good day\r\n");
}

BOOST_AUTO_TEST_CASE(no_value_adds_a_header) {
  auto mail = plain_mail();
  mail.subject = "Hi\r\nBcc: eve@example.com";
  mail.to = "jane@example.com>\r\nBcc: <eve@example.com";
  auto text = render(mail, {"Mei\r\nBcc: x", "a@b.c\nBcc: y"}, noon);
  BOOST_TEST(!contains(text, "\nBcc"));
  BOOST_TEST(is_fit_for_transport(text));
}

BOOST_AUTO_TEST_CASE(text_beyond_ascii_is_encoded_in_header_and_body) {
  auto mail = plain_mail();
  mail.subject = "Ihre eSIM für Österreich ist bereit, gute Reise und viel Vergnügen unterwegs";
  mail.text = "Grüße\n.\n" + std::string(200, 'x') + "\nends in a space \n";
  auto text = render(mail, {"Größe", "a@b.c"}, noon);
  BOOST_TEST(is_fit_for_transport(text));
  BOOST_TEST(contains(text, "Subject: =?UTF-8?B?SWhyZSBlU0lN"));
  BOOST_TEST(contains(text, "From: =?UTF-8?B?R3LDtsOfZQ==?= <a@b.c>"));
  BOOST_TEST(contains(text, "\r\n\r\nGr=C3=BC=C3=9Fe\r\n=2E\r\n"));
  BOOST_TEST(contains(text, "x=\r\nx"));
  BOOST_TEST(contains(text, "ends in a space=20\r\n"));
}

BOOST_AUTO_TEST_CASE(no_encoded_word_is_longer_than_75_or_cuts_a_character) {
  auto mail = plain_mail();
  mail.subject.clear();
  for (int i = 0; i < 40; ++i)
    mail.subject += "あ";
  auto text = render(mail, house, noon);
  std::istringstream lines{text.substr(text.find("Subject: ") + 9)};
  std::string line;
  int words = 0;
  while (std::getline(lines, line) && contains(line, "=?UTF-8?B?")) {
    ++words;
    auto begin = line.find("=?");
    auto word = line.substr(begin, line.find("?=") + 2 - begin);
    BOOST_TEST(word.size() <= 75u);
    // 3 bytes a character and 3 bytes for 4 letters: a word with whole characters needs no padding.
    BOOST_TEST(word.find("=", 10) == word.size() - 1);
  }
  BOOST_TEST(words == 3);
}

BOOST_AUTO_TEST_CASE(html_stands_beside_text_and_pictures_belong_to_it) {
  auto mail = plain_mail();
  mail.html = "<p>Good day</p>";
  mail.attachments.push_back({"esim.png", "image/png", "PNG", "esim@meisim"});
  mail.attachments.push_back({"résumé.csv", "text/csv", "a,b\n", {}});
  auto text = render(mail, house, noon);
  BOOST_TEST(is_fit_for_transport(text));
  auto mixed = text.find("multipart/mixed");
  auto related = text.find("multipart/related");
  auto alternative = text.find("multipart/alternative");
  auto plain = text.find("text/plain");
  auto html = text.find("text/html");
  auto picture = text.find("image/png");
  auto file = text.find("text/csv");
  BOOST_TEST(file != std::string::npos);
  BOOST_TEST((mixed < related && related < alternative && alternative < plain && plain < html
              && html < picture && picture < file));
  BOOST_TEST(contains(text, "Content-ID: <esim@meisim>"));
  BOOST_TEST(contains(text, "inline;\r\n filename=\"esim.png\""));
  BOOST_TEST(contains(text, "attachment;\r\n filename*=UTF-8''r%C3%A9sum%C3%A9.csv"));
  BOOST_TEST(contains(text, "UE5H\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(qr_codes)

BOOST_AUTO_TEST_CASE(the_picture_is_a_code_with_a_quiet_zone) {
  auto bytes = qr_png("LPA:1$smdp.example$A-B-C", 8);
  BOOST_REQUIRE(bytes);
  auto png = read_png(*bytes);
  auto modules = png.side / 8;
  BOOST_TEST(png.side % 8 == 0u);
  // A code has 17 modules and 4 more for each version, and the zone 4 on either side.
  BOOST_TEST((modules - 8 - 17) % 4 == 0u);
  auto module_at = [&](size_t x, size_t y) {
    return png.pixels[(y * 8 + 4) * png.side + x * 8 + 4];
  };
  for (size_t i = 0; i < modules; ++i)
    for (size_t k = 0; k < 4; ++k)
      BOOST_REQUIRE((module_at(i, k) == 255 && module_at(k, i) == 255
                     && module_at(i, modules - 1 - k) == 255
                     && module_at(modules - 1 - k, i) == 255));
  // The finder pattern's row through its middle: black, white, three black, white, black.
  std::vector<int> row;
  for (size_t x = 4; x < 11; ++x)
    row.push_back(module_at(x, 7));
  BOOST_TEST(row == (std::vector<int>{0, 255, 0, 0, 0, 255, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  BOOST_TEST((code_of(qr_png("").error()) == ec::invalid));
  BOOST_TEST((code_of(qr_png(std::string(5'000, 'x')).error()) == ec::invalid));
  BOOST_TEST((code_of(qr_png(std::string_view{"a\0b", 3}).error()) == ec::invalid));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(transport)

BOOST_AUTO_TEST_CASE(a_repeat_leaves_one_whole_file) {
  auto directory =
    std::filesystem::temp_directory_path() / ("meisim-mail-" + std::to_string(::getpid()));
  mail_settings settings;
  settings.default_directory = directory.string();
  auto transport = open_mail_transport(settings);
  BOOST_REQUIRE(transport);
  BOOST_TEST(!(*transport)(plain_mail()));
  BOOST_TEST(!(*transport)(plain_mail()));
  std::vector<std::filesystem::path> files{std::filesystem::directory_iterator{directory}, {}};
  BOOST_REQUIRE_EQUAL(files.size(), 1u);
  BOOST_TEST(files[0].filename() == "01890000-0000-7000-8000-000000000001.eml");
  std::ifstream file{files[0]};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  BOOST_TEST(text.ends_with("\r\n\r\nGood day\r\n"));
  std::filesystem::remove_all(directory);
  BOOST_TEST((code_of((*transport)(plain_mail())) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(urls_that_lead_nowhere_are_refused) {
  for (const auto* url : {"", "http://x", "file:", "smtp:x"}) {
    mail_settings settings;
    settings.url = url;
    BOOST_TEST((code_of(open_mail_transport(settings).error()) == ec::invalid), url);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_means_later) {
  mail_settings settings;
  settings.url = "smtp://127.0.0.1:1";
  auto transport = open_mail_transport(settings);
  BOOST_REQUIRE(transport);
  BOOST_TEST((code_of((*transport)(plain_mail())) == ec::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
