#pragma once

#include "protocols/verification/verdict.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// How a check ended. Each kind of end is judged by something of its own.
enum class check_end : uint8_t {
  /// The SM-DP+ refused with a subject and a reason: judged by the codes.
  refused,
  /// The SM-DP+ answered with another HTTP status than 200: judged by that.
  http_status,
  /// The device's program failed by itself: judged by the stage.
  failed,
  /// Something else happened: judged by its name.
  event,
};

/// How a check came to its end, before it is judged.
struct check_outcome {
  check_end end = check_end::event;
  /// For an event: `metadata` (the profile is there), `transport`, `not_json`, `forbidden`,
  /// `deadline`, `no_answer` (the SM-DP+ took too long), `babble`, `no_line`, `set_up` (it only
  /// complained), `exit`, `start`, `preview` or `other_card` (than the self-test has read).
  std::string event;
  /// The ICCID of the profile's metadata.
  std::string iccid;
  evidence seen;
};

/// A row of the table: which ends it is for, and what they mean.
struct verdict_row {
  check_end end = check_end::event;
  /// The codes, status, stage or event; a `*` at its end stands for anything.
  std::string pattern;
  verdict what = verdict::unknown;
  /// For the dealer. `{codes}`, `{stage}`, `{status}` and `{event}` are replaced by what was seen.
  std::string reason;
  blame fault = blame::nobody;
};

/// What the end of a check means for the code, row by row. The first row that fits holds. The rows
/// of the code's host come first, then those of the configuration, then the defaults.
class verdict_table {
public:
  /// The default rows. They have a row for everything.
  verdict_table();

  finding judge(const check_outcome& outcome) const;

  /// The row that judges this.
  const verdict_row& row_for(const check_outcome& outcome) const;

  /// The built-in rows.
  static const std::vector<verdict_row>& defaults();

private:
  friend caf::expected<verdict_table> read_verdict_table(std::string_view json);

  std::vector<verdict_row> configured_;
  std::map<std::string, std::vector<verdict_row>, std::less<>> by_host_;
};

/// The defaults with what a configuration puts before them:
/// `{"rows": [row…], "hosts": {"smdp.example.com": [row…]}}`. A row names one of `codes`
/// (`"8.2.6/3.8"`), `http_status` (`"503"`), `stage` and `event`, its `verdict`, and may have a
/// `reason` and, for an `error`, a `blame` (`device`, `host` or `unsure`). `invalid` names the row.
caf::expected<verdict_table> read_verdict_table(std::string_view json);

} // namespace meisim
