#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace meisim::http {

/// How many connections a server has, in all and by address. Any thread may use it.
class connection_counts {
public:
  struct count {
    uint32_t all = 0;
    uint32_t of_address = 0;
  };

  /// Counts one more; tells how many there are with it.
  count add(const std::string& address) {
    std::lock_guard guard{lock_};
    return {++all_, ++by_address_[address]};
  }

  void remove(const std::string& address) {
    std::lock_guard guard{lock_};
    --all_;
    if (auto found = by_address_.find(address); --found->second == 0)
      by_address_.erase(found);
  }

  uint32_t all() const {
    std::lock_guard guard{lock_};
    return all_;
  }

private:
  mutable std::mutex lock_;
  uint32_t all_ = 0;
  std::unordered_map<std::string, uint32_t> by_address_;
};

} // namespace meisim::http
