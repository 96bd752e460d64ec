#include "http/edge/asking.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/money/ledger_check.hpp"

#include <array>

namespace meisim::http {

namespace {

void admin_check_ledger(const exchange_pointer& x) {
  ask<ledger_check>(
    x, x->node->slow_records,
    [x](const ledger_check& proof) {
      succeed(x, json_object([&](json_writer& out) {
                out.member("ok", proof.mismatches.empty())
                  .member("wallets", proof.wallets)
                  .member("transfers", proof.transfers)
                  .array("mismatches", proof.mismatches);
              }));
    },
    check_ledger{});
}

} // namespace

route_table ledger_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get, "/admin/v1/ledger/check", operators, none, admin_check_ledger},
  };
  return table;
}

} // namespace meisim::http
