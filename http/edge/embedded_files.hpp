#pragma once

#include <span>
#include <string_view>

namespace meisim::http {

/// A file that is compiled into the program.
struct embedded_file {
  std::string_view name; ///< e.g. `docs.css`
  std::string_view text;
};

/// The parts of `openapi/` that make up the API's document, the base first.
std::span<const embedded_file> document_parts();

/// The same of the operators' API.
std::span<const embedded_file> admin_document_parts();

/// The page of `docs/` that shows it comes first, then the files that it needs.
std::span<const embedded_file> docs_files();

/// The pages that the build made from `portal/`; empty if this program was built without them. The
/// names have their folder, and files compressed by gzip or Brotli an additional `.gz` or `.br`.
std::span<const embedded_file> portal_files();

/// The page's viewer, plain and compressed by gzip (`.gz`) and Brotli (`.br`); empty if this
/// program was built without.
std::span<const embedded_file> viewer_files();

} // namespace meisim::http
