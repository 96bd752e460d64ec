#include "http/edge/inventory_csv.hpp"

#include "protocols/verification/activation_code.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace meisim::http {

namespace {

std::string_view without_quotes(std::string_view cell) {
  while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\r'))
    cell.remove_suffix(1);
  while (!cell.empty() && cell.front() == ' ')
    cell.remove_prefix(1);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
    return cell.substr(1, cell.size() - 2);
  return cell;
}

/// What is wrong with a line, beside its code; empty if it is good. Neither an ICCID nor an
/// activation code can hold a comma or a quote, so a line is what stands between two line breaks.
std::string flaw_of(std::string_view iccid, std::string_view line) {
  if (std::count(line.begin(), line.end(), ',') != 1)
    return "must have two columns, iccid and lpa";
  if (iccid.size() < 18 || iccid.size() > 22
      || iccid.find_first_not_of("0123456789") != std::string_view::npos)
    return "iccid must be 18 to 22 digits";
  return {};
}

/// Adds a line of the file to what is good or what is not. Of all ways to write a code, stock has
/// one.
void add_line(inventory_file& to, int64_t number, std::string_view line) {
  auto comma = std::min(line.find(','), line.size());
  auto iccid = without_quotes(line.substr(0, comma));
  auto lpa = without_quotes(line.substr(std::min(comma + 1, line.size())));
  if (line.empty() || (number == 1 && iccid == "iccid"))
    return;
  auto flaw = flaw_of(iccid, line);
  if (!flaw.empty())
    return to.rejected.push_back({number, std::move(flaw)});
  auto reading = read_activation_code(lpa);
  if (reading.code)
    to.lines.push_back({number, std::string{iccid}, to_string(*reading.code)});
  else
    to.rejected.push_back({number, fmt::format("lpa {}", reading.flaw)});
}

} // namespace

inventory_file read_inventory(std::string_view csv, int64_t first_line) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (csv.starts_with(byte_order_mark))
    csv.remove_prefix(byte_order_mark.size());
  inventory_file file;
  for (auto number = first_line; !csv.empty(); ++number) {
    auto end = std::min(csv.find('\n'), csv.size());
    auto line = csv.substr(0, end);
    csv = csv.substr(std::min(end + 1, csv.size()));
    if (!line.empty() && line.back() == '\r')
      line.remove_suffix(1);
    add_line(file, number, line);
  }
  return file;
}

} // namespace meisim::http
