#pragma once

#include "protocols/base/instant.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/orders/order.hpp"
#include "protocols/supply/supply.hpp"
#include "protocols/verification/verification.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meisim {

// The JSON that a posting is answered with. It is written when the wallet decides and is stored in
// the posting's commit, so that a repeat gets the same bytes (of a sale so much that they can be
// written again); all other answers are written in http/.

/// `{"balance": …}` for an operator.
std::string balance_answer(money balance);

/// The documented answer of POST /dealer/order.
std::string order_answer(const order_placed& order, money balance);

/// The answer to /dealer/resend-email.
std::string resend_answer(const email_resent& mail, money balance);

/// The documented answer of POST …/esim_supply_att/execute.
std::string supply_answer(const supply_sold& sale);

/// Which sale it was, in place of its answer: `{"usage_id": …}`.
std::string usage_reference(int64_t usage);

/// The usage that usage_reference wrote; nothing if `answer` is another.
std::optional<int64_t> referenced_usage(std::string_view answer);

/// The error body of a purchase that found no stock.
std::string sold_out_answer(const supply_sold& sale);

/// The documented answer to a batch: of POST /dealer/esim-verify, or of POST
/// …/esim_validate/execute for one from the portal.
std::string batch_answer(const batch_submitted& batch, money balance);

/// `text` as a JSON string with its quotes, or `null` for an empty one.
std::string text_or_null(std::string_view text);

/// The time as a JSON string, or `null` for none, which the epoch stands for.
std::string time_or_null(instant at);

} // namespace meisim
