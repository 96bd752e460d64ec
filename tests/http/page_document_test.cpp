#include "http/edge/receipt_pdf.hpp"
#include "http/edge/statement_pdf.hpp"
#include "protocols/base/id.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

// Receipts and statements as they are read, in whatever script.

using namespace meisim;
using namespace meisim::http;

namespace {

/// The document's text, as a reader's program finds it.
std::string text_of(const std::string& pdf) {
  auto file = std::filesystem::temp_directory_path() / ("page-" + to_string(make_uuid()) + ".pdf");
  std::ofstream{file, std::ios::binary} << pdf;
  auto command = "pdftotext -layout '" + file.string() + "' -";
  std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), ::pclose};
  BOOST_REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4'096> buffer;
  while (auto count = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    text.append(buffer.data(), count);
  std::filesystem::remove(file);
  return text;
}

bool says(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

card_receipt receipt_for(const std::string& dealer) {
  return {{"MeiSIM", {"1 Main Street", "Phoenix"}, "billing@example.test", "12-345"},
          dealer,
          "dealer@example.test",
          "01900000-0000-7000-8000-000000000000",
          "cs_test_1",
          from_micros(1'780'000'000'000'000),
          money::from_cents(10'000),
          money::from_cents(10'330),
          {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(page_document_suite)

BOOST_AUTO_TEST_CASE(a_receipt_names_its_dealer_in_whatever_script) {
  for (const char* dealer :
       {"Example GmbH & Söhne", "株式会社メイシム", "ООО «Связь»", "한국통신"}) {
    auto text = text_of(receipt_pdf(receipt_for(dealer)));
    BOOST_TEST(says(text, dealer), text << " names " << dealer);
    BOOST_TEST(says(text, "USD 103.30"));
    BOOST_TEST(says(text, "USD 3.30"));
    BOOST_TEST(!says(text, "Taken back"));
  }
  // Read from the right, and joined: the letters have other forms, and other places.
  auto plain = text_of(receipt_pdf(receipt_for("")));
  auto arabic = text_of(receipt_pdf(receipt_for("شركة الاتصالات")));
  BOOST_TEST(arabic.size() > plain.size() + 20);
  BOOST_TEST(!says(arabic, "?"));
}

BOOST_AUTO_TEST_CASE(a_long_month_is_told_to_be_cut_and_has_its_head_on_each_page) {
  wallet_month month{{"MeiSIM", {}, {}, {}}, "Example", "dealer@example.test", "2026-05", {}};
  auto& what = month.what;
  what.opening = money::from_cents(100);
  what.closing = money::from_cents(-50);
  what.count = 500;
  what.sums = {{"debit", 500, money::from_cents(-150)}};
  wallet_entry entry;
  entry.type = "debit";
  entry.description = "Order MM-AB12CD: 1 x p3:one";
  what.entries.assign(200, entry);
  auto text = text_of(statement_pdf(month));
  BOOST_TEST(says(text, "Purchases (500)"));
  BOOST_TEST(says(text, "the first 200 of 500 entries"));
  auto pages = std::count(text.begin(), text.end(), '\f');
  BOOST_TEST(pages > 2);
  int heads = 0;
  for (auto at = text.find("Balance USD"); at != std::string::npos;
       at = text.find("Balance USD", at + 1))
    ++heads;
  BOOST_TEST(heads == pages);
  what.entries.clear();
  what.count = 0;
  BOOST_TEST(says(text_of(statement_pdf(month)), "Nothing was booked in this month."));
}

BOOST_AUTO_TEST_SUITE_END()
