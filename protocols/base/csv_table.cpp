#include "protocols/base/csv_table.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/text.hpp"

#include <csv.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace meisim {

namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
constexpr std::string_view utf16_little = "\xff\xfe";
constexpr std::string_view utf16_big = "\xfe\xff";

/// As many columns as a sheet of Excel has. An empty cell is a byte of the file, and much more in
/// memory.
constexpr size_t most_cells = 16'384;

/// The character that ends a file of DOS.
constexpr char end_of_dos = 0x1a;

// -- characters -----------------------------------------------------------------------------------

void append_utf8(std::string& to, char32_t c) {
  auto add = [&to](char32_t byte) { to += static_cast<char>(byte); };
  if (c < 0x80)
    return add(c);
  if (c < 0x800) {
    add(0xc0 | c >> 6);
  } else if (c < 0x10000) {
    add(0xe0 | c >> 12);
    add(0x80 | (c >> 6 & 0x3f));
  } else {
    add(0xf0 | c >> 18);
    add(0x80 | (c >> 12 & 0x3f));
    add(0x80 | (c >> 6 & 0x3f));
  }
  add(0x80 | (c & 0x3f));
}

std::string from_utf16(std::string_view bytes, bool is_little) {
  auto unit_at = [&](size_t i) -> char32_t {
    char32_t first = static_cast<unsigned char>(bytes[i]);
    char32_t second = static_cast<unsigned char>(bytes[i + 1]);
    return is_little ? second << 8 | first : first << 8 | second;
  };
  std::string result;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    auto c = unit_at(i);
    bool is_pair = c >= 0xd800 && c < 0xdc00 && i + 3 < bytes.size();
    if (is_pair) {
      i += 2;
      c = 0x10000 + ((c - 0xd800) << 10) + ((unit_at(i) - 0xdc00) & 0x3ff);
    }
    append_utf8(result, c);
  }
  return result;
}

std::string in_utf8(std::string_view bytes) {
  bool is_little = bytes.starts_with(utf16_little);
  if (is_little || bytes.starts_with(utf16_big))
    return from_utf16(bytes.substr(2), is_little);
  if (bytes.starts_with(utf8_mark))
    bytes.remove_prefix(utf8_mark.size());
  if (bytes.ends_with(end_of_dos))
    bytes.remove_suffix(1);
  return std::string{bytes};
}

/// With LF at the end of each line, whichever end it had.
std::string with_plain_lines(const std::string& text) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      result += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      result += '\n';
  }
  return result;
}

// -- the separator --------------------------------------------------------------------------------

/// The separator that `sep=;` in the first line declares; nothing if it declares none. Programs
/// that quote each cell also put this in quotes.
std::optional<char> declared_separator(std::string_view first_line) {
  constexpr std::string_view lead = "sep=";
  if (first_line.size() > 2 && first_line.starts_with('"') && first_line.ends_with('"'))
    first_line = first_line.substr(1, first_line.size() - 2);
  if (first_line.size() != lead.size() + 1
      || !same_but_for_case(first_line.substr(0, lead.size()), lead))
    return std::nullopt;
  return first_line.back();
}

/// The separator that is most frequent in the line, outside of quotes; a comma if there is none.
char separator_in(std::string_view line) {
  constexpr std::string_view candidates = ",;\t";
  std::array<int, candidates.size()> counts{};
  bool is_quoted = false;
  for (char c : line) {
    is_quoted = is_quoted != (c == '"');
    if (auto which = candidates.find(c); which != std::string_view::npos && !is_quoted)
      ++counts.at(which);
  }
  return candidates[static_cast<size_t>(std::ranges::max_element(counts) - counts.begin())];
}

/// `="…"` tells a spreadsheet to leave a number alone. It is no CSV, but it is without the equals
/// sign.
std::string without_formula_marks(std::string_view text, char separator) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    bool begins_cell = i == 0 || text[i - 1] == separator || text[i - 1] == '\n';
    if (!begins_cell || text[i] != '=' || i + 1 == text.size() || text[i + 1] != '"')
      result += text[i];
  }
  return result;
}

std::string clean_cell(std::string_view cell) {
  cell = trimmed_text(cell);
  if (cell.size() >= 3 && cell.starts_with("=\"") && cell.ends_with('"'))
    cell = cell.substr(2, cell.size() - 3);
  // The apostrophe keeps a spreadsheet from reading a number. It is no part of the number.
  if (cell.starts_with('\''))
    cell.remove_prefix(1);
  return std::string{trimmed_text(cell)};
}

// -- rows -----------------------------------------------------------------------------------------

/// Takes what libcsv reads, cell by cell.
struct table_reading {
  std::span<const csv_column> columns;
  csv_header header;
  size_t most_rows;
  std::vector<csv_row> rows = {};
  std::vector<std::string> cells = {};
  /// The place of each column in a row; `none` for a column that the file does not have.
  std::vector<size_t> places = {};
  bool has_header = false;
  /// Whether a row has begun and has not ended.
  bool is_in_row = false;
  /// The line that is being read, and the line on which the row began.
  int64_t line = 1;
  int64_t row_line = 1;
  std::string flaw = {};

  static constexpr auto none = static_cast<size_t>(-1);

