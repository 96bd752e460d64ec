#pragma once

#include "protocols/base/published.hpp"
#include "protocols/orders/provider.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace meisim {

/// Merges the catalogues of all providers into the one that is sold from, whenever one of them
/// changes. Safe for many threads.
class catalogue_merger {
public:
  /// `prefixes` are the providers', the first one's in front.
  catalogue_merger(std::vector<std::string> prefixes, std::shared_ptr<published<catalogue>> board);

  /// Takes a provider's latest catalogue, by its place among the prefixes. Products with another
  /// provider's prefix are left out.
  void put(size_t place, std::shared_ptr<const catalogue> latest);

private:
  bool is_foreign(size_t place, const std::string& name) const;
  void add(catalogue& to, size_t place) const;

  const std::vector<std::string> prefixes_;
  const std::shared_ptr<published<catalogue>> board_;
  std::mutex lock_;
  std::vector<std::shared_ptr<const catalogue>> latest_;
};

} // namespace meisim
