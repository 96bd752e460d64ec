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

/// The node may have done what it was asked, or may do it later.
struct answer_lost : refused {
  using refused::refused;
};

/// The session is no longer good.
struct session_ended : refused {
  using refused::refused;
};

/// Speaks to a node's admin API, in the session that `login` began, or with the token in the node's
/// home if there is no session.
class admin_client {
public:
  admin_client(std::string url, std::string home) : url_(std::move(url)), home_(std::move(home)) {
    // nop
  }

  /// The answer's text; throws `refused` for anything but success.
  std::string get(const std::string& path) const;
  std::string post(const std::string& path, const Json::Value& body) const;
  std::string post_without_token(const std::string& path, const Json::Value& body) const;
  std::string remove(const std::string& path) const;
  std::string post_text(const std::string& path, const std::string& body) const;

  /// A post that is done only once under its key. If an answer is lost it is repeated, and if all
  /// are lost the error names the key.
  std::string post_once(const std::string& path, const Json::Value& body,
                        const std::string& key) const;

  const std::string& url() const {
    return url_;
  }

private:
  /// What a call has besides its path.
  struct content {
    std::string text;
    const char* type = "application/json";
    /// The Idempotency-Key.
    std::string key;
    /// Whether nobody has to be signed in for it.
    bool is_open = false;
    /// Whether it removes what the path names, and has no body.
    bool is_removal = false;
  };

  std::string call(const std::string& path, const content* what) const;

  std::string url_;
  std::string home_;
};

/// Throws `refused` if an address is given that is no dealer's: a list of nobody would just be
/// empty.
void demand_dealer(const admin_client& node, const std::string& email);

/// Reads an answer of the node; null if it is no JSON.
Json::Value parse_answer(std::string_view text);

} // namespace meisim
