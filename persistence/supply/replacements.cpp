#include "persistence/supply/replacements.hpp"

#include "persistence/access/audit.hpp"
#include "persistence/base/array.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/base/json_pages.hpp"
#include "persistence/supply/replacements.sql.hpp"
#include "protocols/base/json_writer.hpp"

namespace meisim {

namespace {

/// `statement` finds checks by `:key`.
std::vector<replacement_view> views(database& db, const char* statement, const std::string& key) {
  std::string id, dealer, decided, new_id, new_lpa, new_iccid;
  long long requested = 0;
  replacement_view row;
  soci::statement query =
    (db.session().prepare << statement, soci::use(key, "key"), soci::into(id), soci::into(dealer),
     soci::into(row.iccid), soci::into(decided), soci::into(row.validator_status),
     soci::into(row.note), soci::into(row.decided_by), soci::into(requested), soci::into(new_id),
     soci::into(new_iccid), soci::into(new_lpa), soci::into(row.pool.carrier),
     soci::into(row.pool.plan_type));
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
  return views(db, sql::find_check, to_string(check)).at(0);
}

void insert_check_batch(database& db, batch_id batch, check_id check, const std::string& not_on) {
  std::string id = to_string(batch);
  std::string of = to_string(check);
  auto& session = db.session();
  session << sql::insert_check_batch, soci::use(id, "id"), soci::use(not_on, "device"),
    soci::use(of, "check");
  session << sql::insert_check_row, soci::use(id, "id"), soci::use(of, "check");
}

void set_decision(database& db, check_id check, decision what, std::string_view by,
                  const std::string& note) {
  std::string id = to_string(check);
  std::string decided{to_string(what)};
  std::string who{by};
  db.session() << sql::set_decision, soci::use(decided, "decision"), soci::use(who, "by"),
    soci::use(note, "note"), soci::use(id, "id");
}

/// Burns the eSIM, and puts the check where serve_waiting finds it.
void burn(database& db, check_id check, std::string_view by, const std::string& note) {
  std::string id = to_string(check);
  db.session() << sql::burn_esim, soci::use(id, "id");
  set_decision(db, check, decision::awaiting_restock, by, note);
}

pool_name pool_of(database& db, check_id check) {
  std::string id = to_string(check);
  pool_name pool;
  db.session() << sql::find_pool_of_check, soci::use(id, "id"), soci::into(pool.carrier),
    soci::into(pool.plan_type);
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
  auto& session = db.session();
  session << sql::lock_check, soci::use(id, "id"), soci::into(decided);
  return session.got_data() ? parse_decision(decided) : std::nullopt;
}

dealer_id dealer_of_check(database& db, check_id check) {
  std::string id = to_string(check);
  std::string dealer;
  db.session() << sql::find_check_dealer, soci::use(id, "id"), soci::into(dealer);
  return dealer_id::parse(dealer).value_or(dealer_id{});
}

/// Tells the dealers of what was decided.
void tell_of_checks(database& db, const std::vector<check_id>& decided) {
  if (decided.empty())
    return;
  array_text ids;
  for (auto check : decided)
    ids.add(check);
  std::string list = ids.take();
  db.session() << sql::tell_of_checks, soci::use(list, "ids");
}

/// serve_waiting tells of what is handed out.
void tell_of(database& db, check_id check, decision what) {
  if (what != decision::pending && what != decision::replaced)
    tell_of_checks(db, {check});
}

void ask_again(database& db, const take_step& what) {
  batch_id second{derive_uuid(what.check.value, "second opinion")};
  insert_check_batch(db, second, what.check, what.not_on);
  std::string id = to_string(what.check);
  std::string batch = to_string(second);
  db.session() << sql::set_second_batch, soci::use(batch, "batch"), soci::use(id, "id");
  db.session() << sql::queue_end_of_patience, soci::use(batch, "batch");
}

} // namespace

std::optional<replacement_view> begin_replacement(database& db, const request_replacement& wish) {
  transaction tx{db};
  auto& session = db.session();
  std::string dealer = to_string(wish.dealer);
  std::string inventory;
  long long usage = 0;
  session << sql::lock_sold_esim, soci::use(wish.iccid, "iccid"), soci::use(dealer, "dealer"),
    soci::into(inventory), soci::into(usage);
  if (!session.got_data())
    return std::nullopt;
  auto open = views(db, sql::find_open_check, inventory);
  if (!open.empty()) {
    tx.commit();
    return open.front();
  }
  auto check = check_id::make();
  std::string id = to_string(check);
  session << sql::insert_check, soci::use(id, "id"), soci::use(dealer, "dealer"),
    soci::use(inventory, "inventory"), soci::use(usage, "usage");
  insert_check_batch(db, batch_id{check.value}, check, {});
  auto result = view_of(db, check);
  tx.commit();
  return result;
}

std::optional<replacement_view> find_replacement_of(database& db,
                                                    const find_replacement& question) {
  auto found = views(db, sql::find_check, to_string(question.check));
  if (found.empty() || found.front().dealer != question.dealer)
    return std::nullopt;
  return found.front();
}

review_list open_reviews(database& db) {
  return {views(db, sql::list_reviews, std::string{to_string(decision::admin_review)})};
}

std::optional<replacement_verdicts> verdicts_of(database& db, batch_id batch) {
  std::string key = to_string(batch);
  std::string check, decided, first, device, second, second_device;
  int has_other = 0;
  int is_overdue = 0;
  auto& session = db.session();
  session << sql::find_check_verdicts, soci::use(key, "batch"), soci::into(check),
    soci::into(decided), soci::into(first), soci::into(device), soci::into(second),
    soci::into(second_device), soci::into(has_other), soci::into(is_overdue);
  if (!session.got_data())
    return std::nullopt;
  return replacement_verdicts{check_id::parse(check).value_or(check_id{}),
                              parse_decision(decided).value_or(decision::pending),
                              parse_verdict(first).value_or(verdict::unknown),
                              device,
                              parse_verdict(second),
                              second_device,
                              has_other != 0,
                              is_overdue != 0};
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
      set_decision(db, what.check, decision::admin_review, validator, what.note);
      break;
    }
  }
  end_job(db, "replacement", what.batch.value);
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
  write_audit_event(db, {what.by,
                         to_string(what.check),
                         dealer_of_check(db, what.check),
                         {},
                         json_object([&](json_writer& out) {
                           out.member("decision", to_string(result.what)).member("note", what.note);
                         })});
  tx.commit();
  return result;
}

void serve_waiting(database& db, const pool_name& pool) {
  std::string served;
  db.session() << sql::serve_waiting_checks, soci::use(pool.carrier, "carrier"),
    soci::use(pool.plan_type, "plan"), soci::into(served);
  auto ids = split_ids<check_id>(served);
  tell_of_checks(db, {ids.begin(), ids.end()});
}

json_page browse(database& db, const browse_checks& question) {
  page_reader page{question.page};
  std::string dealer = to_string(question.dealer);
  soci::statement query =
    (db.session().prepare << sql::browse_checks, soci::use(dealer, "dealer"),
     soci::use(page.at, "at"), soci::use(page.id, "id"), soci::use(page.most, "limit"),
     soci::into(page.item_at), soci::into(page.item_id), soci::into(page.item));
  return page.read(query);
}

} // namespace meisim
