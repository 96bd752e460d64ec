#include "actors/access/long_changes.hpp"

#include "actors/base/answer_with.hpp"
#include "persistence/access/audit.hpp"
#include "persistence/access/personal_data.hpp"
#include "persistence/supply/quarantine.hpp"
#include "persistence/supply/stock.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/cluster/remote.hpp"

#include <chrono>
#include <iterator>
#include <type_traits>
#include <utility>

namespace meisim {

namespace {

using changes_pointer = long_changes_actor::stateful_pointer<long_changes_state>;

/// How long the region may take to answer before the caller is refused.
constexpr std::chrono::seconds pool_patience{5};

caf::result<import_result> import_lines(changes_pointer self, const import_stock& rows) {
  auto& db = *self->state.db;
  auto imported = guarded(db, "importing stock", [&] {
    transaction tx{db};
    allow_long_statements(db);
    auto result = insert_stock(db, rows);
    // A preview is not committed, so it changes nothing.
    if (rows.is_preview)
      return result;
    write_audit_event(db,
                      {rows.by, to_string(rows.pool), {}, {}, json_object([&](json_writer& out) {
                         out.member("lot", or_null(rows.lot))
                           .member("imported", result.imported)
                           .member("duplicates", std::ssize(result.duplicates));
                       })});
    tx.commit();
    return result;
  });
  if (!imported)
    return std::move(imported.error());
  if (rows.is_preview)
    return std::move(*imported);
  auto promise = self->make_response_promise<import_result>();
  self->request(self->state.region, pool_patience, restock_atom_v, rows.pool, lookup{})
    .then([promise, result = *imported](done) mutable { promise.deliver(result); },
          [promise](caf::error& failure) mutable { promise.deliver(std::move(failure)); });
  return promise;
}

/// Has pools look at the stock anew. Nobody waits for it.
void restock(changes_pointer self, const std::vector<pool_name>& pools) {
  for (const auto& pool : pools)
    self->request(self->state.region, pool_patience, restock_atom_v, pool, lookup{})
      .then([](done) {}, [](const caf::error&) {});
}

/// Changes some of the stock, with the operator's audit event in the same commit, and has its pools
/// look anew. Where there is nothing of the kind, the error says `none`. The event has the number
/// of changed rows under `counted`.
template <class Wish, class Change>
auto change_stock(changes_pointer self, const Wish& wish, const char* doing, const char* counted,
                  const char* none, Change change)
  -> caf::result<std::invoke_result_t<Change, database&, const Wish&>> {
  auto& db = *self->state.db;
  auto changed = guarded(db, doing, [&] {
    transaction tx{db};
    allow_long_statements(db);
    auto result = change(db, wish);
    if (!result.pools.empty())
      write_audit_event(db, {wish.by, wish.what.lot, {}, {}, json_object([&](json_writer& out) {
                               out.array("iccids", wish.what.iccids)
                                 .member("reason", wish.reason)
                                 .member(counted, result.count);
                             })});
    tx.commit();
    return result;
  });
  if (!changed)
    return std::move(changed.error());
  if (changed->pools.empty())
    return make_error(ec::not_found, none);
  restock(self, changed->pools);
  return std::move(*changed);
}

/// A pool that is not told sells none of it, because its commits fail. Only its count is out of
/// date.
caf::result<stock_withdrawn> withdraw(changes_pointer self, const withdraw_stock& wish) {
  return change_stock(self, wish, "withdrawing stock", "withdrawn", "there is no such stock",
                      withdraw_rows);
}

caf::result<stock_released> release_quarantined(changes_pointer self, const release_stock& wish) {
  return change_stock(self, wish, "releasing stock", "released", "none of that is in quarantine",
                      release);
}

/// No pool has to be told: while all work is held, no pool has stock in memory.
caf::result<stock_quarantined> put_in_quarantine(changes_pointer self,
                                                 const quarantine_stock& wish) {
  auto& db = *self->state.db;
  auto kept = guarded(db, "putting stock in quarantine", [&] {
    transaction tx{db};
    allow_long_statements(db);
    auto result = quarantine(db, wish);
    if (result)
      write_audit_event(db, {wish.by, "stock", {}, {}, json_object([&](json_writer& out) {
                               out.array("iccids", wish.iccids)
                                 .member("next_of_each_pool", wish.next_of_each_pool)
                                 .member("quarantined", result->count);
                             })});
    tx.commit();
    return result;
  });
  if (!kept)
    return std::move(kept.error());
  if (!*kept)
    return make_error(ec::conflict, "work is not held: start the node with --hold first");
  return **kept;
}

} // namespace

long_changes_actor::behavior_type long_changes(changes_pointer self, std::string connection,
                                               region_actor region) {
  self->state.db = std::make_unique<database>(std::move(connection), "long changes");
  self->state.region = std::move(region);
  auto& db = *self->state.db;
  return {
    [&db](const erase_customer& wish) -> caf::result<erased_customer> {
      return answer_with(db, "erasing a customer", [&] { return erase(db, wish); });
    },
    [self](const import_stock& rows) { return import_lines(self, rows); },
    [self](const withdraw_stock& wish) { return withdraw(self, wish); },
    [self](const quarantine_stock& wish) { return put_in_quarantine(self, wish); },
    [self](const release_stock& wish) { return release_quarantined(self, wish); },
  };
}

} // namespace meisim
