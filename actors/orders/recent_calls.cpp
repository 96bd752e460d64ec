#include "actors/orders/recent_calls.hpp"

#include <algorithm>
#include <vector>

namespace meisim {

namespace {

/// The shortest time that `percent` of the calls did not exceed.
std::chrono::milliseconds percentile(const std::vector<std::chrono::microseconds>& sorted,
                                     size_t percent) {
  auto rank = (sorted.size() * percent + 99) / 100;
  return std::chrono::ceil<std::chrono::milliseconds>(sorted[rank - 1]);
}

} // namespace

recent_calls::ending recent_calls::ending_of(const web_answer& answer) {
  if (answer.failure != web_failure::none || answer.status >= 500)
    return ending::failed;
  return answer.status >= 400 ? ending::refused : ending::answered;
}

void recent_calls::note(time_point now, const web_answer& answer) {
  calls_.push_back({now, ending_of(answer), answer.took});
  if (calls_.size() > most)
    calls_.pop_front();
}

call_figures recent_calls::figures(time_point now) {
  while (!calls_.empty() && now - calls_.front().at > span)
    calls_.pop_front();
  call_figures result;
  if (calls_.empty())
    return result;
  std::vector<std::chrono::microseconds> times;
  times.reserve(calls_.size());
  for (const auto& one : calls_) {
    result.answered += one.how == ending::answered;
    result.refused += one.how == ending::refused;
    result.failed += one.how == ending::failed;
    times.push_back(one.took);
  }
  std::ranges::sort(times);
  result.median = percentile(times, 50);
  result.p95 = percentile(times, 95);
  return result;
}

} // namespace meisim
