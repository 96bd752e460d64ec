#include "http/edge/receipt_pdf.hpp"

#include <fmt/core.h>
#include <hpdf.h>

#include <memory>
#include <stdexcept>
#include <string_view>

namespace meisim::http {

namespace {

constexpr float left = 64;
constexpr float right = 531;
constexpr float top = 770;

struct document_deleter {
  void operator()(HPDF_Doc what) const {
    HPDF_Free(what);
  }
};

using document_pointer = std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, document_deleter>;

/// libharu goes on after an error; what it has made by then is no document.
void fail_document(HPDF_STATUS error, HPDF_STATUS detail, void*) {
  throw std::runtime_error(fmt::format("a PDF could not be made: {:#x}, {}", error, detail));
}

/// Text in UTF-8 as the standard fonts have it (Latin-1).
std::string in_latin(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    bool is_latin = (byte == 0xc2 || byte == 0xc3) && i + 1 < text.size();
    if (byte < 0x80)
      result += text[i];
    else if (is_latin)
      result +=
        static_cast<char>((byte == 0xc3 ? 0x40 : 0) | static_cast<unsigned char>(text[++i]));
    else if (byte >= 0xc0)
      result += '?';
  }
  return result;
}

/// A page that is written from the top down.
class receipt_page {
public:
  explicit receipt_page(HPDF_Doc in)
    : plain_(HPDF_GetFont(in, "Helvetica", "WinAnsiEncoding")),
      bold_(HPDF_GetFont(in, "Helvetica-Bold", "WinAnsiEncoding")), page_(HPDF_AddPage(in)) {
    HPDF_Page_SetSize(page_, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
  }

  void line(std::string_view text, float size = 10, bool is_bold = false) {
    write(in_latin(text), left, size, is_bold);
    height_ -= size * 1.5F;
  }

  /// A name on the left, and its value on the right.
  void row(std::string_view name, std::string_view value, bool is_bold = false) {
    write(in_latin(name), left, 10, is_bold);
    auto text = in_latin(value);
    HPDF_Page_SetFontAndSize(page_, is_bold ? bold_ : plain_, 10);
    write(text, right - HPDF_Page_TextWidth(page_, text.c_str()), 10, is_bold);
    height_ -= 20;
  }

  void gap(float size) {
    height_ -= size;
  }

  void rule() {
    HPDF_Page_SetLineWidth(page_, 0.5F);
    HPDF_Page_MoveTo(page_, left, height_ + 4);
    HPDF_Page_LineTo(page_, right, height_ + 4);
    HPDF_Page_Stroke(page_);
    height_ -= 16;
  }

private:
  void write(const std::string& text, float at, float size, bool is_bold) {
    HPDF_Page_BeginText(page_);
    HPDF_Page_SetFontAndSize(page_, is_bold ? bold_ : plain_, size);
    HPDF_Page_TextOut(page_, at, height_, text.c_str());
    HPDF_Page_EndText(page_);
  }

  HPDF_Font plain_;
  HPDF_Font bold_;
  HPDF_Page page_;
  float height_ = top;
};

std::string dollars(money amount) {
  return fmt::format("USD {}", to_string(amount));
}

void write_company(receipt_page& page, const company_details& from) {
  page.line(from.name, 16, true);
  for (const auto& part : from.address)
    page.line(part);
  if (!from.email.empty())
    page.line(from.email);
  if (!from.tax_id.empty())
    page.line("Tax ID " + from.tax_id);
}

void write_receipt(receipt_page& page, const card_receipt& what) {
  write_company(page, what.from);
  page.gap(36);
  page.line("Receipt", 22, true);
  page.gap(8);
  page.row("Number", what.number);
  page.row("Paid", rfc3339(what.paid_at).substr(0, 10));
  page.row("Paid by", "Card, " + what.stripe_reference);
  page.row("Received from", what.dealer);
  page.row("", what.dealer_email);
  page.gap(16);
  page.rule();
  page.row("Prepaid balance of the dealer wallet", dollars(what.net));
  page.row("Card processing fee", dollars(what.gross - what.net));
  page.rule();
  page.row("Charged to the card", dollars(what.gross), true);
  if (what.reversed != money{})
    page.row("Taken back from the balance since", dollars(what.reversed));
  page.gap(24);
  page.line(
    "The balance is used for eSIMs, top-ups and verifications, which the wallet's statement lists.",
    9);
}

} // namespace

std::string receipt_pdf(const card_receipt& receipt) {
  document_pointer document{HPDF_New(fail_document, nullptr)};
  if (!document)
    throw std::runtime_error("a PDF could not be begun");
  HPDF_SetCompressionMode(document.get(), HPDF_COMP_ALL);
  HPDF_SetInfoAttr(document.get(), HPDF_INFO_TITLE, ("Receipt " + receipt.number).c_str());
  receipt_page page{document.get()};
  write_receipt(page, receipt);
  HPDF_SaveToStream(document.get());
  HPDF_ResetStream(document.get());
  auto size = HPDF_GetStreamSize(document.get());
  std::string bytes(size, '\0');
  HPDF_ReadFromStream(document.get(), reinterpret_cast<HPDF_BYTE*>(bytes.data()), &size);
  bytes.resize(size);
  return bytes;
}

} // namespace meisim::http
