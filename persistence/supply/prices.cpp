#include "persistence/supply/prices.hpp"

#include "persistence/base/json_pages.hpp"
#include "persistence/supply/prices.sql.hpp"

#include <utility>

namespace meisim {

namespace {

/// A dealer as prices see it.
struct priced_dealer {
  dealer_id id;
  int32_t markup_basis_points = 0;
};

/// Without an address it is nobody. Nothing if the address is no dealer's.
std::optional<priced_dealer> find_payer(database& db, const std::string& email) {
  if (email.empty())
    return priced_dealer{};
  std::string id;
  int markup = 0;
  auto& session = db.session();
  session << sql::find_payer, soci::use(email, "email"), soci::into(id), soci::into(markup);
  if (!session.got_data())
    return std::nullopt;
  return priced_dealer{dealer_id::parse(id).value_or(dealer_id{}), markup};
}

std::string text_or_empty(dealer_id dealer) {
  return dealer ? to_string(dealer) : std::string{};
}

/// A row of the statements that select rules.
struct price_rule_row {
  std::string id, dealer, country, product;
  long long number = 0;
  long long price = 0;
  int markup = 0;
  long long from = 0;
  int below_cost = 0;

  price_rule rule() const {
    price_rule result;
    result.id = price_rule_id::parse(id).value_or(price_rule_id{});
    result.number = number;
    result.scope = {dealer_id::parse(dealer).value_or(dealer_id{}), country, product};
    if (price != 0)
      result.price = money::from_cents(price);
    result.markup_basis_points = markup;
    result.from = from_micros(from);
    result.may_be_below_cost = below_cost != 0;
    return result;
  }
};

std::vector<price_rule> read_rules(soci::statement& query, const price_rule_row& row) {
  std::vector<price_rule> rules;
  query.execute();
  while (query.fetch())
    rules.push_back(row.rule());
  return rules;
}

std::vector<sku> all_skus(database& db) {
  std::vector<sku> skus;
  std::string id;
  sku row;
  long long price = 0;
  long long cost = 0;
  soci::statement query =
    (db.session().prepare << sql::list_skus, soci::into(id), soci::into(row.service),
     soci::into(row.name), soci::into(row.pool.carrier), soci::into(row.pool.plan_type),
     soci::into(price), soci::into(cost));
  query.execute();
  while (query.fetch()) {
    row.id = sku_id::parse(id).value_or(sku_id{});
    row.price = money::from_cents(price);
    row.cost = cost < 0 ? std::nullopt : std::optional{money::from_cents(cost)};
    skus.push_back(row);
  }
  return skus;
}

route_list all_routes(database& db) {
  route_list result;
  std::string kind, product, other, dealer;
  soci::statement query = (db.session().prepare << sql::list_routes, soci::into(kind),
                           soci::into(product), soci::into(other), soci::into(dealer));
  query.execute();
  while (query.fetch()) {
    if (kind == "route")
      result.routes.push_back({product, other});
    else if (kind == "pin")
      result.pins.push_back({dealer_id::parse(dealer).value_or(dealer_id{}), product, other});
    else
      result.held.insert(product);
  }
  return result;
}

// -- changes --------------------------------------------------------------------------------------

/// Locks the rules until the transaction ends, and returns the database's time.
instant lock_rules(database& db) {
  long long at = 0;
  db.session() << sql::lock_price_rules, soci::into(at);
  return from_micros(at);
}

/// The rule that holds for a scope at a time.
struct held_rule {
  std::string id;
  long long price = 0;
  int markup = 0;
  instant from;
  int below_cost = 0;
  std::string line;

