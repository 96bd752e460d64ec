#pragma once

#include "protocols/base/crypto.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// A statement that takes rows as one array, as PostgreSQL knows it.
struct array_statement {
  std::string text;
  /// PostgreSQL's number of the elements' type.
  uint32_t element = 0;
  /// The numbers of the types of a row's columns; only `element` if an element is no row.
  std::vector<uint32_t> columns;

  bool takes_rows() const {
    return columns.front() != element;
  }
};

/// The rows for a statement, in PostgreSQL's binary format, so that no text is written and parsed.
/// Each row gets its columns in order, by calls of `add`. The types of the values must be those of
/// the columns.
class row_array {
public:
  explicit row_array(std::shared_ptr<const array_statement> statement);

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

  /// A number; 0 becomes NULL.
  template <class Number>
  void add_unless_zero(Number value) {
    if (value == 0)
      add_null();
    else
      add(value);
  }

  /// A jsonb; an empty one becomes NULL.
  void add_optional_json(std::string_view value);

  void add_null();

  bool is_empty() const {
    return chunks_.empty();
  }

  const std::string& text() const {
    return statement_->text;
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

  std::shared_ptr<const array_statement> statement_;
  /// The rows in chunks, each as large as PostgreSQL can unfold in memory.
  std::deque<chunk> chunks_;
  size_t cursor_ = 0;
  /// Where in its chunk the last row begins.
  size_t begin_ = 0;
};

/// Whether `add` writes values of the type with this number.
bool is_written_type(uint32_t type);

/// A column of a row that is sent: its name, and how its value is added.
template <class Source>
struct column {
  std::string_view name;
  /// Adds the value; null for a constant.
  void (*add)(row_array& to, const Source& from) = nullptr;
  /// The value in SQL, the same in all rows. It is not sent.
  std::string_view constant = {};
};

/// A statement over rows, each of which is made from a `Source`. A statement is known by its
/// address, so it must live as long as the program.
template <class Source>
struct row_statement {
  /// Takes the rows as its only parameter, `unnest($1::order_row[])`. `{columns}` stands for the
  /// names of the columns and `SELECT` with their values, as an INSERT needs them.
  std::string_view sql;
  /// In the order of the row's type, which has the same names; constants may stand in between.
  std::span<const column<Source>> columns;
};

/// Adds rows for a statement.
template <class Source>
class row_adder {
public:
  row_adder(row_array& rows, std::span<const column<Source>> columns)
    : rows_(&rows), columns_(columns) {
    // nop
  }

  void add(const Source& from) {
    rows_->row();
    for (const auto& column : columns_)
      if (column.add)
        column.add(*rows_, from);
  }

private:
  row_array* rows_;
  std::span<const column<Source>> columns_;
};

} // namespace meisim
