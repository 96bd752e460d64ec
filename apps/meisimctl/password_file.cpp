#include "apps/meisimctl/password_file.hpp"

#include "apps/meisimctl/acting_as.hpp"
#include "apps/meisimctl/admin_client.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace meisim {

namespace {

/// The fields of a line, without the backslashes that stand before `:` and `\` in them.
std::array<std::string, 5> fields_of(std::string_view line) {
  std::array<std::string, 5> fields;
  size_t field = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ':' && field < 4) {
      ++field;
      continue;
    }
    if (line[i] == '\\' && i + 1 < line.size())
      ++i;
    fields[field] += line[i];
  }
  return fields;
}

std::string line_start(const password_owner& whose) {
  return fmt::format("{}:{}:{}:{}:", whose.host, whose.port, whose.database, whose.role);
}

std::string other_lines(const std::string& path, const password_owner& whose) {
  std::ifstream file{path};
  std::string text;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with(line_start(whose)))
      text += line + '\n';
  return text;
}

[[noreturn]] void refuse_file(const std::string& path) {
  throw refused(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

void write_alone(const std::string& path, const std::string& text) {
  // A file may be left of an earlier attempt.
  ::unlink(path.c_str());
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    refuse_file(path);
  bool is_written = ::fchmod(fd, 0600) == 0
                    && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  is_written = ::close(fd) == 0 && is_written;
  if (!is_written)
    refuse_file(path);
}

} // namespace

std::optional<std::string> password_in(const std::string& path, const password_owner& whose) {
  acting_as owner{owner_of_folder_of(path)};
  std::ifstream file{path};
  const std::array<const std::string*, 4> wanted{&whose.host, &whose.port, &whose.database,
                                                 &whose.role};
  for (std::string line; std::getline(file, line);) {
    auto fields = fields_of(line);
    bool is_it = !line.starts_with('#');
    for (size_t i = 0; i < wanted.size(); ++i)
      is_it = is_it && (fields[i] == "*" || fields[i] == *wanted[i]);
    if (is_it)
      return fields[4];
  }
  return std::nullopt;
}

void keep_password(const std::string& path, const password_owner& whose,
                   const std::string& password) {
  acting_as owner{owner_of_folder_of(path)};
  auto fresh = path + ".new";
  write_alone(fresh, line_start(whose) + password + '\n' + other_lines(path, whose));
  if (std::rename(fresh.c_str(), path.c_str()) != 0)
    refuse_file(path);
}

} // namespace meisim
