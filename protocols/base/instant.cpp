#include "protocols/base/instant.hpp"

namespace meisim {

namespace {

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// Writes a number as `count` digits, the first of them at `begin`.
void put_digits(std::string& text, size_t begin, size_t count, int64_t number) {
  for (size_t i = count; i > 0; --i, number /= 10)
    text[begin + i - 1] = static_cast<char>('0' + number % 10);
}

} // namespace

std::string rfc3339(instant time) {
  using namespace std::chrono;
  auto day = floor<days>(time);
  year_month_day date{day};
  hh_mm_ss clock{floor<seconds>(time - day)};
  std::string text = "....-..-..T..:..:..Z";
  put_digits(text, 0, 4, static_cast<int>(date.year()));
  put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
  put_digits(text, 11, 2, clock.hours().count());
  put_digits(text, 14, 2, clock.minutes().count());
  put_digits(text, 17, 2, clock.seconds().count());
  return text;
}

std::string rfc3339_to_micros(instant time) {
  auto text = rfc3339(time);
  text.insert(text.size() - 1, ".......", 7);
  text[19] = '.';
  put_digits(text, 20, 6, (time - std::chrono::floor<std::chrono::seconds>(time)).count());
  return text;
}

std::optional<instant> parse_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  auto y = digits(text.substr(0, 4));
  auto m = digits(text.substr(5, 2));
  auto d = digits(text.substr(8, 2));
  if (!y || !m || !d)
    return std::nullopt;
  year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok())
    return std::nullopt;
  return time_point_cast<microseconds>(sys_days{date});
}

std::optional<instant> parse_time(std::string_view text) {
  constexpr size_t whole_seconds = 19;
  auto day = parse_date(text.substr(0, 10));
  if (!day || text.size() <= whole_seconds || text[10] != 'T' || text[13] != ':' || text[16] != ':'
      || text.back() != 'Z')
    return std::nullopt;
  auto fraction = text.substr(whole_seconds, text.size() - whole_seconds - 1);
  bool is_fraction = fraction.empty()
                     || (fraction.size() > 1 && fraction[0] == '.'
                         && fraction.find_first_not_of("0123456789", 1) == std::string_view::npos);
  auto hour = digits(text.substr(11, 2));
  auto minute = digits(text.substr(14, 2));
  auto second = digits(text.substr(17, 2));
  if (!is_fraction || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
    return std::nullopt;
  return *day + std::chrono::hours{*hour} + std::chrono::minutes{*minute}
         + std::chrono::seconds{*second};
}

} // namespace meisim
