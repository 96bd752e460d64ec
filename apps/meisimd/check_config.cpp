#include "apps/meisimd/check_config.hpp"

#include "actors/cluster/reach.hpp"
#include "actors/notify/mail_transport.hpp"
#include "apps/meisimd/devices.hpp"
#include "apps/meisimd/system_config.hpp"
#include "protocols/base/error.hpp"

#include <fmt/core.h>
#include <libpq-fe.h>
#include <prometheus/registry.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace meisim {

namespace {

constexpr auto stripe_api = "https://api.stripe.com";
constexpr mode_t others_bits = S_IRWXG | S_IRWXO;

class finding_list {
public:
  void error(std::string about, std::string text) {
    all_.push_back({true, std::move(about), std::move(text)});
  }

  void warning(std::string about, std::string text) {
    all_.push_back({false, std::move(about), std::move(text)});
  }

  /// Runs a check that throws a sentence where the node would not start.
  template <class Check>
  void attempt(const char* about, Check check) {
    try {
      check();
    } catch (const std::exception& failure) {
      error(about, failure.what());
    }
  }

  std::vector<config_finding> take() {
    return std::move(all_);
  }

private:
  std::vector<config_finding> all_;
};

std::string counted(size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

bool is_loopback(std::string_view host) {
  return host.starts_with("127.") || host == "localhost" || host == "::1" || host == "[::1]";
}

/// The host of `http://host:port/path`.
std::string_view host_of(std::string_view url) {
  auto begin = url.find("://");
  url.remove_prefix(begin == std::string_view::npos ? 0 : begin + 3);
  auto end = url.starts_with('[') ? url.find(']') + 1 : url.find_first_of(":/");
  return url.substr(0, end);
}

bool can_be_read(const std::string& path) {
  return ::access(path.c_str(), R_OK) == 0;
}

bool is_open_to_others(const std::string& path) {
  struct stat about = {};
  return ::stat(path.c_str(), &about) == 0 && (about.st_mode & others_bits) != 0;
}

void check_home(const node_options& options, finding_list& to) {
  std::error_code ignored;
  if (!std::filesystem::exists(options.home, ignored))
    return to.warning("home", options.home + " is not there yet; the node makes it at its start");
  if (!std::filesystem::is_directory(options.home, ignored)
      || ::access(options.home.c_str(), R_OK | W_OK | X_OK) != 0)
    return to.error("home", options.home + " must be a folder that this user can write in");
  for (const auto& file : std::filesystem::directory_iterator{options.home, ignored}) {
    auto end = file.path().extension();
    bool is_secret = end == ".key" || end == ".secret" || end == ".token" || end == ".password"
                     || end == ".webhook" || end == ".before";
    if (is_secret && is_open_to_others(file.path()))
      to.warning("home", file.path().string() + " can be read by others; chmod 0600 it");
  }
}

void check_connection(const char* option, const std::string& connection, finding_list& to) {
  char* reason = nullptr;
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed{
    PQconninfoParse(connection.c_str(), &reason), PQconninfoFree};
  std::unique_ptr<char, decltype(&PQfreemem)> text{reason, PQfreemem};
  if (!parsed)
    return to.error(option, reason ? reason : "is no libpq connection text");
  for (auto* part = parsed.get(); part->keyword; ++part)
    if (std::string_view{part->keyword} == "password" && part->val)
      to.warning(option, "has a password in it; keep it in the file that PGPASSFILE names");
}

void check_database(const node_options& options, finding_list& to) {
  check_connection("database", options.database, to);
  check_connection("database-owner", options.database_owner, to);
  check_connection("replica", options.replica, to);
  const char* file = std::getenv("PGPASSFILE");
  if (!file || !*file)
    return;
  if (!can_be_read(file))
    to.error("PGPASSFILE", fmt::format("{} cannot be read", file));
  else if (is_open_to_others(file))
    to.error("PGPASSFILE",
             fmt::format("libpq ignores {}, for others can read it; chmod 0600 it", file));
}

void check_ports(const node_options& options, finding_list& to) {
  if (!is_loopback(options.admin_address))
    to.warning("admin-address",
               options.admin_address
                 + " is not on the loopback: the operator's API is plain HTTP, keep it within a "
                   "network that only operators and health checks reach");
  if (!options.has_role("http"))
    return;
  if (options.trusted_proxies.empty())
    to.warning("trusted-proxy", "none: behind a proxy all dealers share its address, and with it "
                                "its limits");
  if (!is_loopback(options.address) && options.trusted_proxies.empty())
    to.warning("address", options.address
                            + " serves plain HTTP to whoever reaches it; put a proxy with TLS "
                              "(HAProxy, say) in front");
}

void check_limits(const node_options& options, finding_list& to) {
  if (options.rate_limit_factor() == 0)
    to.warning("rate-limits", "off: codes and passwords can be guessed without a pause");
  else if (options.rate_limit_factor() > 1)
    to.warning("rate-limits",
               options.rate_limits + " times what dealers were promised, guessing included");
  if (options.webhook_any_address)
    to.warning("webhook-any-address",
               "a dealer's webhook can reach addresses within your own network");
}

void check_provider(const provider_options& one, bool is_first, finding_list& to) {
  std::string name = is_first ? "provider-url" : "provider";
  std::string_view url = one.url;
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return to.error(name,
                    fmt::format("{}: {} must begin with http:// or https://", one.prefix, one.url));
  if (is_loopback(host_of(url)))
    to.warning(name, fmt::format("{}: {} is on this machine; is it the sandbox? It sells nothing "
                                 "real",
                                 one.prefix, one.url));
  else if (url.starts_with("http://"))
    to.warning(
      name, fmt::format("{}: {} is not encrypted, and the key travels on it", one.prefix, one.url));
}

void check_stripe(const node_options& options, finding_list& to) {
  if (options.stripe_url != stripe_api)
    to.warning("stripe-url", fmt::format("{} is not Stripe ({}): payments there are not real",
                                         options.stripe_url, stripe_api));
  if (options.stripe_publishable_key.starts_with("pk_test_"))
    to.warning("stripe-publishable-key", "is one of Stripe's test mode: no card is charged");
  to.attempt("stripe-fee-percent", [&] { options.card_fee(); });
}

void check_mail(const node_options& options, finding_list& to) {
  auto target = options.mail_target();
  if (target.starts_with("file:"))
    to.warning("mail-url", fmt::format("mails are written into the folder {}, and sent to nobody{}",
                                       target.substr(5),
                                       options.allow_mail_folder || options.seed_demo
                                         ? ""
                                         : "; a node does not start like that unless "
                                           "allow-mail-folder is set"));
  else
    to.attempt("mail-url", [&] {
      mail_settings settings;
      settings.url = target;
      if (auto transport = open_mail_transport(settings); !transport)
        throw std::runtime_error(message_of(transport.error()));
    });
  if (options.mail_from == node_options{}.mail_from)
    to.warning("mail-from", options.mail_from + " is an example, nobody can answer it");
}

void check_devices(const node_options& options, finding_list& to) {
  to.attempt("devices-file",
             [&] { configured_devices(options, std::make_shared<prometheus::Registry>()); });
  if (options.simulated_devices > 0)
    to.warning("simulated-devices",
               fmt::format("{} devices invent their verdicts, and refunds rest on verdicts",
                           options.simulated_devices));
  if (options.is_device_node() && options.devices_file.empty() && options.simulated_devices == 0)
    to.error("devices-file", "a node with the role devices alone has no devices without it");
}

void check_revocations(const char* option, const identity_files& identity, finding_list& to) {
  if (identity.revoked.empty())
    to.warning(option, "none: whoever steals a certificate of this CA cannot be shut out");
}

void check_nodes(const node_options& options, finding_list& to) {
  to.attempt("cluster", [&] { for_node(options); });
  if (options.is_clustered())
    check_revocations("cluster-revoked", options.cluster_identity(), to);
  if (options.has_device_side()) {
    to.attempt("devices", [&] { for_devices(options); });
    check_revocations("devices-revoked", options.devices_identity(), to);
  }
  if (options.lends_devices() && options.join.empty())
    to.error("join", "a node with the role devices and without the role core needs it");
  for (const auto& node : options.join)
    if (read_network_address(node).port == 0)
      to.error("join", node + " is no host:port");
}

} // namespace

std::vector<config_finding> check_config(const node_options& options) {
  finding_list found;
  check_home(options, found);
  check_devices(options, found);
  check_nodes(options, found);
  if (options.is_device_node())
    return found.take();
  check_database(options, found);
  check_ports(options, found);
  check_limits(options, found);
  auto providers = options.providers();
  for (size_t i = 0; i < providers.size(); ++i)
    check_provider(providers[i], i == 0, found);
  check_stripe(options, found);
  check_mail(options, found);
  if (options.seed_demo)
    found.warning("seed-demo", "a dealer with a known password and free credit is made in an empty "
                               "database");
  return found.take();
}

int print_findings(const std::vector<config_finding>& findings) {
  size_t errors = 0;
  for (const auto& one : findings) {
    errors += one.is_error ? 1 : 0;
    fmt::print("{}: {}: {}\n", one.is_error ? "error" : "warning", one.about, one.text);
  }
  fmt::print("{}, {}\n", counted(errors, "error"), counted(findings.size() - errors, "warning"));
  return errors == 0 ? 0 : 1;
}

} // namespace meisim
