// What a cluster of many nodes would do, without the nodes: prints the tables of docs/scaling.md.
// Placement is the product's own code over ten million dealers; group commit is a model, fed with
// what was measured of one node.

#include "protocols/cluster/placement.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <random>
#include <string>
#include <vector>

using namespace meisim;

namespace {

constexpr size_t dealers = 10'000'000;
constexpr size_t cluster_sizes[] = {1, 3, 10, 100};
/// One on each node, or on each of those that have dealers.
constexpr size_t writer_counts[] = {1, 2, 3, 10, 16, 100};

// -- placement ------------------------------------------------------------------------------------

std::vector<uint64_t> nodes(size_t count) {
  std::vector<uint64_t> marks;
  for (size_t i = 0; i < count; ++i)
    marks.push_back(placement_mark(fmt::format("node-{}", i)));
  return marks;
}

struct spread {
  double imbalance = 0;
  double moved = 0;
};

/// How evenly the dealers stand on these nodes, and which share moves when they become others.
spread place(const std::vector<uint64_t>& marks, const std::vector<uint64_t>& later) {
  std::vector<size_t> load(marks.size());
  size_t moved = 0;
  std::mt19937_64 random{1};
  for (size_t i = 0; i < dealers; ++i) {
    uuid dealer{0x0198f3a45b6c7000U + (i << 4), 0x8000000000000000U | random() >> 2};
    auto owner = owner_of(dealer, marks);
    ++load[owner];
    moved += later[owner_of(dealer, later)] != marks[owner] ? 1 : 0;
  }
  auto mean = static_cast<double>(dealers) / static_cast<double>(marks.size());
  return {static_cast<double>(*std::ranges::max_element(load)) / mean,
          static_cast<double>(moved) / static_cast<double>(dealers)};
}

/// Messages between actors for one order over HTTP: admission, order, commit, report and answer.
/// One that lands on another node than the dealer's crosses over twice, there and back.
struct traffic {
  double local = 7;
  double between_nodes = 0;
};

traffic messages_per_order(size_t count) {
  auto elsewhere = static_cast<double>(count - 1) / static_cast<double>(count);
  return {7, 4 * elsewhere};
}

void print_placement() {
  fmt::print(
    "| nodes | most loaded / mean | moved when one joins | ideal | messages an order | of them between nodes |\n"
    "| --- | --- | --- | --- | --- | --- |\n");
  for (auto count : cluster_sizes) {
    auto result = place(nodes(count), nodes(count + 1));
    auto traffic = messages_per_order(count);
    fmt::print("| {} | {:.4f} | {:.3f} % | {:.3f} % | {:.0f} | {:.2f} |\n", count, result.imbalance,
               100 * result.moved, 100.0 / static_cast<double>(count + 1), traffic.local,
               traffic.between_nodes);
  }
}

std::vector<uint64_t> those_with_dealers(const std::vector<uint64_t>& marks, size_t count) {
  std::vector<uint64_t> result;
  for (auto at : chosen_nodes(marks, count))
    result.push_back(marks[at]);
  return result;
}

void print_chosen(size_t count, size_t with_dealers) {
  auto all = nodes(count);
  auto before = those_with_dealers(all, with_dealers);
  std::erase(all, before.front());
  auto result = place(before, those_with_dealers(all, with_dealers));
  fmt::print(
    "\n{} of {} nodes have dealers: most loaded / mean {:.4f}; {:.3f} % of the dealers move "
    "when one of these dies\n",
    with_dealers, count, result.imbalance, 100 * result.moved);
}

// -- group commit ---------------------------------------------------------------------------------

/// A PostgreSQL that commits orders. The times are milliseconds of one of its cores, as commits of
/// 40 and of 250 orders took them on one connection of the two-core machine that docs/measured.md's
/// figures are from; the wait for the disk takes no core.
struct database_model {
  double cores = 2;
  double per_commit = 1.6;
  double per_posting = 0.049;
  double flush = 0.3;
};

struct outcome {
  double p50 = 0;
  double p99 = 0;
  double batch = 0;
  bool keeps_up = false;
};

struct writer {
  std::deque<double> waiting;
  std::vector<double> in_commit;
  /// Core time that the commit still needs, then its wait for the disk.
  double work_left = 0;
  double flush_left = 0;

  bool is_idle() const {
    return in_commit.empty();
  }
};

/// Orders that come at random to ledger writers, at so many a second over all.
class commit_simulation {
public:
  commit_simulation(const database_model& database, size_t writers, double rate)
    : database_(database), writers_(writers), arrival_{rate / 1'000} {
    // nop
  }

