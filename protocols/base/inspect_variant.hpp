#pragma once

#include <caf/sec.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <variant>

namespace meisim {

namespace detail {

template <size_t Index = 0, class Inspector, class... Ts>
typename Inspector::result_type load_alternative(Inspector& f, uint8_t index,
                                                 std::variant<Ts...>& x) {
  if constexpr (Index < sizeof...(Ts)) {
    if (index != Index)
      return load_alternative<Index + 1>(f, index, x);
    return f(x.template emplace<Index>());
  } else {
    return caf::sec::invalid_argument;
  }
}

} // namespace detail

/// A variant on the wire is the index of its alternative, then the value. An index that this
/// release does not know is refused. Logs leave variants out.
template <class Inspector, class... Ts>
typename Inspector::result_type inspect_variant(Inspector& f, std::variant<Ts...>& x) {
  using result_type = typename Inspector::result_type;
  if constexpr (!std::is_void_v<result_type>) {
    auto index = static_cast<uint8_t>(x.index());
    if (auto failure = f(index))
      return failure;
    if constexpr (Inspector::reads_state)
      return std::visit([&f](auto& what) -> result_type { return f(what); }, x);
    else
      return detail::load_alternative(f, index, x);
  }
}

} // namespace meisim
