#pragma once

#include "actors/base/child_program.hpp"
#include "actors/verification/lpac_settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace meisim {

/// How the `lpac` program is run for a device. Its HTTP requests are carried out by us. `card` is
/// where it finds a card: `pcsc` for the device's reader.
program_call lpac_call(const lpac_settings& settings, std::vector<std::string> arguments,
                       std::string_view card = "pcsc");

/// What a program complains of on its standard error, which is meant for people. The first lines
/// are kept, and shown as one.
class complaint {
public:
  void add(std::string_view bytes);

  /// Plain characters only; empty if there was none.
  std::string text() const;

private:
  std::string head_;
};

} // namespace meisim
