#include "apps/meisimd/secrets.hpp"

#include "actors/operators/key_keeper.hpp"
#include "persistence/seed.hpp"

#include <cstddef>
#include <functional>
#include <utility>

namespace meisim {

namespace {

constexpr size_t shortest_made_secret = 32;

std::string too_short(const std::string& text) {
  return text.size() < shortest_made_secret ? "must have at least 32 characters" : "";
}

/// What is wrong with a Stripe key, given whether the database has the demonstration.
std::function<std::string(const std::string&)> stripe_flaw(bool has_demonstration) {
  return [=](const std::string& text) -> std::string {
    if (text.starts_with("whsec_"))
      return "must be Stripe's key; this one is the secret of its webhook";
    if (has_demonstration && is_live_stripe_key(text))
      return "must not be a live key of Stripe's beside the demonstration, whose password everybody "
             "knows: use another database";
    return {};
  };
}

std::string webhook_flaw(const std::string& text) {
  return text.starts_with("whsec_") ? "" : "must be the secret of Stripe's webhook, whsec_…";
}

} // namespace

bool is_live_stripe_key(const std::string& key) {
  return key.starts_with("sk_live_") || key.starts_with("rk_live_");
}

node_secrets read_secrets(const node_options& options, database& db) {
  node_secrets result;
  if (auto flaw = too_short(options.nodes_key); !options.nodes_key.empty() && !flaw.empty())
    throw std::runtime_error("MEISIM_NODES_KEY " + flaw);
  result.ring = std::make_shared<key_ring>(options.home, options.nodes_key);
  auto& ring = *result.ring;
  auto flaw_of_stripe = stripe_flaw(options.seed_demo || has_demo(db));
  result.jwt = ring.add({"jwt", "jwt.key", "MEISIM_JWT_KEY", options.jwt_key, true, too_short});
  result.admin = ring.add({"admin", "admin.token", {}, {}, true, too_short});
  result.stripe = ring.add(
    {"stripe", "stripe.key", "MEISIM_STRIPE_KEY", options.stripe_key, false, flaw_of_stripe});
  result.stripe_webhook =
    ring.add({"stripe-webhook", "stripe-webhook.secret", "MEISIM_STRIPE_WEBHOOK_SECRET",
              options.stripe_webhook_secret, false, webhook_flaw});
  // The mail server has only one password at a time: it is changed there, and then in the file.
  if (!options.mail_user.empty())
    result.mail_password =
      ring.add({"", "mail.password", "MEISIM_MAIL_PASSWORD", options.mail_password});
  for (const auto& provider : options.providers()) {
    auto name = "provider-" + provider.prefix;
    result.providers.push_back(ring.add({name, name + ".key"}));
    // The provider has to be told of a change first, so this secret is only changed in the file.
    result.provider_webhooks.push_back(ring.add({"", name + ".webhook", {}, {}, false, too_short}));
  }
  settle_keys(ring, db);
  return result;
}

} // namespace meisim
