#include "apps/meisimd/node.hpp"

#include "actors/account_desk.hpp"
#include "actors/accounts.hpp"
#include "actors/ask_wallet.hpp"
#include "actors/batch_desk.hpp"
#include "actors/dialler.hpp"
#include "actors/fulfilment.hpp"
#include "actors/job_book.hpp"
#include "actors/ledger_writer.hpp"
#include "actors/mail_room.hpp"
#include "actors/mail_transport.hpp"
#include "actors/mailer.hpp"
#include "actors/membership.hpp"
#include "actors/node_book.hpp"
#include "actors/node_gate.hpp"
#include "actors/password_keeper.hpp"
#include "actors/payment_book.hpp"
#include "actors/price_book.hpp"
#include "actors/records.hpp"
#include "actors/refunds.hpp"
#include "actors/region.hpp"
#include "actors/replacement.hpp"
#include "actors/stripe.hpp"
#include "actors/verification.hpp"
#include "actors/verification_book.hpp"
#include "actors/webhook_book.hpp"
#include "actors/webhook_sender.hpp"
#include "apps/meisimd/cluster.hpp"
#include "apps/meisimd/device_node.hpp"
#include "apps/meisimd/devices.hpp"
#include "apps/meisimd/logging.hpp"
#include "apps/meisimd/providers.hpp"
#include "apps/meisimd/secrets.hpp"
#include "apps/meisimd/signals.hpp"
#include "apps/meisimd/system_config.hpp"
#include "http/application.hpp"
#include "persistence/migrations.hpp"
#include "persistence/seed.hpp"
#include "protocols/log.hpp"

#include <caf/openssl/publish.hpp>
#include <fmt/format.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <thread>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// How long requests under way get to end after SIGTERM.
constexpr auto drain_patience = 10s;

/// Brings the schema up to date, and waits for the database where it is not there yet.
void prepare_database(const node_options& options) {
  database db{options.database, "start"};
  for (auto pause = 1s;; pause = std::min(pause * 2, std::chrono::seconds{10})) {
    try {
      return migrate(db);
    } catch (const std::exception& error) {
      if (read_failure(error).code != ec::unavailable)
        throw;
      log_error("PostgreSQL cannot be reached, trying again in {} s: {}", pause.count(),
                read_failure(error).summary);
    }
    db.close();
    std::this_thread::sleep_for(pause);
  }
}

/// All actors of a node, in the order in which they are started.
struct node_actors {
  records_pool records;
  std::vector<caf::actor> all;
  region_actor region;
  price_book_actor prices;
  accounts_actor accounts;
  providers_actor provider;
  account_desk_actor desk;
  job_book_actor book;
  verification_actor verification;
  batch_desk_actor batches;
  replacement_actor replacements;
  stripe_actor stripe;
  webhook_book_actor webhooks;
  records_actor auditor;
  password_keeper_actor passwords;
  node_book_actor nodes;
  membership_actor membership;
  verification_book_actor batch_book;
};

class node {
public:
  explicit node(const node_options& options)
    : options_(options), config_(options), system_(config_),
      registry_(std::make_shared<prometheus::Registry>()),
      metrics_(std::make_shared<node_metrics>(registry_)),
      devices_(configured_devices(options, registry_)) {
    // nop
  }

  void start() {
    database db{options_.database, "start"};
    check_neighbours(options_, db);
    spawn_memory();
    spawn_services();
    serve(db);
    join(db);
    if (options_.seed_demo)
      seed(db);
    is_ready_ = true;
    // For whoever started the node with ports of the system's choice.
    fmt::print("meisimd ready {} {}\n", public_server_ ? public_server_->port() : 0,
               admin_server_->port());
    std::fflush(stdout);
  }

  /// Hands over to other nodes, takes nothing new, lets end what is under way, then stops the
  /// actors: first those that begin work, last those that the others hold on to.
  void stop() {
    is_ready_ = false;
    *is_draining_ = true;
    log_info("draining");
    hand_over();
    if (public_server_) {
      public_server_->drain(drain_patience);
      public_server_->stop();
    }
    admin_server_->stop();
    admin_server_.reset();
    public_server_.reset();
    services_.reset();
    leave_cluster();
    for (auto actor = actors_.all.rbegin(); actor != actors_.all.rend(); ++actor)
      caf::anon_send_exit(*actor, caf::exit_reason::user_shutdown);
    actors_ = {};
  }

private:
  template <class Handle>
  Handle keep(Handle handle) {
    actors_.all.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }

