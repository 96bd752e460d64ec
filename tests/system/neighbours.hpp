#pragma once

#include "tests/fixtures/edge.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <set>
#include <string>
#include <utility>
#include <vector>

// Clients of a node beside one another: one who measures how long he waits, and a crowd.

namespace meisim::test {

using wait_time = std::chrono::steady_clock::duration;

/// A neighbour who asks for his account, again and again, until he is stopped.
class neighbour {
public:
  explicit neighbour(const service& where, std::string path = "/api/v1/me")
    : path_(std::move(path)), owner_(where.add_dealer("10.00")),
      waits_(std::async(std::launch::async, [this, port = where.port()] { return ask(port); })) {
    // nop
  }

  /// Ends his asking. All his answers were right, and he did not wait long for them. On a machine
  /// that does other work he may wait ten times as long as is promised. What these clients could do
  /// once held him up for 14 seconds.
  void stop() {
    constexpr auto promised = std::chrono::milliseconds{50};
    is_over_ = true;
    auto waits = waits_.get();
    BOOST_REQUIRE(!waits.empty());
    auto place = waits.size() * 99 / 100;
    std::ranges::nth_element(waits, waits.begin() + static_cast<std::ptrdiff_t>(place));
    auto p99 = std::chrono::duration_cast<std::chrono::milliseconds>(waits[place]);
    BOOST_TEST_MESSAGE("the neighbour's 99th percentile of "
                       << waits.size() << " requests: " << p99.count() << " ms");
    BOOST_TEST(p99.count() < 10 * promised.count());
  }

  ~neighbour() {
    is_over_ = true;
  }

private:
  /// How long each answer took. Ends with none if one was wrong or missing.
  std::vector<wait_time> ask(const std::string& port) const {
    raw_client client{port};
    std::vector<wait_time> waits;
    while (!is_over_) {
      auto name = std::to_string(waits.size());
      auto since = std::chrono::steady_clock::now();
      client.send(
        request("GET " + path_, owner_.key_header + "\r\nX-Request-Id: " + name + "\r\n"));
      auto answer = client.read();
      if (!answer || answer->status != 200 || answer->header("x-request-id") != name)
        return {};
      waits.push_back(std::chrono::steady_clock::now() - since);
    }
    return waits;
  }

  std::atomic<bool> is_over_{false};
  std::string path_;
  service::account owner_;
  std::future<std::vector<wait_time>> waits_;
};

/// Clients that send requests, each one after the other, until they are stopped.
class crowd {
public:
  /// `what` makes the request with this number.
  crowd(const service& where, int size, std::function<std::string(size_t)> what,
        std::set<int> expected)
    : what_(std::move(what)) {
    for (int i = 0; i < size; ++i)
      asking_.push_back(std::async(std::launch::async, [this, port = where.port(), expected] {
        raw_client client{port};
        while (!is_over_) {
          client.send(what_(asked_++));
          auto answer = client.read();
          if (!answer || !expected.contains(answer->status))
            return false;
        }
        return true;
      }));
  }

  ~crowd() {
    is_over_ = true;
  }

  size_t asked() const {
    return asked_;
  }

  /// Whether all got what was expected.
  bool stop() {
    is_over_ = true;
    return std::ranges::all_of(asking_, [](auto& one) { return one.get(); });
  }

private:
  std::function<std::string(size_t)> what_;
  std::atomic<size_t> asked_{0};
  std::atomic<bool> is_over_{false};
  std::vector<std::future<bool>> asking_;
};

} // namespace meisim::test
