#include "apps/meisimd/node_workers.hpp"

#include "actors/access/retention.hpp"
#include "actors/base/month_keeper.hpp"
#include "actors/notify/mail_queue.hpp"
#include "actors/notify/mail_transport.hpp"
#include "actors/notify/mailer.hpp"
#include "actors/notify/webhook_sender.hpp"
#include "actors/orders/esim_watch.hpp"
#include "actors/orders/fulfilment.hpp"
#include "actors/verification/batch_intake.hpp"
#include "actors/verification/refunds.hpp"
#include "actors/verification/remote_devices.hpp"
#include "actors/verification/replacement.hpp"
#include "actors/verification/validator_device.hpp"
#include "actors/verification/verification.hpp"
#include "apps/meisimd/device_node.hpp"
#include "protocols/base/log.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace meisim {

namespace {

using namespace std::chrono_literals;

mailer_actor spawn_mailer(const node_start& at) {
  const auto& options = at.options;
  mail_settings settings;
  settings.url = options.mail_target();
  settings.default_directory = options.home + "/mail";
  settings.from = {"MeiSIM", options.mail_from};
  settings.user = options.mail_user;
  settings.ca_file = options.mail_ca_file;
  settings.password = at.parts.secrets.mail_password;
  auto transport = open_mail_transport(settings);
  if (!transport)
    throw std::runtime_error("mail-url: " + message_of(transport.error()));
  return at.actors.keep(at.system.spawn<caf::detached>(mailer, *transport));
}

void spawn_webhook_sender(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  webhook_settings settings;
  settings.any_address = options.webhook_any_address;
  job_loop_config messages;
  messages.kind = "webhook";
  messages.concurrency = 256;
  messages.lease = 60s;
  actors.keep(system.spawn(webhook_sender, messages, settings, actors.jobs, actors.webhooks,
                           webhook_connector{submit_for<webhook_sender_actor>}, parts.registry));
}

/// Each provider has a worker of its own, so that a provider that fails or is slow holds up no
/// other's orders. The last worker takes orders of providers that are not configured any more.
void spawn_fulfilment(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  auto spawn_worker = [&](job_loop_config orders) {
    orders.kind = "fulfil";
    orders.concurrency = static_cast<int32_t>(options.fulfilment_concurrency);
    orders.lease = 45s;
    actors.keep(system.spawn(fulfilment, std::move(orders), actors.jobs, actors.provider,
                             actors.region, parts.routes()));
  };
  std::vector<std::string> lanes{""};
  for (const auto& provider : options.providers())
    lanes.push_back(provider.prefix);
  for (const auto& lane : lanes) {
    job_loop_config orders;
    orders.lane = lane;
    spawn_worker(std::move(orders));
  }
  job_loop_config orphans;
  orphans.other_than = lanes;
  orphans.pause = 2s;
  spawn_worker(std::move(orphans));
}

void spawn_esim_watch(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  job_loop_config watched;
  watched.kind = "esim";
  watched.pause = 2s;
  actors.keep(system.spawn(esim_watch, watched, actors.jobs, actors.provider,
                           std::chrono::seconds{options.esim_watch_seconds}));
}

job_worker_actor spawn_mail_queue(const node_start& at) {
  constexpr int mailers_at_once = 4;
  job_loop_config mails;
  mails.kind = "mail";
  mails.concurrency = 8;
  std::vector<mailer_actor> mailers;
  for (int i = 0; i < mailers_at_once; ++i)
    mailers.push_back(spawn_mailer(at));
  return at.actors.keep(at.system.spawn(mail_queue, mails, at.actors.jobs, at.actors.slow_records,
                                        std::move(mailers), at.parts.registry));
}

/// Spawns the workers of a core node. Returns those that verification wakes.
std::vector<job_worker_actor> spawn_core(const node_start& at) {
  auto& [system, options, parts, actors, side] = at;
  spawn_fulfilment(at);
  spawn_webhook_sender(at);
  spawn_esim_watch(at);
  actors.keep(system.spawn<caf::detached>(month_keeper, options.database));
  if (options.retention_days > 0)
    actors.keep(system.spawn<caf::detached>(retention, options.database,
                                            static_cast<int>(options.retention_days)));
  auto mails = spawn_mail_queue(at);
  job_loop_config refund_jobs;
  refund_jobs.kind = "refund";
  refund_jobs.concurrency = 4;
  auto owed_refunds =
    actors.keep(system.spawn(refunds, refund_jobs, actors.jobs, actors.batch_store, actors.region));
  return {mails, owed_refunds};
}

/// On a node without devices, verification gives out no rows, and only answers questions about
/// devices.
void spawn_verification(const node_start& at, std::vector<job_worker_actor> followers) {
  auto& [system, options, parts, actors, side] = at;
  verification_config config;
  config.owner = options.node_name + ' ' + to_string(make_uuid());
  config.site = options.node_name;
  config.followers = std::move(followers);
  config.registry = parts.registry;
  actors.verification =
    actors.keep(system.spawn(verification, std::move(config), actors.batch_store));
  job_loop_config checks;
  checks.kind = "replacement";
  if (!options.has_role("core"))
    checks.concurrency = 0;
  actors.replacements =
    actors.keep(system.spawn(replacement, std::move(checks), actors.jobs, actors.batch_store,
                             actors.verification, actors.region));
}

/// From now on nodes that have only devices may join.
void open_to_devices(const node_start& at) {
  if (at.options.devices_port != 0)
    at.devices->open(at.actors.keep(
      at.system.spawn(remote_devices, at.actors.verification, at.options.node_name)));
}

void spawn_devices(const node_start& at, std::vector<device_config> devices) {
  auto& [system, options, parts, actors, side] = at;
  if (options.lends_devices()) {
    actors.keep(lend_devices(side->system(), options, std::move(devices)));
  } else if (options.has_role("devices")) {
    for (auto& device : devices)
      actors.keep(
        system.spawn(validator_device, std::move(device), device_owner_actor{actors.verification}));
  }
  open_to_devices(at);
}

} // namespace

void spawn_workers(const node_start& at, std::vector<device_config> devices) {
  auto& actors = at.actors;
  std::vector<job_worker_actor> followers;
  if (at.options.has_role("core"))
    followers = spawn_core(at);
  spawn_verification(at, std::move(followers));
  spawn_devices(at, std::move(devices));
  actors.batches = actors.keep(at.system.spawn(batch_intake, actors.region, actors.records.next(),
                                               actors.verification, actors.batch_store));
}

} // namespace meisim
