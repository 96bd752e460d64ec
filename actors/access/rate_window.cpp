#include "actors/access/rate_window.hpp"

#include <algorithm>
#include <cmath>

namespace meisim {

namespace {

/// The most requests that a window remembers. A larger limit would not be reached in practice and
/// would only cost memory.
constexpr double most_remembered = 100'000;

uint32_t seconds_until(rate_window::clock_time then, rate_window::clock_time now) {
  auto left = std::chrono::ceil<std::chrono::seconds>(then - now).count();
  return static_cast<uint32_t>(std::max<int64_t>(left, 0));
}

} // namespace

rate_window::verdict rate_window::admit(const limit_rule& rule, clock_time now) {
  if (rule.count == 0)
    return {};
  auto counts = [&](clock_time time) { return now - time < rule.window; };
  bool is_full = times_.size() == rule.count;
  if (is_full && counts(times_[next_]))
    return {false, {rule.count, 0, std::max(1u, seconds_until(times_[next_] + rule.window, now))}};
  if (is_full) {
    times_[next_] = now;
    next_ = (next_ + 1) % times_.size();
  } else {
    times_.push_back(now);
  }
  // The ring is sorted in time from next_ on, so those that no longer count come first.
  auto at = [&](size_t i) { return times_[(next_ + i) % times_.size()]; };
  size_t begin = 0;
  size_t end = times_.size();
  while (begin < end) {
    auto middle = begin + (end - begin) / 2;
    if (counts(at(middle)))
      end = middle;
    else
      begin = middle + 1;
  }
  auto used = static_cast<uint32_t>(times_.size() - begin);
  return {true, {rule.count, rule.count - used, seconds_until(now + rule.window, now)}};
}

rate_window::verdict rate_window::look(const limit_rule& rule, clock_time now) const {
  auto copy = *this;
  return copy.admit(rule, now);
}

bool rate_window::is_idle(const limit_rule& rule, clock_time now) const {
  return std::none_of(times_.begin(), times_.end(),
                      [&](clock_time time) { return now - time < rule.window; });
}

std::vector<rate_window::clock_time> rate_window::counting(const limit_rule& rule,
                                                           clock_time now) const {
  std::vector<clock_time> result;
  for (size_t i = 0; i < times_.size(); ++i)
    if (auto time = times_[(next_ + i) % times_.size()]; now - time < rule.window)
      result.push_back(time);
  return result;
}

void rate_window::absorb(const limit_rule& rule, const std::vector<clock_time>& times,
                         clock_time now) {
  auto all = counting(rule, now);
  all.insert(all.end(), times.begin(), times.end());
  std::sort(all.begin(), all.end());
  auto surplus = std::ssize(all) - std::min<std::ptrdiff_t>(std::ssize(all), rule.count);
  times_.assign(all.begin() + surplus, all.end());
  next_ = 0;
}

limit_table::limit_table(double factor) {
  for (size_t i = 0; i < limit_class_count; ++i) {
    auto rule = documented_limit(static_cast<limit_class>(i));
    if (factor <= 0 || rule.count * factor > most_remembered)
      rules_[i] = {};
    else if (rule.count > 0)
      rules_[i] = {std::max(1u, static_cast<uint32_t>(std::lround(rule.count * factor))),
                   rule.window};
  }
}

std::chrono::seconds limit_table::longest_window() const {
  return std::ranges::max(rules_, {}, &limit_rule::window).window;
}

rate_window::verdict rate_windows::admit(const limit_table& limits, limit_class group,
                                         rate_window::clock_time now) {
  const auto& rule = limits.rule(group);
  if (rule.count == 0)
    return {};
  return window_of(group).admit(rule, now);
}

rate_window::verdict rate_windows::look(const limit_table& limits, limit_class group,
                                        rate_window::clock_time now) const {
  auto copy = *this;
  return copy.admit(limits, group, now);
}

rate_window& rate_windows::window_of(limit_class group) {
  auto found =
    std::find_if(slots_.begin(), slots_.end(), [&](const auto& x) { return x.group == group; });
  if (found == slots_.end()) {
    slots_.push_back({group, {}});
    found = std::prev(slots_.end());
  }
  return found->window;
}

bool rate_windows::are_idle(const limit_table& limits, rate_window::clock_time now) const {
  return std::all_of(slots_.begin(), slots_.end(),
                     [&](const auto& x) { return x.window.is_idle(limits.rule(x.group), now); });
}

rate_memory rate_windows::remember(const limit_table& limits, rate_window::clock_time now) const {
  rate_memory result;
  for (const auto& [group, window] : slots_) {
    rate_memory::window known{group, {}};
    for (auto time : window.counting(limits.rule(group), now))
      known.ages.push_back(static_cast<uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now - time).count()));
    if (!known.ages.empty())
      result.windows.push_back(std::move(known));
  }
  return result;
}

void rate_windows::absorb(const rate_memory& memory, const limit_table& limits,
                          rate_window::clock_time now) {
  for (const auto& [group, ages] : memory.windows) {
    // Another node may send a group that this release does not know.
    if (static_cast<size_t>(group) >= limit_class_count || limits.rule(group).count == 0)
      continue;
    std::vector<rate_window::clock_time> times;
    times.reserve(ages.size());
    for (auto age : ages)
      times.push_back(now - std::chrono::milliseconds{age});
    window_of(group).absorb(limits.rule(group), times, now);
  }
}

} // namespace meisim
