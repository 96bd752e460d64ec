#include "http/edge/unpack_body.hpp"

#include "http/edge/answering.hpp"
#include "http/edge/gunzip.hpp"
#include "protocols/base/ascii.hpp"

#include <string>
#include <utility>

namespace meisim::http {

bool unpack_body(const exchange_pointer& x) {
  auto coding = lowered(x->incoming.header("content-encoding"));
  if (x->incoming.body.empty() || coding.empty() || coding == "identity")
    return true;
  if (coding != "gzip" && coding != "x-gzip") {
    auto refused = error_response(415, "Content-Encoding must be gzip, or none");
    refused.headers.emplace_back("Accept-Encoding", "gzip");
    answer(x, std::move(refused));
    return false;
  }
  std::string text;
  switch (gunzip(x->incoming.body, x->where.extras.body_limit, x->incoming.memory, text)) {
  case unpacking::whole:
    x->incoming.body = std::move(text);
    return true;
  case unpacking::damaged:
    fail(x, make_error(cause::malformed_body, "the body must be one whole gzip file"));
    return false;
  case unpacking::too_large:
    answer(x, error_response(413, "the unpacked body is larger than this endpoint takes"));
    return false;
  case unpacking::out_of_memory:
    fail(x, make_error(ec::unavailable, "the memory for bodies is in use, please repeat"));
    return false;
  }
  return false;
}

} // namespace meisim::http
