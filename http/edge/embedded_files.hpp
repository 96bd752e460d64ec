#pragma once

#include <span>
#include <string_view>

namespace meisim::http {

/// A file of this folder, compiled into the program.
struct embedded_file {
  std::string_view name; ///< without its folder, e.g. `docs.css`
  std::string_view text;
};

/// The parts of `openapi/` that make up the API's document, the base first.
std::span<const embedded_file> document_parts();

/// The page of `docs/` that shows it.
std::span<const embedded_file> docs_files();

} // namespace meisim::http