  void reject(std::string_view why) {
    if (flaw.empty())
      flaw = fmt::format("line {}: {}", row_line, why);
  }

  /// Whether the row names a column; then it is the header.
  bool read_header() {
    std::vector<size_t> found;
    for (const auto& column : columns) {
      auto named = std::ranges::find_if(
        cells, [&](const auto& cell) { return same_but_for_case(cell, column.name); });
      found.push_back(named == cells.end() ? none : static_cast<size_t>(named - cells.begin()));
    }
    if (std::ranges::all_of(found, [](size_t place) { return place == none; }))
      return false;
    places = std::move(found);
    has_header = true;
    for (size_t i = 0; i < columns.size(); ++i)
      if (places[i] == none && columns[i].is_required)
        reject(fmt::format("the header must name the column {}", columns[i].name));
    return true;
  }

  void begin() {
    if (read_header())
      return;
    if (header == csv_header::required) {
      std::string names;
      for (const auto& column : columns)
        if (column.is_required)
          names.append(names.empty() ? "" : " and ").append(column.name);
      return reject(fmt::format("the header must name the column {}", names));
    }
    for (size_t i = 0; i < columns.size(); ++i)
      places.push_back(i);
    add_row();
  }

  void add_row() {
    if (rows.size() == most_rows)
      return reject(fmt::format("there are more than {} rows", most_rows));
    csv_row row{row_line, {}, has_header || cells.size() == columns.size()};
    for (size_t i = 0; i < columns.size(); ++i) {
      bool is_there = places[i] < cells.size();
      row.fits = row.fits && (is_there || !columns[i].is_required);
      row.cells.push_back(is_there ? std::move(cells[places[i]]) : std::string{});
    }
    rows.push_back(std::move(row));
  }

  /// Whether the row is the header once more, as where files were put one behind the other.
  bool repeats_header() const {
    for (size_t i = 0; i < columns.size(); ++i)
      if (places[i] != none
          && (places[i] >= cells.size() || !same_but_for_case(cells[places[i]], columns[i].name)))
        return false;
    return true;
  }

  void end_row() {
    is_in_row = false;
    if (!flaw.empty())
      return;
    bool is_blank = std::ranges::all_of(cells, &std::string::empty);
    if (!is_blank && places.empty())
      begin();
    else if (!is_blank && !repeats_header())
      add_row();
    cells.clear();
  }
};

void take_table_cell(void* text, size_t size, void* into) {
  auto& state = *static_cast<table_reading*>(into);
  if (state.cells.size() < most_cells)
    state.cells.push_back(clean_cell({static_cast<const char*>(text), size}));
  else
    state.reject(fmt::format("there are more than {} cells", most_cells));
}

void take_table_row(int, void* into) {
  static_cast<table_reading*>(into)->end_row();
}

/// Takes the blank lines off the front, and counts them.
int64_t take_blank_lines(std::string_view& text) {
  int64_t count = 0;
  for (auto end = text.find('\n');
       end != std::string_view::npos && trimmed_text(text.substr(0, end)).empty();
       end = text.find('\n')) {
    text.remove_prefix(end + 1);
    ++count;
  }
  return count;
}

void read_lines(table_reading& state, std::string_view text, char separator) {
  csv_parser parser{};
  csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
  csv_set_delim(&parser, static_cast<unsigned char>(separator));
  std::unique_ptr<csv_parser, decltype(&csv_free)> guard{&parser, csv_free};
  // The library does not count lines, so it is given one line at a time.
  for (; !text.empty() && state.flaw.empty(); ++state.line) {
    auto size = std::min(text.find('\n'), text.size() - 1) + 1;
    if (!state.is_in_row)
      state.row_line = state.line;
    // A blank line ends no row.
    state.is_in_row = state.is_in_row || !trimmed_text(text.substr(0, size)).empty();
    if (csv_parse(&parser, text.data(), size, take_table_cell, take_table_row, &state) != size)
      state.reject("a quote is in the wrong place");
    text = text.substr(size);
  }
  if (state.flaw.empty() && csv_fini(&parser, take_table_cell, take_table_row, &state) != 0)
    state.reject("a quoted cell has no end");
}

} // namespace

caf::expected<std::vector<csv_row>> read_csv_table(std::string_view bytes,
                                                   std::span<const csv_column> columns,
                                                   csv_header header, size_t most_rows) {
  auto text = with_plain_lines(in_utf8(bytes));
  if (text.find('\0') != std::string::npos)
    return make_error(cause::malformed_body, "holds bytes of zero: it must be saved as UTF-8");
  std::string_view rest{text};
  table_reading state{columns, header, most_rows};
  state.line += take_blank_lines(rest);
  auto first_line = rest.substr(0, rest.find('\n'));
  auto separator = declared_separator(first_line);
  if (separator) {
    rest = rest.substr(std::min(first_line.size() + 1, rest.size()));
    ++state.line;
  } else {
    separator = separator_in(first_line);
  }
  read_lines(state, without_formula_marks(rest, *separator), *separator);
  if (!state.flaw.empty())
    return make_error(cause::malformed_body, state.flaw);
  return std::move(state.rows);
}

} // namespace meisim
