#include "apps/meisimd/node.hpp"

#include "actors/cluster/dialler.hpp"
#include "actors/cluster/membership.hpp"
#include "actors/cluster/node_gate.hpp"
#include "actors/operators/health.hpp"
#include "apps/meisimd/certificates.hpp"
#include "apps/meisimd/cluster.hpp"
#include "apps/meisimd/database_start.hpp"
#include "apps/meisimd/demonstration.hpp"
#include "apps/meisimd/devices.hpp"
#include "apps/meisimd/logging.hpp"
#include "apps/meisimd/node_actors.hpp"
#include "apps/meisimd/providers.hpp"
#include "apps/meisimd/secrets.hpp"
#include "apps/meisimd/signals.hpp"
#include "apps/meisimd/system_config.hpp"
#include "apps/version/version.hpp"
#include "http/edge/application.hpp"
#include "http/endpoints/routes.hpp"
#include "persistence/base/failover_watch.hpp"
#include "persistence/base/installation.hpp"
#include "persistence/base/jobs.hpp"
#include "persistence/base/public_url.hpp"
#include "persistence/base/rights.hpp"
#include "persistence/base/server_watch.hpp"
#include "persistence/seed.hpp"
#include "protocols/base/log.hpp"

#include <fmt/format.h>
#include <prometheus/gauge.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <thread>

namespace meisim {

namespace {

using namespace std::chrono_literals;

/// How long requests under way get to end after SIGTERM.
constexpr auto drain_patience = 10s;
/// How long an address is tried at which nobody answers.
constexpr auto dial_patience = 1s;

std::vector<std::string> provider_prefixes(const node_options& options) {
  std::vector<std::string> result;
  for (const auto& provider : options.providers())
    result.push_back(provider.prefix);
  return result;
}

std::vector<http::provider_door> provider_doors(const node_options& options,
                                                const node_secrets& secrets) {
  std::vector<http::provider_door> result;
  auto configured = options.providers();
  for (size_t place = 0; place < configured.size(); ++place)
    result.push_back({configured[place].prefix, find_provider_format(configured[place].format),
                      secrets.providers.at(place), secrets.provider_webhooks.at(place)});
  return result;
}

class node {
public:
  explicit node(const node_options& options)
    : options_(options), config_(for_node(options)), system_(config_),
      devices_(configured_devices(options, parts_.registry)) {
    show_certificates(options_, *parts_.registry);
  }

  void start() {
    database db{options_.database, "start"};
    refuse_live_demonstration(options_, db);
    // This comes before anything is started that could disturb the others.
    check_neighbours(options_, db);
    parts_.secrets = read_secrets(options_, db);
    refuse_mail_folder(options_, db);
    if (options_.hold) {
      hold_all_jobs(db, "started with --hold");
      log_warn("all work is held: nothing is bought, mailed, sent or sold from stock until "
               "meisimctl release");
    }
    note_public_url(db, options_.public_url);
    parts_.installation = installation_of(db);
    watch_rights(db);
    parts_.providers = make_provider_board(options_);
    spawn_actors({system_, options_, parts_, actors_, device_side_.get()}, std::move(devices_));
    // The others are told the ports, which the system may have chosen.
    serve();
    join(db);
    // A node knows which wallets are its own only when it has joined.
    if (options_.seed_demo)
      seed_demonstration(system_, actors_, db);
    // Balancers send requests from now on.
    is_ready_ = true;
    // This tells the ports to whoever started the node with ports of the system's choice.
    fmt::print("meisimd ready {} {}\n", public_server_ ? public_server_->port() : 0,
               admin_server_->port());
    std::fflush(stdout);
  }

  /// Reads again what may have changed, without a pause.
  void refresh() {
    log_info("reading secrets and certificates again");
    caf::anon_send(actors_.keys, refresh_atom_v);
    show_certificates(options_, *parts_.registry);
  }

