#include "apps/meisimd/options.hpp"

#include "apps/meisimd/config_file.hpp"
#include "apps/meisimd/option_checks.hpp"
#include "apps/version/version.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace meisim {

namespace {

/// Declares an option once: command line, environment and configuration file all know it by this.
template <class T>
CLI::Option* option(CLI::App& app, const std::string& name, T& target,
                    const std::string& environment, const std::string& help) {
  return app.add_option("--" + name, target, help)->envname(environment)->capture_default_str();
}

void declare_stripe(CLI::App& app, node_options& o) {
  option(app, "stripe-url", o.stripe_url, "MEISIM_STRIPE_URL", "Base address of Stripe's API");
  option(app, "stripe-publishable-key", o.stripe_publishable_key, "MEISIM_STRIPE_PUBLISHABLE_KEY",
         "Stripe's publishable key, for pages that take a card");
  option(app, "stripe-success-url", o.stripe_success_url, "MEISIM_STRIPE_SUCCESS_URL",
         "Where a dealer lands after paying");
  option(app, "stripe-cancel-url", o.stripe_cancel_url, "MEISIM_STRIPE_CANCEL_URL",
         "Where a dealer lands who does not pay");
  option(app, "stripe-fee-percent", o.stripe_fee_percent, "MEISIM_STRIPE_FEE_PERCENT",
         "Stripe's share of a payment in percent")
    ->check(check_percent);
  option(app, "stripe-fee-fixed", o.stripe_fee_fixed, "MEISIM_STRIPE_FEE_FIXED",
         "What Stripe keeps of each payment besides, in dollars")
    ->check(check_amount);
}

void declare_devices(CLI::App& app, node_options& o) {
  option(app, "simulated-devices", o.simulated_devices, "MEISIM_SIMULATED_DEVICES",
         "Validator devices to simulate")
    ->check(CLI::Range(0, 100'000));
  option(app, "simulated-latency-ms", o.simulated_latency_ms, "MEISIM_SIMULATED_LATENCY_MS",
         "Milliseconds that a simulated device takes for a check")
    ->check(CLI::Range(0, 600'000));
  option(app, "devices-file", o.devices_file, "MEISIM_DEVICES_FILE",
         "JSON file that lists more devices, real ones among them");
  option(app, "devices-port", o.devices_port, "MEISIM_DEVICES_PORT",
         "Port on which nodes with devices alone join this one; 0 for none");
  option(app, "devices-address", o.devices_address, "MEISIM_DEVICES_ADDRESS",
         "Address that this port listens on");
  option(app, "devices-certificate", o.devices_certificate, "MEISIM_DEVICES_CERTIFICATE",
         "This node's certificate between sites with devices and core nodes (PEM file)");
  option(app, "devices-key", o.devices_key, "MEISIM_DEVICES_KEY",
         "The key of that certificate (PEM file)");
  option(app, "devices-ca", o.devices_ca, "MEISIM_DEVICES_CA",
         "The CA that these certificates come from, another than cluster-ca (PEM file)");
  option(app, "devices-revoked", o.devices_revoked, "MEISIM_DEVICES_REVOKED",
         "What this CA has revoked (PEM file); read again when it changes");
}

void declare_cluster(CLI::App& app, node_options& o) {
  option(app, "roles", o.roles, "MEISIM_ROLES",
         "Some of http, core and devices, by commas; devices alone needs no database")
    ->check(check_roles);
  option(app, "join", o.join, "MEISIM_JOIN",
         "For devices without the role core: host:port of core nodes' device ports, tried in turn")
    ->delimiter(',');
  option(app, "cluster-certificate", o.cluster_certificate, "MEISIM_CLUSTER_CERTIFICATE",
         "This node's certificate for other nodes (PEM file)");
  option(app, "cluster-key", o.cluster_key, "MEISIM_CLUSTER_KEY",
         "The key of that certificate (PEM file)");
  option(app, "cluster-ca", o.cluster_ca, "MEISIM_CLUSTER_CA",
         "The CA that all nodes' certificates come from (PEM file)");
  option(app, "cluster-revoked", o.cluster_revoked, "MEISIM_CLUSTER_REVOKED",
         "What this CA has revoked (PEM file); read again when it changes");
  option(app, "cluster-address", o.cluster_address, "MEISIM_CLUSTER_ADDRESS",
         "IP address on which other nodes reach this one; the one towards the database by default");
  option(app, "cluster-port", o.cluster_port, "MEISIM_CLUSTER_PORT",
         "Port for other nodes, only by TLS; 0 for any, which the others find in the database");
  option(app, "dealer-nodes", o.dealer_nodes, "MEISIM_DEALER_NODES",
         "On how many nodes dealers and wallets are, and so write the ledger, at most; 0 for all;\n"
         "of different numbers the smallest holds")
    ->check(CLI::Range(0, 1'000));
  option(app, "linger-seconds", o.linger_seconds, "MEISIM_LINGER_SECONDS",
         "How long a node of several serves on at its end, so that balancers notice")
    ->check(CLI::Range(0, 300));
}

void declare_providers(CLI::App& app, node_options& o) {
  option(app, "provider-url", o.provider_url, "MEISIM_PROVIDER_URL",
         "Base address of the upstream provider p3");
  option(app, "provider-concurrency", o.limits.concurrency, "MEISIM_PROVIDER_CONCURRENCY",
         "Most calls to a provider at once")
    ->check(CLI::Range(1, 10'000));
  option(app, "provider-timeout-ms", o.limits.timeout_ms, "MEISIM_PROVIDER_TIMEOUT_MS",
         "How long a call to a provider may take");
  option(app, "provider-patience-ms", o.limits.patience_ms, "MEISIM_PROVIDER_PATIENCE_MS",
         "How long an order is asked after before it is left pending");
  option(app, "provider-breaker-failures", o.limits.breaker_failures,
         "MEISIM_PROVIDER_BREAKER_FAILURES", "Failures in a row that open a provider's circuit");
  option(app, "provider-breaker-pause-ms", o.limits.breaker_pause_ms,
         "MEISIM_PROVIDER_BREAKER_PAUSE_MS", "The first pause of an open circuit");
  option(app, "provider-breaker-longest-pause-ms", o.limits.breaker_longest_pause_ms,
         "MEISIM_PROVIDER_BREAKER_LONGEST_PAUSE_MS", "The longest pause of an open circuit");
  option(app, "provider-low-balance-usd", o.limits.low_balance_usd,
         "MEISIM_PROVIDER_LOW_BALANCE_USD",
         "Dollars on our account at a provider below which the log warns");
  app
    .add_option(
      "--provider", o.more_providers,
      "Another provider: PREFIX=FORMAT@URL[,SETTING=N]..; FORMAT is standard, packages,\n"
      "airalo, dt-one, esim-access, esim-go or reloadly, a SETTING is one of the provider\n"
      "options above without its \"provider-\", or what a currency that the provider\n"
      "charges in is worth in dollars, such as rate-EUR=1.09")
    ->envname("MEISIM_PROVIDER")
    ->allow_extra_args(false);
  option(
    app, "provider-record", o.provider_record, "MEISIM_PROVIDER_RECORD",
    "Folder, which nobody else may enter, for a file of each exchange with a provider, without "
    "keys,\nactivation codes and numbers of eSIMs; slows calls down: for finding out what a "
    "provider does")
    ->check(check_private_folder);
}

void declare_ports(CLI::App& app, node_options& o) {
  option(app, "port", o.port, "MEISIM_PORT", "Port for dealers");
  option(app, "admin-port", o.admin_port, "MEISIM_ADMIN_PORT",
         "Port for operators: their API, health and metrics");
  option(app, "address", o.address, "MEISIM_ADDRESS", "Address that the dealers' port listens on");
  option(app, "trusted-proxy", o.trusted_proxies, "MEISIM_TRUSTED_PROXY",
         "Addresses or networks of proxies, by commas, whose X-Forwarded-For is believed")
    ->delimiter(',')
    ->check(check_proxy);
  option(app, "admin-address", o.admin_address, "MEISIM_ADMIN_ADDRESS",
         "Address that the operators' port listens on");
  option(app, "operator-second-factor", o.operator_second_factor, "MEISIM_OPERATOR_SECOND_FACTOR",
         "Roles of operators, by commas, that need a one-time code beside the password")
    ->delimiter(',')
    ->check(CLI::IsMember({"viewer", "support", "finance", "admin"}));
}

void declare_company(CLI::App& app, node_options& o) {
  option(app, "public-url", o.public_url, "MEISIM_PUBLIC_URL",
         "How dealers reach the service: what addresses in answers and messages begin with")
    ->check(check_public_url);
  option(app, "company-name", o.company_name, "MEISIM_COMPANY_NAME",
         "Who receipts of card payments are from");
  option(app, "company-address", o.company_address, "MEISIM_COMPANY_ADDRESS",
         "Its address on receipts, the lines separated by |");
  option(app, "company-email", o.company_email, "MEISIM_COMPANY_EMAIL",
         "Its mail address on receipts");
  option(app, "company-tax-id", o.company_tax_id, "MEISIM_COMPANY_TAX_ID",
         "Its tax number on receipts");
}

void declare_mail(CLI::App& app, node_options& o) {
  option(
    app, "mail-url", o.mail_url, "MEISIM_MAIL_URL",
    "Where mails go: file:FOLDER, smtp://HOST:PORT or smtps://HOST:PORT; a folder of the home by default");
  app
    .add_flag("--allow-mail-folder", o.allow_mail_folder,
              "Let mails, and one-time codes in them, stay in a folder; else a node without the\n"
              "demonstration needs a mail server")
    ->envname("MEISIM_ALLOW_MAIL_FOLDER");
  option(app, "mail-from", o.mail_from, "MEISIM_MAIL_FROM", "Address of the mails' sender");
  option(app, "mail-user", o.mail_user, "MEISIM_MAIL_USER",
         "Login at the mail server, which then must encrypt");
  option(app, "mail-ca-file", o.mail_ca_file, "MEISIM_MAIL_CA_FILE",
         "Certificates (PEM) to trust at the mail server")
    ->check(CLI::ExistingFile);
}

void declare_threads(CLI::App& app, node_options& o) {
  option(app, "http-workers", o.http_workers, "MEISIM_HTTP_WORKERS",
         "Threads that serve connections")
    ->check(CLI::Range(1, 64));
  option(app, "scheduler-threads", o.scheduler_threads, "MEISIM_SCHEDULER_THREADS",
         "Threads that run actors")
    ->check(CLI::Range(1, 256));
  option(app, "ledger-writers", o.ledger_writers, "MEISIM_LEDGER_WRITERS",
         "Database sessions that commit postings; by default half as many as cores, and 2 at least")
    ->check(CLI::Range(1, 64));
  option(app, "record-readers", o.record_readers, "MEISIM_RECORD_READERS",
         "Database sessions that read for requests")
    ->check(CLI::Range(1, 64));
  option(app, "fulfilment-concurrency", o.fulfilment_concurrency, "MEISIM_FULFILMENT_CONCURRENCY",
         "Orders of one provider that are fulfilled at once")
    ->check(CLI::Range(1, 10'000));
  option(app, "stuck-after-seconds", o.stuck_after_seconds, "MEISIM_STUCK_AFTER_SECONDS",
         "Seconds after which an order that gets no further is counted and listed as stuck")
    ->check(CLI::Range(1, 604'800));
}

void declare_limits(CLI::App& app, node_options& o) {
  option(app, "most-in-flight", o.most_in_flight, "MEISIM_MOST_IN_FLIGHT",
         "Requests under way at once; more get 503")
    ->check(CLI::Range(1, 100'000));
  option(app, "most-connections", o.most_connections, "MEISIM_MOST_CONNECTIONS",
         "Open connections at once; more get 503")
    ->check(CLI::Range(1, 1'000'000));
  option(app, "most-connections-per-address", o.most_connections_per_address,
         "MEISIM_MOST_CONNECTIONS_PER_ADDRESS",
         "Open connections of one address that is no trusted proxy; more get 503")
    ->check(CLI::Range(1, 1'000'000));
  option(app, "body-memory", o.body_memory, "MEISIM_BODY_MEMORY",
         "Bytes for the bodies of all requests under way, or as 256MB; more get 503")
    ->transform(CLI::AsSizeValue{false});
  option(app, "idle-seconds", o.idle_seconds, "MEISIM_IDLE_SECONDS",
         "Seconds after which an unused wallet, dealer or pool leaves memory")
    ->check(CLI::Range(1, 86'400));
}

/// In this order they are listed by --help and in the example configuration.
void declare(CLI::App& app, node_options& o) {
  read_config_file(app);
  option(app, "node-name", o.node_name, "MEISIM_NODE",
         "Name of this node, by which the others and the log know it");
  option(app, "home", o.home, "MEISIM_HOME",
         "Folder with tokens, keys and, without a mail server, mails");
  declare_ports(app, o);
  option(app, "database", o.database, "MEISIM_DATABASE",
         "PostgreSQL as libpq key=value text; the password is in the file that PGPASSFILE names");
  option(app, "database-owner", o.database_owner, "MEISIM_DATABASE_OWNER",
         "The same as the role that owns the tables, brings them up to date and gives the role of\n"
         "database its rights; that role owns them itself by default");
  option(
    app, "replica", o.replica, "MEISIM_REPLICA",
    "A replica of the database, the same way: statements, results, reports and pages of a list\n"
    "behind the first are read from it; none by default");
  option(app, "replica-oldest-seconds", o.replica_oldest_seconds, "MEISIM_REPLICA_OLDEST_SECONDS",
         "While the replica is older than this, the database itself is read")
    ->check(CLI::Range(1, 86'400));
  declare_providers(app, o);
  declare_stripe(app, o);
  declare_mail(app, o);
  declare_company(app, o);
  app
    .add_flag("--webhook-any-address", o.webhook_any_address,
              "Let webhooks go to private addresses and over plain http")
    ->envname("MEISIM_WEBHOOK_ANY_ADDRESS");
  option(app, "esim-watch-seconds", o.esim_watch_seconds, "MEISIM_ESIM_WATCH_SECONDS",
         "The first pause between two looks at how an eSIM is used; later ones are longer")
    ->check(CLI::Range(1, 21'600));
  option(app, "retention-days", o.retention_days, "MEISIM_RETENTION_DAYS",
         "Days after which customers' names, addresses, IMEI, EID and mails go; 0 for never")
    ->check(CLI::Range(0, 36'500));
  option(app, "rate-limits", o.rate_limits, "MEISIM_RATE_LIMITS",
         "The limits that dealers are told: on, off, or a factor for all of them")
    ->check(check_rate_limits);
  option(app, "default-credit-limit", o.default_credit_limit, "MEISIM_DEFAULT_CREDIT_LIMIT",
         "What a new dealer may order on account and not have paid yet, in dollars, or none")
    ->check(check_credit_limit);
  option(app, "ask-above", o.ask_above, "MEISIM_ASK_ABOVE",
         "The dollars above which meisimctl and the console ask again whether a sum is meant")
    ->check(check_amount);
  app.add_flag("--hold", o.hold,
               "Buy, mail and send nothing, and sell no stock, until meisimctl release: for a "
               "restored database");
  app.add_flag("--seed-demo", o.seed_demo, "Seed the demonstration into an empty database");
  declare_threads(app, o);
  declare_devices(app, o);
  declare_cluster(app, o);
  declare_limits(app, o);
  option(app, "log-level", o.log_level, "MEISIM_LOG_LEVEL",
         "The least that is logged: debug, info, warn or error")
    ->check(CLI::IsMember({"debug", "info", "warn", "error"}));
}

constexpr auto secrets_help =
  R"(Options are read from the command line, else from the file that --config names, else from the environment.

Secrets:
They never stand on the command line. Each is the first line of a file in the home, or in the environment.
  nodes.key              MEISIM_NODES_KEY: what nodes seal the others under when they tell one another; the same on all
  jwt.key                MEISIM_JWT_KEY: the key of the tokens; the first node makes one for all
  admin.token            the token for automation, made at the first start
  stripe.key             MEISIM_STRIPE_KEY: Stripe's secret key
  stripe-webhook.secret  MEISIM_STRIPE_WEBHOOK_SECRET: the secret of Stripe's webhook
  mail.password          MEISIM_MAIL_PASSWORD: the password at the mail server
  provider-PREFIX.key    a provider's key
  provider-PREFIX.webhook  the secret end of the address that a provider sends to; 32 characters or more
  FILE.before            the one before, which still holds; its second line, if there is one, says until when

SIGHUP has the files read again. meisimctl key rotate changes one on all nodes.

PGPASSFILE names the file with the database's password.)";

} // namespace

double node_options::rate_limit_factor() const {
  if (rate_limits == "on")
    return 1;
  if (rate_limits == "off")
    return 0;
  size_t read = 0;
  double factor = 0;
  try {
    factor = std::stod(rate_limits, &read);
  } catch (const std::exception&) {
    read = 0;
  }
  if (read == 0 || read != rate_limits.size() || !(factor > 0))
    throw std::invalid_argument("rate limits must be on, off or a factor above 0");
  return factor;
}

std::vector<provider_options> node_options::providers() const {
  check_limits(limits);
  std::vector<provider_options> result{{"p3", "standard", provider_url, limits}};
  for (const auto& line : more_providers) {
    auto next = read_provider(line, limits);
    if (std::ranges::find(result, next.prefix, &provider_options::prefix) != result.end())
      throw std::invalid_argument("two providers have the prefix " + next.prefix);
    result.push_back(std::move(next));
  }
  return result;
}

std::vector<operator_role> node_options::second_factor_roles() const {
  std::vector<operator_role> result;
  for (const auto& name : operator_second_factor)
    result.push_back(parse_operator_role(name).value());
  return result;
}

http::company_details node_options::company() const {
  http::company_details result{company_name, {}, company_email, company_tax_id};
  std::istringstream lines{company_address};
  for (std::string line; std::getline(lines, line, '|');)
    result.address.push_back(line);
  return result;
}

std::string node_options::mail_target() const {
  return mail_url.empty() ? "file:" + home + "/mail" : mail_url;
}

node_options read_options(int argc, char** argv) {
  node_options options;
  CLI::App app{"meisimd: a node of MeiSIM Dealer"};
  app.footer(secrets_help);
  declare(app, options);
  app.set_version_flag("--version", version_line("meisimd"),
                       "Print version, commit and build, and exit");
  auto* only_checks = app.add_flag(
    "--check-config", options.only_checks,
    "Print what is wrong or unsafe in this configuration, and exit with 1 if it is wrong");
  only_checks->configurable(false);
  app
    .add_flag("--migrate", options.only_migrates,
              "Bring the database's schema up to date, and exit")
    ->configurable(false);
  bool wants_example = false;
  app
    .add_flag("--example-config", wants_example,
              "Print a configuration file with every option and its default, and exit")
    ->configurable(false);
  // With --check-config a wrong option is the answer, and otherwise a wrong use.
  auto failed_status = [&] { return only_checks->count() > 0 ? 1 : 2; };
  try {
    app.parse(argc, argv);
    options.providers();
  } catch (const CLI::ParseError& error) {
    auto status = app.exit(error);
    std::exit(status == 0 ? 0 : failed_status());
  } catch (const std::invalid_argument& error) {
    std::cerr << error.what() << '\n';
    std::exit(failed_status());
  }
  if (wants_example) {
    std::cout << example_config(app);
    std::exit(0);
  }
  if (const char* key = std::getenv("MEISIM_JWT_KEY"))
    options.jwt_key = key;
  if (const char* key = std::getenv("MEISIM_NODES_KEY"))
    options.nodes_key = key;
  if (const char* key = std::getenv("MEISIM_STRIPE_KEY"))
    options.stripe_key = key;
  if (const char* secret = std::getenv("MEISIM_STRIPE_WEBHOOK_SECRET"))
    options.stripe_webhook_secret = secret;
  if (const char* password = std::getenv("MEISIM_MAIL_PASSWORD"))
    options.mail_password = password;
  return options;
}

} // namespace meisim
