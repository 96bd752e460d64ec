#include "persistence/base/pipeline.hpp"

#include "persistence/base/libpq.hpp"
#include "persistence/base/pipeline.sql.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

namespace meisim {

namespace {

using column_texts = std::vector<std::pair<std::string_view, std::string_view>>;

/// The type that a statement names as `$1::type[]`.
std::string element_name(std::string_view text) {
  constexpr std::string_view parameter = "$1::";
  auto begin = text.find(parameter);
  auto end = text.find("[]", begin);
  if (end == std::string_view::npos)
    throw std::logic_error(fmt::format("takes no array: {}", text));
  begin += parameter.size();
  return std::string{text.substr(begin, end - begin)};
}

/// No name is used twice, so a statement that was left on a connection cannot be mistaken for
/// another.
std::string next_name() {
  static std::atomic<uint64_t> last{0};
  return fmt::format("pipelined_{}", ++last);
}

/// Puts the columns into the places that the text marks.
std::string with_columns(std::string_view sql, const column_texts& columns) {
  constexpr std::string_view placeholder = "{columns}";
  auto begin = sql.find(placeholder);
  if (begin == std::string_view::npos)
    return std::string{sql};
  std::string names, values;
  for (const auto& [name, constant] : columns) {
    std::string_view separator = names.empty() ? "" : ", ";
    fmt::format_to(std::back_inserter(names), "{}{}", separator, name);
    fmt::format_to(std::back_inserter(values), "{}{}", separator,
                   constant.empty() ? name : constant);
  }
  return fmt::format("{}({}) SELECT {}{}", sql.substr(0, begin), names, values,
                     sql.substr(begin + placeholder.size()));
}

/// Whether the columns that are sent have these names.
bool are_named(column_texts columns, const std::vector<std::string>& names) {
  std::erase_if(columns, [](const auto& column) { return !column.second.empty(); });
  return std::ranges::equal(columns, names, {}, [](const auto& column) { return column.first; });
}

void ignore(const PGresult*) {
  // nop
}

} // namespace

/// What was sent on a connection, and the answers to it.
class pipeline_session {
public:
  using known_statements = std::unordered_map<const void*, pipelined_statement>;

  pipeline_session(PGconn* connection, known_statements& known)
    : connection_(connection), known_(known) {
    check(PQenterPipelineMode(connection_));
  }

  void send(const char* text) {
    check(PQsendQueryParams(connection_, text, 0, nullptr, nullptr, nullptr, nullptr, 0));
    fresh_.emplace_back();
  }

  /// The name of a statement, which is prepared under it.
  std::string prepare(const void* statement, const std::string& text) {
    if (auto found = known_.find(statement); found != known_.end() && !found->second.name.empty())
      return found->second.name;
    auto name = next_name();
    check(PQsendPrepare(connection_, name.c_str(), text.c_str(), 0, nullptr));
    fresh_.push_back({statement, name});
    return name;
  }

  /// `rows` are the parameter in binary.
  void execute(const std::string& name, const std::string& rows) {
    constexpr int binary = 1;
    const char* value = rows.data();
    auto size = static_cast<int>(rows.size());
    check(PQsendQueryPrepared(connection_, name.c_str(), 1, &value, &size, &binary, 0));
    fresh_.emplace_back();
  }

  /// Waits for all answers, and passes each to `read`; throws the first failure.
  template <class Read>
  void end(Read read) {
    check(PQpipelineSync(connection_));
    result_pointer failure{nullptr, PQclear};
    for (auto& [statement, name] : fresh_) {
      auto answer = next_result(connection_);
      auto status = PQresultStatus(answer.get());
      bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
      if (is_done && !name.empty())
        known_[statement].name = std::move(name);
      if (PQstatus(connection_) != CONNECTION_OK)
        throw_failure(connection_, answer.get());
      if (is_done)
        read(answer.get());
      else if (!failure && status != PGRES_PIPELINE_ABORTED)
        failure = std::move(answer);
      // A null stands between two answers.
      next_result(connection_);
    }
    // The answer to the synchronisation.
    next_result(connection_);
    check(PQexitPipelineMode(connection_));
    if (failure)
      throw_failure(connection_, failure.get());
  }

private:
  void check(int was_possible) {
    if (was_possible != 1)
      throw_failure(connection_, nullptr);
  }

