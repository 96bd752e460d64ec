#pragma once

#include "apps/meisimd/provider_options.hpp"
#include "http/edge/letterhead.hpp"
#include "http/server/body_budget.hpp"
#include "protocols/base/identity.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/money/stripe.hpp"
#include "protocols/operators/operators.hpp"
#include "protocols/orders/order_desk.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace meisim {

/// What an operator can set, with its defaults. Each option is declared once, in options.cpp.
struct node_options {
  std::string node_name = "node-0";
  std::string home = "var";
  uint16_t port = 8080;
  uint16_t admin_port = 8081;
  std::string address = "127.0.0.1";
  std::string admin_address = "127.0.0.1";
  /// The roles of operators who need a one-time code beside their password.
  std::vector<std::string> operator_second_factor;
  /// libpq's `key=value` text; the password comes from PGPASSFILE or PGPASSWORD.
  std::string database = "host=127.0.0.1 dbname=meisim user=meisim";
  /// The same for the owner of its tables, who brings them up to date; empty for the same role.
  std::string database_owner;
  /// A replica of it, for long lists; empty for none.
  std::string replica;
  /// A replica that is older is not read.
  uint32_t replica_oldest_seconds = 10;
  std::string provider_url = "http://127.0.0.1:8090";
  provider_limits limits;
  /// Further providers, a line each.
  std::vector<std::string> more_providers;
  /// Where each exchange with a provider is written down; empty for nowhere.
  std::string provider_record;
  std::string stripe_url = "https://api.stripe.com";
  /// The key that a page of the dealer's shows to Stripe. It is no secret.
  std::string stripe_publishable_key;
  std::string stripe_success_url =
    "https://meisimusa.com/portal/wallet?topup={CHECKOUT_SESSION_ID}";
  std::string stripe_cancel_url = "https://meisimusa.com/portal/wallet";
  /// Percent of the gross amount, and dollars on top.
  std::string stripe_fee_percent = "2.9";
  std::string stripe_fee_fixed = "0.30";
  /// Empty for `file:` in the home's folder `mail`.
  std::string mail_url;
  /// Allows mails as files, one-time codes among them, in a database without the demonstration.
  bool allow_mail_folder = false;
  std::string mail_from = "no-reply@meisim.test";
  /// Login at the mail server; empty for none.
  std::string mail_user;
  /// Certificates to trust at the mail server; empty for the system's.
  std::string mail_ca_file;
  /// How dealers reach the service; empty if addresses in answers and messages are to begin with a
  /// slash.
  std::string public_url;
  /// Who stands on receipts: a name, lines of an address separated by `|`, an address for mail, and
  /// the number under which taxes are paid.
  std::string company_name = "MeiSIM";
  std::string company_address;
  std::string company_email;
  std::string company_tax_id;
  /// The first pause between two looks at how an eSIM is used.
  uint32_t esim_watch_seconds = 60;
  /// Lets webhooks go to private addresses and over plain http.
  bool webhook_any_address = false;
  /// `on`, `off` or a factor.
  std::string rate_limits = "on";
  /// Dollars that new dealers may order on account, or `none`.
  std::string default_credit_limit = "none";
  /// Above this sum in dollars, operators' tools ask whether the sum is meant.
  std::string ask_above = "1000.00";
  bool seed_demo = false;
  /// Take no work until `meisimctl release`: for a database that was restored.
  bool hold = false;
  uint32_t http_workers = 1;
  uint32_t scheduler_threads = 2;
  /// There are two, so that the database has work while one commit is on its way to the disk or
  /// back. A third on two cores makes all batches smaller and is slower.
  uint32_t ledger_writers = std::max(2U, std::thread::hardware_concurrency() / 2);
  uint32_t record_readers = 2;
  uint32_t fulfilment_concurrency = 16;
  /// After how many days customers' data is emptied; 0 for never.
  uint32_t retention_days = 0;
  uint32_t stuck_after_seconds = default_stuck_after_seconds;
  /// How many devices are simulated, and how long each takes for a check.
  uint32_t simulated_devices = 0;
  uint32_t simulated_latency_ms = 5'000;
  /// A list of more devices, real ones among them; empty for none.
  std::string devices_file;
  /// Some of `http`, `core` and `devices`. With `devices` alone it is a node without a database.
  std::string roles = "http,core,devices";
  /// Where a core node takes devices of other nodes; none with port 0.
  std::string devices_address = "127.0.0.1";
  uint16_t devices_port = 0;
  /// PEM files, for mutual TLS between sites with devices and core nodes.
  std::string devices_certificate;
  std::string devices_key;
  std::string devices_ca;
  /// The certificates of that CA that are revoked; empty for no list.
  std::string devices_revoked;
  /// The device ports of core nodes, for a node with devices alone.
  std::vector<std::string> join;
  /// PEM files, for mutual TLS between nodes.
  std::string cluster_certificate;
  std::string cluster_key;
  std::string cluster_ca;
  /// The certificates of that CA that are revoked; empty for no list.
  std::string cluster_revoked;
  /// The address of this node for others; empty for the one by which it reaches the database.
  std::string cluster_address;
  /// 0 for any free one.
  uint16_t cluster_port = 0;
  /// On how many nodes dealers and their wallets are at most; 0 for all.
  int32_t dealer_nodes = 0;
  /// How long a node serves on while it drains, so that balancers notice.
  uint32_t linger_seconds = 3;
  /// Addresses and networks of the proxies in front of the public port.
  std::vector<std::string> trusted_proxies;
  uint32_t most_in_flight = 2'048;
  uint32_t most_connections = 10'000;
  /// This keeps one address from taking all connections, and all requests that may be under way.
  uint32_t most_connections_per_address = 512;
  /// Bytes, for the bodies of all requests under way.
  uint64_t body_memory = http::default_body_memory;
  uint32_t idle_seconds = 60;
  std::string log_level = "info";
  /// From the environment or a file only: HS256 key of the tokens. Empty: `jwt.key` in the home,
  /// which the first node makes for all.
  std::string jwt_key;
  /// From the environment, or the file `nodes.key` in the home, only: under it nodes tell one
  /// another their secrets through the database.
  std::string nodes_key;
  /// From the environment, or the files `stripe.key` and `stripe-webhook.secret` in the home, only.
  /// Empty: no card payments.
  std::string stripe_key;
  std::string stripe_webhook_secret;
  /// From the environment, or the file `mail.password` in the home, only.
  std::string mail_password;
  /// Whether to bring the schema up to date and not to run.
  bool only_migrates = false;
  /// Whether to check the configuration and not to run.
  bool only_checks = false;

