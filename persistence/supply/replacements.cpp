#include "persistence/supply/replacements.hpp"

#include "persistence/base/array.hpp"
#include "persistence/notify/webhook_events.hpp"

namespace meisim {

namespace {

/// A batch is in progress once a node has its row.
constexpr const char* view_query =
  "SELECT c.id::text, c.dealer_id::text, i.iccid, c.decision, coalesce(v2.verdict, v.verdict,"
  " CASE WHEN b.next_row > 1 THEN 'in_progress' ELSE 'pending' END), coalesce(c.note, ''),"
  " coalesce(c.decided_by, ''), (extract(epoch FROM c.requested_at) * 1000000)::bigint,"
  " coalesce(n.id::text, ''), coalesce(n.iccid, ''), coalesce(n.lpa, ''), i.carrier, i.plan_type"
  " FROM replacement_checks c JOIN inventory i ON i.id = c.inventory_id"
  " JOIN batches b ON b.id = c.first_batch"
  " LEFT JOIN verdicts v ON v.batch_id = c.first_batch AND c.decision <> 'pending'"
  " LEFT JOIN verdicts v2 ON v2.batch_id = c.second_batch AND c.decision <> 'pending'"
  " LEFT JOIN inventory n ON n.id = c.replacement_id ";

std::vector<replacement_view> views(database& db, const std::string& condition,
                                    const std::string& key) {
  std::string id, dealer, decided, new_id, new_lpa, new_iccid;
  long long requested = 0;
  replacement_view row;
  soci::statement query =
    (db.session().prepare << view_query << condition, soci::use(key, "key"), soci::into(id),
     soci::into(dealer), soci::into(row.iccid), soci::into(decided),
     soci::into(row.validator_status), soci::into(row.note), soci::into(row.decided_by),
     soci::into(requested), soci::into(new_id), soci::into(new_iccid), soci::into(new_lpa),
     soci::into(row.pool.carrier), soci::into(row.pool.plan_type));
  query.execute();
  std::vector<replacement_view> result;
  while (query.fetch()) {
    row.id = check_id::parse(id).value_or(check_id{});
    row.dealer = dealer_id::parse(dealer).value_or(dealer_id{});
    row.what = parse_decision(decided).value_or(decision::pending);
    row.requested_at = from_micros(requested);
    row.replacement = std::nullopt;
    if (auto fresh = inventory_id::parse(new_id))
      row.replacement = stock_row{*fresh, new_iccid, new_lpa};
    result.push_back(row);
  }
  return result;
}

replacement_view view_of(database& db, check_id check) {
  return views(db, "WHERE c.id = :key::uuid", to_string(check)).at(0);
}

void insert_check_batch(database& db, batch_id batch, check_id check, const std::string& not_on) {
  std::string id = to_string(batch);
  std::string of = to_string(check);
  auto& sql = db.session();
  sql << "INSERT INTO batches (id, dealer_id, source, label, unit_price_cents, total_rows, not_on,"
         " created_at) SELECT :id::uuid, dealer_id, 'replacement', 'Replacement ' || id, 0, 1,"
         " nullif(:device, ''), clock_timestamp() FROM replacement_checks WHERE id = :check::uuid",
    soci::use(id, "id"), soci::use(not_on, "device"), soci::use(of, "check");
  sql << "INSERT INTO batch_rows (batch_id, row_number, iccid, lpa)"
         " SELECT :id::uuid, 1, i.iccid, i.lpa FROM replacement_checks c"
         " JOIN inventory i ON i.id = c.inventory_id WHERE c.id = :check::uuid",
    soci::use(id, "id"), soci::use(of, "check");
}

void set_decision(database& db, check_id check, decision what, std::string_view by,
                  const std::string& note) {
  std::string id = to_string(check);
  std::string decided{to_string(what)};
  std::string who{by};
  db.session() << "UPDATE replacement_checks SET decision = :decision, decided_by = :by,"
                  " note = nullif(:note, ''), decided_at = clock_timestamp() WHERE id = :id::uuid",
    soci::use(decided, "decision"), soci::use(who, "by"), soci::use(note, "note"),
    soci::use(id, "id");
}

/// Burns the eSIM, and puts the check where serve_waiting finds it.
void burn(database& db, check_id check, std::string_view by, const std::string& note) {
  std::string id = to_string(check);
  db.session() << "UPDATE inventory SET is_burned = true WHERE id = (SELECT inventory_id"
                  " FROM replacement_checks WHERE id = :id::uuid)",
    soci::use(id, "id");
  set_decision(db, check, decision::awaiting_restock, by, note);
}

pool_name pool_of(database& db, check_id check) {
  std::string id = to_string(check);
  pool_name pool;
  db.session() << "SELECT i.carrier, i.plan_type FROM replacement_checks c"
                  " JOIN inventory i ON i.id = c.inventory_id WHERE c.id = :id::uuid",
    soci::use(id, "id"), soci::into(pool.carrier), soci::into(pool.plan_type);
  return pool;
}

void replace(database& db, check_id check, std::string_view by, const std::string& note) {
  burn(db, check, by, note);
  serve_waiting(db, pool_of(db, check));
}

/// The decision as it stands, with the row locked; nothing if there is no such check.
std::optional<decision> lock_check(database& db, check_id check) {
  std::string id = to_string(check);
  std::string decided;
  auto& sql = db.session();
  sql << "SELECT decision FROM replacement_checks WHERE id = :id::uuid FOR UPDATE",
    soci::use(id, "id"), soci::into(decided);
  return sql.got_data() ? parse_decision(decided) : std::nullopt;
}

/// What is handed out is told of by serve_waiting.
void tell_of(database& db, check_id check, decision what) {
  if (what != decision::pending && what != decision::replaced)
    tell_of_replacements(db, {check});
}

void end_job(database& db, batch_id batch) {
  std::string subject = to_string(batch);
  db.session() << "DELETE FROM jobs WHERE kind = 'replacement' AND subject = :id::uuid",
    soci::use(subject, "id");
}

void ask_again(database& db, const take_step& what) {
  batch_id second{derive_uuid(what.check.value, "second opinion")};
  insert_check_batch(db, second, what.check, what.not_on);
  std::string id = to_string(what.check);
  std::string batch = to_string(second);
  db.session() << "UPDATE replacement_checks SET second_batch = :batch::uuid WHERE id = :id::uuid",
    soci::use(batch, "batch"), soci::use(id, "id");
}

} // namespace

std::optional<replacement_view> begin_replacement(database& db, const request_replacement& wish) {
  transaction tx{db};
  auto& sql = db.session();
  std::string dealer = to_string(wish.dealer);
  std::string inventory;
  long long usage = 0;
  // The lock makes requests for one eSIM take turns.
  sql << "SELECT i.id::text, s.usage_id FROM inventory i CROSS JOIN LATERAL"
         " (SELECT id FROM usages WHERE dealer_id = :dealer::uuid AND i.id = ANY(inventory_ids)"
         " UNION ALL SELECT usage_id FROM replacement_checks WHERE dealer_id = :dealer::uuid"
         " AND replacement_id = i.id) AS s(usage_id) WHERE i.iccid = :iccid FOR UPDATE OF i",
    soci::use(wish.iccid, "iccid"), soci::use(dealer, "dealer"), soci::into(inventory),
    soci::into(usage);
  if (!sql.got_data())
    return std::nullopt;
  auto open = views(db,
                    "WHERE c.inventory_id = :key::uuid"
                    " AND c.decision NOT IN ('install_again', 'rejected')",
                    inventory);
  if (!open.empty()) {
    tx.commit();
    return open.front();
  }
  auto check = check_id::make();
  std::string id = to_string(check);
  sql << "INSERT INTO replacement_checks (id, dealer_id, inventory_id, usage_id, first_batch)"
         " VALUES (:id::uuid, :dealer::uuid, :inventory::uuid, :usage, :id::uuid)",
    soci::use(id, "id"), soci::use(dealer, "dealer"), soci::use(inventory, "inventory"),
    soci::use(usage, "usage");
  insert_check_batch(db, batch_id{check.value}, check, {});
  auto result = view_of(db, check);
  tx.commit();
  return result;
}

std::optional<replacement_view> find_replacement_of(database& db,
                                                    const find_replacement& question) {
  auto found = views(db, "WHERE c.id = :key::uuid", to_string(question.check));
  if (found.empty() || found.front().dealer != question.dealer)
    return std::nullopt;
  return found.front();
}

review_list open_reviews(database& db) {
  return {views(db, "WHERE c.decision = :key ORDER BY c.requested_at, c.id",
                std::string{to_string(decision::admin_review)})};
}

std::optional<replacement_verdicts> verdicts_of(database& db, batch_id batch) {
  std::string key = to_string(batch);
  std::string check, decided, first, device, second;
  auto& sql = db.session();
  sql << "SELECT c.id::text, c.decision, coalesce(v.verdict, ''), coalesce(v.device, ''),"
         " coalesce(v2.verdict, '') FROM replacement_checks c"
         " LEFT JOIN verdicts v ON v.batch_id = c.first_batch"
         " LEFT JOIN verdicts v2 ON v2.batch_id = c.second_batch"
         " WHERE c.first_batch = :batch::uuid OR c.second_batch = :batch::uuid",
    soci::use(key, "batch"), soci::into(check), soci::into(decided), soci::into(first),
    soci::into(device), soci::into(second);
  if (!sql.got_data())
    return std::nullopt;
  return replacement_verdicts{check_id::parse(check).value_or(check_id{}),
                              parse_decision(decided).value_or(decision::pending),
                              parse_verdict(first).value_or(verdict::unknown), device,
                              parse_verdict(second)};
}

replacement_view apply_step(database& db, const take_step& what) {
  constexpr std::string_view validator = "validator";
  transaction tx{db};
  bool is_open = lock_check(db, what.check) == decision::pending;
  if (is_open) {
    switch (what.step) {
    case next_step::install_again:
      set_decision(db, what.check, decision::install_again, validator, {});
      break;
    case next_step::ask_another_device:
      ask_again(db, what);
      break;
    case next_step::replace:
      replace(db, what.check, validator, {});
      break;
    case next_step::review:
      set_decision(db, what.check, decision::admin_review, validator, {});
      break;
    }
  }
  end_job(db, what.batch);
  auto result = view_of(db, what.check);
  if (is_open)
    tell_of(db, what.check, result.what);
  tx.commit();
  return result;
}

std::optional<replacement_view> apply_review(database& db, const resolve_review& what) {
  constexpr std::string_view operators = "operator";
  transaction tx{db};
  if (lock_check(db, what.check) != decision::admin_review)
    return std::nullopt;
  if (what.replaces)
    replace(db, what.check, operators, what.note);
  else
    set_decision(db, what.check, decision::rejected, operators, what.note);
  auto result = view_of(db, what.check);
  tell_of(db, what.check, result.what);
  tx.commit();
  return result;
}

void serve_waiting(database& db, const pool_name& pool) {
  std::string served;
  // The newest rows: the pool sells the oldest first, so the two rarely want the same one. If they
  // do, the database refuses one of them, which is tried again.
  db.session()
    << "WITH waiting AS (SELECT c.id, c.usage_id, row_number() OVER (ORDER BY c.requested_at, c.id)"
       " AS turn FROM (SELECT c.id, c.usage_id, c.requested_at FROM replacement_checks c"
       " JOIN inventory i ON i.id = c.inventory_id WHERE c.decision = 'awaiting_restock'"
       " AND i.carrier = :carrier AND i.plan_type = :plan"
       " ORDER BY c.requested_at, c.id FOR UPDATE OF c SKIP LOCKED) AS c),"
       " fresh AS (SELECT f.id, f.place, row_number() OVER (ORDER BY f.id DESC) AS turn"
       " FROM (SELECT i.id, i.place FROM inventory i"
       " WHERE i.carrier = :carrier AND i.plan_type = :plan AND NOT i.is_burned"
       // The view of the stock has an outer join, whose rows cannot be locked.
       " AND NOT EXISTS (SELECT FROM inventory_sold s WHERE s.block = i.place / 1024"
       " AND get_bit(s.places, (i.place % 1024)::integer) = 1)"
       " ORDER BY i.id DESC LIMIT (SELECT count(*) FROM waiting) FOR UPDATE OF i SKIP LOCKED) AS f),"
       " pairs AS (SELECT w.id AS check_id, f.id AS inventory_id, f.place"
       " FROM waiting w JOIN fresh f USING (turn)),"
       " sold AS (SELECT mark_sold(array_agg(place)) FROM pairs), served AS"
       " (UPDATE replacement_checks c SET decision = 'replaced', replacement_id = p.inventory_id,"
       " decided_at = clock_timestamp() FROM pairs p WHERE c.id = p.check_id RETURNING c.id)"
       " SELECT coalesce(string_agg(id::text, ','), '') FROM served CROSS JOIN sold",
    soci::use(pool.carrier, "carrier"), soci::use(pool.plan_type, "plan"), soci::into(served);
  auto ids = split_ids<check_id>(served);
  tell_of_replacements(db, {ids.begin(), ids.end()});
}

} // namespace meisim
