#pragma once

#include "protocols/orders/provider_format.hpp"

#include <string>
#include <string_view>

namespace meisim {

// A reseller's REST format. Packages are bought by their id, under a reference of the client's. We
// read and write our side of the format, and the sandbox the other side.
//
//   GET    /packages                      200 {"data":[{"id","title","type","country","region",
//                                             "amount_mb","days","net_price"}]}
//   POST   /orders {"package_id","client_ref"}   200 {"data":order}; 422 where it will not
//   GET    /orders?client_ref=…           200 {"data":[order]}, an empty list where there is none
//   GET    /sims/{iccid}                  200 {"data":{"iccid","package_id","state","total_mb",
//                                             "used_mb","days","expires_at"}}; 404
//   DELETE /sims/{iccid}                  200, also when repeated; 404
//
// An order is {"id","client_ref","state"}, with "sim":{"iccid","qrcode"} when its state is `done`;
// the others are `processing` and `failed` (with "reason"). `type` is `data` for what travellers
// buy, `plan` for the rest. Prices are whole cents. Errors are {"message":…}. The key is shown as
// X-Api-Key. No SIMs are topped up.

/// The sandbox's side.
std::string packages_to_wire(const catalogue& from);
caf::expected<provider_order> package_order_from_wire(std::string_view json);
/// An eSIM, from the text that dealers read of it.
std::string package_sim_to_wire(std::string_view standard_text);
/// An order as an object; for outcomes `placed`, `refused` and `unknown` (which is `processing`).
std::string package_order_to_wire(const std::string& reference, const provider_outcome& outcome);

} // namespace meisim
