#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace meisim {

/// Lets `--config` name a file of `name=value` lines. The name is that of an option; the value is
/// everything behind the first `=`. A flag needs no value. An option that takes several values may
/// have several lines. A wrong line is an error that names file and line.
///
/// The command line goes before the file, the file before the environment.
void read_config_file(CLI::App& app);

/// A file for `--config` with every option, its meaning and its default, all of it commented out.
std::string example_config(const CLI::App& app);

} // namespace meisim
