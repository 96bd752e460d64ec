#pragma once

#include <json/value.h>

#include <stdexcept>
#include <string>

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

/// `text` as a segment of a path.
std::string url_escaped(const std::string& text);

/// Reads an answer of the node.
Json::Value parse_answer(const std::string& text);

/// A document on one line.
std::string write_compact(const Json::Value& value);

} // namespace meisim
