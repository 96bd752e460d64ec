#include "protocols/base/base64.hpp"
#include "protocols/verification/card_eid.hpp"
#include "protocols/verification/es9p.hpp"
#include "protocols/verification/lpac_wire.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

// What lpac writes, and what SM-DP+ answer.

using namespace meisim;

namespace {

void check(const lpac_line& line) {
  if (const auto* step = std::get_if<lpac_progress>(&line))
    fuzz::require(step->step.size() <= 64 && step->iccid.size() <= 22, "short words");
  if (const auto* request = std::get_if<lpac_http_request>(&line)) {
    for (const auto& header : request->headers)
      fuzz::require(header.find_first_of("\r\n") == std::string::npos, "one header a line");
    auto path = es9p_check_path(request->url, "smdp.example.com");
    if (path)
      fuzz::require(request->url.ends_with(*path), "the path of the request");
  }
}

/// The lines of a stream that comes in pieces.
std::vector<std::string> cut(std::string_view bytes, size_t step) {
  line_cutter cutter{300};
  std::vector<std::string> result;
  for (size_t i = 0; i < bytes.size(); i += step) {
    cutter.feed(bytes.substr(i, step));
    while (auto line = cutter.next())
      result.push_back(std::move(*line));
  }
  if (cutter.is_overlong())
    result.emplace_back("overlong");
  return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of(data, size);
  check(read_lpac_line(text));
  for (const auto& line : cut(text, 5))
    check(read_lpac_line(line));
  fuzz::require(cut(text, 1) == cut(text, text.size() + 1), "the same lines however they come");
  if (auto status = read_es9p_status(text))
    fuzz::require(status->codes.find_first_not_of("0123456789./") == std::string::npos,
                  "codes are numbers");
  auto answer = R"({"authenticateServerResponse":")" + to_base64(text) + "\"}";
  if (auto eid = card_eid_in(answer))
    fuzz::require(eid->find_first_not_of("0123456789") == std::string::npos, "an EID is digits");
  (void)from_hex(text);
  return 0;
}
