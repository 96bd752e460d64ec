#include "http/edge/inventory_csv.hpp"

#include "protocols/base/iccid.hpp"
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

/// Takes a line, or lists it with what is wrong with it. Neither an ICCID nor an activation code
/// can hold a comma or a quote, so a line is what stands between two line breaks.
void take_line(inventory_file& file, int64_t number, std::string_view line) {
  auto reject = [&](std::string why) { file.rejected.push_back({number, std::move(why)}); };
  if (std::count(line.begin(), line.end(), ',') != 1)
    return reject("must have two columns, iccid and lpa");
  auto comma = line.find(',');
  auto iccid = read_iccid(without_quotes(line.substr(0, comma)));
  if (!iccid.number)
    return reject(fmt::format("iccid {}", iccid.flaw));
  auto lpa = read_activation_code(without_quotes(line.substr(comma + 1)));
  if (!lpa.code)
    return reject(fmt::format("lpa {}", lpa.flaw));
  file.lines.push_back({number, std::move(iccid.number->digits), to_string(*lpa.code),
                        std::move(lpa.code->confirmation_code)});
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
    bool is_header = number == 1 && without_quotes(line.substr(0, line.find(','))) == "iccid";
    if (!line.empty() && !is_header)
      take_line(file, number, line);
  }
  return file;
}

} // namespace meisim::http
