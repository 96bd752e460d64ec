#include "persistence/money/effect_kind.hpp"

namespace meisim {

extern const effect_kind adjustment_effect{.name = "adjustment",
                                           .place = place_of<wallet_adjusted>};

} // namespace meisim
