#include "http/edge/dry_run.hpp"

#include "http/edge/asking.hpp"
#include "protocols/access/credit.hpp"
#include "protocols/money/commit.hpp"

namespace meisim::http {

namespace {

void tell_dry_run(const exchange_pointer& x, const dry_run& what,
                  const std::optional<money>& balance) {
  succeed(x, json_object([&](json_writer& out) {
            out.member("ok", true).member("validateOnly", true).member("totalUsd", what.total);
            if (balance)
              out.member("balance", *balance);
            if (what.more)
              what.more(out);
          }));
}

void check_wallet(const exchange_pointer& x, const dry_run& what) {
  ask<wallet_position>(
    x, x->node->records.next(),
    [x, what](const wallet_position& wallet) {
      if (wallet.balance < what.total)
        return fail(x, insufficient_funds(wallet.balance, what.total));
      tell_dry_run(x, what, wallet.balance);
    },
    load_wallet{x->dealer().id});
}

void check_credit(const exchange_pointer& x, const dry_run& what) {
  ask<credit_position>(
    x, x->node->records.next(),
    [x, what](const credit_position& credit) {
      if (!credit.covers(what.total))
        return fail(x, credit_limit_reached(*credit.limit, credit.used, what.total));
      tell_dry_run(x, what, std::nullopt);
    },
    load_credit{x->dealer().id});
}

} // namespace

void answer_dry_run(const exchange_pointer& x, const dry_run& what) {
  if (what.most && what.total > *what.most)
    return fail(x, make_error(ec::price_too_high, "the total of " + to_string(what.total)
                                                    + " is above the price guard"));
  what.is_from_wallet ? check_wallet(x, what) : check_credit(x, what);
}

} // namespace meisim::http
