#include "persistence/verification/devices.hpp"

#include "persistence/base/array.hpp"
#include "persistence/base/pipeline.hpp"
#include "persistence/verification/devices.sql.hpp"
#include "protocols/base/strict_json.hpp"

#include <string>

namespace meisim {

namespace {

std::string json_of(const std::vector<std::string>& texts) {
  Json::Value list{Json::arrayValue};
  for (const auto& text : texts)
    list.append(text);
  return write_json(list);
}

constexpr column<device_report> device_columns[] = {
  {"name", [](row_array& to, const device_report& from) { to.add(from.name); }},
  {"driver", [](row_array& to, const device_report& from) { to.add(from.driver); }},
  {"node", [](row_array& to, const device_report& from) { to.add(from.node); }},
  {"site", [](row_array& to, const device_report& from) { to.add(from.site); }},
  {"eid", [](row_array& to, const device_report& from) { to.add_optional(from.eid); }},
  {"version", [](row_array& to, const device_report& from) { to.add_optional(from.version); }},
  {"state", [](row_array& to, const device_report& from) { to.add(to_string(from.state)); }},
  {"detail", [](row_array& to, const device_report& from) { to.add_optional(from.detail); }},
  {"checks", [](row_array& to, const device_report& from) { to.add(from.checks); }},
  {"failures", [](row_array& to, const device_report& from) { to.add(from.failures); }},
  {"failures_in_a_row",
   [](row_array& to, const device_report& from) { to.add(from.failures_in_a_row); }},
  {"rests_until",
   [](row_array& to, const device_report& from) {
     if (from.rests_until == instant{})
       to.add_null();
     else
       to.add(from.rests_until);
   }},
  {"last_results",
   [](row_array& to, const device_report& from) {
     to.add_optional_json(json_of(from.last_results));
   }},
};

constexpr row_statement<device_report> insert_devices{sql::note_devices, device_columns};

std::vector<refused_device> refused_among(database& db, const note_devices& here) {
  array_text names, sites;
  for (const auto& device : here.devices) {
    names.add(device.name);
    sites.add(device.site);
  }
  std::string all_names = names.take();
  std::string all_sites = sites.take();
  refused_device refused;
  soci::statement query =
    (db.session().prepare << sql::list_refused_devices, soci::use(all_names, "names"),
     soci::use(all_sites, "sites"), soci::into(refused.name), soci::into(refused.reason));
  query.execute();
  std::vector<refused_device> result;
  while (query.fetch())
    result.push_back(refused);
  return result;
}

} // namespace

noted_devices update_devices(database& db, const note_devices& here) {
  transaction tx{db};
  pipeline into{db};
  auto devices = into.rows_for(insert_devices);
  for (const auto& device : here.devices)
    devices.add(device);
  into.run();
  noted_devices result{refused_among(db, here)};
  tx.commit();
  return result;
}

device_list known_devices(database& db) {
  device_report row;
  std::string state, results;
  long long checks = 0;
  long long failures = 0;
  long long rests_until = 0;
  soci::statement query =
    (db.session().prepare << sql::list_devices, soci::into(row.name), soci::into(row.driver),
     soci::into(row.node), soci::into(row.site), soci::into(row.eid), soci::into(row.version),
     soci::into(state), soci::into(row.detail), soci::into(checks), soci::into(failures),
     soci::into(row.failures_in_a_row), soci::into(rests_until), soci::into(results));
  query.execute();
  device_list result;
  while (query.fetch()) {
    auto device = row;
    device.state = parse_device_state(state).value_or(device_state::lost);
    device.checks = checks;
    device.failures = failures;
    device.rests_until = from_micros(rests_until);
    if (auto list = parse_json(results); list && list->isArray())
      for (const auto& text : *list)
        device.last_results.push_back(text.asString());
    result.devices.push_back(std::move(device));
  }
  return result;
}

well_hosts find_hosts(database& db, const find_well_hosts& question) {
  transaction tx{db};
  plan_by_values(db);
  array_text hosts;
  for (const auto& host : question.hosts)
    hosts.add(host);
  std::string list = hosts.take();
  long long since = micros(question.since);
  std::string host, dealer;
  soci::statement query = (db.session().prepare << sql::list_well_hosts, soci::use(list, "hosts"),
                           soci::use(question.device, "device"), soci::use(since, "since"),
                           soci::into(host), soci::into(dealer));
  query.execute();
  well_hosts result;
  while (query.fetch())
    result.hosts.push_back({host, dealer_id::parse(dealer).value_or(dealer_id{})});
  tx.commit();
  return result;
}

ask_leave take_leave(database& db, const count_ask& question) {
  long long at = 0;
  auto& session = db.session();
  session << sql::count_ask, soci::use(question.code, "code"), soci::use(most_asks_a_day, "most"),
    soci::into(at);
  return session.got_data() ? ask_leave{true, from_micros(at)} : ask_leave{};
}

void give_leave_back(database& db, const release_ask& question) {
  long long at = micros(question.counted_at);
  db.session() << sql::release_ask, soci::use(question.code, "code"), soci::use(at, "at");
}

} // namespace meisim
