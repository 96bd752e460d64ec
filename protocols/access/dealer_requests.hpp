#pragma once

#include "protocols/base/id.hpp"
#include "protocols/base/instant.hpp"
#include "protocols/base/page.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim {

/// A request of a dealer's program, for the dealer to look up.
struct request_note {
  dealer_id dealer;
  instant at;
  /// `POST`; it outlives the note.
  std::string_view method;
  /// Without the query, which may name customers.
  std::string path;
  int32_t status = 0;
  std::string request_id;
  std::string address;
};

/// Requests that are still to be written down. Only so many requests of a dealer are kept at a
/// time, and as many that failed. So a load that is too high for the log costs neither memory nor
/// commits.
class request_notes {
public:
  /// Keeps the note that `make()` returns, if there is room for it.
  template <class Make>
  void add(dealer_id dealer, bool has_failed, Make make) {
    std::lock_guard guard{lock_};
    if (notes_.size() >= most || ++counts_[{dealer, has_failed}] > most_of_one)
      return;
    notes_.push_back(make());
  }

  /// Hands over what has gathered, and begins anew.
  std::vector<request_note> take() {
    std::lock_guard guard{lock_};
    counts_.clear();
    return std::exchange(notes_, {});
  }

  static constexpr size_t most = 50;
  static constexpr int most_of_one = 10;

private:
  std::mutex lock_;
  std::vector<request_note> notes_;
  std::map<std::pair<dealer_id, bool>, int> counts_;
};

/// What have the dealer's programs asked for?
struct browse_requests {
  dealer_id dealer;
  /// Only those that failed.
  bool failed = false;
  page_wish page;
};

} // namespace meisim
