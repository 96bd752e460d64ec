#pragma once

#include "protocols/orders/provider_format.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace meisim {

// The provider's REST format, in both directions. We read and write our side of it, and the sandbox
// the other side.
//
//   GET  /v1/catalogue                           200 {"countries","bundles","products","networks"}
//   POST /v1/orders {"reference","product",…}    201 or, repeated, 200 with the order
//   GET  /v1/orders/{reference}                  200 with the order, 404 if there is none
//   GET  /v1/esims/{iccid}                       200 with its state, allowance and use; 404
//   POST /v1/esims/{iccid}/revoke                200, also when repeated; 404
//   POST /v1/recharges {"reference","network",…} like an order
//   GET  /v1/recharges/{reference}               like an order
//   POST /v1/sims/check {"network",…}            200 if there is such a SIM, 404 if there is none
//
// An order is {"order_id","reference","product","status"} with "esim":{"iccid","lpa"} when the
// status is `completed` and with "reason" when it is `refused`; a refused one is answered with 422.
// `pending` means: ask again. A recharge is {"order_id","reference","network","status"}, likewise;
// its SIM is "contact_number" or "sim_serial", its "value" and "bundle" {"code","value"} are in the
// network's currency. Prices and values are text with two decimals. Errors are
// {"error":{"code","message"}}; a 503 or 429 was not accepted.

/// The catalogue as the provider answers it. Its `fetched_at` does not travel.
std::string to_wire(const catalogue& from);
caf::expected<catalogue> catalogue_from_wire(std::string_view json);

/// The body of an order or top-up. The buyer's name and addresses for mail do not travel.
std::string to_wire(const provider_order& order);
caf::expected<provider_order> order_from_wire(std::string_view json);
caf::expected<provider_order> recharge_from_wire(std::string_view json);

/// An order as the provider answers it; for outcomes `placed`, `refused` and `unknown` (which is
/// `pending`).
std::string to_wire(const provider_order& order, const provider_outcome& outcome);

/// `{"error":{"code":…,"message":…}}`.
std::string wire_error(std::string_view code, std::string_view message);

/// What an answer of the provider to an order (`is_look_up` false) or a look-up means.
provider_outcome outcome_from_wire(int32_t status, std::string_view body, bool is_look_up,
                                   bool is_top_up = false);

/// Where orders or top-ups are placed.
std::string_view orders_path(bool is_top_up);

/// Where a SIM is asked about, and the question.
constexpr std::string_view sim_check_path = "/v1/sims/check";
std::string to_wire(const sim_question& question);
caf::expected<sim_question> sim_question_from_wire(std::string_view json);

/// The path of a question about an eSIM.
std::string esim_path(const esim_question& question);

} // namespace meisim
