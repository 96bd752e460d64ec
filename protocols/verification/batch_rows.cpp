#include "protocols/verification/batch_rows.hpp"

#include "protocols/base/text.hpp"
#include "protocols/verification/activation_code.hpp"

#include <unordered_set>
#include <utility>

namespace meisim {

namespace {

/// What the rows of one code have in common. Only the ICCID tells codes without a matching id
/// apart.
std::string key_of_row(const batch_row& row, const code_reading& reading) {
  if (!reading.code)
    return row.lpa;
  const auto& code = *reading.code;
  return code.host + '$' + (code.matching_id.empty() ? row.iccid : code.matching_id);
}

} // namespace

batch_row make_batch_row(std::string_view iccid, std::string_view lpa) {
  batch_row row{std::string{trimmed_text(iccid)}, std::string{trimmed_text(lpa)}};
  auto reading = read_activation_code(row.lpa);
  if (reading.code && !reading.code->confirmation_code.empty())
    row.lpa = to_string(*reading.code);
  return row;
}

row_survey survey_rows(const std::vector<batch_row>& rows, const std::vector<int64_t>& lines) {
  row_survey result;
  std::unordered_set<std::string> seen;
  for (size_t i = 0; i < rows.size(); ++i) {
    auto reading = read_activation_code(rows[i].lpa);
    if (!reading.code)
      result.malformed.push_back({lines[i], reading.flaw});
    if (!seen.insert(key_of_row(rows[i], reading)).second)
      result.repeats.push_back(i);
  }
  return result;
}

std::vector<batch_row> without_repeats(std::vector<batch_row> rows, const row_survey& known) {
  std::vector<batch_row> result;
  auto repeat = known.repeats.begin();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (repeat != known.repeats.end() && *repeat == i)
      ++repeat;
    else
      result.push_back(std::move(rows[i]));
  }
  return result;
}

} // namespace meisim
