#pragma once

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// What an API key may be used for; any number of scopes together.
class scope_set {
public:
  constexpr scope_set() = default;

  static constexpr scope_set all() {
    return scope_set{0x1f};
  }

  static constexpr scope_set from_bits(uint8_t bits) {
    return scope_set{static_cast<uint8_t>(bits & all().bits_)};
  }

  constexpr uint8_t bits() const {
    return bits_;
  }

  constexpr bool is_empty() const {
    return bits_ == 0;
  }

  /// Whether they have a scope in common.
  constexpr bool shares(scope_set other) const {
    return (bits_ & other.bits_) != 0;
  }

  friend constexpr scope_set operator|(scope_set a, scope_set b) {
    return scope_set{static_cast<uint8_t>(a.bits_ | b.bits_)};
  }

  friend constexpr bool operator==(scope_set, scope_set) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, scope_set& x) {
    return f(caf::meta::type_name("scope_set"), x.bits_);
  }

private:
  constexpr explicit scope_set(uint8_t bits) : bits_(bits) {
    // nop
  }

  uint8_t bits_ = 0;
};

namespace scopes {

constexpr auto read = scope_set::from_bits(1);
constexpr auto order = scope_set::from_bits(2);
constexpr auto wallet = scope_set::from_bits(4);
constexpr auto verify = scope_set::from_bits(8);
constexpr auto manage = scope_set::from_bits(16);

} // namespace scopes

/// The scope of this name; nothing if there is none.
std::optional<scope_set> parse_scope(std::string_view name);

/// The names with blanks between them, in the order of the documentation.
std::string to_string(scope_set scopes);

} // namespace meisim
