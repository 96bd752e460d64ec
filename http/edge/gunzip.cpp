#include "http/edge/gunzip.hpp"

#include <zlib.h>

#include <array>
#include <memory>

namespace meisim::http {

namespace {

/// Only gzip's form (RFC 1952), with the largest window.
constexpr int gzip_window = 16 + MAX_WBITS;

} // namespace

unpacking gunzip(std::string& packed, size_t most, body_share& memory, std::string& into) {
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

} // namespace meisim::http
