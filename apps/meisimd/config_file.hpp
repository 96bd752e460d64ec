#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace meisim {

/// Lets `--config` name a file of `name=value` lines: a name is that of an option, a value all that
/// stands behind the first `=`, a flag needs none. Options that take several values may have
/// several lines. What is wrong with a line is an error that names file and line.
///
/// The command line goes before the file, the file before the environment.
void read_config_file(CLI::App& app);

/// A file for `--config` with every option, its meaning and its default, all of it commented out.
std::string example_config(const CLI::App& app);

} // namespace meisim
