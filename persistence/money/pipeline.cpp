#include "persistence/money/pipeline.hpp"

#include "persistence/base/libpq.hpp"

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

/// So many rows fit into the memory that a function's rows may take (work_mem).
constexpr int32_t most_rows = 2'000;

// PostgreSQL's numbers of its types (pg_type.dat).
constexpr uint32_t boolean_type = 16;
constexpr uint32_t bytea_type = 17;
constexpr uint32_t bigint_type = 20;
constexpr uint32_t smallint_type = 21;
constexpr uint32_t integer_type = 23;
constexpr uint32_t text_type = 25;
constexpr uint32_t timestamptz_type = 1184;
constexpr uint32_t bit_type = 1560;
constexpr uint32_t uuid_type = 2950;
constexpr uint32_t uuid_array_type = 2951;
constexpr uint32_t jsonb_type = 3802;

/// Of these `add` writes values.
constexpr std::array written_types{boolean_type, bytea_type,      bigint_type,      smallint_type,
                                   integer_type, text_type,       timestamptz_type, bit_type,
                                   uuid_type,    uuid_array_type, jsonb_type};

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

/// Names are never used twice, so that what was left on a connection is in nobody's way.
std::string next_name() {
  static std::atomic<uint64_t> last{0};
  return fmt::format("pipelined_{}", ++last);
}

/// Says in front of an array's elements what they are (PostgreSQL's array_recv).
std::string array_header(uint32_t type, int32_t size) {
  // Whether there are NULLs among them is seen from the elements.
  constexpr uint32_t flags = 0;
  constexpr uint32_t first_index = 1;
  auto dimensions = uint32_t{size > 0};
  std::string header;
  for (auto word : {dimensions, flags, type})
    append_big_endian(header, word);
  if (size > 0) {
    append_big_endian(header, size);
    append_big_endian(header, first_index);
  }
  return header;
}

} // namespace

// -- rows -----------------------------------------------------------------------------------------

row_array::row_array(const char* text, std::shared_ptr<const element_type> elements)
  : text_(text), elements_(std::move(elements)) {
  // nop
}

void row_array::row() {
  end_row();
  if (chunks_.empty() || chunks_.back().size == most_rows)
    chunks_.emplace_back();
  auto& [size, data] = chunks_.back();
  ++size;
  cursor_ = 0;
  begin_ = data.size();
  if (elements_->is_row()) {
    // The row's size, once it is known, and its columns (PostgreSQL's record_recv).
    append_big_endian(data, int32_t{0});
    append_big_endian(data, static_cast<int32_t>(elements_->columns.size()));
  }
}

void row_array::end_row() {
  if (chunks_.empty())
    return;
  if (cursor_ != elements_->columns.size())
    throw std::logic_error(fmt::format("a row has {} columns: {}", cursor_, text_));
  if (!elements_->is_row())
    return;
  auto& data = chunks_.back().data;
  std::string size;
  append_big_endian(size, static_cast<int32_t>(data.size() - begin_ - sizeof(int32_t)));
  data.replace(begin_, size.size(), size);
}

std::string& row_array::next(uint32_t type, size_t size) {
  if (cursor_ >= elements_->columns.size() || elements_->columns[cursor_] != type)
    throw std::logic_error(fmt::format("column {} is of another type: {}", cursor_ + 1, text_));
  return begin_value(static_cast<int32_t>(size));
}

std::string& row_array::begin_value(int32_t size) {
  auto& data = chunks_.back().data;
  auto type = elements_->columns.at(cursor_++);
  if (elements_->is_row())
    append_big_endian(data, type);
  append_big_endian(data, size);
  return data;
}

void row_array::add(int64_t value) {
  append_big_endian(next(bigint_type, sizeof(value)), value);
}

void row_array::add(int32_t value) {
  append_big_endian(next(integer_type, sizeof(value)), value);
}

void row_array::add(int16_t value) {
  append_big_endian(next(smallint_type, sizeof(value)), value);
}

void row_array::add(bool value) {
  next(boolean_type, 1) += value ? '\1' : '\0';
}

void row_array::add(std::string_view value) {
  next(text_type, value.size()) += value;
}

void row_array::add(const sha256_digest& digest) {
  next(bytea_type, digest.size()).append(digest.begin(), digest.end());
}

void row_array::add(instant at) {
  append_big_endian(next(timestamptz_type, sizeof(int64_t)), micros(at) - micros_to_2000);
}

void row_array::add(uuid value) {
  if (!value)
    return add_null();
  auto& data = next(uuid_type, uuid_size);
  append_big_endian(data, value.high);
  append_big_endian(data, value.low);
}