  PGconn* connection_;
  known_statements& known_;
  /// For each answer to come: the statement that the answer reports as prepared, and its name.
  /// Empty for other answers.
  std::vector<std::pair<const void*, std::string>> fresh_;
};

row_array& pipeline::rows_of(const void* statement, shape (*read)(const void*)) {
  auto known = std::ranges::find(statements_, statement, &entry::statement);
  if (known != statements_.end())
    return known->rows;
  auto what = db_.pipelined_[statement].statement;
  if (!what) {
    what = look_up(read(statement));
    // This comes only now, because looking it up may have taken another connection.
    db_.pipelined_[statement].statement = what;
  }
  return statements_.emplace_back(entry{statement, row_array{std::move(what)}}).rows;
}

std::shared_ptr<const array_statement> pipeline::look_up(const shape& what) {
  auto result = std::make_shared<array_statement>();
  result->text = with_columns(what.sql, what.columns);
  auto type = element_name(what.sql);
  std::vector<std::string> names;
  std::string name;
  long long element = 0;
  long long column = 0;
  soci::statement columns =
    (db_.session().prepare << sql::list_type_columns, soci::use(type, "type"), soci::into(element),
     soci::into(column), soci::into(name));
  columns.execute();
  while (columns.fetch()) {
    result->element = static_cast<uint32_t>(element);
    result->columns.push_back(static_cast<uint32_t>(column));
    names.push_back(name);
  }
  if (!std::ranges::all_of(result->columns, is_written_type))
    throw std::logic_error(fmt::format("no array of {} can be sent", type));
  std::erase_if(names, [](const auto& n) { return n.empty(); });
  if (!names.empty() && !are_named(what.columns, names))
    throw std::logic_error(fmt::format("{} has other columns than its rows", type));
  return result;
}

bool pipeline::is_empty() const {
  return std::ranges::all_of(statements_, [](const auto& e) { return e.rows.is_empty(); });
}

void pipeline::send_to(pipeline_session& session) {
  for (auto& [statement, rows] : statements_) {
    if (rows.is_empty())
      continue;
    auto name = session.prepare(statement, rows.text());
    for (const auto& chunk : rows.take())
      session.execute(name, chunk);
  }
}

void pipeline::run() {
  if (is_empty())
    return;
  pipeline_session all{native_connection(db_), db_.pipelined_};
  send_to(all);
  all.end(ignore);
}

std::vector<uuid> pipeline::run_for_ids() {
  std::vector<uuid> ids;
  if (is_empty())
    return ids;
  pipeline_session all{native_connection(db_), db_.pipelined_};
  send_to(all);
  all.end([&ids](const PGresult* answer) {
    for (int row = 0; row < PQntuples(answer); ++row)
      ids.push_back(parse_uuid(PQgetvalue(answer, row, 0)).value_or(uuid{}));
  });
  return ids;
}

void pipeline::run_as_transaction() {
  auto* connection = native_connection(db_);
  auto backend = db_.process();
  std::ignore = db_.take_unreplicated();
  try {
    pipeline_session all{connection, db_.pipelined_};
    all.send("BEGIN");
    send_to(all);
    all.send("COMMIT");
    all.end(ignore);
  } catch (const std::exception& error) {
    bool is_answered = PQpipelineStatus(connection) == PQ_PIPELINE_OFF;
    if (PQstatus(connection) != CONNECTION_OK || !is_answered)
      throw commit_unknown(error.what(), backend);
    result_pointer undone{PQexec(connection, "ROLLBACK"), PQclear};
    throw;
  }
  if (db_.take_unreplicated())
    throw commit_unknown(no_standby, backend);
}

} // namespace meisim
