#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace meisim {

// What the `lpac` program writes on its standard output, one JSON object a line, and what it gets
// on its standard input. All of it is foreign text, so reading is strict and bounded.

/// The check has come to a step.
struct lpac_progress {
  /// `es9p_authenticate_client`
  std::string step;
  /// The ICCID within the data of the step that shows the profile's metadata.
  std::string iccid;
};

/// The program asks for an HTTP request, and waits for the answer.
struct lpac_http_request {
  std::string url;
  std::vector<std::string> headers;
  std::string body;
};

/// The program's last word.
struct lpac_result {
  int64_t code = 0;
  /// `success`, or where it failed.
  std::string message;
};

/// An HTTP request that cannot be read. It must not be sent, whatever it asks for.
struct lpac_bad_request {};

/// A line that means nothing to us: no JSON object, or one of another type.
struct lpac_noise {
  bool is_json = false;
};

using lpac_line =
  std::variant<lpac_noise, lpac_progress, lpac_http_request, lpac_bad_request, lpac_result>;

/// Reads a line without its end; any bytes at all are safe. Names of steps and the like are kept
/// only if they are plain short words, so that they can be shown.
lpac_line read_lpac_line(std::string_view line);

/// The version in the answer of `lpac version`: `v2.3.0`. Nothing if the line says something else.
std::optional<std::string> read_lpac_version(std::string_view line);

/// Whether a version (`v2.3.0`, `2.3.0-1`) is known to be older than `first` (`2.3`). A version
/// without numbers, or with only zeros, as builds from source may have, is not.
bool is_lpac_before(std::string_view version, std::string_view first);

/// The EID in the answer of `lpac chip info`: 32 digits.
std::optional<std::string> read_lpac_eid(std::string_view line);

/// The readers' names in the answer of `lpac driver apdu list`.
std::optional<std::vector<std::string>> read_lpac_readers(std::string_view line);

/// The answer to an HTTP request: a whole line.
std::string lpac_http_answer(int32_t status, std::string_view body);

/// Whether a step is the one at which the profile's metadata is known, in either spelling that lpac
/// has had.
bool is_metadata_step(std::string_view step);

/// Whether a step belongs to the end of a check that has failed: from here on the program only
/// undoes what it did.
bool is_cancel_step(std::string_view step);

/// The bytes that `text` writes in hexadecimal; nothing if it is no such text.
std::optional<std::string> from_hex(std::string_view text);

/// Cuts a stream of bytes into lines of bounded length.
class line_cutter {
public:
  explicit line_cutter(size_t longest) : longest_(longest) {
    // nop
  }

  /// Adds bytes. What is beyond a line that is too long is not kept.
  void feed(std::string_view bytes);

  /// The next whole line, without its end. The last one needs its line break too.
  std::optional<std::string> next();

  /// Whether a line was longer than allowed; there are no more lines then.
  bool is_overlong() const {
    return is_overlong_;
  }

private:
  size_t longest_;
  std::string buffer_;
  /// What stands before has been taken as lines.
  size_t begin_ = 0;
  /// Up to here there is no line break behind `begin_`.
  size_t searched_ = 0;
  bool is_overlong_ = false;
};

} // namespace meisim