  bool says_the_same(const set_price_rule& wish) const {
    if (wish.may_be_below_cost != (below_cost != 0))
      return false;
    return wish.price ? wish.price->cents() == price
                      : price == 0 && wish.markup_basis_points == markup;
  }
};

std::optional<held_rule> find_held_rule(database& db, const price_scope& scope, instant at) {
  auto& session = db.session();
  held_rule found;
  auto dealer = text_or_empty(scope.dealer);
  long long time = micros(at);
  long long from = 0;
  session << sql::find_held_price_rule, soci::use(dealer, "dealer"),
    soci::use(scope.country, "country"), soci::use(scope.product, "product"), soci::use(time, "at"),
    soci::into(found.id), soci::into(found.price), soci::into(found.markup), soci::into(from),
    soci::into(found.below_cost), soci::into(found.line);
  if (!session.got_data())
    return std::nullopt;
  found.from = from_micros(from);
  return found;
}

struct price_rule_line {
  std::string json, state, subject;
  dealer_id dealer;
};

std::optional<price_rule_line> find_rule_line(database& db, const std::string& id) {
  auto& session = db.session();
  price_rule_line found;
  std::string dealer;
  session << sql::find_price_rule_line, soci::use(id, "id"), soci::into(found.json),
    soci::into(found.state), soci::into(found.subject), soci::into(dealer);
  if (!session.got_data())
    return std::nullopt;
  found.dealer = dealer_id::parse(dealer).value_or(dealer_id{});
  return found;
}

/// Adds the rule, and returns its line.
price_rule_line insert_rule(database& db, const set_price_rule& wish, dealer_id dealer,
                            instant from) {
  auto id = to_string(price_rule_id::make());
  auto owner = text_or_empty(dealer);
  long long price = wish.price ? wish.price->cents() : 0;
  int markup = wish.markup_basis_points;
  int below_cost = wish.may_be_below_cost ? 1 : 0;
  long long at = micros(from);
  db.session() << sql::insert_price_rule, soci::use(id, "id"), soci::use(owner, "dealer"),
    soci::use(wish.country, "country"), soci::use(wish.product, "product"),
    soci::use(price, "price"), soci::use(markup, "markup"), soci::use(below_cost, "below"),
    soci::use(at, "at"), soci::use(wish.by.actor, "actor");
  return find_rule_line(db, id).value();
}

price_rule_change unchanged(const price_rule_line& line) {
  return {line.subject, line.dealer, line.json, line.json, false};
}

} // namespace

price_list all_prices(database& db) {
  price_list result;
  result.skus = all_skus(db);
  price_rule_row row;
  soci::statement query = (db.session().prepare << sql::list_price_rules, soci::into(row.id),
                           soci::into(row.number), soci::into(row.dealer), soci::into(row.country),
                           soci::into(row.product), soci::into(row.price), soci::into(row.markup),
                           soci::into(row.from), soci::into(row.below_cost));
  result.rules = read_rules(query, row);
  result.routes = all_routes(db);
  return result;
}

std::optional<sku> find_sku(database& db, sku_id id) {
  auto& session = db.session();
  auto key = to_string(id);
  sku row;
  session << sql::find_sku, soci::use(key, "id"), soci::into(row.service), soci::into(row.name),
    soci::into(row.pool.carrier), soci::into(row.pool.plan_type);
  if (!session.got_data())
    return std::nullopt;
  row.id = id;
  return row;
}

std::optional<found_price_rules> price_rules_for(database& db, const find_price_rules& question) {
  auto payer = find_payer(db, question.dealer);
  if (!payer)
    return std::nullopt;
  found_price_rules result{payer->id, payer->markup_basis_points, {}};
  auto dealer = text_or_empty(payer->id);
  long long at = micros(question.at);
  price_rule_row row;
  soci::statement query =
    (db.session().prepare << sql::find_price_rules, soci::use(question.country, "country"),
     soci::use(question.product, "product"), soci::use(dealer, "dealer"), soci::use(at, "at"),
     soci::into(row.id), soci::into(row.number), soci::into(row.dealer), soci::into(row.country),
     soci::into(row.product), soci::into(row.price), soci::into(row.markup), soci::into(row.from),
     soci::into(row.below_cost));
  result.rules = read_rules(query, row);
  return result;
}

json_page browse(database& db, const browse_price_rules& question) {
  transaction tx{db};
  plan_by_values(db);
  page_reader page{question.page};
  std::string past = question.with_past ? "true" : "false";
  soci::statement query =
    (db.session().prepare << sql::browse_price_rules, soci::use(page.at, "at"),
     soci::use(question.dealer, "dealer"), soci::use(question.country, "country"),
     soci::use(question.product, "product"), soci::use(past, "past"), soci::use(page.most, "limit"),
     soci::into(page.item_at), soci::into(page.item_id), soci::into(page.item));
  auto result = page.read(query);
  tx.commit();
  return result;
}

std::optional<price_rule_change> put_price_rule(database& db, const set_price_rule& wish) {
  auto now = lock_rules(db);
  auto payer = find_payer(db, wish.dealer);
  if (!payer)
    return std::nullopt;
  auto from = wish.from.value_or(now);
  auto held = find_held_rule(db, {payer->id, wish.country, wish.product}, from);
  if (held && held->says_the_same(wish) && (!wish.from || held->from == from))
    return unchanged(find_rule_line(db, held->id).value());
  auto line = insert_rule(db, wish, payer->id, from);
  return price_rule_change{line.subject, line.dealer, held ? held->line : std::string{}, line.json};
}

std::optional<price_rule_change> end_rule(database& db, price_rule_id rule) {
  lock_rules(db);
  auto id = to_string(rule);
  auto before = find_rule_line(db, id);
  if (!before)
    return std::nullopt;
  if (before->state == "ended")
    return unchanged(*before);
  db.session() << sql::end_price_rules, soci::use(id, "id");
  return price_rule_change{before->subject, before->dealer, before->json,
                           find_rule_line(db, id).value().json};
}

} // namespace meisim
