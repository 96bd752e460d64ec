#pragma once

#include "persistence/base/server_watch.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace meisim {

/// Looks at each server of a connection text, twice a second, whether it was promoted. A primary
/// that hangs says nothing. Without this watch, sessions would wait for its answer as long as it
/// hangs, and nobody would look for another server. It also finds out which servers do not answer,
/// so that no session waits for them first. With one server there is nothing to do.
class failover_watch {
public:
  explicit failover_watch(const std::string& connection);

private:
  void look_at(const std::stop_token& end, size_t host, const std::string& text);
  bool pause(const std::stop_token& end);

  std::shared_ptr<server_watch> servers_;
  std::mutex lock_;
  std::condition_variable_any wake_;
  /// One thread for each server, because a server that does not answer is waited for. The threads
  /// end first.
  std::vector<std::jthread> threads_;
};

} // namespace meisim
