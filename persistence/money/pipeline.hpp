#pragma once

#include "persistence/base/session.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// What the elements of a statement's array are.
struct element_type {
  /// PostgreSQL's number of the type.
  uint32_t oid = 0;
  /// Those of a row's columns; only `oid` where an element is no row.
  std::vector<uint32_t> columns;

  bool is_row() const {
    return columns.front() != oid;
  }
};

/// Rows for a statement that takes them as one array, `unnest($1::order_row[])`. They travel in
/// PostgreSQL's binary format: nothing is written as text here to be parsed again there. Each row
/// gets its columns in order, by calls of `add`, whose types must be those of the columns.
class row_array {
public:
  /// `text` has no other parameter than `$1::type[]`.
  row_array(const char* text, std::shared_ptr<const element_type> elements);

  /// Begins a row.
  void row();

  /// A bigint.
  void add(int64_t value);

  /// An integer.
  void add(int32_t value);

  /// A smallint.
  void add(int16_t value);

  void add(bool value);

  void add(std::string_view value);

  void add(const char* value) {
    add(std::string_view{value});
  }

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

  /// A bit(n) of whole bytes, whose first bit is the first byte's highest.
  void add_bits(std::string_view bytes);

  /// A text; an empty one becomes NULL.
  void add_optional(std::string_view value);

  /// A jsonb; an empty one becomes NULL.
  void add_optional_json(std::string_view value);

  void add_null();

  bool is_empty() const {
    return chunks_.empty();
  }

  const char* text() const {
    return text_;
  }

  /// The parameter of each execution, in PostgreSQL's binary format; the rows are spent.
  std::vector<std::string> take();

private:
  /// The elements of one parameter.
  struct chunk {
    int32_t size = 0;
    std::string data;
  };

  /// Throws std::logic_error if the next column is of another type.
  std::string& next(uint32_t type, size_t size);

  /// Begins the next column's value; a negative size is that of NULL.
  std::string& begin_value(int32_t size);

  /// Throws std::logic_error if the last row lacks columns.
  void end_row();

  const char* text_;
  std::shared_ptr<const element_type> elements_;
  /// A statement gets so many rows at a time as PostgreSQL unfolds in memory.
  std::deque<chunk> chunks_;
  size_t cursor_ = 0;
  /// Where in its chunk the last row begins.
  size_t begin_ = 0;
};

/// Statements that are sent together, and that PostgreSQL runs one after the other without waiting
/// for this side: rows stay locked for as long as the server works, however slow, or frozen, this
/// process is. What fails ends the rest and throws as any statement does.
class pipeline {
public:
  explicit pipeline(database& db) : db_(db) {
    // nop
  }

  /// Rows for a statement. Statements run in the order in which they were first named, those
  /// without rows not at all. Each is prepared once on a connection.
  row_array& rows_for(const char* text);

  /// Runs all as part of the caller's transaction.
  void run();

  /// Runs all as one transaction. Throws commit_unknown if the connection broke before the last
  /// answer came.
  void run_as_transaction();

private:
  std::shared_ptr<const element_type> elements_of(const char* text);

  database& db_;
  std::deque<row_array> statements_;
};

} // namespace meisim