  void spawn_memory() {
    std::vector<records_actor> readers;
    for (uint32_t i = 0; i < options_.record_readers; ++i)
      readers.push_back(keep(system_.spawn<caf::detached>(meisim::records, options_.database)));
    actors_.records = records_pool{std::move(readers)};
    actors_.auditor = keep(system_.spawn<caf::detached>(meisim::records, options_.database));
    actors_.nodes = keep(system_.spawn<caf::detached>(node_book, options_.database));
    region_config config;
    config.records = actors_.records;
    for (uint32_t i = 0; i < options_.ledger_writers; ++i)
      config.writers.push_back(
        keep(system_.spawn<caf::detached>(ledger_writer, options_.database, metrics_)));
    config.limits = std::make_shared<limit_table>(options_.rate_limit_factor());
    config.metrics = metrics_;
    config.lease = lease_;
    config.is_clustered = options_.is_clustered();
    config.idle = std::chrono::seconds{options_.idle_seconds};
    actors_.region = keep(system_.spawn(region, std::move(config)));
  }

  void spawn_services() {
    actors_.prices =
      keep(system_.spawn(price_book, 5s, price_memory_actor{actors_.records.next()}));
    actors_.passwords = keep(system_.spawn<caf::detached>(password_keeper));
    actors_.accounts = keep(system_.spawn<caf::detached>(
      meisim::accounts, options_.database, actors_.region, actors_.passwords, actors_.prices));
    auto sellers = spawn_providers(system_, options_, catalogue_board_, registry_);
    for (auto& one : sellers.all)
      actors_.all.push_back(std::move(one));
    actors_.provider = std::move(sellers.door);
    actors_.book = keep(system_.spawn<caf::detached>(job_book, options_.database));
    actors_.desk = keep(system_.spawn(account_desk, actors_.book, actors_.provider));
    spawn_stripe();
    actors_.webhooks = keep(
      system_.spawn<caf::detached>(webhook_book, options_.database, options_.webhook_any_address));
    actors_.batch_book = keep(system_.spawn<caf::detached>(verification_book, options_.database));
    std::vector<job_worker_actor> followers;
    if (options_.has_role("core"))
      followers = spawn_workers();
    spawn_verification(std::move(followers));
  }

  /// Who does the work that outlives requests; those that verification has something for.
  std::vector<job_worker_actor> spawn_workers() {
    job_loop_config orders;
    orders.kind = "fulfil";
    orders.concurrency = static_cast<int32_t>(options_.fulfilment_concurrency);
    orders.lease = 45s;
    keep(system_.spawn(fulfilment, orders, actors_.book, actors_.provider, spawn_mailer(),
                       actors_.region));
    spawn_webhook_sender();
    job_loop_config mails;
    mails.kind = "mail";
    mails.concurrency = 8;
    auto letters = keep(system_.spawn(mail_room, mails, actors_.book, spawn_mailer()));
    job_loop_config owed;
    owed.kind = "refund";
    owed.concurrency = 4;
    auto payer =
      keep(system_.spawn(refunds, owed, actors_.book, actors_.batch_book, actors_.region));
    return {letters, payer};
  }

  /// Where no devices are, verification has nothing to give rows to, and only tells of that.
  void spawn_verification(std::vector<job_worker_actor> followers) {
    verification_config config;
    config.owner = options_.node_name + ' ' + to_string(make_uuid());
    config.followers = std::move(followers);
    config.registry = registry_;
    actors_.verification = keep(system_.spawn(verification, std::move(config), actors_.batch_book));
    job_loop_config checks;
    checks.kind = "replacement";
    if (!options_.has_role("core"))
      checks.concurrency = 0;
    actors_.replacements =
      keep(system_.spawn(replacement, std::move(checks), actors_.book, actors_.batch_book,
                         actors_.verification, actors_.region));
    spawn_devices();
    actors_.batches =
      keep(system_.spawn(batch_desk, actors_.region, actors_.records.next(), actors_.verification));
  }

  void spawn_devices() {
    if (options_.lends_devices()) {
      keep(lend_devices(system_, options_, std::move(devices_)));
    } else if (options_.has_role("devices")) {
      for (auto& device : devices_)
        keep(system_.spawn(validator_device, std::move(device),
                           device_owner_actor{actors_.verification}));
    }
    open_to_devices();
  }

  void spawn_webhook_sender() {
    webhook_settings settings;
    settings.any_address = options_.webhook_any_address;
    job_loop_config messages;
    messages.kind = "webhook";
    messages.concurrency = 256;
    messages.lease = 60s;
    keep(system_.spawn(webhook_sender, messages, settings, actors_.book, actors_.webhooks,
                       webhook_connector{connect_webhooks}, registry_));
  }

