#include "persistence/pipeline.hpp"

#include "persistence/libpq.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <deque>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace meisim {

namespace {

/// So many elements of each column fit into the memory that a function's rows may take (work_mem).
constexpr int32_t most_rows = 2'000;

// PostgreSQL's numbers of its types (pg_type.dat).
constexpr int32_t boolean_type = 16;
constexpr int32_t bytea_type = 17;
constexpr int32_t bigint_type = 20;
constexpr int32_t smallint_type = 21;
constexpr int32_t integer_type = 23;
constexpr int32_t text_type = 25;
constexpr int32_t timestamptz_type = 1184;
constexpr int32_t uuid_type = 2950;
constexpr int32_t jsonb_type = 3802;

struct type_name {
  std::string_view name;
  int32_t type;
};

constexpr std::array type_names{
  type_name{"boolean", boolean_type},
  type_name{"bytea", bytea_type},
  type_name{"bigint", bigint_type},
  type_name{"smallint", smallint_type},
  type_name{"integer", integer_type},
  type_name{"text", text_type},
  type_name{"timestamptz", timestamptz_type},
  type_name{"uuid", uuid_type},
  type_name{"jsonb", jsonb_type},
};

/// PostgreSQL counts time from the year 2000.
constexpr int64_t micros_to_2000 = 946'684'800'000'000;

constexpr size_t uuid_size = 16;

template <class T>
void append_big_endian(std::string& target, T value) {
  static_assert(std::endian::native == std::endian::little);
  std::array<char, sizeof(T)> bytes{};
  for (size_t i = 0; i < sizeof(T); ++i)
    bytes[sizeof(T) - 1 - i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  target.append(bytes.data(), bytes.size());
}

/// The elements' types of the parameters `$1::type[]`, `$2::type[]`, … of a statement.
std::vector<int32_t> parameter_types(std::string_view text) {
  std::vector<int32_t> result;
  while (true) {
    auto parameter = fmt::format("${}::", result.size() + 1);
    auto begin = text.find(parameter);
    if (begin == std::string_view::npos)
      return result;
    begin += parameter.size();
    auto name = text.substr(begin, text.find("[]", begin) - begin);
    auto* known = std::find_if(type_names.begin(), type_names.end(),
                               [&](const auto& type) { return type.name == name; });
    if (known == type_names.end())
      throw std::logic_error(fmt::format("no array of {} can be sent", name));
    result.push_back(known->type);
  }
}

/// Names are never used twice, so that what was left on a connection is in nobody's way.
std::string next_name() {
  static std::atomic<uint64_t> last{0};
  return fmt::format("pipelined_{}", ++last);
}

/// Says in front of a column's elements what they are (PostgreSQL's array_recv).
std::string array_header(int32_t type, int32_t size, bool has_null) {
  constexpr int32_t dimensions = 1;
  constexpr int32_t first_index = 1;
  std::string header;
  for (auto word : {dimensions, int32_t{has_null}, type, size, first_index})
    append_big_endian(header, word);
  return header;
}

} // namespace

// -- rows
// -------------------------------------------------------------------------------------------------------

row_arrays::row_arrays(const char* text) : text_(text), types_(parameter_types(text)) {
  // nop
}

void row_arrays::row() {
  if (chunks_.empty() || chunks_.back().front().size == most_rows) {
    chunks_.emplace_back();
    for (auto type : types_)
      chunks_.back().push_back({type, 0, false, {}});
  }
  cursor_ = 0;
}

std::string& row_arrays::next(int32_t type, size_t size) {
  auto& column = chunks_.back().at(cursor_++);
  if (column.type != type)
    throw std::logic_error(fmt::format("parameter {} is of another type: {}", cursor_, text_));
  ++column.size;
  append_big_endian(column.data, static_cast<int32_t>(size));
  return column.data;
}

void row_arrays::add(int64_t value) {
  append_big_endian(next(bigint_type, sizeof(value)), value);
}

void row_arrays::add(int32_t value) {
  append_big_endian(next(integer_type, sizeof(value)), value);
}

void row_arrays::add(int16_t value) {
  append_big_endian(next(smallint_type, sizeof(value)), value);
}

void row_arrays::add(bool value) {
  next(boolean_type, 1) += value ? '\1' : '\0';
}

void row_arrays::add(std::string_view value) {
  next(text_type, value.size()) += value;
}

void row_arrays::add(const sha256_digest& digest) {
  next(bytea_type, digest.size()).append(digest.begin(), digest.end());
}

void row_arrays::add(instant at) {
  append_big_endian(next(timestamptz_type, sizeof(int64_t)), micros(at) - micros_to_2000);
}

void row_arrays::add(uuid value) {
  if (!value)
    return add_null();
  auto& data = next(uuid_type, uuid_size);
  append_big_endian(data, value.high);
  append_big_endian(data, value.low);
}

void row_arrays::add(const std::vector<uuid>& values) {
  std::string list{"{"};
  for (auto value : values) {
    if (list.size() > 1)
      list += ',';
    list += to_string(value);
  }
  add(list += '}');
}

void row_arrays::add_optional(std::string_view value) {
  if (value.empty())
    add_null();
  else
    add(value);
}

void row_arrays::add_optional_json(std::string_view value) {
  constexpr char jsonb_version = 1;
  if (value.empty())
    return add_null();
  auto& data = next(jsonb_type, value.size() + 1);
  data += jsonb_version;
  data += value;
}

void row_arrays::add_null() {
  auto& column = chunks_.back().at(cursor_++);
  ++column.size;
  column.has_null = true;
  append_big_endian(column.data, int32_t{-1});
}

std::vector<std::vector<std::string>> row_arrays::take() {
  std::vector<std::vector<std::string>> result;
  for (auto& chunk : std::exchange(chunks_, {})) {
    auto& columns = result.emplace_back();
    for (auto& column : chunk)
      columns.push_back(array_header(column.type, column.size, column.has_null) + column.data);
  }
  return result;
}

// -- the exchange
// -----------------------------------------------------------------------------------------------

row_arrays& pipeline::rows_for(const char* text) {
  auto known = std::find_if(statements_.begin(), statements_.end(), [text](const auto& statement) {
    return std::string_view{statement.text()} == text;
  });
  return known == statements_.end() ? statements_.emplace_back(text) : *known;
}

namespace {

/// What was sent on a connection, and the answers to it.
class exchange {
public:
  using statement_names = std::unordered_map<std::string, std::string>;