  bool has_role(std::string_view role) const {
    return meisim::has_role(roles, role);
  }

  /// Whether it has devices and nothing else.
  bool is_device_node() const {
    return roles == "devices";
  }

  /// Whether other nodes may share its work.
  bool is_clustered() const {
    return !is_device_node() && !cluster_certificate.empty();
  }

  /// Whether its devices work for a core node elsewhere.
  bool lends_devices() const {
    return has_role("devices") && !has_role("core");
  }

  /// Whether it speaks to other sites about devices.
  bool has_device_side() const {
    return lends_devices() || devices_port != 0;
  }

  /// By this other nodes know this one.
  identity_files cluster_identity() const {
    return {cluster_certificate, cluster_key, cluster_ca, cluster_revoked};
  }

  /// By this sites with devices know a core node, and core nodes know a site.
  identity_files devices_identity() const {
    return {devices_certificate, devices_key, devices_ca, devices_revoked};
  }

  /// The factor that the documented rate limits are scaled by; 0 for off. Throws
  /// std::invalid_argument.
  double rate_limit_factor() const;

  /// All providers. The first is `p3`, of the standard format, and also sells products without a
  /// prefix. Throws std::invalid_argument.
  std::vector<provider_options> providers() const;

  /// Throws std::invalid_argument.
  stripe_fee card_fee() const;

  /// Nothing for none. Throws std::invalid_argument.
  std::optional<money> credit_limit() const;

  /// Throws std::invalid_argument.
  money sum_to_ask_above() const;

  std::vector<operator_role> second_factor_roles() const;

  http::company_details company() const;

  /// Where mails go: `mail_url`, or the default folder.
  std::string mail_target() const;
};

/// Reads command line, file and environment. If they are wrong, the process ends with a sentence
/// and status 2, or 1 if they were only to be checked. It ends with 0 after `--help` and its like.
node_options read_options(int argc, char** argv);

} // namespace meisim
