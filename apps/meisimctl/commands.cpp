#include "apps/meisimctl/commands.hpp"

#include "apps/meisimctl/table.hpp"
#include "protocols/base/id.hpp"
#include "protocols/base/money.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"

#include <fmt/core.h>

#include <cmath>
#include <optional>

namespace meisim {

namespace {

/// What the options of all commands are read into.
struct arguments {
  std::string email, company, status = "pending", amount, reason, sku, price;
  double markup = 0;
  std::string resend_fee = "1.00";
  bool portal = false;
  std::string key;
  /// Empty if the node says it.
  std::string ask_above;
  bool is_sure = false;
};

using arguments_pointer = std::shared_ptr<arguments>;

/// What is to be changed of a dealer.
struct dealer_wish {
  std::optional<double> markup;
  std::optional<std::string> resend_fee, email, company, credit_limit;
  std::optional<bool> portal;
};

const std::vector<std::string> dealer_columns{"email",      "company", "status", "balance",
                                              "markup_pct", "portal",  "keys"};

outcome one_object(const std::string& json) {
  return {json, lines_of(parse_answer(json)), true};
}

std::string dealer_path(const arguments& a, const std::string& rest = {}) {
  return "/admin/v1/dealers/" + url_escaped(a.email) + rest;
}

money amount_of(const std::string& text, const char* option) {
  auto amount = money::parse(text);
  if (!amount)
    throw CLI::ValidationError(option, "must be an amount like 5.00");
  return *amount;
}

// -- dealers --------------------------------------------------------------------------------------

outcome add_dealer(const admin_client& node, const arguments& a) {
  Json::Value body;
  body["email"] = a.email;
  body["company"] = a.company;
  body["status"] = a.status;
  body["markup_basis_points"] = static_cast<Json::Int64>(std::llround(a.markup * 100));
  body["resend_fee_cents"] =
    static_cast<Json::Int64>(amount_of(a.resend_fee, "--resend-fee").cents());
  body["portal"] = a.portal;
  return one_object(node.post("/admin/v1/dealers", body));
}

/// Only what the line names is changed.
outcome change_dealer(const admin_client& node, const dealer_wish& wish, const arguments& a) {
  Json::Value body{Json::objectValue};
  if (wish.markup)
    body["markup_basis_points"] = static_cast<Json::Int64>(std::llround(*wish.markup * 100));
  if (wish.resend_fee)
    body["resend_fee_cents"] =
      static_cast<Json::Int64>(amount_of(*wish.resend_fee, "--resend-fee").cents());
  if (wish.portal)
    body["portal"] = *wish.portal;
  if (wish.email)
    body["email"] = *wish.email;
  if (wish.company)
    body["company"] = *wish.company;
  if (wish.credit_limit)
    body["credit_limit"] = *wish.credit_limit;
  return one_object(node.post(dealer_path(a, "/settings"), body));
}

outcome set_status(const admin_client& node, const arguments& a, const char* status) {
  Json::Value body;
  body["status"] = status;
  if (!a.reason.empty())
    body["reason"] = a.reason;
  return one_object(node.post(dealer_path(a, "/status"), body));
}

outcome list_dealers(const admin_client& node) {
  auto json = node.get("/admin/v1/dealers");
  return {json, table_of(parse_answer(json), dealer_columns, "No dealers."), true};
}

outcome set_password(const admin_client& node, const arguments& a) {
  Json::Value body;
  std::string password;
  std::getline(std::cin, password);
  body["password"] = password;
  auto json = node.post(dealer_path(a, "/password"), body);
  return {json, "the password is set; tokens issued before are no longer good", true};
}

void declare_dealer(CLI::App& app, const arguments_pointer& a, command& chosen) {
  auto* dealer =
    app.add_subcommand("dealer", "Dealers, their keys and passwords")->require_subcommand(1);
  auto* add = dealer->add_subcommand("add", "Open an account");
  add->add_option("--email", a->email, "The dealer's mail address")->required();
  add->add_option("--company", a->company, "Company name")->required();
  add->add_option("--status", a->status, "pending, approved or suspended")->capture_default_str();
  add->add_option("--markup", a->markup, markup_help)
    ->check(within(0.0, 1000.0))
    ->type_name("PERCENT")
    ->capture_default_str();
  add->add_option("--resend-fee", a->resend_fee, "What it costs to have a mail sent again")
    ->type_name("USD")
    ->capture_default_str();
  add->add_flag("--portal", a->portal, "Let the dealer into the portal");
  add->callback([=, &chosen] { chosen = [=](const auto& node) { return add_dealer(node, *a); }; });
  dealer->add_subcommand("list", "List all dealers")->callback([&chosen] {
    chosen = list_dealers;
  });
  auto with_email = [=](const char* name, const char* help) {
    auto* sub = dealer->add_subcommand(name, help);
    sub->add_option("email", a->email, "The dealer's mail address")->required();
    return sub;
  };
  auto wish = std::make_shared<dealer_wish>();
  auto* set = with_email("set", "Change what is named; the rest stays as it is");
  set->add_option("--markup", wish->markup, markup_help)
    ->check(within(0.0, 1000.0))
    ->type_name("PERCENT");
  set->add_option("--resend-fee", wish->resend_fee, "What it costs to have a mail sent again")
    ->type_name("USD");
  set->add_option("--portal", wish->portal, "Whether the dealer may into the portal")
    ->type_name("true|false");
  set->add_option("--email", wish->email, "Another mail address");
  set->add_option("--company", wish->company, "Another company name");
  set
    ->add_option("--credit-limit", wish->credit_limit,
                 "What may be ordered on account and not be paid yet")
    ->type_name("USD|none");
  set->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return change_dealer(node, *wish, *a); }; });
  with_email("show", "Show a dealer")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return one_object(node.get(dealer_path(*a))); };
  });
  with_email("approve", "Let a dealer do business")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return set_status(node, *a, "approved"); };
  });
  auto* suspend = with_email("suspend", "Stop a dealer's business");
  suspend->add_option("--reason", a->reason, "Why; operators alone read it");
  suspend->callback(
    [=, &chosen] { chosen = [=](const auto& node) { return set_status(node, *a, "suspended"); }; });
  with_email("key", "Issue an API key")->callback([=, &chosen] {
    chosen = [=](const auto& node) {
      return one_object(node.post(dealer_path(*a, "/keys"), Json::Value{Json::objectValue}));
    };
  });
  auto* erase = dealer->add_subcommand(
    "erase-customer", "Empty all that is kept of a customer, of orders that have ended");
  erase->add_option("email", a->email, "The customer's mail address")->required();
  erase->callback([=, &chosen] {
    chosen = [=](const auto& node) {
      Json::Value body;
      body["email"] = a->email;
      return one_object(node.post("/admin/v1/customers/erase", body));
    };
  });
  with_email("password", "Set the password, read from standard input")->callback([=, &chosen] {
    chosen = [=](const auto& node) { return set_password(node, *a); };
  });
}

