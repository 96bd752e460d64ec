#include "apps/meisimd/config_file.hpp"

#include <fmt/core.h>

#include <istream>
#include <map>
#include <memory>
#include <set>
#include <sstream>

namespace meisim {

namespace {

constexpr auto config_option = "--config";

[[noreturn]] void refuse(const std::string& why) {
  throw CLI::ConfigError(why, CLI::ExitCodes::ConfigError);
}

/// A line of the file.
struct setting {
  std::string name;
  std::string value;
  /// Whether there is a `=`.
  bool has_value = false;
};

setting read_setting(const std::string& line) {
  setting result;
  auto at = line.find('=');
  result.name = CLI::detail::trim_copy(line.substr(0, at));
  result.has_value = at != std::string::npos;
  if (result.has_value)
    result.value = CLI::detail::trim_copy(line.substr(at + 1));
  if (result.value.size() > 1)
    CLI::detail::remove_quotes(result.value);
  return result;
}

/// Gives the lines of one file to the options that they name.
class line_taker {
public:
  explicit line_taker(CLI::App& app) : app_(app) {
    // nop
  }

  /// Throws CLI::Error.
  void take(const setting& what, int line) {
    auto* option = app_.get_option_no_throw("--" + what.name);
    if (option == nullptr || !option->get_configurable())
      refuse(fmt::format("there is no option \"{}\"", what.name));
    bool is_flag = option->get_expected_min() == 0;
    if (!what.has_value && !is_flag)
      refuse(fmt::format("{0} needs a value: {0}=...", what.name));
    auto [first, is_first] = lines_.emplace(what.name, line);
    if (!is_first && option->get_expected_max() == 1)
      refuse(fmt::format("{} is set in line {} already", what.name, first->second));
    if (is_first && !option->empty())
      overruled_.insert(what.name);
    if (overruled_.contains(what.name))
      return;
    option->add_result(is_flag && !what.has_value ? "true" : what.value);
    option->run_callback();
  }

private:
  CLI::App& app_;
  /// The line on which a name came first.
  std::map<std::string, int> lines_;
  /// Options that the command line sets, which overrules the file.
  std::set<std::string> overruled_;
};

/// CLI11's own reader of files, which has nothing left to read.
class config_reader : public CLI::Config {
public:
  explicit config_reader(CLI::App& app) : app_(app) {
    // nop
  }

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    line_taker lines{app_};
    int number = 0;
    for (std::string line; std::getline(input, line);) {
      ++number;
      CLI::detail::trim(line);
      if (line.empty() || line.front() == '#' || line.front() == ';')
        continue;
      try {
        lines.take(read_setting(line), number);
      } catch (const CLI::Error& error) {
        refuse(fmt::format("{}:{}: {}", app_.get_option(config_option)->as<std::string>(), number,
                           error.what()));
      }
    }
    return {};
  }

  std::string to_config(const CLI::App*, bool, bool, std::string) const override {
    return {};
  }

private:
  CLI::App& app_;
};

/// Lines of a comment.
std::string commented(const std::string& text) {
  std::istringstream lines{text};
  std::string result;
  for (std::string line; std::getline(lines, line);)
    result += line.empty() ? "#\n" : "# " + line + '\n';
  return result;
}

std::string default_of(const CLI::Option& option) {
  if (option.get_expected_min() == 0)
    return "true";
  auto text = option.get_default_str();
  return text == "[]" ? "" : text;
}

} // namespace

void read_config_file(CLI::App& app) {
  app.set_config(config_option, "", "Read options from this file (name=value lines)");
  app.config_formatter(std::make_shared<config_reader>(app));
}

std::string example_config(const CLI::App& app) {
  auto text = commented(
    "Options of meisimd, a line each, with their defaults. A line without its # sets one; the value is\n"
    "all that stands behind the =. Check the file by meisimd --config FILE --check-config.\n\n"
    + app.get_footer());
  for (const auto* option : app.get_options())
    if (option->get_configurable())
      text += fmt::format("\n{}#{}={}\n", commented(option->get_description()),
                          option->get_single_name(), default_of(*option));
  return text;
}

} // namespace meisim
