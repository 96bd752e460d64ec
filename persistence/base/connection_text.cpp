#include "persistence/base/connection_text.hpp"

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <utility>

namespace meisim {

namespace {

using settings = std::map<std::string, std::string>;

// statement_timeout: a statement that takes longer has met a fault, and its client has been
// answered long ago. enable_*: every statement finds its rows by an index, and every list reads a
// page in the order of an index. Without statistics, or with old ones, the planner would instead
// gather all rows in a bitmap, start parallel workers, or read a whole table for each job.
// plan_cache_mode: no plan depends on the values, so each is made once.
constexpr auto server_settings =
  "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=15s"
  " -c enable_bitmapscan=off -c enable_seqscan=off -c max_parallel_workers_per_gather=0 -c jit=off"
  " -c plan_cache_mode=force_generic_plan -c timezone=UTC";

/// A machine that is gone without a word is noticed in three seconds, by every session that waits
/// for it.
const settings our_settings{
  {"connect_timeout", "3"},  {"keepalives_idle", "1"},     {"keepalives_interval", "1"},
  {"keepalives_count", "2"}, {"tcp_user_timeout", "3000"},
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts{""};
  for (char c : text)
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

/// Nothing if libpq does not understand it.
settings parsed(const std::string& connection) {
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
    PQconninfoParse(connection.c_str(), nullptr), PQconninfoFree};
  settings result;
  for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr;
       ++option)
    if (option->val != nullptr)
      result.emplace(option->keyword, option->val);
  return result;
}

std::string text_of(const settings& all) {
  std::string result;
  for (const auto& [key, value] : all) {
    result += key + "='";
    for (char c : value)
      result += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    result += "' ";
  }
  return result;
}

/// The value of a host, from a list with one value for each host or one for all.
std::string value_at(const std::vector<std::string>& list, size_t place) {
  return list.size() == 1 ? list.front() : place < list.size() ? list[place] : std::string{};
}

} // namespace

std::vector<std::string> connection_texts(const std::string& connection, std::string_view role) {
  auto all = parsed(connection);
  if (all.empty())
    return {connection};
  all.insert(our_settings.begin(), our_settings.end());
  all.emplace("application_name", "meisim " + std::string{role});
  all["options"] = server_settings + (" " + all["options"]);
  std::vector<std::pair<std::string, std::vector<std::string>>> lists;
  size_t hosts = 1;
  for (const char* key : {"host", "hostaddr", "port"})
    if (auto found = all.find(key); found != all.end()) {
      lists.emplace_back(key, split(found->second));
      hosts = std::max(hosts, lists.back().second.size());
    }
  std::vector<std::string> result;
  for (size_t place = 0; place < hosts; ++place) {
    for (const auto& [key, list] : lists)
      all[key] = value_at(list, place);
    result.push_back(text_of(all));
  }
  return result;
}

} // namespace meisim