// -- wallets --------------------------------------------------------------------------------------

/// The sum above which the node wants its operators asked, in the console too. A node that cannot
/// tell it would change nothing either.
money sum_to_ask_above(const admin_client& node, const arguments& a) {
  if (!a.ask_above.empty())
    return amount_of(a.ask_above, "--ask-above");
  constexpr double cents_per_dollar = 100;
  constexpr auto ordinary = 1000.00;
  auto sum = ordinary;
  try {
    sum = parse_answer(node.get("/admin/v1/session")).get("askAboveUsd", ordinary).asDouble();
  } catch (const refused&) {
    // The request that follows tells why.
  }
  return money::from_cents(std::llround(sum * cents_per_dollar));
}

/// A slip of the finger costs most where sums are large.
void check_sum(const admin_client& node, const arguments& a) {
  if (a.is_sure)
    return;
  auto amount = amount_of(a.amount, "--amount");
  auto limit = sum_to_ask_above(node, a);
  if (amount > limit || -amount > limit)
    throw CLI::ValidationError("--amount", fmt::format("{} is above {}: say --yes if it is meant",
                                                       a.amount, to_string(limit)));
}

outcome adjust_wallet(const admin_client& node, const arguments& a) {
  check_sum(node, a);
  Json::Value body;
  body["amount"] = a.amount;
  body["reason"] = a.reason;
  auto key = a.key.empty() ? to_string(make_uuid()) : a.key;
  auto json = node.post_once(dealer_path(a, "/adjustments"), body, key);
  auto balance = parse_answer(json)["balance"].asDouble();
  return {json, fmt::format("The balance of {} is {:.2f} USD.", a.email, balance), true};
}

outcome settle_credit(const admin_client& node, const arguments& a) {
  check_sum(node, a);
  Json::Value body;
  body["amount"] = a.amount;
  body["reason"] = a.reason;
  auto key = a.key.empty() ? to_string(make_uuid()) : a.key;
  auto json = node.post_once(dealer_path(a, "/settlements"), body, key);
  auto used = parse_answer(json)["credit_used"].asDouble();
  return {
    json,
    fmt::format("{} USD is booked for {}. Not paid yet: {:.2f} USD.", a.amount, a.email, used),
    true};
}

void declare_wallet(CLI::App& app, const arguments_pointer& a, command& chosen) {
  auto* wallet = app.add_subcommand("wallet", "Dealers' wallets")->require_subcommand(1);
  auto of_sum = [=](const char* name, const char* help, const char* amount, const char* reason) {
    auto* sub = wallet->add_subcommand(name, help);
    sub->add_option("email", a->email, "The dealer's mail address")->required();
    sub->add_option("--amount", a->amount, amount)->required()->type_name("USD");
    sub->add_option("--reason", a->reason, reason)->required();
    declare_repeat_key(*sub, a->key);
    sub
      ->add_option("--ask-above", a->ask_above,
                   "The largest sum that needs no --yes; else what the node says")
      ->type_name("USD")
      ->envname("MEISIM_ASK_ABOVE");
    sub->add_flag("--yes", a->is_sure, "The sum is meant, large as it is");
    return sub;
  };
  auto* adjust = of_sum("adjust", "Change a balance by hand",
                        "What is added: 5.00; or taken off, with a minus: -5.00",
                        "Why; the dealer's statement shows it");
  adjust->callback([=, &chosen] {
    amount_of(a->amount, "--amount");
    chosen = [=](const auto& node) { return adjust_wallet(node, *a); };
  });
  auto* settled = of_sum("settle", "Book what a dealer has paid outside for orders on account",
                         "What was paid: 5.00; a minus takes back what was booked wrongly: -5.00",
                         "Why, such as the transfer's name");
  settled->callback([=, &chosen] {
    amount_of(a->amount, "--amount");
    chosen = [=](const auto& node) { return settle_credit(node, *a); };
  });
}

