#include "protocols/types.hpp"

#define MEISIM_HERE

MEISIM_SHARED_CODE(MEISIM_HERE)
