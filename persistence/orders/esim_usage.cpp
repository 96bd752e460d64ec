#include "persistence/orders/esim_usage.hpp"

#include "persistence/base/jobs.hpp"
#include "persistence/orders/esim_usage.sql.hpp"

namespace meisim {

void keep_esim_usage(database& db, const note_esim_usage& what, instant at) {
  transaction tx{db};
  auto& session = db.session();
  std::string id = to_string(what.order);
  for (const auto& unit : what.units) {
    int installed = unit.is_installed ? 1 : 0;
    int percent = told_percent(unit);
    int days = told_days(unit, at).value_or(0);
    long long used = unit.used_mb;
    long long allowance = unit.allowance_mb;
    long long expiry = micros(unit.expires_at);
    long long told = 0;
    session << sql::note_usage, soci::use(id, "id"), soci::use(unit.unit, "unit"),
      soci::use(installed, "installed"), soci::use(percent, "percent"), soci::use(days, "days"),
      soci::use(used, "used"), soci::use(allowance, "allowance"), soci::use(expiry, "expiry"),
      soci::into(told);
  }
  if (what.pause_seconds > 0)
    session << sql::ask_again, soci::use(what.pause_seconds, "pause"), soci::use(id, "id"),
      soci::use(what.attempt, "attempt");
  else
    end_job(db, "esim", what.order.value);
  tx.commit();
}

} // namespace meisim
