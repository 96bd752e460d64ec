#include "apps/meisimctl/acting_as.hpp"

#include "apps/meisimctl/admin_client.hpp"

#include <fmt/core.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace meisim {

std::optional<system_user> user_named(const char* name) {
  const passwd* entry = ::getpwnam(name);
  if (!entry)
    return std::nullopt;
  return system_user{entry->pw_uid, entry->pw_gid};
}

std::optional<system_user> owner_of_folder_of(const std::string& file) {
  auto folder = std::filesystem::absolute(file).parent_path();
  struct stat about = {};
  if (::stat(folder.c_str(), &about) != 0)
    return std::nullopt;
  return system_user{about.st_uid, about.st_gid};
}

acting_as::acting_as(const std::optional<system_user>& user) : group_before_(::getegid()) {
  if (::geteuid() != 0 || !user || user->id == 0)
    return;
  groups_before_.resize(static_cast<size_t>(std::max(0, ::getgroups(0, nullptr))));
  is_acting_ = ::getgroups(static_cast<int>(groups_before_.size()), groups_before_.data()) >= 0;
  if (is_acting_ && become(*user))
    return;
  auto reason = errno;
  return_to_root();
  throw refused(fmt::format("cannot act as user {}: {}", user->id, std::strerror(reason)));
}

acting_as::~acting_as() {
  if (is_acting_)
    return_to_root();
}

/// The groups first: only root may change them.
bool acting_as::become(const system_user& user) {
  return ::setgroups(1, &user.group) == 0 && ::setegid(user.group) == 0 && ::seteuid(user.id) == 0;
}

void acting_as::return_to_root() const {
  bool is_root = ::seteuid(0) == 0 && ::setegid(group_before_) == 0;
  // Without the right to change groups, none were changed.
  bool has_groups =
    ::setgroups(groups_before_.size(), groups_before_.data()) == 0 || errno == EPERM;
  if (!is_root || !has_groups)
    std::abort();
}

} // namespace meisim
