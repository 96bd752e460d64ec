#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace meisim {

/// A user of the system, and its main group.
struct system_user {
  uid_t id;
  gid_t group;
};

/// None if the system has no such user.
std::optional<system_user> user_named(const char* name);

/// The owner of the folder that a file is in, or would be in; none if there is no such folder.
std::optional<system_user> owner_of_folder_of(const std::string& file);

/// If root runs the program, acts as another user while this object lives. For any other user, or
/// for nobody, it changes nothing. The owner of a folder may have put links there. Followed as that
/// user, they lead only to where the user can go itself. Throws `refused`.
class acting_as {
public:
  explicit acting_as(const std::optional<system_user>& user);
  ~acting_as();

  acting_as(const acting_as&) = delete;
  acting_as& operator=(const acting_as&) = delete;

private:
  bool become(const system_user& user);
  void return_to_root() const;

  bool is_acting_ = false;
  gid_t group_before_ = 0;
  std::vector<gid_t> groups_before_;
};

} // namespace meisim
