#include "http/edge/parse_body.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/verification/verdict_table.hpp"
#include "tests/fuzz/target.hpp"

// The bodies of requests, the answers of others, and the verdict table, which is JSON too.

using namespace meisim;

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
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  return {R"({"productId":"p3:att-prepaid-30","quantity":1,"address":{"city":"Phoenix"}})",
          R"({"a":[1,-2,0.5,1e3,true,false,null,"A\u00e4\n\ud83d\ude00",[],{}]})",
          R"({"rows":[{"codes":"8.2.6/*","verdict":"used","reason":"{codes}"},)"
          R"({"event":"exit","verdict":"error","blame":"device"}],"hosts":{"a.b":[]}})",
          "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":[[[[[[[[[[]]]]]]]]]]}}}}}", "{}"};
}
