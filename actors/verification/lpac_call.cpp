#include "actors/verification/lpac_call.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace meisim {

namespace {

/// The variables by which a program finds libraries, readers and its own files. The others stay
/// here, because our environment has secrets.
constexpr std::array<const char*, 6> handed_on{"PATH",   "HOME",   "LANG",
                                               "LC_ALL", "TMPDIR", "PCSCLITE_CSOCK_NAME"};

constexpr size_t most_kept = 400;
constexpr ptrdiff_t most_lines = 3;

} // namespace

program_call lpac_call(const lpac_settings& settings, std::vector<std::string> arguments,
                       std::string_view card) {
  program_call call;
  call.program = settings.binary;
  call.arguments = std::move(arguments);
  for (const char* name : handed_on)
    if (const char* value = std::getenv(name))
      call.environment.push_back(std::string{name} + '=' + value);
  call.environment.push_back("LPAC_APDU=" + std::string{card});
  call.environment.push_back("LPAC_APDU_PCSC_DRV_NAME=" + settings.reader);
  // Without this, lpac 2.3.0 takes the first card whatever the name is.
  call.environment.emplace_back("LPAC_APDU_PCSC_DRV_IFID=-2");
  call.environment.emplace_back("LPAC_HTTP=stdio");
  return call;
}

void complaint::add(std::string_view bytes) {
  head_.append(bytes.substr(0, most_kept - std::min(most_kept, head_.size())));
}

std::string complaint::text() const {
  std::string result;
  ptrdiff_t lines = 0;
  for (char c : head_) {
    if (c == '\n' && ++lines == most_lines)
      break;
    result += c == '\n' ? ';' : c >= 0x20 && c < 0x7f ? c : ' ';
    if (c == '\n')
      result += ' ';
  }
  while (!result.empty() && (result.back() == ' ' || result.back() == ';'))
    result.pop_back();
  return result;
}

} // namespace meisim