void row_array::add(const std::vector<uuid>& values) {
  auto header = array_header(uuid_type, static_cast<int32_t>(values.size()));
  constexpr auto element_size = sizeof(int32_t) + uuid_size;
  auto& data = next(uuid_array_type, header.size() + values.size() * element_size);
  data += header;
  for (auto value : values) {
    append_big_endian(data, static_cast<int32_t>(uuid_size));
    append_big_endian(data, value.high);
    append_big_endian(data, value.low);
  }
}

void row_array::add_bits(std::string_view bytes) {
  auto& data = next(bit_type, sizeof(int32_t) + bytes.size());
  append_big_endian(data, static_cast<int32_t>(8 * bytes.size()));
  data += bytes;
}

void row_array::add_optional(std::string_view value) {
  if (value.empty())
    add_null();
  else
    add(value);
}

void row_array::add_optional_json(std::string_view value) {
  constexpr char jsonb_version = 1;
  if (value.empty())
    return add_null();
  auto& data = next(jsonb_type, value.size() + 1);
  data += jsonb_version;
  data += value;
}

void row_array::add_null() {
  constexpr int32_t null_size = -1;
  begin_value(null_size);
}

std::vector<std::string> row_array::take() {
  end_row();
  std::vector<std::string> result;
  for (auto& [size, data] : std::exchange(chunks_, {}))
    result.push_back(array_header(elements_->oid, size) + data);
  return result;
}

// -- the session ---------------------------------------------------------------------------------

row_array& pipeline::rows_for(const char* text) {
  auto known = std::find_if(statements_.begin(), statements_.end(), [text](const auto& statement) {
    return std::string_view{statement.text()} == text;
  });
  return known == statements_.end() ? statements_.emplace_back(text, elements_of(text)) : *known;
}

std::shared_ptr<const element_type> pipeline::elements_of(const char* text) {
  if (auto elements = db_.pipelined_[text].elements)
    return elements;
  auto name = element_name(text);
  auto result = std::make_shared<element_type>();
  long long type = 0;
  long long column = 0;
  soci::statement columns =
    (db_.session().prepare << "SELECT t.oid::bigint, coalesce(a.atttypid, t.oid)::bigint"
                              " FROM pg_type t LEFT JOIN pg_attribute a ON a.attrelid = t.typrelid"
                              " AND a.attnum > 0 AND NOT a.attisdropped"
                              " WHERE t.oid = :name::regtype ORDER BY a.attnum",
     soci::use(name, "name"), soci::into(type), soci::into(column));
  columns.execute();
  while (columns.fetch()) {
    result->oid = static_cast<uint32_t>(type);
    result->columns.push_back(static_cast<uint32_t>(column));
  }
  for (auto type_written : result->columns)
    if (std::ranges::find(written_types, type_written) == written_types.end())
      throw std::logic_error(fmt::format("no array of {} can be sent", name));
  db_.pipelined_[text].elements = result;
  return result;
}

namespace {

/// What was sent on a connection, and the answers to it.
class pipeline_session {
public:
  using known_statements = std::unordered_map<std::string, pipelined_statement>;

  pipeline_session(PGconn* connection, known_statements& known)
    : connection_(connection), known_(known) {
    check(PQenterPipelineMode(connection_));
  }

  void send(const char* text) {
    check(PQsendQueryParams(connection_, text, 0, nullptr, nullptr, nullptr, nullptr, 0));
    fresh_.emplace_back();
  }

  std::string prepare(const char* text) {
    if (auto found = known_.find(text); found != known_.end() && !found->second.name.empty())
      return found->second.name;
    auto name = next_name();
    check(PQsendPrepare(connection_, name.c_str(), text, 0, nullptr));
    fresh_.push_back({text, name});
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

  /// Waits for all answers; throws the first failure.
  void end() {
    check(PQpipelineSync(connection_));
    result_pointer failure{nullptr, PQclear};
    for (auto& [text, name] : fresh_) {
      auto answer = next_result(connection_);
      auto status = PQresultStatus(answer.get());
      bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
      if (is_done && !name.empty())
        known_[text].name = std::move(name);
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
  known_statements& known_;
  /// For each answer to come the statement that it says is prepared, as text and name; empty for
  /// other answers.
  std::vector<std::pair<std::string, std::string>> fresh_;
};

void send_all(pipeline_session& to, std::deque<row_array>& statements) {
  for (auto& rows : statements) {
    if (rows.is_empty())
      continue;
    auto name = to.prepare(rows.text());
    for (const auto& chunk : rows.take())
      to.execute(name, chunk);
  }
}

} // namespace

void pipeline::run() {
  if (std::ranges::all_of(statements_, &row_array::is_empty))
    return;
  pipeline_session all{native_connection(db_), db_.pipelined_};
  send_all(all, statements_);
  all.end();
}

void pipeline::run_as_transaction() {
  auto* connection = native_connection(db_);
  auto backend = PQbackendPID(connection);
  try {
    pipeline_session all{connection, db_.pipelined_};
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