  /// From now on nodes that have devices alone may join.
  void open_to_devices() {
    if (options_.devices_port == 0)
      return;
    auto port =
      caf::openssl::publish(device_owner_actor{actors_.verification}, options_.devices_port,
                            options_.devices_address.c_str(), true);
    if (!port)
      throw std::runtime_error(
        fmt::format("devices-port {}: {}", options_.devices_port, system_.render(port.error())));
    log_info("nodes with devices join at {}:{}", options_.devices_address, *port);
  }

  void spawn_stripe() {
    stripe_settings settings;
    settings.url = options_.stripe_url;
    settings.api_key = options_.stripe_key.empty() ? secret_if_in(options_.home + "/stripe.key")
                                                   : options_.stripe_key;
    settings.webhook_secret = options_.stripe_webhook_secret.empty()
                                ? secret_if_in(options_.home + "/stripe-webhook.secret")
                                : options_.stripe_webhook_secret;
    settings.publishable_key = options_.stripe_publishable_key;
    settings.fee = options_.card_fee();
    settings.success_url = options_.stripe_success_url;
    settings.cancel_url = options_.stripe_cancel_url;
    if (settings.api_key.empty() || settings.webhook_secret.empty())
      log_warn("card payments are off: Stripe's key or webhook secret is not set");
    auto payments = keep(system_.spawn<caf::detached>(payment_book, options_.database));
    actors_.stripe = keep(system_.spawn(stripe, settings, payments, actors_.region,
                                        stripe_connector{connect_stripe}, registry_));
  }

  /// From now on the other nodes know of this one. Returns once it can reach them.
  void join(database& db) {
    membership_config config;
    config.self.name = options_.node_name;
    config.self.incarnation = incarnation_;
    config.self.pid = getpid();
    config.self.roles = options_.roles;
    config.metrics = metrics_;
    config.lease = lease_;
    config.is_draining = is_draining_;
    config.make_dialler = [](caf::actor_system& in) { return in.spawn<caf::detached>(dialler); };
    actors_.membership =
      keep(system_.spawn(membership, std::move(config), actors_.nodes, actors_.region));
    join_cluster wish;
    if (public_server_)
      wish.http = fmt::format("{}:{}", options_.address, public_server_->port());
    wish.admin = fmt::format("{}:{}", options_.admin_address, admin_server_->port());
    if (options_.is_clustered()) {
      auto gate = keep(system_.spawn(node_gate, actors_.region, actors_.membership, metrics_));
      wish.cluster = open_gate(system_, gate, options_, cluster_host(options_, db));
      wish.gate = caf::actor_cast<caf::strong_actor_ptr>(gate);
      log_info("other nodes reach this one at {}", wish.cluster);
    }
    caf::scoped_actor self{system_};
    self->request(actors_.membership, 60s, std::move(wish))
      .receive([](done) {},
               [this](const caf::error& failure) {
                 leave_cluster();
                 throw std::runtime_error("this node cannot join: " + message_of(failure));
               });
  }

  /// Other nodes, if there are any, take over what this one owns; meanwhile it serves on, for as
  /// long as balancers need to notice.
  void hand_over() {
    bool is_alone = metrics_->members.Value() < 2;
    if (!options_.is_clustered() || is_alone)
      return;
    if (public_server_)
      public_server_->linger();
    caf::scoped_actor self{system_};
    self->request(actors_.membership, 5s, leave_atom_v)
      .receive([](done) { log_info("what other nodes can own has been handed over"); },
               [](const caf::error& failure) {
                 log_warn("not all has been handed over: {}", message_of(failure));
               });
    std::this_thread::sleep_for(std::chrono::seconds{options_.linger_seconds});
  }

  void leave_cluster() {
    caf::scoped_actor self{system_};
    // A heartbeat after the farewell would bring the node back to life.
    if (actors_.membership) {
      self->send_exit(actors_.membership, caf::exit_reason::user_shutdown);
      self->wait_for(actors_.membership);
    }
    self->request(actors_.nodes, 2s, node_leaves{options_.node_name, incarnation_})
      .receive([](done) {},
               [](const caf::error& failure) {
                 log_warn("the other nodes do not know that this one has gone: {}",
                          message_of(failure));
               });
  }

  mailer_actor spawn_mailer() {
    mail_settings settings;
    settings.url = options_.mail_target();
    settings.default_directory = options_.home + "/mail";
    settings.from = {"MeiSIM", options_.mail_from};
    settings.user = options_.mail_user;
    settings.ca_file = options_.mail_ca_file;
    if (!settings.user.empty())
      settings.password = options_.mail_password.empty()
                            ? secret_if_in(options_.home + "/mail.password")
                            : options_.mail_password;
    auto transport = open_mail_transport(settings);
    if (!transport)
      throw std::runtime_error("mail-url: " + message_of(transport.error()));
    return keep(system_.spawn<caf::detached>(mailer, *transport));
  }

