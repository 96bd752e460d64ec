#include "persistence/access/api_keys.hpp"

#include "persistence/access/api_keys.sql.hpp"
#include "persistence/base/array.hpp"
#include "protocols/base/crypto.hpp"
#include "protocols/base/names.hpp"

#include <array>
#include <sstream>

namespace meisim {

namespace {

constexpr size_t prefix_size = 11;

constexpr std::array<std::string_view, 3> origin_names{"code", "operator", "key"};

std::string list_text(const std::vector<std::string>& items) {
  array_text list;
  for (const auto& item : items)
    list.add(item);
  return list.take();
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream words{text};
  std::vector<std::string> result;
  for (std::string word; words >> word;)
    result.push_back(word);
  return result;
}

struct select_owner {
  explicit select_owner(soci::session& session)
    : statement(
      (session.prepare << sql::find_key_owner, soci::use(hash, "hash"), soci::into(owner))) {
    // nop
  }

  std::string hash, owner;
  soci::statement statement;
};

} // namespace

std::string key_prefix(const std::string& key) {
  return key.substr(0, prefix_size);
}

std::vector<std::string> insert_key(database& db, dealer_id dealer, const new_key& what) {
  transaction tx{db};
  auto& session = db.session();
  std::string owner = to_string(dealer);
  std::string hash = to_hex(sha256(what.key));
  std::string prefix = key_prefix(what.key);
  std::string networks = list_text(what.networks);
  std::string origin{origin_names.at(static_cast<size_t>(what.origin))};
  int scopes = what.scopes.bits();
  long long expires = micros(what.expires_at);
  int most_others = most_keys - 1;
  std::string displaced;
  session << sql::lock_key_owner, soci::use(owner, "dealer");
  session << sql::insert_key, soci::use(hash, "hash"), soci::use(owner, "dealer"),
    soci::use(prefix, "prefix"), soci::use(what.label, "label"), soci::use(scopes, "scopes"),
    soci::use(expires, "expires"), soci::use(networks, "networks"), soci::use(origin, "origin");
  soci::statement displace =
    (session.prepare << sql::displace_keys, soci::use(owner, "dealer"), soci::use(hash, "hash"),
     soci::use(most_others, "most"), soci::into(displaced));
  displace.execute();
  std::vector<std::string> result;
  while (displace.fetch())
    result.push_back(displaced);
  tx.commit();
  return result;
}

std::vector<api_key> keys_of(database& db, dealer_id dealer) {
  std::string owner = to_string(dealer);
  std::string prefix;
  long long created = 0;
  long long used = 0;
  std::string label, networks;
  int scopes = 0;
  long long expires = 0;
  soci::statement query =
    (db.session().prepare << sql::list_keys, soci::use(owner, "dealer"), soci::into(prefix),
     soci::into(created), soci::into(used), soci::into(label), soci::into(scopes),
     soci::into(expires), soci::into(networks));
  query.execute();
  std::vector<api_key> result;
  while (query.fetch())
    result.push_back({prefix, from_micros(created), from_micros(used), label,
                      scope_set::from_bits(static_cast<uint8_t>(scopes)), from_micros(expires),
                      words_of(networks)});
  return result;
}

bool delete_key(database& db, dealer_id dealer, const std::string& prefix) {
  std::string owner = to_string(dealer);
  std::string gone;
  db.session() << sql::delete_key, soci::use(owner, "dealer"), soci::use(prefix, "prefix"),
    soci::into(gone);
  return !gone.empty();
}

std::optional<dealer_id> key_owner(database& db, const std::string& hash) {
  auto& query = db.prepared<select_owner>();
  query.hash = hash;
  if (!query.statement.execute(true))
    return std::nullopt;
  return dealer_id::parse(query.owner);
}

std::optional<key_origin> origin_of_key(database& db, const std::string& hash) {
  std::string name;
  db.session() << sql::find_key_origin, soci::use(hash, "hash"), soci::into(name);
  return value_named<key_origin>(name, origin_names);
}

void note_key_use(database& db, const std::vector<std::string>& hashes) {
  array_text used;
  for (const auto& hash : hashes)
    used.add(digest_from_hex(hash));
  std::string list = used.take();
  db.session() << sql::note_key_use, soci::use(list, "hashes");
}

} // namespace meisim
