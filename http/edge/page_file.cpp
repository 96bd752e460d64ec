#include "http/edge/page_file.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/crypto.hpp"

#include <fmt/core.h>

#include <array>

namespace meisim::http {

namespace {

void add_page_file(page_files& known, const embedded_file& file) {
  auto name = file.name;
  auto add_as = [&](std::string_view ending) {
    bool is_such = name.ends_with(ending);
    name.remove_suffix(is_such ? ending.size() : 0);
    return is_such;
  };
  if (add_as(".br"))
    known[std::string{name}].brotli = make_static_file(name, file.text);
  else if (add_as(".gz"))
    known[std::string{name}].gzip = make_static_file(name, file.text);
  else
    known[std::string{name}].plain = make_static_file(name, file.text);
}

/// Whether the caller takes content with this encoding (RFC 9110 §12.5.3).
bool takes_encoding(std::string_view accepted, std::string_view encoding) {
  while (!accepted.empty()) {
    auto comma = accepted.find(',');
    auto offer = accepted.substr(0, comma);
    auto semicolon = offer.find(';');
    auto weight = semicolon == std::string_view::npos ? std::string_view{}
                                                      : trimmed(offer.substr(semicolon + 1));
    if (same_but_for_case(trimmed(offer.substr(0, semicolon)), encoding))
      return weight != "q=0" && !weight.starts_with("q=0.0");
    accepted = comma == std::string_view::npos ? std::string_view{} : accepted.substr(comma + 1);
  }
  return false;
}

std::string make_nonce() {
  std::array<uint8_t, 16> bytes{};
  random_bytes(bytes.data(), bytes.size());
  return to_hex(bytes.data(), bytes.size());
}

} // namespace

void add_page_files(page_files& known, std::span<const embedded_file> files) {
  for (const auto& file : files)
    add_page_file(known, file);
}

response show_page_file(const exchange_pointer& x, const page_file& what,
                        std::string_view caching) {
  auto accepted = x->incoming.header("accept-encoding");
  std::string_view encoding;
  if (what.brotli && takes_encoding(accepted, "br"))
    encoding = "br";
  else if (what.gzip && takes_encoding(accepted, "gzip"))
    encoding = "gzip";
  const auto& file = encoding == "br" ? *what.brotli : encoding == "gzip" ? *what.gzip : what.plain;
  auto result = show_file(x, file, caching);
  result.headers.emplace_back("Vary", "Accept-Encoding");
  if (!encoding.empty())
    result.headers.emplace_back("Content-Encoding", encoding);
  return result;
}

response show_page(std::string_view text) {
  constexpr std::string_view placeholder = "__NONCE__";
  auto nonce = make_nonce();
  response result;
  result.content_type = "text/html; charset=utf-8";
  result.body = text;
  for (auto at = result.body.find(placeholder); at != std::string::npos;
       at = result.body.find(placeholder, at))
    result.body.replace(at, placeholder.size(), nonce);
  result.headers.emplace_back(
    "Content-Security-Policy",
    fmt::format("default-src 'none'; connect-src 'self'; script-src 'self'; "
                "style-src 'self' 'nonce-{}'; img-src 'self' data: blob:; "
                "font-src 'self'; base-uri 'none'; form-action 'none'; "
                "frame-ancestors 'none'",
                nonce));
  result.headers.emplace_back("Cache-Control", "no-store");
  result.headers.emplace_back("Referrer-Policy", "same-origin");
  return result;
}

} // namespace meisim::http
