#pragma once

#include "apps/meisimd/options.hpp"

#include <string>
#include <vector>

namespace meisim {

/// A finding about an option.
struct config_finding {
  /// An error means that the node does not start, or does not do what the option asks for. A
  /// warning means that the setting may be intended, but is unsafe with real money.
  bool is_error = false;
  /// The option's name, or that of the file or variable beside it.
  std::string about;
  std::string text;
};

/// Looks at options and at the files that they name; asks neither database nor network.
std::vector<config_finding> check_config(const node_options& options);

/// Prints the findings on standard output; the status to end with.
int print_findings(const std::vector<config_finding>& findings);

} // namespace meisim
