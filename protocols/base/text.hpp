#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// What people see of a text, and what they do not. All functions take UTF-8; other bytes count as
// visible characters.

namespace meisim {

/// `text` without the invisible characters at its ends: white space of any script, zero-width
/// characters, a byte order mark.
std::string_view trimmed_text(std::string_view text);

/// Whether the text would break a line or control a terminal: C0 and C1 controls, and the
/// separators of lines and paragraphs.
bool has_control_character(std::string_view text);

/// At most `most` bytes of the text. No character is cut in two.
std::string beginning_of(std::string_view text, size_t most);

/// The text as an ASCII keyboard would have written it. The dashes of word processors become
/// hyphens. Wide signs and the digits of other keyboards become those that they stand for.
/// Characters without width are removed.
std::string with_plain_signs(std::string_view text);

/// The same for a number that is written without blanks: white space is left out too.
std::string compact_text(std::string_view text);

} // namespace meisim
