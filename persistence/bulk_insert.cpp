#include "persistence/bulk_insert.hpp"

#include "persistence/libpq.hpp"

#include <array>
#include <bit>

namespace meisim {

namespace {

// The signature, no flags, no header extension (PostgreSQL's manual, "COPY", "Binary Format").
constexpr std::string_view file_header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
constexpr std::string_view file_trailer{"\377\377", 2};

constexpr size_t uuid_size = 16;

/// PostgreSQL counts time from the year 2000.
constexpr int64_t micros_to_2000 = 946'684'800'000'000;

template <class T>
void append_big_endian(std::string& target, T value) {
  static_assert(std::endian::native == std::endian::little);
  std::array<char, sizeof(T)> bytes{};
  for (size_t i = 0; i < sizeof(T); ++i)
    bytes[sizeof(T) - 1 - i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  target.append(bytes.data(), bytes.size());
}

/// The answer to come, which must be this one.
void expect(PGconn* connection, ExecStatusType wanted) {
  auto result = next_result(connection);
  if (PQresultStatus(result.get()) == wanted)
    return;
  // The connection is of use again only after its last answer.
  while (auto rest = next_result(connection))
    if (PQresultStatus(rest.get()) == PGRES_COPY_IN)
      PQputCopyEnd(connection, "an earlier table failed");
  throw_failure(connection, result.get());
}

} // namespace

bulk_rows::bulk_rows(std::string_view target) : target_(target), data_(file_header) {
  // nop
}

void bulk_rows::row(int16_t columns) {
  append_big_endian(data_, columns);
  is_empty_ = false;
}

void bulk_rows::add_size(size_t size) {
  append_big_endian(data_, static_cast<int32_t>(size));
}

void bulk_rows::add(int64_t value) {
  add_size(sizeof(value));
  append_big_endian(data_, value);
}

void bulk_rows::add(int32_t value) {
  add_size(sizeof(value));
  append_big_endian(data_, value);
}

void bulk_rows::add(int16_t value) {
  add_size(sizeof(value));
  append_big_endian(data_, value);
}

void bulk_rows::add(std::string_view value) {
  add_size(value.size());
  data_ += value;
}

void bulk_rows::add(const sha256_digest& digest) {
  add_size(digest.size());
  data_.append(digest.begin(), digest.end());
}

void bulk_rows::add(instant at) {
  add(micros(at) - micros_to_2000);
}

void bulk_rows::add(uuid value) {
  if (!value)
    return add_null();
  add_size(uuid_size);
  append_big_endian(data_, value.high);
  append_big_endian(data_, value.low);
}

void bulk_rows::add(const std::vector<uuid>& values) {
  constexpr int32_t uuid_oid = 2950;
  constexpr size_t word = sizeof(int32_t);
  bool is_empty = values.empty();
  add_size(is_empty ? 3 * word : 5 * word + values.size() * (word + uuid_size));
  // The number of dimensions, no NULL, the elements' type; an empty array has no dimension.
  append_big_endian(data_, int32_t{is_empty ? 0 : 1});
  append_big_endian(data_, int32_t{0});
  append_big_endian(data_, uuid_oid);
  if (is_empty)
    return;
  append_big_endian(data_, static_cast<int32_t>(values.size()));
  constexpr int32_t first_index = 1;
  append_big_endian(data_, first_index);
  for (auto value : values) {
    add_size(uuid_size);
    append_big_endian(data_, value.high);
    append_big_endian(data_, value.low);
  }
}

void bulk_rows::add_optional(std::string_view value) {
  if (value.empty())
    add_null();
  else
    add(value);
}

void bulk_rows::add_optional_json(std::string_view value) {
  constexpr char jsonb_version = 1;
  if (value.empty())
    return add_null();
  add_size(value.size() + 1);
  data_ += jsonb_version;
  data_ += value;
}

void bulk_rows::add_null() {
  append_big_endian(data_, int32_t{-1});
}

void bulk_insert::run(database& db) {
  std::string script;
  for (const auto& table : tables_)
    if (!table.is_empty_)
      script += "COPY " + table.target_ + " FROM STDIN (FORMAT binary);";
  if (script.empty())
    return;
  auto* connection = native_connection(db);
  if (PQsendQuery(connection, script.c_str()) == 0)
    throw_failure(connection, nullptr);
  for (auto& table : tables_) {
    if (table.is_empty_)
      continue;
    table.data_ += file_trailer;
    expect(connection, PGRES_COPY_IN);
    if (PQputCopyData(connection, table.data_.data(), static_cast<int>(table.data_.size())) != 1
        || PQputCopyEnd(connection, nullptr) != 1)
      throw_failure(connection, nullptr);
    expect(connection, PGRES_COMMAND_OK);
  }
  while (auto rest = next_result(connection))
    if (PQresultStatus(rest.get()) != PGRES_COMMAND_OK)
      throw_failure(connection, rest.get());
}

} // namespace meisim
