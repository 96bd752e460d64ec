#include "protocols/cluster/placement.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace meisim {

namespace {

/// Spreads a change of any bit over all of them: the finalizer of the generator splitmix64.
constexpr uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

} // namespace

uint64_t placement_mark(std::string_view node_name) {
  uint64_t mark = node_name.size();
  for (char c : node_name)
    mark = mix(mark ^ static_cast<unsigned char>(c));
  return mark;
}

uuid placed_by_name(std::string_view name) {
  return {name.size(), placement_mark(name)};
}

size_t owner_of(uuid entity, std::span<const uint64_t> marks) {
  auto key = mix(mix(entity.high) ^ entity.low);
  size_t owner = 0;
  uint64_t greatest = 0;
  for (size_t i = 0; i < marks.size(); ++i) {
    auto weight = mix(key ^ marks[i]);
    if (weight > greatest) {
      greatest = weight;
      owner = i;
    }
  }
  return owner;
}

std::vector<size_t> chosen_nodes(std::span<const uint64_t> marks, size_t count) {
  std::vector<size_t> places(marks.size());
  std::iota(places.begin(), places.end(), size_t{0});
  if (count == 0 || count >= places.size())
    return places;
  auto end = places.begin() + static_cast<std::ptrdiff_t>(count);
  std::ranges::nth_element(places, end, std::greater{}, [&](size_t at) { return mix(marks[at]); });
  places.erase(end, places.end());
  std::ranges::sort(places);
  return places;
}

} // namespace meisim
