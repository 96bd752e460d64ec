#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/published.hpp"

#include <atomic>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace meisim {

/// A secret as it stands.
struct secret_value {
  /// Empty where there is none.
  std::string text;
  /// The secret before it, if that still holds; otherwise empty.
  std::string before = {};
  /// When `text` came.
  instant since = {};
  /// Until when `before` holds; zero if nobody has said so.
  instant before_until = {};
};

/// A secret that may change while it is in use. Copies stand for the same one, and any thread may
/// read it.
class kept_secret {
public:
  template <std::convertible_to<std::string> Text = std::string>
  kept_secret(Text text = {}, std::string before = {})
    : board_(std::make_shared<published<secret_value>>()),
      is_closed_(std::make_shared<std::atomic<bool>>(false)) {
    replace({std::move(text), std::move(before)});
  }

  std::shared_ptr<const secret_value> latest() const {
    return board_->latest();
  }

  /// The secret in force; empty if there is none.
  std::string text() const {
    return latest()->text;
  }

  /// Whether this is the secret in force, or the one before while that holds. An empty text never
  /// is, and while the secret is closed no text is.
  bool is(std::string_view shown) const;

  void replace(secret_value next) {
    board_->publish(std::make_shared<const secret_value>(std::move(next)));
  }

  /// Lets nobody in by it any more, or again.
  void close(bool is_closed) {
    *is_closed_ = is_closed;
  }

private:
  std::shared_ptr<published<secret_value>> board_;
  std::shared_ptr<std::atomic<bool>> is_closed_;
};

/// Tells a key from others without showing it; empty for no key.
std::string key_id(std::string_view secret);

} // namespace meisim
