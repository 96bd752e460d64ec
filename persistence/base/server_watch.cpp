#include "persistence/base/server_watch.hpp"

#include "protocols/base/log.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <unordered_map>

namespace meisim {

namespace {

using namespace std::chrono_literals;

constexpr auto first_pause = 50ms;
constexpr auto longest_pause = 500ms;
/// Longer than a try takes.
constexpr auto rest_of_silent_host = 5s;
/// The log is told at most so many reasons, because reasons mostly differ only by their host.
constexpr size_t most_told = 8;

} // namespace

std::shared_ptr<server_watch> server_watch::of(const std::string& connection,
                                               server_role accepted) {
  static std::mutex lock;
  static std::unordered_map<std::string, std::shared_ptr<server_watch>> all;
  std::lock_guard guard{lock};
  auto& found = all[connection + (accepted == server_role::any ? " replica" : "")];
  if (!found)
    found = std::make_shared<server_watch>(accepted);
  return found;
}

void server_watch::keep_in(const std::string& file) {
  learn_from(file);
  std::lock_guard guard{lock_};
  file_ = file;
}

void server_watch::learn_from(const std::string& file) {
  std::lock_guard guard{lock_};
  server_identity known;
  std::ifstream in{file};
  if (in >> known.system >> known.timeline)
    agreed_ = known;
}

std::optional<server_identity> server_watch::agreed() const {
  std::lock_guard guard{lock_};
  return agreed_;
}

std::string server_watch::judge(const server_identity& seen) {
  std::lock_guard guard{lock_};
  if (!agreed_ || (agreed_->system == seen.system && agreed_->timeline < seen.timeline)) {
    follow(seen);
    return {};
  }
  if (agreed_->system != seen.system)
    return fmt::format("this server is another database cluster ({}) than the one that this node "
                       "has worked with ({}){}",
                       seen.system, agreed_->system,
                       file_.empty() ? "" : "; if that is meant, remove " + file_);
  if (agreed_->timeline > seen.timeline)
    return fmt::format(
      "this server is on timeline {}, and timeline {} was seen: it was replaced by "
      "a promoted standby, and takes writes that nobody else will read",
      seen.timeline, agreed_->timeline);
  return {};
}

void server_watch::follow(const server_identity& promoted) {
  if (agreed_)
    log_warn("the database has been promoted: timeline {} after {}", promoted.timeline,
             agreed_->timeline);
  agreed_ = promoted;
  remember();
  next_try_ = {};
  for (const auto& [session, open] : sessions_)
    if (open.at.timeline < promoted.timeline)
      ::shutdown(open.socket, SHUT_RDWR);
}

void server_watch::note_session(const void* session, int socket, const server_identity& at) {
  forget_session(session);
  std::lock_guard guard{lock_};
  if (int own = ::fcntl(socket, F_DUPFD_CLOEXEC, 0); own >= 0)
    sessions_.emplace(session, open_session{own, at});
}

void server_watch::forget_session(const void* session) {
  std::lock_guard guard{lock_};
  if (auto found = sessions_.find(session); found != sessions_.end()) {
    ::close(found->second.socket);
    sessions_.erase(found);
  }
}

bool server_watch::is_current(const server_identity& seen) const {
  std::lock_guard guard{lock_};
  return !agreed_ || (agreed_->system == seen.system && agreed_->timeline == seen.timeline);
}

bool server_watch::must_wait() const {
  std::lock_guard guard{lock_};
  return !trouble_.empty() && clock::now() < next_try_;
}

std::vector<size_t> server_watch::order_of(size_t hosts) {
  std::lock_guard guard{lock_};
  std::vector<size_t> order, silent;
  for (size_t host = 0; host < hosts; ++host)
    (silent_.contains(host) ? silent : order).push_back(host);
  bool does_none_answer = order.empty();
  for (auto host : silent)
    if (does_none_answer || silent_[host] <= clock::now()) {
      silent_[host] = clock::now() + rest_of_silent_host;
      order.push_back(host);
    }
  return order;
}

void server_watch::note_silence(size_t host) {
  std::lock_guard guard{lock_};
  // Even a host that is silent again and again is tried from time to time, because it may just be
  // slow.
  silent_.try_emplace(host, clock::now() + rest_of_silent_host);
}

void server_watch::note_answer(size_t host) {
  std::lock_guard guard{lock_};
  silent_.erase(host);
}

void server_watch::note_failure(std::string_view reason) {
  std::lock_guard guard{lock_};
  if (told_.size() < most_told && told_.emplace(reason).second)
    log_error("{} cannot be used: {}", name(), reason);
  trouble_ = reason;
  pause_ = std::clamp<std::chrono::milliseconds>(pause_ * 2, first_pause, longest_pause);
  next_try_ = clock::now() + pause_;
}

void server_watch::note_success() {
  std::lock_guard guard{lock_};
  if (!trouble_.empty())
    log_info("{} can be used again", name());
  trouble_.clear();
  told_.clear();
  pause_ = 0ms;
}

std::string server_watch::trouble() const {
  std::lock_guard guard{lock_};
  return trouble_;
}

/// The service goes on if the file cannot be written: the file only helps a node that starts while
/// two servers take writes.
void server_watch::remember() {
  if (!file_.empty())
    std::ofstream{file_} << agreed_->system << ' ' << agreed_->timeline << '\n';
}

} // namespace meisim
