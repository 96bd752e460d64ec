#include "persistence/base/row_array.hpp"

#include <boost/endian/conversion.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <utility>

namespace meisim {

namespace {

/// So many rows fit into the memory that PostgreSQL gives to the rows of a function (work_mem).
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

/// The types whose values `add` writes.
constexpr std::array written_types{boolean_type, bytea_type,      bigint_type,      smallint_type,
                                   integer_type, text_type,       timestamptz_type, bit_type,
                                   uuid_type,    uuid_array_type, jsonb_type};

/// PostgreSQL counts time from the year 2000.
constexpr int64_t micros_to_2000 = 946'684'800'000'000;

constexpr size_t uuid_size = 16;

template <class T>
void append_big_endian(std::string& target, T value) {
  auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(boost::endian::native_to_big(value));
  target.append(bytes.data(), bytes.size());
}

/// Writes the head of an array, which says what its elements are (PostgreSQL's array_recv).
std::string array_header(uint32_t type, int32_t size) {
  // PostgreSQL sees from the elements whether there are NULLs among them.
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

row_array::row_array(std::shared_ptr<const array_statement> statement)
  : statement_(std::move(statement)) {
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
  if (statement_->takes_rows()) {
    // The row's size, once it is known, and its columns (PostgreSQL's record_recv).
    append_big_endian(data, int32_t{0});
    append_big_endian(data, static_cast<int32_t>(statement_->columns.size()));
  }
}

void row_array::end_row() {
  if (chunks_.empty())
    return;
  if (cursor_ != statement_->columns.size())
    throw std::logic_error(fmt::format("a row has {} columns: {}", cursor_, text()));
  if (!statement_->takes_rows())
    return;
  auto& data = chunks_.back().data;
  std::string size;
  append_big_endian(size, static_cast<int32_t>(data.size() - begin_ - sizeof(int32_t)));
  data.replace(begin_, size.size(), size);
}

std::string& row_array::next(uint32_t type, size_t size) {
  if (cursor_ >= statement_->columns.size() || statement_->columns[cursor_] != type)
    throw std::logic_error(fmt::format("column {} is of another type: {}", cursor_ + 1, text()));
  return begin_value(static_cast<int32_t>(size));
}

std::string& row_array::begin_value(int32_t size) {
  auto& data = chunks_.back().data;
  auto type = statement_->columns.at(cursor_++);
  if (statement_->takes_rows())
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

bool is_written_type(uint32_t type) {
  return std::ranges::find(written_types, type) != written_types.end();
}

std::vector<std::string> row_array::take() {
  end_row();
  std::vector<std::string> result;
  for (auto& [size, data] : std::exchange(chunks_, {}))
    result.push_back(array_header(statement_->element, size) + data);
  return result;
}

} // namespace meisim
