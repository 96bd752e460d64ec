#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// What people see of a text, and what they do not. All of it takes UTF-8; other bytes count as
// characters that are seen.

namespace meisim {

/// `text` without what is not seen at its ends: white space of any script, zero-width characters,
/// a byte order mark.
std::string_view trimmed_text(std::string_view text);

/// Whether the text would break a line or control a terminal: C0 and C1 controls, and the
/// separators of lines and paragraphs.
bool has_control_character(std::string_view text);

/// At most `most` bytes of the text, and no part of a character.
std::string beginning_of(std::string_view text, size_t most);

/// As a keyboard of ASCII would have written it: with a hyphen for each of the dashes that word
/// processors put in its place, and for the wide signs and digits of other keyboards those that
/// they stand for; without the characters that have no width.
std::string with_plain_signs(std::string_view text);

/// The same for a number that is written without blanks: white space is left out too.
std::string compact_text(std::string_view text);

} // namespace meisim
