#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace meisim {

/// Elements that never change, shared by all copies: copying costs a pointer. On the wire it is a
/// vector.
template <class T>
class shared_vector {
public:
  shared_vector() = default;

  shared_vector(std::vector<T> elements)
    : elements_(std::make_shared<const std::vector<T>>(std::move(elements))) {
    // nop
  }

  auto begin() const {
    return view().begin();
  }

  auto end() const {
    return view().end();
  }

  size_t size() const {
    return view().size();
  }

  bool empty() const {
    return view().empty();
  }

  const T& operator[](size_t index) const {
    return view()[index];
  }

private:
  std::span<const T> view() const {
    return elements_ ? std::span<const T>{*elements_} : std::span<const T>{};
  }

  std::shared_ptr<const std::vector<T>> elements_;
};

template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, shared_vector<T>& x) {
  if constexpr (Inspector::reads_state) {
    std::vector<T> elements{x.begin(), x.end()};
    return f(elements);
  } else {
    std::vector<T> elements;
    auto result = f(elements);
    x = std::move(elements);
    return result;
  }
}

} // namespace meisim
