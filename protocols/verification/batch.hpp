#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/shared_vector.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// Most rows of a batch.
constexpr int32_t most_batch_rows = 50'000;

/// How often a code is tried before its verdict is `error`.
constexpr int32_t most_attempts_a_row = 3;

/// The oldest verdict that may be used again.
constexpr int32_t longest_reuse_seconds = 3'600;

/// Where a batch came from.
enum class batch_source : uint8_t { dealer, portal, replacement };

std::string_view to_string(batch_source source);

std::optional<batch_source> parse_batch_source(std::string_view text);

/// A line of a batch as it was submitted. The ICCID is empty if it is not known.
struct batch_row {
  std::string iccid;
  std::string lpa;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, batch_row& x) {
  return f(caf::meta::type_name("batch_row"), x.iccid, x.lpa);
}

/// What the dealer is told of a paid batch.
struct batch_receipt {
  batch_id id;
  batch_source source = batch_source::dealer;
  int32_t rows = 0;
  money unit_price;
  /// 0 for a batch from elsewhere than the portal.
  int64_t usage = 0;
  money balance;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, batch_receipt& x) {
  return f(caf::meta::type_name("batch_receipt"), x.id, x.source, x.rows, x.unit_price, x.usage,
           x.balance);
}

/// A dealer paid for a batch. It is stored with its rows; rows that are no activation code have
/// their verdict at once.
struct batch_submitted {
  static constexpr std::string_view account = "sales.verification";

  batch_receipt told(money balance) const {
    return {id, source, static_cast<int32_t>(rows.size()), unit_price, usage, balance};
  }

  batch_id id;
  batch_source source = batch_source::dealer;
  std::string label;
  /// Who is mailed the results; empty for nobody.
  std::string notify_email;
  money unit_price;
  /// The integer that the portal shows as `usage_id`; 0 for a batch from elsewhere.
  int64_t usage = 0;
  sku_id sku;
  /// An earlier verdict about the same code is accepted up to this age; 0 to have each code
  /// checked.
  int32_t max_age_seconds = 0;
  /// Shared, because a posting is copied on its way.
  shared_vector<batch_row> rows;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, batch_submitted& x) {
  return f(caf::meta::type_name("batch_submitted"), x.id, x.source, x.label, x.notify_email,
           x.unit_price, x.usage, x.sku, x.max_age_seconds, x.rows);
}

/// Rows whose verdict is `error` are refunded, each once.
struct rows_refunded {
  static constexpr std::string_view account = "sales.verification";

  batch_id batch;
  /// Numbers of the rows, from 1.
  std::vector<int32_t> rows;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, rows_refunded& x) {
  return f(caf::meta::type_name("rows_refunded"), x.batch, x.rows);
}

/// A request to have codes checked, before the wallet has paid for it.
struct batch_wish {
  posting_id posting;
  dealer_id dealer;
  batch_submitted what;
  std::string idempotency_key;
  std::string request_hash;
  /// The price guard, see posting.
  money ceiling;
};

} // namespace meisim
