#include "persistence/access/dealers.hpp"

#include "persistence/access/credit.hpp"
#include "persistence/access/dealers.sql.hpp"

#include <sstream>

namespace meisim {

namespace {

/// The snapshot of a dealer as SOCI fills it.
struct snapshot_row {
  std::string id, email, company, status;
  int markup = 0;
  long long resend_fee = 0;
  int portal = 0;
  int token_epoch = 0;

  dealer_snapshot value() const {
    dealer_snapshot result;
    result.id = dealer_id::parse(id).value_or(dealer_id{});
    result.email = email;
    result.company = company;
    result.status = parse_dealer_status(status).value_or(dealer_status::pending);
    result.markup_basis_points = markup;
    result.resend_fee = money::from_cents(resend_fee);
    result.portal = portal != 0;
    return result;
  }
};

struct select_dealer {
  explicit select_dealer(soci::session& session)
    : statement((session.prepare << sql::load_dealer, soci::use(id, "id"), soci::into(row.id),
                 soci::into(row.email), soci::into(row.company), soci::into(row.status),
                 soci::into(row.markup), soci::into(row.resend_fee), soci::into(row.portal),
                 soci::into(row.token_epoch), soci::into(keys), soci::into(ended))) {
    // nop
  }

  std::string id, keys, ended;
  snapshot_row row;
  soci::statement statement;
};

/// What `load_dealer` says of a key: its hash, its scopes, when it expires, and its networks.
key_grant read_grant(std::istringstream& words) {
  key_grant result;
  int bits = 0;
  long long expires = 0;
  size_t networks = 0;
  words >> result.hash >> bits >> expires >> networks;
  result.scopes = scope_set::from_bits(static_cast<uint8_t>(bits));
  result.expires_at = from_micros(expires);
  result.networks.resize(networks);
  for (auto& network : result.networks)
    words >> network;
  return result;
}

std::vector<key_grant> read_grants(const std::string& text) {
  std::istringstream words{text};
  std::vector<key_grant> result;
  while (words >> std::ws && !words.eof())
    result.push_back(read_grant(words));
  return result;
}

std::vector<session_id> read_sessions(const std::string& text) {
  std::istringstream words{text};
  std::vector<session_id> result;
  for (std::string word; words >> word;)
    if (auto id = session_id::parse(word))
      result.push_back(*id);
  return result;
}

} // namespace

std::optional<dealer_record> load_dealer_record(database& db, dealer_id id) {
  auto& query = db.prepared<select_dealer>();
  query.id = to_string(id);
  if (!query.statement.execute(true))
    return std::nullopt;
  return dealer_record{query.row.value(), read_grants(query.keys), query.row.token_epoch,
                       read_sessions(query.ended)};
}

int64_t count_dealers(database& db) {
  long long count = 0;
  db.session() << sql::count_dealers, soci::into(count);
  return count;
}

std::optional<dealer_id> dealer_with_email(database& db, const std::string& email) {
  std::string id;
  db.session() << sql::find_dealer_by_email, soci::use(email, "email"), soci::into(id);
  return dealer_id::parse(id);
}

void insert_dealer(database& db, dealer_id id, const add_dealer& account) {
  transaction tx{db};
  auto& session = db.session();
  std::string key = to_string(id);
  std::string status{to_string(account.status)};
  int markup = account.markup_basis_points;
  long long fee = account.resend_fee.cents();
  int portal = account.portal ? 1 : 0;
  session << sql::insert_dealer, soci::use(key, "id"), soci::use(account.email, "email"),
    soci::use(account.company, "company"), soci::use(status, "status"), soci::use(markup, "markup"),
    soci::use(fee, "fee"), soci::use(portal, "portal");
  session << sql::insert_wallet, soci::use(key, "id");
  if (account.credit_limit)
    open_credit(db, id, *account.credit_limit);
  tx.commit();
}

std::vector<dealer_overview> dealer_overviews_of(database& db, const std::string& email) {
  snapshot_row row;
  long long balance = 0;
  long long keys = 0;
  int has_password = 0;
  long long created = 0;
  long long limit = -1;
  long long used = 0;
  std::string reason;
  soci::statement query =
    (db.session().prepare << sql::list_dealers, soci::use(email, "email"), soci::into(row.id),
     soci::into(row.email), soci::into(row.company), soci::into(row.status), soci::into(row.markup),
     soci::into(row.resend_fee), soci::into(row.portal), soci::into(row.token_epoch),
     soci::into(balance), soci::into(keys), soci::into(has_password), soci::into(created),
     soci::into(limit), soci::into(used), soci::into(reason));
  query.execute();
  std::vector<dealer_overview> result;
  while (query.fetch())
    result.push_back({row.value(), money::from_cents(balance), keys, has_password != 0,
                      from_micros(created), credit_from(limit, used), reason});
  return result;
}

bool update_status(database& db, dealer_id id, dealer_status status, const std::string& reason) {
  std::string key = to_string(id);
  std::string value{to_string(status)};
  std::string changed;
  db.session() << sql::update_dealer_status, soci::use(value, "status"),
    soci::use(reason, "reason"), soci::use(key, "id"), soci::into(changed);
  return !changed.empty();
}

void update_password(database& db, dealer_id id, const std::string& hash) {
  std::string key = to_string(id);
  db.session() << sql::update_password, soci::use(hash, "hash"), soci::use(key, "id");
}

std::optional<password_record> password_of(database& db, const std::string& email,
                                           const std::string& address) {
  snapshot_row row;
  std::string hash;
  int has_factor = 0;
  int is_paused = 0;
  auto& session = db.session();
  session << sql::find_password, soci::use(email, "email"), soci::use(address, "address"),
    soci::into(row.id), soci::into(row.email), soci::into(row.company), soci::into(row.status),
    soci::into(row.markup), soci::into(row.resend_fee), soci::into(row.portal),
    soci::into(row.token_epoch), soci::into(hash), soci::into(has_factor), soci::into(is_paused);
  if (!session.got_data())
    return std::nullopt;
  return password_record{{row.value(), row.token_epoch}, hash, has_factor != 0, is_paused != 0};
}

} // namespace meisim
