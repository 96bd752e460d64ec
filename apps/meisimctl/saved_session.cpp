#include "apps/meisimctl/saved_session.hpp"

#include "apps/meisimctl/admin_client.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace meisim {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// Where programs keep such things (XDG base directories); empty without a home.
std::filesystem::path file_of_session() {
  auto folder = environment("XDG_STATE_HOME");
  if (folder.empty() && !environment("HOME").empty())
    folder = environment("HOME") + "/.local/state";
  return folder.empty() ? std::filesystem::path{}
                        : std::filesystem::path{folder} / "meisim" / "session";
}

} // namespace

std::string saved_session(const std::string& url) {
  if (auto token = environment("MEISIM_OPERATOR_TOKEN"); !token.empty())
    return token;
  std::ifstream file{file_of_session()};
  std::string from, token;
  std::getline(file, from);
  std::getline(file, token);
  // The token of one node is shown to no other.
  return from == url ? token : std::string{};
}

void save_session(const std::string& url, const std::string& token) {
  auto path = file_of_session();
  std::error_code failure;
  std::filesystem::create_directories(path.parent_path(), failure);
  // A file of somebody else that stands there must not be written into.
  std::filesystem::remove(path, failure);
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  auto text = url + '\n' + token + '\n';
  bool is_written =
    fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const char* reason = std::strerror(errno);
  if (fd >= 0)
    ::close(fd);
  if (!is_written)
    throw refused("cannot keep the session in " + path.string() + ": " + reason);
}

bool forget_session() {
  std::error_code failure;
  return std::filesystem::remove(file_of_session(), failure);
}

} // namespace meisim
