#include "http/server/request_reader.hpp"
#include "tests/fuzz/target.hpp"

// The bytes of a connection: however they are split, they are the same requests.

using namespace meisim;

namespace {

/// All whole requests, as text. That the last one can never become whole may show sooner or later.
std::string read_all(std::string_view bytes, size_t step) {
  http::request_reader reader{[](http::method, std::string_view) { return size_t{1'000}; }};
  std::string result;
  for (size_t i = 0; i < bytes.size(); i += step) {
    reader.feed(bytes.substr(i, step));
    using status = http::request_reader::status;
    auto now = reader.read();
    for (; now == status::complete; now = reader.read()) {
      auto request = reader.take();
      fuzz::require(request.path.starts_with('/') || request.path == "*", "a path or a star");
      fuzz::require(http::is_utf8(request.path), "a path is UTF-8");
      fuzz::require(request.body.size() <= 1'000, "a body keeps to its limit");
      result += std::string{to_string(request.verb)} + ' ' + request.path + '\n';
      for (const auto& [name, value] : request.headers)
        if (name != "x-request-id")
          result += name + ": " + value + '\n';
      result += request.body + '\n';
    }
    if (now == status::failed) {
      fuzz::require(reader.failure_status() >= 400 && !reader.failure_message().empty(),
                    "a failure has a status and a message");
      return result;
    }
  }
  return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto bytes = fuzz::text_of(data, size);
  auto whole = read_all(bytes, bytes.size() + 1);
  for (size_t step : {1, 7})
    fuzz::require(read_all(bytes, step) == whole, "the same requests however they come");
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  return {"GET /api/v1/me?a=b%20c HTTP/1.1\r\nHost: a\r\nx-dealer-key: dk_1\r\n\r\n",
          "POST /dealer/order HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          "Content-Length: 9\r\n\r\n{\"a\": 1}\nGET / HTTP/1.1\r\nHost: b\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
          "4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\nT: v\r\n\r\n",
          "POST / HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n"
          "Content-Length: 2\r\n\r\nok"};
}
