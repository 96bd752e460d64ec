#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

/// A UUID of RFC 9562 as two big-endian halves. The zero value stands for "none".
struct uuid {
  uint64_t high = 0;
  uint64_t low = 0;

  friend constexpr auto operator<=>(const uuid&, const uuid&) = default;

  constexpr explicit operator bool() const {
    return high != 0 || low != 0;
  }
};

/// A new version 7 UUID: the wall clock to a quarter of a microsecond first, then 62 random bits,
/// so ids sort by the time of their making.
uuid make_uuid();

/// A version 8 UUID that follows only from `base` and `purpose`. The same step of the same work
/// always gets the same id, which makes its repetition harmless.
uuid derive_uuid(uuid base, std::string_view purpose);

/// The smallest UUID that is greater.
constexpr uuid next(uuid value) {
  return {value.low + 1 == 0 ? value.high + 1 : value.high, value.low + 1};
}

/// The lower-case form with hyphens.
std::string to_string(uuid value);

/// Reads the form with hyphens, in either case; nothing for any other text.
std::optional<uuid> parse_uuid(std::string_view text);

/// A UUID that does not convert to the id of another kind of thing.
template <class Tag>
struct id {
  uuid value;

  static id make() {
    return {make_uuid()};
  }

  static std::optional<id> parse(std::string_view text) {
    if (auto parsed = parse_uuid(text))
      return id{*parsed};
    return std::nullopt;
  }

  friend constexpr auto operator<=>(const id&, const id&) = default;

  constexpr explicit operator bool() const {
    return static_cast<bool>(value);
  }

  friend std::string to_string(const id& x) {
    return to_string(x.value);
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, id& x) {
    return f(x.value.high, x.value.low);
  }
};

using dealer_id = id<struct dealer_tag>;
using order_id = id<struct order_tag>;
using posting_id = id<struct posting_tag>;
using inventory_id = id<struct inventory_tag>;
using sku_id = id<struct sku_tag>;
using mail_id = id<struct mail_tag>;
using batch_id = id<struct batch_tag>;
using message_id = id<struct message_tag>;
using webhook_id = id<struct webhook_tag>;
using session_id = id<struct session_tag>;
using settlement_id = id<struct settlement_tag>;

/// The number of an order from the wallet. `given` is one that the database has given out for such
/// orders, so that no other order has the number. Orders on account have the odd ones.
constexpr int64_t wallet_order_number(int64_t given) {
  return 2 * given;
}

/// The short name of an order that a person can read out: `MM-` and six of Crockford's base-32
/// letters, which write the order's number, or seven once those are used up. Neighbours are not
/// alike.
std::string short_id(int64_t number);

/// An order as callers name it.
struct order_name {
  /// None if its short id is given.
  order_id id;
  /// The order's number, which the short id writes.
  int64_t number = 0;
};

/// Reads an id or a short id. Letters count in either case; I and L are read as 1, O as 0. Nothing
/// for any other text.
std::optional<order_name> parse_order_name(std::string_view text);

} // namespace meisim

template <>
struct std::hash<meisim::uuid> {
  size_t operator()(const meisim::uuid& x) const noexcept {
    return static_cast<size_t>(x.high ^ (x.low * 0x9e3779b97f4a7c15ULL));
  }
};

template <class Tag>
struct std::hash<meisim::id<Tag>> {
  size_t operator()(const meisim::id<Tag>& x) const noexcept {
    return std::hash<meisim::uuid>{}(x.value);
  }
};
