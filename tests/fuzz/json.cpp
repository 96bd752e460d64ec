#include "http/edge/parse_body.hpp"
#include "http/edge/parse_bulk.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/verification/verdict_table.hpp"
#include "tests/fuzz/target.hpp"

// The bodies of requests, the answers of others, and the verdict table, which is JSON too.

using namespace meisim;

namespace {

/// Large bodies are read by another reader, which is as strict.
void check_bulk(std::string_view text, bool is_good) {
  constexpr http::bulk_rules rules{"rows", 4, "must be few", 8, "must be short"};
  auto bulk = http::parse_bulk_body(text, rules);
  fuzz::require(!bulk || is_good, "what a large body may hold, a small one may");
  if (!bulk)
    return;
  fuzz::require(bulk->texts.size() <= 4, "few texts");
  for (const auto& one : bulk->texts)
    fuzz::require(one.size() <= 8, "short texts");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of(data, size);
  auto body = http::parse_body(text);
  auto object = parse_json_object(text);
  if (body) {
    fuzz::require(body->isObject(), "a body is an object");
    auto written = write_json(*body);
    auto again = http::parse_body(written);
    fuzz::require(again && write_json(*again) == written, "what was read can be written and read");
  }
  if (object)
    fuzz::require(object->isObject(), "an object is an object");
  (void)read_verdict_table(text);
  check_bulk(text, body.engaged());
  return 0;
}
