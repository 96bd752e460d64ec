#pragma once

#include "persistence/base/row_array.hpp"
#include "persistence/base/session.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim {

/// Statements that are sent together. PostgreSQL runs them one after the other without waiting for
/// this side, so rows stay locked only while the server works, even if this process is slow or
/// frozen. A statement that fails ends the rest and throws as any other does.
class pipeline {
public:
  explicit pipeline(database& db) : db_(db) {
    // nop
  }

  /// The rows for a statement. Statements run in the order in which they were first named. A
  /// statement without rows does not run. Each is prepared once on a connection, and its columns
  /// are then compared with those of the rows' type. Throws std::logic_error if they differ.
  template <class Source>
  row_adder<Source> rows_for(const row_statement<Source>& statement) {
    return {rows_of(&statement, shape_of<Source>), statement.columns};
  }

  /// Runs all as part of the caller's transaction.
  void run();

  /// Runs all as part of the caller's transaction, and returns the ids that the statements select.
  std::vector<uuid> run_for_ids();

  /// Runs all as one transaction. Throws commit_unknown if the connection broke before the last
  /// answer came.
  void run_as_transaction();

private:
  /// A row_statement without the type of its source.
  struct shape {
    std::string_view sql;
    /// Name and constant of each column.
    std::vector<std::pair<std::string_view, std::string_view>> columns;
  };

  /// A statement, by its address, with its rows.
  struct entry {
    const void* statement;
    row_array rows;
  };

  template <class Source>
  static shape shape_of(const void* statement) {
    const auto& what = *static_cast<const row_statement<Source>*>(statement);
    shape result{what.sql, {}};
    for (const auto& column : what.columns)
      result.columns.emplace_back(column.name, column.constant);
    return result;
  }

  row_array& rows_of(const void* statement, shape (*read)(const void*));

  std::shared_ptr<const array_statement> look_up(const shape& what);

  bool is_empty() const;

  void send_to(class pipeline_session& session);

  database& db_;
  std::deque<entry> statements_;
};

} // namespace meisim
