#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

namespace meisim::sandbox {

/// Does things later, on a thread of its own.
class later {
public:
  using time_point = std::chrono::steady_clock::time_point;

  later() : thread_([this](const std::stop_token& stop) { run(stop); }) {
    // nop
  }

  /// What has been asked for the same time is done in the order of asking.
  void at(time_point when, std::function<void()> what) {
    {
      std::lock_guard guard{mutex_};
      entries_.push({when, ++last_number_, std::move(what)});
    }
    changed_.notify_one();
  }

private:
  struct entry {
    time_point when;
    uint64_t number = 0;
    std::function<void()> what;

    bool operator<(const entry& other) const {
      // A priority queue has its greatest element on top, so the earliest one has to be the
      // greatest.
      return when != other.when ? when > other.when : number > other.number;
    }
  };

  void run(const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
      if (entries_.empty()) {
        changed_.wait(lock, stop, [this] { return !entries_.empty(); });
        continue;
      }
      auto when = entries_.top().when;
      if (when > std::chrono::steady_clock::now()) {
        changed_.wait_until(lock, stop, when, [this, when] { return entries_.top().when < when; });
        continue;
      }
      auto what = entries_.top().what;
      entries_.pop();
      lock.unlock();
      what();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::priority_queue<entry> entries_;
  uint64_t last_number_ = 0;
  /// The last member, so that the thread starts when all others are there, and ends first.
  std::jthread thread_;
};

} // namespace meisim::sandbox