  outcome run(double milliseconds) {
    double next_arrival = arrival_(random_);
    while (now_ < milliseconds) {
      auto step = std::min(next_arrival - now_, time_to_next_end());
      advance(step);
      if (now_ >= next_arrival - 1e-9) {
        writers_[random_() % writers_.size()].waiting.push_back(now_);
        next_arrival = now_ + arrival_(random_);
      }
      for (auto& one : writers_)
        turn(one);
    }
    return sum_up();
  }

private:
  /// The share of a core that each commit gets that needs one.
  double speed() const {
    auto hungry = std::ranges::count_if(
      writers_, [](const writer& one) { return !one.is_idle() && one.work_left > 0; });
    return hungry == 0 ? 1.0 : std::min(1.0, database_.cores / static_cast<double>(hungry));
  }

  double time_to_next_end() const {
    auto pace = speed();
    double soonest = 1e9;
    for (const auto& one : writers_)
      if (!one.is_idle())
        soonest = std::min(soonest, one.work_left > 0 ? one.work_left / pace : one.flush_left);
    return soonest;
  }

  void advance(double step) {
    auto pace = speed();
    now_ += step;
    for (auto& one : writers_) {
      if (one.is_idle())
        continue;
      if (one.work_left > 0)
        one.work_left = one.work_left - step * pace < 1e-9 ? 0 : one.work_left - step * pace;
      else
        one.flush_left -= step;
    }
  }

  void turn(writer& one) {
    if (!one.is_idle() && one.work_left <= 0 && one.flush_left <= 1e-9) {
      for (auto since : one.in_commit)
        latencies_.push_back(now_ - since);
      ++commits_;
      one.in_commit.clear();
    }
    if (one.is_idle() && !one.waiting.empty()) {
      one.in_commit.assign(one.waiting.begin(), one.waiting.end());
      one.waiting.clear();
      one.work_left =
        database_.per_commit + database_.per_posting * static_cast<double>(one.in_commit.size());
      one.flush_left = database_.flush;
    }
  }

  outcome sum_up() {
    outcome result;
    if (latencies_.empty())
      return result;
    size_t open = 0;
    for (const auto& one : writers_)
      open += one.waiting.size() + one.in_commit.size();
    result.batch = static_cast<double>(latencies_.size()) / static_cast<double>(commits_);
    auto at = [&](double share) {
      auto place = latencies_.begin()
                   + static_cast<std::ptrdiff_t>(share * static_cast<double>(latencies_.size()));
      std::ranges::nth_element(latencies_, place);
      return *place;
    };
    result.p50 = at(0.5);
    result.p99 = at(0.99);
    result.keeps_up = result.p99 < 100 && open < latencies_.size() / 5;
    return result;
  }

  database_model database_;
  std::vector<writer> writers_;
  std::exponential_distribution<double> arrival_;
  std::mt19937_64 random_{7};
  double now_ = 0;
  std::vector<double> latencies_;
  size_t commits_ = 0;
};

/// The highest rate at which the 99th percentile stays under 100 ms.
double highest_rate(const database_model& database, size_t writers) {
  double least = 1'000;
  double most = 1e6;
  while (most / least > 1.02) {
    auto middle = std::sqrt(least * most);
    if (commit_simulation{database, writers, middle}.run(1'000).keeps_up)
      least = middle;
    else
      most = middle;
  }
  return least;
}

void print_commits(const database_model& database) {
  fmt::print(
    "| writers | orders a second | p50 | p99 | orders a commit | at half of that: p50 | orders a commit |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n");
  for (auto count : writer_counts) {
    auto rate = highest_rate(database, count);
    auto full = commit_simulation{database, count, rate}.run(1'000);
    auto half = commit_simulation{database, count, rate / 2}.run(1'000);
    fmt::print("| {} | {:.0f} | {:.1f} ms | {:.1f} ms | {:.1f} | {:.1f} ms | {:.1f} |\n", count,
               rate, full.p50, full.p99, full.batch, half.p50, half.batch);
  }
}

} // namespace

int main() {
  fmt::print("{} dealers by rendezvous hashing:\n\n", dealers);
  print_placement();
  print_chosen(100, 16);
  for (double cores : {2.0, 16.0}) {
    database_model database;
    database.cores = cores;
    fmt::print("\nGroup commit on a PostgreSQL with {:.0f} cores:\n\n", cores);
    print_commits(database);
  }
  return 0;
}
