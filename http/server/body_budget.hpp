#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace meisim::http {

/// So much of a body is read before it is known who sends it.
constexpr size_t ordinary_body = size_t{64} * 1024;

/// Enough for several of the largest bodies.
constexpr size_t default_body_memory = size_t{128} * 1024 * 1024;

/// The bytes that all bodies under way may take together. Any thread may use it.
class body_budget {
public:
  explicit body_budget(size_t most) : most_(most) {
    // nop
  }

  /// Takes so many more bytes. False, with nothing taken, if not so many are left. Large bodies
  /// leave a quarter to all others.
  bool take(size_t bytes, bool is_large) {
    auto most = is_large ? most_ / 4 * 3 : most_;
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= most)
      return true;
    give_back(bytes);
    return false;
  }

  void give_back(size_t bytes) {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
  }

  size_t used() const {
    return used_.load(std::memory_order_relaxed);
  }

private:
  const size_t most_;
  std::atomic<size_t> used_{0};
};

/// The share of the budget that one body takes. It is given back with the body.
class body_share {
public:
  body_share() = default;

  explicit body_share(std::shared_ptr<body_budget> from) : from_(std::move(from)) {
    // nop
  }

  /// The share that is moved from may grow again, from the same budget.
  body_share(body_share&& other) noexcept : body_share(other.from_) {
    bytes_ = std::exchange(other.bytes_, 0);
  }

  body_share& operator=(body_share&& other) noexcept {
    std::swap(from_, other.from_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  ~body_share() {
    if (bytes_ > 0)
      from_->give_back(bytes_);
  }

  /// Grows to at least so many bytes. False, and unchanged, if the budget has too few.
  bool grow_to(size_t bytes) {
    if (bytes <= bytes_)
      return true;
    if (!from_ || !from_->take(bytes - bytes_, bytes > ordinary_body))
      return false;
    bytes_ = bytes;
    return true;
  }

private:
  std::shared_ptr<body_budget> from_;
  size_t bytes_ = 0;
};

} // namespace meisim::http
