#include "http/edge/unpack_body.hpp"

#include "http/edge/answering.hpp"
#include "protocols/base/ascii.hpp"

#include <zlib.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace meisim::http {

namespace {

/// Only gzip's form (RFC 1952), with the largest window.
constexpr int gzip_window = 16 + MAX_WBITS;

enum class unpacking { whole, damaged, too_large, out_of_memory };

/// Unpacks all of `packed`, which may be several gzip members, and appends it to `into`.
unpacking unpack(std::string& packed, size_t most, body_share& memory, std::string& into) {
  z_stream stream{};
  if (::inflateInit2(&stream, gzip_window) != Z_OK)
    return unpacking::out_of_memory;
  std::unique_ptr<z_stream, decltype(&::inflateEnd)> guard{&stream, ::inflateEnd};
  std::array<char, 65'536> piece;
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  while (stream.avail_in > 0) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = piece.size();
    auto step = ::inflate(&stream, Z_NO_FLUSH);
    if (step != Z_OK && step != Z_STREAM_END)
      return unpacking::damaged;
    into.append(piece.data(), piece.size() - stream.avail_out);
    if (into.size() > most)
      return unpacking::too_large;
    if (!memory.grow_to(packed.size() + into.size()))
      return unpacking::out_of_memory;
    if (step == Z_STREAM_END && stream.avail_in == 0)
      return unpacking::whole;
    if (step == Z_STREAM_END && ::inflateReset(&stream) != Z_OK)
      return unpacking::damaged;
  }
  return unpacking::damaged;
}

} // namespace

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
  switch (unpack(x->incoming.body, x->where.extras.body_limit, x->incoming.memory, text)) {
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
