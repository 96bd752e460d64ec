#include "actors/operators/key_file.hpp"

#include "protocols/base/error.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace meisim {

namespace {

constexpr size_t longest_secret = 4'096;

std::string next_line(std::ifstream& file) {
  std::string text;
  std::getline(file, text);
  if (text.ends_with('\r'))
    text.pop_back();
  return text;
}

std::string before(const std::string& path) {
  return path + ".before";
}

/// Reads the secret before, if it still holds.
void read_before(const std::string& path, instant now, secret_value& into) {
  std::ifstream file{before(path)};
  auto text = next_line(file);
  auto until = parse_time(next_line(file));
  if (!secret_flaw(text).empty() || (until && *until <= now))
    return;
  into.before = std::move(text);
  into.before_until = until.value_or(instant{});
}

bool write_all(int fd, const std::string& text) {
  return ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size())
         && ::fsync(fd) == 0;
}

/// `put(from, to)` gives the whole file its name.
template <class Put>
caf::error put_file(const std::string& path, const std::string& text, Put put) {
  // Several nodes may have one home.
  auto unfinished = fmt::format("{}.{}", path, ::getpid());
  ::unlink(unfinished.c_str());
  int fd = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  bool is_written = fd >= 0 && write_all(fd, text);
  auto reason = errno;
  if (fd >= 0)
    ::close(fd);
  if (is_written && put(unfinished.c_str(), path.c_str()) == 0)
    return {};
  reason = is_written ? errno : reason;
  ::unlink(unfinished.c_str());
  return make_error(ec::internal,
                    fmt::format("{} cannot be written: {}", path, std::strerror(reason)));
}

} // namespace

std::string secret_flaw(const std::string& text) {
  if (text.empty())
    return "must not be empty";
  if (text.size() > longest_secret)
    return "must have at most 4096 bytes";
  bool has_controls =
    std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  return has_controls ? "must be one line of text" : "";
}

caf::expected<secret_value> read_key_file(const std::string& path, instant now) {
  struct stat about = {};
  if (::stat(path.c_str(), &about) != 0 && errno == ENOENT)
    return secret_value{};
  std::ifstream file{path};
  if (!file)
    return make_error(ec::invalid,
                      fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
  secret_value result;
  result.text = next_line(file);
  if (auto flaw = secret_flaw(result.text); !flaw.empty())
    return make_error(ec::invalid, fmt::format("{}: its first line {}", path, flaw));
  result.since =
    from_micros(int64_t{about.st_mtim.tv_sec} * 1'000'000 + int64_t{about.st_mtim.tv_nsec} / 1'000);
  read_before(path, now, result);
  return result;
}

caf::error write_private_file(const std::string& path, const std::string& text) {
  return put_file(path, text, ::rename);
}

caf::error make_private_file(const std::string& path, const std::string& text) {
  return put_file(path, text, [](const char* from, const char* to) {
    return ::link(from, to) == 0 || errno == EEXIST ? ::unlink(from) : -1;
  });
}

caf::error write_key_file(const std::string& path, const std::string& secret, instant former_until,
                          instant now) {
  auto present = read_key_file(path, now);
  bool is_there = present && !present->text.empty();
  // If the process dies between the two writes, the present secret also stands as the one before.
  if (is_there && former_until > now) {
    if (auto failure = write_private_file(
          before(path), fmt::format("{}\n{}\n", present->text, rfc3339(former_until))))
      return failure;
  } else if (::unlink(before(path).c_str()) != 0 && errno != ENOENT) {
    return make_error(ec::internal,
                      fmt::format("{} cannot be removed: {}", before(path), std::strerror(errno)));
  }
  return write_private_file(path, secret + '\n');
}

} // namespace meisim
