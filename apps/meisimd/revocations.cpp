#include "apps/meisimd/revocations.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/log.hpp"
#include "protocols/base/revocation_list.hpp"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace meisim {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// Tells whether a file has changed.
struct file_stamp {
  ino_t inode = 0;
  off_t size = 0;
  timespec changed = {};

  bool operator==(const file_stamp& other) const {
    return inode == other.inode && size == other.size && changed.tv_sec == other.changed.tv_sec
           && changed.tv_nsec == other.changed.tv_nsec;
  }
};

file_stamp stamp_of(const std::string& path) {
  struct stat about = {};
  if (::stat(path.c_str(), &about) != 0)
    return {};
  return {about.st_ino, about.st_size, about.st_mtim};
}

/// The list of one CA.
struct watched_list {
  identity_files identity;
  file_stamp stamp;
  revocation_list list;
};

/// All lists of this process. Connections ask it on any thread.
class revocation_watch {
public:
  void add(const identity_files& identity) {
    auto stamp = stamp_of(identity.revoked);
    auto list = revocation_list::read(identity.revoked, identity.ca);
    if (!list)
      throw std::runtime_error(message_of(list.error()));
    std::scoped_lock lock{mutex_};
    lists_.push_back({identity, stamp, std::move(*list)});
    ++generation_;
  }

  /// A number for the lists that hold now: 0 without any, and another number after a change.
  uint64_t generation() {
    if (generation_ == 0)
      return 0;
    auto now = steady::now().time_since_epoch();
    auto due = next_look_.load();
    // Only one of the threads that come at this time looks.
    if (now.count() >= due && next_look_.compare_exchange_strong(due, (now + 1s).count()))
      look();
    return generation_;
  }

  bool contains(X509* certificate) {
    std::scoped_lock lock{mutex_};
    return std::ranges::any_of(lists_,
                               [&](const auto& known) { return known.list.contains(certificate); });
  }

private:
  void look() {
    std::scoped_lock lock{mutex_};
    for (auto& known : lists_)
      if (auto stamp = stamp_of(known.identity.revoked); !(stamp == known.stamp)) {
        known.stamp = stamp;
        renew(known);
      }
  }

  void renew(watched_list& known) {
    auto list = revocation_list::read(known.identity.revoked, known.identity.ca);
    if (!list) {
      log_error("the last list of revoked certificates holds on: {}", message_of(list.error()));
      return;
    }
    known.list = std::move(*list);
    ++generation_;
    log_info("{}: {} certificates are revoked", known.identity.revoked, known.list.size());
  }

  std::mutex mutex_;
  std::vector<watched_list> lists_;
  std::atomic<uint64_t> generation_{0};
  std::atomic<steady::duration::rep> next_look_{0};
};

/// It is global because connections are made where nothing could hand it to them.
revocation_watch& the_watch() {
  static revocation_watch result;
  return result;
}

/// The place in which a connection keeps the number of the lists by which it was checked.
int looked_at_index() {
  static const int result = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return result;
}

} // namespace

void keep_out_revoked(const identity_files& identity) {
  if (!identity.revoked.empty())
    the_watch().add(identity);
}

bool is_kept_out(SSL* connection) {
  auto& watch = the_watch();
  auto* lists = reinterpret_cast<void*>(static_cast<uintptr_t>(watch.generation()));
  if (SSL_get_ex_data(connection, looked_at_index()) == lists)
    return false;
  auto* certificate = SSL_get0_peer_certificate(connection);
  // The handshake is still under way.
  if (!certificate)
    return false;
  if (watch.contains(certificate)) {
    log_warn("{} is kept out: its certificate is revoked", common_name_of(certificate));
    return true;
  }
  SSL_set_ex_data(connection, looked_at_index(), lists);
  return false;
}

} // namespace meisim
