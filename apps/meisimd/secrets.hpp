#pragma once

#include "actors/operators/key_ring.hpp"
#include "apps/meisimd/options.hpp"
#include "persistence/base/session.hpp"
#include "protocols/base/kept_secret.hpp"

#include <memory>
#include <string>
#include <vector>

namespace meisim {

/// Whether Stripe takes real money by this key.
bool is_live_stripe_key(const std::string& key);

/// The secrets of a node, each for whoever uses it.
struct node_secrets {
  kept_secret jwt;
  kept_secret admin;
  kept_secret stripe;
  kept_secret stripe_webhook;
  kept_secret mail_password;
  /// In the order of the providers.
  std::vector<kept_secret> providers;
  /// In the same order: the ends of the addresses that they send to; empty for none.
  std::vector<kept_secret> provider_webhooks;
  /// All of them, for the actor that changes them.
  std::shared_ptr<key_ring> ring;
};

/// Reads the secrets of the home and the environment, makes those that are missing, and takes over
/// what all nodes share. Throws std::runtime_error with a sentence.
node_secrets read_secrets(const node_options& options, database& db);

} // namespace meisim
