#pragma once

#include "persistence/session.hpp"
#include "protocols/crypto.hpp"
#include "protocols/id.hpp"
#include "protocols/instant.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// The rows of one table, in PostgreSQL's binary COPY format: nothing is written as text here to be
/// parsed again there. Each row gets its columns in order, by calls of `add`, whose types must be
/// those of the columns.
class bulk_rows {
public:
  /// `target` is the table and its columns: `jobs (kind, subject)`.
  explicit bulk_rows(std::string_view target);

  /// Begins a row of so many columns.
  void row(int16_t columns);

  /// A bigint.
  void add(int64_t value);

  /// An integer.
  void add(int32_t value);

  /// A smallint.
  void add(int16_t value);

  void add(std::string_view value);

  /// A bytea.
  void add(const sha256_digest& digest);

  /// A timestamptz, to the microsecond.
  void add(instant at);

  /// A uuid; "none" becomes NULL.
  void add(uuid value);

  template <class Tag>
  void add(id<Tag> what) {
    add(what.value);
  }

  /// A uuid[].
  void add(const std::vector<uuid>& values);

  /// A text; an empty one becomes NULL.
  void add_optional(std::string_view value);

  /// A jsonb; an empty one becomes NULL.
  void add_optional_json(std::string_view value);

  void add_null();

private:
  friend class bulk_insert;

  void add_size(size_t size);

  std::string target_;
  std::string data_;
  bool is_empty_ = true;
};

/// Inserts rows into several tables, in the order in which the tables were named, as one exchange
/// with the server. What fails throws as any statement does.
class bulk_insert {
public:
  /// Rows for a table; `target` is the table and its columns.
  bulk_rows& into(std::string_view target) {
    return tables_.emplace_back(target);
  }

  /// Part of the caller's transaction.
  void run(database& db);

private:
  std::deque<bulk_rows> tables_;
};

} // namespace meisim