  /// The demonstration's money is posted like any other; its id follows from the dealer, so a
  /// restart adds nothing.
  void seed(database& db) {
    caf::scoped_actor self{system_};
    std::string hash;
    self->request(actors_.passwords, 30s, password_to_hash{"demo-password"})
      .receive([&](std::string& text) { hash = std::move(text); },
               [](const caf::error& failure) {
                 throw std::runtime_error("seed: " + message_of(failure));
               });
    auto demo = seed_demo(db, hash);
    if (!demo)
      return;
    posting gift;
    gift.id = posting_id{derive_uuid(demo->value, "demo wallet")};
    gift.dealer = *demo;
    gift.lines.push_back({entry_type::topup, money::from_cents(100'000), "Demo top-up", {}});
    auto fail = [](const caf::error& failure) {
      throw std::runtime_error("seed: " + message_of(failure));
    };
    wallet_actor owner;
    self->request(actors_.region, 30s, wallet_atom_v, *demo, lookup{})
      .receive([&](const wallet_actor& found) { owner = found; }, fail);
    self->request(owner, 30s, gift)
      .receive([](const receipt&) { log_info("seeded the demonstration"); }, fail);
  }

  void serve(database& db) {
    auto registry = registry_;
    services_ = std::make_shared<http::services>(http::services{
      actors_.region,
      actors_.records,
      actors_.auditor,
      actors_.accounts,
      actors_.prices,
      actors_.provider,
      actors_.desk,
      actors_.book,
      actors_.batches,
      actors_.verification,
      actors_.replacements,
      actors_.nodes,
      catalogue_board_,
      actors_.stripe,
      actors_.webhooks,
      options_.card_fee(),
      http::token_signer{token_key(options_, db)},
      std::make_shared<http::key_directory>(),
      std::make_shared<http::owner_caches>(),
      secret_in(options_.home + "/admin.token"),
      [registry] { return prometheus::TextSerializer{}.Serialize(registry->Collect()); },
      [this] { return is_ready_ && !*is_draining_; }});
    auto log = request_log(registry_);
    http::server_settings admin;
    admin.address = options_.admin_address;
    admin.port = options_.admin_port;
    // Proving a long ledger takes its time.
    admin.answer_timeout = 10min;
    admin_server_ = std::make_unique<http::server>(
      admin, http::serve_routes(system_, services_, http::admin_routes(), log));
    admin_server_->start();
    log_info("operators are served on {}:{}", admin.address, admin_server_->port());
    if (options_.has_role("http"))
      serve_dealers(log);
  }

  void serve_dealers(const std::function<void(const http::access_record&)>& log) {
    http::server_settings open;
    open.address = options_.address;
    open.port = options_.port;
    for (const auto& proxy : options_.trusted_proxies)
      open.proxies.add(proxy);
    open.workers = options_.http_workers;
    open.most_connections = options_.most_connections;
    open.most_in_flight = options_.most_in_flight;
    open.answer_timeout = 28s;
    public_server_ = std::make_unique<http::server>(
      open, http::serve_routes(system_, services_, http::public_routes(), log));
    public_server_->start();
    log_info("dealers are served on {}:{}", open.address, public_server_->port());
  }

  const node_options& options_;
  system_config config_;
  caf::actor_system system_;
  std::shared_ptr<prometheus::Registry> registry_;
  std::shared_ptr<published<catalogue>> catalogue_board_ = std::make_shared<published<catalogue>>();
  std::shared_ptr<const node_metrics> metrics_;
  std::vector<device_config> devices_;
  node_actors actors_;
  std::shared_ptr<const http::services> services_;
  std::unique_ptr<http::server> public_server_;
  std::unique_ptr<http::server> admin_server_;
  std::shared_ptr<ownership_lease> lease_ = std::make_shared<ownership_lease>();
  std::atomic<bool> is_ready_{false};
  drain_flag is_draining_ = std::make_shared<std::atomic<bool>>(false);
  const uuid incarnation_ = make_uuid();
};

} // namespace

int run_node(const node_options& options) {
  std::filesystem::create_directories(options.home);
  {
    node here{options};
    prepare_database(options);
    try {
      here.start();
    } catch (const std::exception& error) {
      log_error("the node cannot run: {}", error.what());
      // Some actors are there already, and nothing is under way that they would have to end.
      end_at_once(1);
    }
    wait_for_signal();
    here.stop();
    watch_the_end();
  }
  log_info("stopped");
  return 0;
}

} // namespace meisim
