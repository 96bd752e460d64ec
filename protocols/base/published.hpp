#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace meisim {

/// The latest of a value that one actor keeps up to date and anybody may read without asking it.
template <class T>
class published {
public:
  /// Null until something has been published.
  std::shared_ptr<const T> latest() const {
    std::lock_guard guard{lock_};
    return latest_;
  }

  void publish(std::shared_ptr<const T> value) {
    std::lock_guard guard{lock_};
    latest_ = std::move(value);
  }

private:
  mutable std::mutex lock_;
  std::shared_ptr<const T> latest_;
};

} // namespace meisim
