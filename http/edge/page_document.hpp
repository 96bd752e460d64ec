#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace meisim::http {

/// How a line is set.
struct text_style {
  /// In points.
  double size = 10;
  bool is_bold = false;
  bool is_quiet = false;
};

/// A column of a table. All columns of a table together are as wide as `page_document::width`.
struct table_column {
  std::string_view name;
  double width = 0;
  /// Whether it is set to the right, as sums of money are.
  bool is_right = false;
};

/// A document of A4 pages in PDF, written from the top down. Text may be in any script that the
/// machine has a font for. Only one document is written at a time: it belongs to one thread, and
/// others wait for its end.
class page_document {
public:
  /// The width for writing, in points.
  static constexpr double width = 483;

  /// Throws if it cannot be begun.
  explicit page_document(const std::string& title);

  ~page_document();

  page_document(const page_document&) = delete;
  page_document& operator=(const page_document&) = delete;

  /// A paragraph, broken into lines if it is too long for one.
  void line(std::string_view text, text_style style = {});

  /// A name on the left, and its value on the right.
  void row(std::string_view name, std::string_view value, text_style style = {});

  void gap(double points);

  void rule();

  /// Begins a table, whose head stands on each of its pages. The columns must outlive it.
  void begin_table(std::span<const table_column> columns);

  /// A row of the table, with a cell for each column. What is too long for two lines is cut short.
  void table_row(std::span<const std::string> cells);

  /// The bytes of the PDF. Nothing can be added behind it. Throws if it could not be made.
  std::string finish();

private:
  struct state;

  std::unique_ptr<state> state_;
};

} // namespace meisim::http
