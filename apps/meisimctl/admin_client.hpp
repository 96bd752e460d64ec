#pragma once

#include <json/value.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace meisim {

/// The node refused, or could not be asked. The text is for the operator.
struct refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Speaks to a node's admin API, with the token in the node's home.
class admin_client {
public:
  admin_client(std::string url, std::string home) : url_(std::move(url)), home_(std::move(home)) {
    // nop
  }

  /// The answer's text; throws `refused` for anything but success.
  std::string get(const std::string& path) const;
  std::string post(const std::string& path, const Json::Value& body) const;
  std::string post_text(const std::string& path, const std::string& body) const;

private:
  std::string call(const std::string& path, const std::string* body, const char* type) const;

  std::string url_;
  std::string home_;
};

/// Reads an answer of the node; null if it is no JSON.
Json::Value parse_answer(std::string_view text);

} // namespace meisim
