#include "http/edge/page_document.hpp"

#include <cairo-pdf.h>
#include <fmt/core.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace meisim::http {

namespace {

// A4, in points.
constexpr double page_width = 595;
constexpr double page_height = 842;
constexpr double left_edge = 56;
constexpr double right_edge = left_edge + page_document::width;
constexpr double top_edge = 56;
constexpr double bottom_edge = 786;

constexpr double cell_gap = 10;
constexpr text_style cell_style{.size = 8};
constexpr text_style head_style{.size = 8, .is_quiet = true};

/// Scripts that these fonts lack are looked for among the machine's other fonts.
constexpr const char* font_families = "Noto Sans, DejaVu Sans, WenQuanYi Micro Hei";

struct unreference {
  void operator()(void* what) const {
    g_object_unref(what);
  }
};

struct surface_deleter {
  void operator()(cairo_surface_t* what) const {
    cairo_surface_destroy(what);
  }
};

struct pen_deleter {
  void operator()(cairo_t* what) const {
    cairo_destroy(what);
  }
};

struct font_deleter {
  void operator()(PangoFontDescription* what) const {
    pango_font_description_free(what);
  }
};

template <class T>
using object = std::unique_ptr<T, unreference>;

using font = std::unique_ptr<PangoFontDescription, font_deleter>;

/// The machine's fonts are read once. Pango does not share them between threads, so a document
/// holds this lock while it is made.
struct shared_fonts {
  std::mutex lock;
  object<PangoFontMap> map{pango_cairo_font_map_new()};
};

shared_fonts& fonts() {
  static shared_fonts all;
  return all;
}

font font_of(const text_style& style) {
  font result{pango_font_description_new()};
  pango_font_description_set_family_static(result.get(), font_families);
  pango_font_description_set_absolute_size(result.get(), style.size * PANGO_SCALE);
  pango_font_description_set_weight(result.get(),
                                    style.is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  return result;
}

/// The file grows piece by piece.
cairo_status_t append(void* to, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

} // namespace

struct page_document::state {
  explicit state(const std::string& title) {
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  }

  /// The text as it will stand, at most `most` points wide; a cell is cut behind its second line.
  object<PangoLayout> lay_out(std::string_view text, const text_style& style, double most,
                              bool is_cell = false) {
    object<PangoLayout> layout{pango_layout_new(context.get())};
    auto* it = layout.get();
    pango_layout_set_text(it, text.data(), static_cast<int>(text.size()));
    pango_layout_set_font_description(it, font_of(style).get());
    pango_layout_set_single_paragraph_mode(it, TRUE);
    pango_layout_set_width(it, static_cast<int>(most * PANGO_SCALE));
    pango_layout_set_wrap(it, PANGO_WRAP_WORD_CHAR);
    if (is_cell) {
      pango_layout_set_height(it, -2);
      pango_layout_set_ellipsize(it, PANGO_ELLIPSIZE_END);
    }
    return layout;
  }

  /// Writes the layout with its left or its right edge there. Returns its height.
  double write(const object<PangoLayout>& layout, double at, double most, bool is_right,
               bool is_quiet) {
    auto* it = layout.get();
    // Pango turns the sides round for text that is read from the right.
    bool is_turned = pango_layout_get_direction(it, 0) == PANGO_DIRECTION_RTL;
    pango_layout_set_alignment(it, is_right != is_turned ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    auto grey = is_quiet ? 0.4 : 0.1;
    cairo_set_source_rgb(pen.get(), grey, grey, grey);
    cairo_move_to(pen.get(), is_right ? at - most : at, height);
    pango_cairo_show_layout(pen.get(), it);
    return height_of(layout);
  }

  static double height_of(const object<PangoLayout>& layout) {
    int pixels = 0;
    pango_layout_get_pixel_size(layout.get(), nullptr, &pixels);
    return pixels;
  }

  /// Begins a new page if so much room is not left.
  void make_room(double points) {
    if (height + points > bottom_edge)
      turn_page();
  }

  void turn_page() {
    end_page();
    cairo_show_page(pen.get());
    ++page;
    height = top_edge;
    if (!columns.empty())
      write_head();
  }

  /// A document of one page has no number on it.
  void end_page(bool is_last = false) {
    if (page == 1 && is_last)
      return;
    height = bottom_edge + 16;
    auto number = lay_out(fmt::format("{}", page), head_style, width);
    write(number, right_edge, width, true, true);
  }

  void draw_rule(double grey) {
    cairo_set_source_rgb(pen.get(), grey, grey, grey);
    cairo_set_line_width(pen.get(), 0.5);
    cairo_move_to(pen.get(), left_edge, height);
    cairo_line_to(pen.get(), right_edge, height);
    cairo_stroke(pen.get());
  }

  double room_in(size_t column) const {
    return columns[column].width - (column + 1 < columns.size() ? cell_gap : 0);
  }

  void write_cells(std::span<const object<PangoLayout>> cells, const text_style& style) {
    double at = left_edge;
    double highest = 0;
    for (size_t i = 0; i < columns.size(); ++i) {
      auto most = room_in(i);
      auto edge = columns[i].is_right ? at + most : at;
      highest = std::max(highest, write(cells[i], edge, most, columns[i].is_right, style.is_quiet));
      at += columns[i].width;
    }
    height += highest + 4;
  }

  void write_head() {
    std::vector<object<PangoLayout>> cells;
    for (size_t i = 0; i < columns.size(); ++i)
      cells.push_back(lay_out(columns[i].name, head_style, room_in(i), true));
    write_cells(cells, head_style);
    draw_rule(0.6);
    height += 4;
  }

  std::unique_lock<std::mutex> guard{fonts().lock};
  std::string bytes;
  std::unique_ptr<cairo_surface_t, surface_deleter> surface{
    cairo_pdf_surface_create_for_stream(append, &bytes, page_width, page_height)};
  std::unique_ptr<cairo_t, pen_deleter> pen{cairo_create(surface.get())};
  object<PangoContext> context{pango_font_map_create_context(fonts().map.get())};
  double height = top_edge;
  int page = 1;
  std::span<const table_column> columns = {};
};

page_document::page_document(const std::string& title) : state_(std::make_unique<state>(title)) {
  // nop
}

page_document::~page_document() = default;

void page_document::line(std::string_view text, text_style style) {
  auto layout = state_->lay_out(text, style, width);
  state_->make_room(state::height_of(layout));
  state_->height += state_->write(layout, left_edge, width, false, style.is_quiet) + 2;
}

void page_document::row(std::string_view name, std::string_view value, text_style style) {
  constexpr double for_name = 210;
  auto left = state_->lay_out(name, style, for_name);
  auto right = state_->lay_out(value, style, width - for_name);
  auto high = std::max(state::height_of(left), state::height_of(right));
  state_->make_room(high);
  state_->write(left, left_edge, for_name, false, !style.is_bold);
  state_->write(right, right_edge, width - for_name, true, false);
  state_->height += high + 6;
}

void page_document::gap(double points) {
  state_->height += points;
}

void page_document::rule() {
  state_->draw_rule(0.8);
  state_->height += 10;
}

void page_document::begin_table(std::span<const table_column> columns) {
  // The head does not stand at the foot of a page.
  state_->make_room(60);
  state_->columns = columns;
  state_->write_head();
}

void page_document::table_row(std::span<const std::string> cells) {
  std::vector<object<PangoLayout>> laid_out;
  double highest = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    laid_out.push_back(state_->lay_out(cells[i], cell_style, state_->room_in(i), true));
    highest = std::max(highest, state::height_of(laid_out.back()));
  }
  state_->make_room(highest);
  state_->write_cells(laid_out, cell_style);
}

std::string page_document::finish() {
  state_->end_page(true);
  cairo_surface_finish(state_->surface.get());
  auto status = cairo_surface_status(state_->surface.get());
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_status(state_->pen.get());
  if (status != CAIRO_STATUS_SUCCESS && status != CAIRO_STATUS_SURFACE_FINISHED)
    throw std::runtime_error(
      fmt::format("a PDF could not be made: {}", cairo_status_to_string(status)));
  return std::move(state_->bytes);
}

} // namespace meisim::http