// -- SKUs -----------------------------------------------------------------------------------------

outcome list_skus(const admin_client& node) {
  auto json = node.get("/admin/v1/skus");
  return {json,
          table_of(parse_answer(json),
                   {"id", "service", "name", "carrier", "plan_type", "price_usd"}, "No SKUs."),
          true};
}

outcome set_price(const admin_client& node, const arguments& a) {
  Json::Value body;
  body["price"] = a.price;
  if (!a.email.empty())
    body["email"] = a.email;
  return one_object(node.post("/admin/v1/skus/" + url_escaped(a.sku) + "/price", body));
}

outcome add_sku(const admin_client& node, const Json::Value& body) {
  return one_object(node.post("/admin/v1/skus", body));
}

void declare_new_sku(CLI::App& sku, command& chosen) {
  auto body = std::make_shared<Json::Value>(Json::objectValue);
  auto* add = sku.add_subcommand("add", "Sell something more on the portal");
  auto text = [=](const char* option, const char* member, const char* help) {
    add
      ->add_option_function<std::string>(
        option, [=](const std::string& value) { (*body)[member] = value; }, help)
      ->required();
  };
  text("--service", "service", "esim_supply_att, esim_validate, …");
  text("--name", "name", "What a portal user reads");
  text("--carrier", "carrier", "The pool's carrier");
  text("--plan-type", "plan_type", "The pool's plan type");
  text("--price", "price", "The price in USD");
  add->callback([=, &chosen] { chosen = [=](const auto& node) { return add_sku(node, *body); }; });
}

void declare_sku(CLI::App& app, const arguments_pointer& a, command& chosen) {
  auto* sku = app.add_subcommand("sku", "What the portal sells")->require_subcommand(1);
  sku->add_subcommand("list", "List all SKUs with their list prices")->callback([&chosen] {
    chosen = list_skus;
  });
  declare_new_sku(*sku, chosen);
  auto* set = sku->add_subcommand("set", "Set the price of a SKU");
  set->add_option("id", a->sku, "The SKU's id")->required();
  set->add_option("--price", a->price, "The price in USD")->required();
  set->add_option("--dealer", a->email, "The mail address of the one dealer that the price is for");
  set->callback([=, &chosen] {
    amount_of(a->price, "--price");
    chosen = [=](const auto& node) { return set_price(node, *a); };
  });
}

// -- the list of all ------------------------------------------------------------------------------

struct command_group {
  const char* title;
  std::vector<const char*> names;
};

/// The help lists commands by what they are about.
void put_in_groups(const CLI::App& app) {
  const std::vector<command_group> groups{
    {"Dealers and what they pay", {"dealer", "wallet", "price", "sku"}},
    {"Orders and the work behind them", {"order", "job", "mail", "webhook", "batch"}},
    {"Stock and providers", {"inventory", "provider", "bundle", "route"}},
    {"Verification", {"device", "review", "verdict"}},
    {"Money", {"payment", "stripe", "report", "ledger", "archive"}},
    {"The service", {"status", "node", "key", "database", "restore", "release"}},
    {"Operators", {"operator", "login", "password", "logout", "audit"}},
  };
  for (const auto& group : groups)
    for (const auto* name : group.names)
      app.get_subcommand(name)->group(group.title);
}

} // namespace

void declare_repeat_key(CLI::App& sub, std::string& key) {
  sub
    .add_option("--idempotency-key", key,
                "Repeats what may have been done already: under one key it is done once")
    ->check([](const std::string& text) { return text.empty() ? "must not be empty" : ""; });
}

void declare_commands(CLI::App& app, const std::string& home, command& chosen) {
  auto a = std::make_shared<arguments>();
  declare_dealer(app, a, chosen);
  declare_wallet(app, a, chosen);
  declare_inventory_commands(app, chosen);
  declare_sku(app, a, chosen);
  declare_price_commands(app, chosen);
  declare_route_commands(app, chosen);
  declare_order_commands(app, chosen);
  declare_validator_commands(app, chosen);
  declare_node_commands(app, chosen);
  declare_payment_commands(app, chosen);
  declare_provider_commands(app, chosen);
  declare_key_commands(app, chosen);
  declare_desk_commands(app, chosen);
  declare_restore_commands(app, home, chosen);
  declare_operator_commands(app, chosen);
  declare_archive_command(app, home, chosen);
  declare_audit_commands(app, chosen);
  declare_database_commands(app, home, chosen);
  declare_ledger_commands(app, home, chosen);
  put_in_groups(app);
}

} // namespace meisim
