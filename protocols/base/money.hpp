#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// An amount of US dollars in whole cents; negative for what leaves a wallet. Never a floating
/// number.
class money {
public:
  constexpr money() = default;

  /// An amount of `cents` hundredths of a dollar.
  static constexpr money from_cents(int64_t cents) {
    money result;
    result.cents_ = cents;
    return result;
  }

  /// Reads `25`, `25.5`, `25.00`, `-1.00` or `+3`: at most two decimals and a magnitude below 10^13
  /// dollars. Nothing for any other text.
  static std::optional<money> parse(std::string_view text);

  constexpr int64_t cents() const {
    return cents_;
  }

  constexpr bool is_negative() const {
    return cents_ < 0;
  }

  /// This amount raised by `basis_points` hundredths of a percent, rounded half up to the cent.
  money with_markup(int32_t basis_points) const;

  friend constexpr auto operator<=>(const money&, const money&) = default;

  friend constexpr money operator+(money a, money b) {
    return from_cents(a.cents_ + b.cents_);
  }

  friend constexpr money operator-(money a, money b) {
    return from_cents(a.cents_ - b.cents_);
  }

  friend constexpr money operator-(money a) {
    return from_cents(-a.cents_);
  }

  friend constexpr money operator*(money a, int64_t times) {
    return from_cents(a.cents_ * times);
  }

  constexpr money& operator+=(money other) {
    cents_ += other.cents_;
    return *this;
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, money& x) {
    return f(x.cents_);
  }

private:
  int64_t cents_ = 0;
};

/// Always with two decimals: `25.00`, `-0.05`; also the form of a JSON number in every answer.
std::string to_string(money amount);

} // namespace meisim