  /// `known` are the statements that the connection has prepared, by their text.
  exchange(PGconn* connection, statement_names& known) : connection_(connection), known_(known) {
    check(PQenterPipelineMode(connection_));
  }

  void send(const char* text) {
    check(PQsendQueryParams(connection_, text, 0, nullptr, nullptr, nullptr, nullptr, 0));
    fresh_.emplace_back();
  }

  std::string prepare(const char* text) {
    if (auto found = known_.find(text); found != known_.end())
      return found->second;
    auto name = next_name();
    check(PQsendPrepare(connection_, name.c_str(), text, 0, nullptr));
    fresh_.push_back({text, name});
    return name;
  }

  /// `columns` are the parameters in binary.
  void execute(const std::string& name, const std::vector<std::string>& columns) {
    std::vector<const char*> values;
    std::vector<int> sizes;
    std::vector<int> formats(columns.size(), 1);
    for (const auto& column : columns) {
      values.push_back(column.data());
      sizes.push_back(static_cast<int>(column.size()));
    }
    check(PQsendQueryPrepared(connection_, name.c_str(), static_cast<int>(columns.size()),
                              values.data(), sizes.data(), formats.data(), 0));
    fresh_.emplace_back();
  }

  /// Waits for all answers; throws the first failure.
  void end() {
    check(PQpipelineSync(connection_));
    result_pointer failure{nullptr, PQclear};
    for (auto& [text, name] : fresh_) {
      auto answer = next_result(connection_);
      auto status = PQresultStatus(answer.get());
      bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
      if (is_done && !name.empty())
        known_.emplace(std::move(text), std::move(name));
      if (PQstatus(connection_) != CONNECTION_OK)
        throw_failure(connection_, answer.get());
      if (!is_done && !failure && status != PGRES_PIPELINE_ABORTED)
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
  statement_names& known_;
  /// For each answer to come the statement that it says is prepared, as text and name; empty for
  /// other answers.
  std::vector<std::pair<std::string, std::string>> fresh_;
};

void send_all(exchange& to, std::deque<row_arrays>& statements) {
  for (auto& rows : statements) {
    if (rows.is_empty())
      continue;
    auto name = to.prepare(rows.text());
    for (const auto& columns : rows.take())
      to.execute(name, columns);
  }
}

} // namespace

void pipeline::run() {
  if (std::ranges::all_of(statements_, &row_arrays::is_empty))
    return;
  exchange all{native_connection(db_), db_.pipelined_};
  send_all(all, statements_);
  all.end();
}

void pipeline::run_as_transaction() {
  auto* connection = native_connection(db_);
  auto backend = PQbackendPID(connection);
  try {
    exchange all{connection, db_.pipelined_};
    all.send("BEGIN");
    send_all(all, statements_);
    all.send("COMMIT");
    all.end();
  } catch (const std::exception& error) {
    bool is_answered = PQpipelineStatus(connection) == PQ_PIPELINE_OFF;
    if (PQstatus(connection) != CONNECTION_OK || !is_answered)
      throw commit_unknown(error.what(), backend);
    result_pointer undone{PQexec(connection, "ROLLBACK"), PQclear};
    throw;
  }
}

} // namespace meisim
