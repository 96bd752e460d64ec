#include "actors/access/account_work.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/supply/prices.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/orders/provider.hpp"

// What operators change about prices.

namespace meisim {

namespace {

/// Answers once the price cache has read what was changed.
template <class Answer>
caf::result<Answer> after_refresh(accounts_pointer self, Answer answer) {
  auto promise = self->make_response_promise<Answer>();
  self->request(self->state.prices, region_patience, refresh_atom_v)
    .then([promise, answer](done) mutable { promise.deliver(std::move(answer)); },
          [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

void write_price_event(database& db, const audit_stamp& by, const price_rule_change& change) {
  if (change.is_change)
    write_audit_event(db, {by, change.subject, change.dealer, change.before, change.after});
}

/// Sets a rule with its event, as part of the caller's transaction.
caf::expected<price_rule_change> put_with_event(database& db, const set_price_rule& wish) {
  auto change = put_price_rule(db, wish);
  if (!change)
    return make_error(cause::not_found, no_such_dealer, "dealer");
  write_price_event(db, wish.by, *change);
  return *change;
}

caf::error flaw_of_price(const set_price& wish) {
  if (wish.price <= money{})
    return make_error(ec::invalid, "price must be above 0.00");
  if (wish.price > highest_price)
    return make_error(ec::invalid, "price must be at most " + to_string(highest_price));
  return {};
}

} // namespace

caf::result<sku> change_price(accounts_pointer self, const set_price& wish) {
  auto id = sku_id::parse(wish.sku);
  if (!id)
    return make_error(ec::not_found, "there is no such SKU");
  if (auto flaw = flaw_of_price(wish))
    return flaw;
  auto& db = *self->state.db;
  auto changed = guarded(db, "setting a price", [&]() -> caf::expected<sku> {
    transaction tx{db};
    auto item = find_sku(db, *id);
    if (!item)
      return make_error(ec::not_found, "there is no such SKU");
    set_price_rule rule{wish.email};
    rule.product = to_string(*id);
    rule.price = wish.price;
    rule.by = wish.by;
    if (auto set = put_with_event(db, rule); !set)
      return make_error(ec::not_found, no_such_dealer);
    tx.commit();
    item->price = wish.price;
    return *item;
  });
  if (!changed)
    return std::move(changed.error());
  if (!*changed)
    return std::move(changed->error());
  return after_refresh(self, std::move(**changed));
}

caf::result<json_document> change_rule(accounts_pointer self, const set_price_rule& wish) {
  auto& db = *self->state.db;
  auto changed = guarded(db, "setting a rule of prices", [&] {
    transaction tx{db};
    auto set = put_with_event(db, wish);
    if (set)
      tx.commit();
    return set;
  });
  if (!changed)
    return std::move(changed.error());
  if (!*changed)
    return std::move(changed->error());
  return after_refresh(self, json_document{std::move((*changed)->after)});
}

caf::result<json_document> end_one_rule(accounts_pointer self, const end_price_rule& wish) {
  auto& db = *self->state.db;
  auto changed = guarded(db, "ending a rule of prices", [&] {
    transaction tx{db};
    auto ended = end_rule(db, wish.rule);
    if (ended)
      write_price_event(db, wish.by, *ended);
    tx.commit();
    return ended;
  });
  if (!changed)
    return std::move(changed.error());
  if (!*changed)
    return make_error(ec::not_found, "there is no such rule");
  return after_refresh(self, json_document{std::move((*changed)->after)});
}

} // namespace meisim
