#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace meisim {

/// A value that one actor replaces, and that any thread may read without asking the actor.
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
