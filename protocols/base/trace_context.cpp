#include "protocols/base/trace_context.hpp"

#include "protocols/base/ascii.hpp"

namespace meisim {

namespace {

// version "-" trace-id "-" parent-id "-" flags
constexpr size_t version_size = 2;
constexpr size_t trace_id_at = 3;
constexpr size_t trace_id_size = 32;
constexpr size_t parent_id_at = 36;
constexpr size_t parent_id_size = 16;
constexpr size_t flags_at = 53;
constexpr size_t first_version_size = 55;

bool is_hex(std::string_view text) {
  return text.find_first_not_of(hex_digits) == std::string_view::npos;
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

/// Whether the text begins as in the first version, which later versions only add to.
bool has_first_form(std::string_view text) {
  auto version = text.substr(0, version_size);
  auto trace = text.substr(trace_id_at, trace_id_size);
  auto parent = text.substr(parent_id_at, parent_id_size);
  return text[trace_id_at - 1] == '-' && text[parent_id_at - 1] == '-' && text[flags_at - 1] == '-'
         && is_hex(version) && version != "ff" && is_hex(trace) && !is_zero(trace) && is_hex(parent)
         && !is_zero(parent) && is_hex(text.substr(flags_at, first_version_size - flags_at));
}

} // namespace

std::string trace_parent_in(std::string_view header) {
  if (header.size() < first_version_size || !has_first_form(header))
    return {};
  bool is_longer = header.size() > first_version_size;
  if (is_longer && (header.starts_with("00") || header[first_version_size] != '-'))
    return {};
  auto result = std::string{header.substr(0, first_version_size)};
  return result.replace(0, version_size, "00");
}

std::string_view trace_id_of(std::string_view trace_parent) {
  return trace_parent.size() < first_version_size ? std::string_view{}
                                                  : trace_parent.substr(trace_id_at, trace_id_size);
}

} // namespace meisim
