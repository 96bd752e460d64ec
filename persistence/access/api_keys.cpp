#include "persistence/access/api_keys.hpp"

#include "persistence/access/api_keys.sql.hpp"
#include "persistence/base/array.hpp"
#include "protocols/base/crypto.hpp"

namespace meisim {

namespace {

constexpr size_t prefix_size = 11;

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

std::vector<std::string> insert_key(database& db, dealer_id dealer, const std::string& key) {
  transaction tx{db};
  auto& session = db.session();
  std::string owner = to_string(dealer);
  std::string hash = to_hex(sha256(key));
  std::string prefix = key_prefix(key);
  int most_others = most_keys - 1;
  std::string displaced;
  session << sql::lock_key_owner, soci::use(owner, "dealer");
  session << sql::insert_key, soci::use(hash, "hash"), soci::use(owner, "dealer"),
    soci::use(prefix, "prefix");
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
  soci::statement query = (db.session().prepare << sql::list_keys, soci::use(owner, "dealer"),
                           soci::into(prefix), soci::into(created), soci::into(used));
  query.execute();
  std::vector<api_key> result;
  while (query.fetch())
    result.push_back({prefix, from_micros(created), from_micros(used)});
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

void note_key_use(database& db, const std::vector<std::string>& hashes) {
  array_text used;
  for (const auto& hash : hashes)
    used.add(digest_from_hex(hash));
  std::string list = used.take();
  db.session() << sql::note_key_use, soci::use(list, "hashes");
}

} // namespace meisim
