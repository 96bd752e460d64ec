#include "protocols/base/date_time.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/text.hpp"

#include <algorithm>
#include <chrono>

namespace meisim {

namespace {

constexpr std::string_view no_time = "must be a time like 2026-05-05T12:34:56Z";
constexpr std::string_view no_moment =
  "must be a day like 2026-05-05, or a time like 2026-05-05T12:34:56Z";
constexpr std::string_view no_offset = "must end with Z, or with an offset such as +02:00";

/// Whether the text goes on with one of these characters; then it is taken off.
bool take_one(std::string_view& text, std::string_view of) {
  bool is_one = !text.empty() && of.find(text.front()) != std::string_view::npos;
  text.remove_prefix(is_one ? 1 : 0);
  return is_one;
}

/// Takes a number of two digits off the text; -1 if there is none, or one above `most`.
int take_two_digits(std::string_view& text, int most) {
  if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1]))
    return -1;
  int number = 10 * (text[0] - '0') + text[1] - '0';
  text.remove_prefix(2);
  return number <= most ? number : -1;
}

/// The time of a day; nothing if the text does not go on with one.
std::optional<std::chrono::seconds> take_clock(std::string_view& text) {
  int hour = take_two_digits(text, 23);
  int minute = take_one(text, ":") ? take_two_digits(text, 59) : -1;
  int second = take_one(text, ":") ? take_two_digits(text, 59) : 0;
  if (hour < 0 || minute < 0 || second < 0)
    return std::nullopt;
  if (take_one(text, ".,")) {
    auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0)
      return std::nullopt;
    text.remove_prefix(digits);
  }
  return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
}

/// The offset from UTC; nothing if the rest of the text is no offset.
std::optional<std::chrono::seconds> offset_in(std::string_view text) {
  // A leading blank may be a plus sign that was not escaped.
  bool is_apart = text.starts_with(" +") || text.starts_with(" -");
  text.remove_prefix(is_apart ? 1 : 0);
  if (text == "Z" || text == "z" || text == " UTC")
    return std::chrono::seconds{0};
  bool is_west = text.starts_with('-');
  if (!take_one(text, "+- "))
    return std::nullopt;
  int hours = take_two_digits(text, 23);
  take_one(text, ":");
  int minutes = take_two_digits(text, 59);
  if (hours < 0 || minutes < 0 || !text.empty())
    return std::nullopt;
  std::chrono::seconds size = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return is_west ? -size : size;
}

} // namespace

time_reading read_day(std::string_view text) {
  auto day = parse_date(trimmed_text(text));
  return {day, day ? std::string_view{} : "must be a day like 2026-05-05"};
}

time_reading read_time(std::string_view text) {
  text = trimmed_text(text);
  auto day = parse_date(text.substr(0, 10));
  if (!day)
    return {std::nullopt, no_time};
  text.remove_prefix(10);
  auto clock = take_one(text, "Tt ") ? take_clock(text) : std::nullopt;
  if (!clock)
    return {std::nullopt, no_time};
  if (text.empty())
    return {std::nullopt, no_offset};
  auto offset = offset_in(text);
  if (!offset)
    return {std::nullopt, no_time};
  return {*day + *clock - *offset, {}};
}

time_reading read_moment(std::string_view text) {
  auto day = read_day(text);
  auto moment = day.time ? day : read_time(text);
  if (moment.flaw == no_time)
    moment.flaw = no_moment;
  return moment;
}

} // namespace meisim
