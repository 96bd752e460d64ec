#include "protocols/money/commit.hpp"

#include "protocols/base/ascii.hpp"

#include <array>
#include <charconv>
#include <string>

namespace meisim {

namespace {

/// The text that a link of the chain is the hash of.
class link_text {
public:
  explicit link_text(const sha256_digest& before) {
    // Only the longest descriptions need more.
    content_.reserve(512);
    content_.append(before.begin(), before.end());
  }

  link_text& add(uuid value) {
    for (auto half : {value.high, value.low})
      for (int shift = 60; shift >= 0; shift -= 4)
        content_ += hex_digits[half >> shift & 15];
    return *this;
  }

  link_text& add(int64_t number) {
    std::array<char, 24> digits{};
    auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    content_.append(digits.data(), end);
    return *this;
  }

  link_text& add(std::string_view text) {
    content_ += text;
    return *this;
  }

  /// A further field.
  template <class Value>
  link_text& then(Value value) {
    content_ += '|';
    return add(value);
  }

  sha256_digest hash() const {
    return sha256(content_);
  }

private:
  std::string content_;
};

} // namespace

sha256_digest chain_transfer(const sha256_digest& before, posting_id posting, dealer_id dealer,
                             const transfer& row, const transfer_sides& sides, instant at) {
  return link_text{before}
    .add(posting.value)
    .then(dealer.value)
    .then(row.seq)
    .then(to_string(row.line.type))
    .then(row.line.amount.cents())
    .then(row.balance_after.cents())
    .then(row.line.order.value)
    .then(micros(at))
    .then(std::string_view{sides.counter})
    .then(std::string_view{sides.stripe_reference})
    .then(std::string_view{row.line.description})
    .hash();
}

wallet_position position_after(const decided_posting& what) {
  auto result = what.expected;
  if (what.transfers.empty())
    return result;
  const auto& last = what.transfers.back();
  result.balance = last.balance_after;
  result.version = last.seq;
  result.chain = last.chain;
  return result;
}

} // namespace meisim