  void stop() {
    // From now on balancers send nothing, and the membership takes nothing on.
    is_ready_ = false;
    *is_draining_ = true;
    log_info("draining");
    // Dealers are served meanwhile, since balancers may still send them here.
    hand_over();
    stop_servers();
    // By now nothing is under way that needs this node to own anything.
    leave_cluster();
    stop_actors();
  }

private:
  /// Warns if this process could rewrite the ledger. A demonstration has nothing to lose.
  void watch_rights(database& db) {
    bool is_at_risk = owns_ledger(db) && !options_.seed_demo && !has_demo(db);
    gauge("meisim_database_role_owns_ledger",
          "Whether the database role of this node could change or drop the ledger's tables")
      ->Set(is_at_risk ? 1 : 0);
    if (is_at_risk)
      log_warn("the database role of this node owns the ledger's tables and could rewrite them: "
               "have another role own them (database-owner, meisimctl database create)");
  }

  /// Dealers' requests end first: an operator may watch them end.
  void stop_servers() {
    if (public_server_) {
      public_server_->drain(drain_patience);
      public_server_->stop();
    }
    admin_server_->stop();
    admin_server_.reset();
    public_server_.reset();
    // The services hold actors that are to end.
    services_.reset();
  }

  /// The last one that was started ends first. So an actor that begins work ends before those that
  /// it needs.
  void stop_actors() {
    for (auto actor = actors_.all.rbegin(); actor != actors_.all.rend(); ++actor)
      caf::anon_send_exit(*actor, caf::exit_reason::user_shutdown);
    actors_ = {};
  }

