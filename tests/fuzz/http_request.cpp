#include "http/server/request_reader.hpp"
#include "tests/fuzz/target.hpp"

#include <optional>
#include <utility>

// The bytes of a connection: however they are split, they are the same requests.

using namespace meisim;

namespace {

std::string shown(const http::request& what) {
  fuzz::require(what.path.starts_with('/') || what.path == "*", "a path or a star");
  fuzz::require(http::is_utf8(what.path), "a path is UTF-8");
  fuzz::require(what.path.find_first_of("\r\n") == std::string::npos, "a path is one line");
  fuzz::require(what.body.size() <= 1'000, "a body keeps to its limit");
  std::string result = std::string{to_string(what.verb)} + ' ' + what.path + '\n';
  for (const auto& [name, value] : what.headers)
    if (name != "x-request-id")
      result.append(name).append(": ").append(value).append("\n");
  return result + what.body + '\n';
}

/// All whole requests, as text. It may turn out sooner or later that the last one can never become
/// whole.
std::string read_all(std::string_view bytes, size_t step) {
  using status = http::request_reader::status;
  http::request_reader reader{[](http::method, std::string_view) { return size_t{1'000}; }};
  std::string result;
  std::optional<http::request> head;
  for (size_t i = 0; i < bytes.size(); i += step) {
    reader.feed(bytes.substr(i, step));
    auto now = reader.read();
    for (; now == status::complete || now == status::wants_admission; now = reader.read()) {
      if (now == status::wants_admission) {
        head = reader.take_head();
        reader.admit();
      } else if (head) {
        head->body = reader.take_body();
        result += shown(*std::exchange(head, std::nullopt));
      } else {
        result += shown(reader.take());
      }
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
  for (size_t step : {size_t{1}, size_t{7}})
    fuzz::require(read_all(bytes, step) == whole, "the same requests however they come");
  return 0;
}
