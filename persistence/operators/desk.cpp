#include "persistence/operators/desk.hpp"

#include "persistence/operators/actions.sql.hpp"
#include "persistence/operators/lists.sql.hpp"

#include <cstring>
#include <regex>

namespace meisim {

namespace {

bool wants_failed(const desk_question& question) {
  auto failed = question.by.find("failed");
  return failed != question.by.end() && failed->second == "true";
}

const char* statement_of(const desk_question& question) {
  switch (question.what) {
  case desk_list::order:
    return sql::desk_order;
  case desk_list::jobs:
    return sql::desk_jobs;
  case desk_list::mails:
    return wants_failed(question) ? sql::desk_failed_mails : sql::desk_mails;
  case desk_list::batches:
    return sql::desk_batches;
  case desk_list::batch:
    return sql::desk_batch;
  case desk_list::webhook_messages:
    return wants_failed(question) ? sql::desk_failed_webhook_messages : sql::desk_webhook_messages;
  case desk_list::providers:
    return sql::desk_providers;
  case desk_list::provider_orders:
    return sql::desk_provider_orders;
  case desk_list::sales:
    return sql::desk_sales;
  case desk_list::operators:
    return sql::desk_operators;
  case desk_list::restored:
    return sql::desk_restored;
  case desk_list::sold_of_late:
    return sql::desk_sold_of_late;
  case desk_list::quarantine:
    return sql::desk_quarantine;
  case desk_list::routes:
    return sql::desk_routes;
  case desk_list::tokens:
    return sql::desk_tokens;
  case desk_list::pools:
    return sql::desk_pools;
  }
  return nullptr;
}

const char* statement_of(desk_action what) {
  switch (what) {
  case desk_action::add_route:
    return sql::desk_add_route;
  case desk_action::add_sku:
    return sql::desk_add_sku;
  case desk_action::add_token:
    return sql::desk_add_token;
  case desk_action::change_dealer:
    return sql::desk_change_dealer;
  case desk_action::disable_operator:
    return sql::desk_disable_operator;
  case desk_action::disable_token:
    return sql::desk_disable_token;
  case desk_action::enable_token:
    return sql::desk_enable_token;
  case desk_action::hold_provider:
    return sql::desk_hold_provider;
  case desk_action::note_order:
    return sql::desk_note_order;
  case desk_action::pin_route:
    return sql::desk_pin_route;
  case desk_action::release_all:
    return sql::desk_release_all;
  case desk_action::release_provider:
    return sql::desk_release_provider;
  case desk_action::remove_route:
    return sql::desk_remove_route;
  case desk_action::replay_webhook:
    return sql::desk_replay_webhook;
  case desk_action::resend_mail:
    return sql::desk_resend_mail;
  case desk_action::set_operator_role:
    return sql::desk_set_operator_role;
  case desk_action::set_stock_threshold:
    return sql::desk_set_stock_threshold;
  }
  return nullptr;
}

/// Adds an empty value for each name of the text that nobody gave, because SOCI wants a value for
/// every name.
void complete(named_values& by, const char* text) {
  static const std::regex parameter{"[^:]:([a-z_]+)"};
  for (std::cregex_iterator found{text, text + std::strlen(text), parameter}, end; found != end;
       ++found)
    by.try_emplace((*found)[1].str());
}

/// Binds each value by its name. SOCI leaves out values that the text does not name.
void bind(soci::statement& statement, const char* text, named_values& by) {
  complete(by, text);
  for (auto& [name, value] : by)
    statement.exchange(soci::use(value, name));
}

} // namespace

std::optional<std::string> desk_list_of(database& db, const desk_question& question) {
  transaction tx{db};
  plan_by_values(db);
  auto by = question.by;
  const auto* text = statement_of(question);
  std::string json;
  soci::statement statement{db.session()};
  statement.exchange(soci::into(json));
  bind(statement, text, by);
  statement.alloc();
  statement.prepare(text);
  statement.define_and_bind();
  bool is_found = statement.execute(true);
  tx.commit();
  return is_found ? std::optional{json} : std::nullopt;
}

std::optional<desk_outcome> do_at_desk(database& db, const desk_change& wish) {
  auto by = wish.by;
  const auto* text = statement_of(wish.what);
  desk_outcome result;
  std::string dealer;
  soci::statement statement{db.session()};
  statement.exchange(soci::into(result.subject));
  statement.exchange(soci::into(dealer));
  statement.exchange(soci::into(result.before));
  statement.exchange(soci::into(result.after));
  bind(statement, text, by);
  statement.alloc();
  statement.prepare(text);
  statement.define_and_bind();
  if (!statement.execute(true))
    return std::nullopt;
  result.dealer = dealer_id::parse(dealer).value_or(dealer_id{});
  return result;
}

} // namespace meisim
