#include "persistence/money/effect_kind.hpp"

namespace meisim {

extern const effect_kind adjustment_effect{
  .name = "adjustment", .account = wallet_adjusted::account, .place = place_of<wallet_adjusted>};

} // namespace meisim