  /// From now on the other nodes know of this one. Returns once it can reach them.
  void join(database& db) {
    membership_config config;
    config.self.name = options_.node_name;
    config.self.incarnation = incarnation_;
    config.self.pid = getpid();
    config.self.version = release_name();
    config.self.roles = options_.roles;
    config.self.dealer_nodes = options_.dealer_nodes;
    if (options_.is_clustered())
      config.identity = options_.cluster_identity();
    config.metrics = parts_.metrics;
    auto linked = config.linked;
    config.lease = parts_.lease;
    config.is_draining = is_draining_;
    config.verification = actors_.verification;
    config.make_dialler = [](caf::actor_system& in) {
      return in.spawn<caf::detached>(dialler, dial_patience);
    };
    actors_.membership =
      actors_.keep(system_.spawn(membership, std::move(config), actors_.nodes, actors_.region));
    join_cluster wish;
    if (public_server_)
      wish.http = fmt::format("{}:{}", options_.address, public_server_->port());
    wish.admin = fmt::format("{}:{}", options_.admin_address, admin_server_->port());
    if (options_.is_clustered()) {
      auto gate =
        actors_.keep(system_.spawn(node_gate, actors_.region, actors_.membership,
                                   actors_.verification, parts_.metrics, std::move(linked)));
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
    bool is_alone = parts_.metrics->members.Value() < 2;
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

  /// All that endpoints use.
  http::services make_services() const {
    return {
      .region = actors_.region,
      .records = actors_.records,
      .slow_records = actors_.slow_records,
      .long_reads = actors_.long_reads,
      .accounts = actors_.accounts,
      .prices = actors_.prices,
      .provider = actors_.provider,
      .credit = actors_.credit,
      .order_desk = actors_.order_desk,
      .jobs = actors_.jobs,
      .batches = actors_.batches,
      .verification = actors_.verification,
      .replacements = actors_.replacements,
      .nodes = actors_.nodes,
      .catalogue_board = parts_.catalogue_board,
      .price_board = parts_.price_board,
      .node_board = parts_.node_board,
      .routes = parts_.routes(),
      .stripe = actors_.stripe,
      .payments = actors_.payments,
      .webhooks = actors_.webhooks,
      .events = actors_.events,
      .requests = parts_.requests,
      .operators = actors_.operators,
      .keys_of_node = actors_.keys,
      .stuck_after_seconds = static_cast<int32_t>(options_.stuck_after_seconds),
      .ask_above = options_.sum_to_ask_above(),
      .public_url = options_.public_url,
      .is_sandbox = options_.seed_demo,
      .company = options_.company(),
      .card_fee = options_.card_fee(),
      .tokens = http::token_signer{parts_.secrets.jwt},
      .admin_token = parts_.secrets.admin,
      .second_factor_roles = options_.second_factor_roles(),
      .provider_prefixes = provider_prefixes(options_),
      .provider_doors = provider_doors(options_, parts_.secrets),
      .metrics =
        [registry = parts_.registry, memory = body_memory_, used = body_memory_gauge(),
         requests = in_flight_, under_way = in_flight_gauge()] {
          used->Set(static_cast<double>(memory->used()));
          under_way->Set(requests->load());
          return prometheus::TextSerializer{}.Serialize(registry->Collect());
        },
      .health = [registry = parts_.registry] { return read_health(registry->Collect(), now()); },
      .is_ready = [this] { return is_ready_ && !*is_draining_; },
    };
  }

  prometheus::Gauge* gauge(const char* name, const char* help) const {
    return &prometheus::BuildGauge().Name(name).Help(help).Register(*parts_.registry).Add({});
  }

  prometheus::Gauge* body_memory_gauge() const {
    return gauge("meisim_body_memory_bytes",
                 "What the bodies of all requests under way take of --body-memory");
  }

  prometheus::Gauge* in_flight_gauge() const {
    return gauge("meisim_requests_in_flight",
                 "Requests of dealers that are under way, of --most-in-flight");
  }

  void serve() {
    services_ = std::make_shared<http::services>(make_services());
    auto log = request_log(parts_.registry);
    serve_operators(log);
    if (options_.has_role("http"))
      serve_dealers(log);
  }

  std::unique_ptr<http::server> start_server(const http::server_settings& settings,
                                             std::span<const http::route> routes,
                                             const access_log& log) {
    auto result =
      std::make_unique<http::server>(settings, http::serve_routes(system_, services_, routes, log));
    result->start();
    return result;
  }

  /// What both ports have in common.
  http::server_settings settings_for_all() const {
    http::server_settings settings;
    settings.body_memory = body_memory_;
    for (const auto& proxy : options_.trusted_proxies)
      settings.proxies.add(proxy);
    return settings;
  }

  void serve_operators(const access_log& log) {
    auto settings = settings_for_all();
    settings.address = options_.admin_address;
    settings.port = options_.admin_port;
    // Proving a long ledger takes its time.
    settings.answer_timeout = 10min;
    admin_server_ = start_server(settings, http::admin_routes(), log);
    log_info("operators are served on {}:{}", settings.address, admin_server_->port());
  }

  void serve_dealers(const access_log& log) {
    auto settings = settings_for_all();
    settings.address = options_.address;
    settings.port = options_.port;
    settings.workers = options_.http_workers;
    settings.most_connections = options_.most_connections;
    settings.most_connections_per_address = options_.most_connections_per_address;
    settings.most_in_flight = options_.most_in_flight;
    settings.in_flight = in_flight_;
    settings.answer_timeout = 28s;
    public_server_ = start_server(settings, http::public_routes(), log);
    log_info("dealers are served on {}:{}", settings.address, public_server_->port());
  }

  const node_options& options_;
  /// It outlives the actors that speak to it.
  std::unique_ptr<device_side> device_side_ =
    options_.has_device_side() ? std::make_unique<device_side>(options_) : nullptr;
  system_config config_;
  caf::actor_system system_;
  node_parts parts_;
  std::vector<device_config> devices_;
  node_actors actors_;
  std::shared_ptr<const http::services> services_;
  const std::shared_ptr<http::body_budget> body_memory_ =
    std::make_shared<http::body_budget>(options_.body_memory);
  const std::shared_ptr<std::atomic<uint32_t>> in_flight_ =
    std::make_shared<std::atomic<uint32_t>>(0);
  std::unique_ptr<http::server> public_server_;
  std::unique_ptr<http::server> admin_server_;
  std::atomic<bool> is_ready_{false};
  drain_flag is_draining_ = std::make_shared<std::atomic<bool>>(false);
  const uuid incarnation_ = make_uuid();
};

} // namespace

int run_node(const node_options& options) {
  std::filesystem::create_directories(options.home);
  end_watch watch;
  {
    node here{options};
    server_watch::of(options.database)->keep_in(server_file(options.home));
    prepare_database({options.database, options.database_owner});
    failover_watch promotions{options.database};
    try {
      here.start();
    } catch (const std::exception& error) {
      log_error("the node cannot run: {}", error.what());
      // Some actors have started already, but none of them has any work to end.
      end_at_once(1);
    }
    while (wait_for_signal() == SIGHUP)
      here.refresh();
    here.stop();
    watch.begin();
  }
  log_info("stopped");
  return 0;
}

} // namespace meisim
