#pragma once

#include "http/edge/dealer_turns.hpp"
#include "http/edge/key_directory.hpp"
#include "http/edge/letterhead.hpp"
#include "http/edge/limit_notes.hpp"
#include "http/edge/order_number_stock.hpp"
#include "http/edge/owner_cache.hpp"
#include "http/edge/token.hpp"
#include "http/edge/token_directory.hpp"
#include "protocols/access/dealer_requests.hpp"
#include "protocols/base/kept_secret.hpp"
#include "protocols/base/published.hpp"
#include "protocols/base/records_pool.hpp"
#include "protocols/cluster/placement.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/stripe.hpp"
#include "protocols/operators/desk.hpp"
#include "protocols/operators/health.hpp"
#include "protocols/operators/operators.hpp"
#include "protocols/orders/order_desk.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/orders/provider_format.hpp"
#include "protocols/orders/routes.hpp"
#include "protocols/supply/price_rules.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace meisim::http {

/// How it is known that a provider has sent something.
struct provider_door {
  std::string prefix;
  const provider_format* format = nullptr;
  kept_secret api_key;
  /// The end of the address that the provider is told; empty if nothing is taken.
  kept_secret secret;
};

/// All that the endpoints of a node use.
struct services {
  region_actor region;
  records_pool records;
  /// Records for questions that take long, so that short ones do not wait behind them.
  records_actor slow_records;
  /// Records for what is downloaded piece by piece; they may read from a replica.
  records_pool long_reads;
  /// A dealer may have so many of them open; more are refused.
  std::shared_ptr<dealer_turns> downloads = std::make_shared<dealer_turns>(16, 0);
  accounts_actor accounts;
  price_cache_actor prices;
  providers_actor provider;
  credit_orders_actor credit;
  order_desk_actor order_desk;
  job_store_actor jobs;
  batch_intake_actor batches;
  verification_actor verification;
  replacement_actor replacements;
  node_store_actor nodes;
  /// The provider's catalogue, once there is one.
  std::shared_ptr<const published<catalogue>> catalogue_board;
  /// The rules of prices, once they have been read.
  std::shared_ptr<const published<price_book>> price_board;
  /// The nodes that dealers are placed on, once they are.
  std::shared_ptr<const published<placed_nodes>> node_board;
  /// How products that several providers sell are bought, and how the providers are.
  route_sources routes;
  stripe_actor stripe;
  payment_store_actor payments;
  webhook_store_actor webhooks;
  event_feed_actor events;
  /// The requests of dealers' programs, on their way into the log.
  std::shared_ptr<request_notes> requests = std::make_shared<request_notes>();
  /// A dealer may follow its events on so many pages at once.
  std::shared_ptr<dealer_turns> event_streams = std::make_shared<dealer_turns>(32, 0);
  /// All operators together may follow on so many pages.
  std::shared_ptr<dealer_turns> operator_streams = std::make_shared<dealer_turns>(256, 0);
  operators_actor operators;
  key_keeper_actor keys_of_node;
  /// After how long work that fails needs a person.
  int32_t stuck_after_seconds = default_stuck_after_seconds;
  /// Above this sum an operator's tools ask whether it is meant.
  money ask_above;
  /// How dealers reach the service; empty if that was not told.
  std::string public_url;
  /// Whether this is the demonstration, in which a sandbox plays the outside world and no money is
  /// real.
  bool is_sandbox = false;
  /// Who receipts and statements are from.
  company_details company;
  /// What a card payment costs.
  stripe_fee card_fee;
  token_signer tokens;
  std::shared_ptr<token_directory> known_tokens = std::make_shared<token_directory>();
  std::shared_ptr<key_directory> keys = std::make_shared<key_directory>();
  std::shared_ptr<limit_notes> reached_limits = std::make_shared<limit_notes>();
  std::shared_ptr<owner_caches> owners = std::make_shared<owner_caches>();
  std::shared_ptr<order_number_stock> order_numbers = std::make_shared<order_number_stock>();
  /// What the operator shows as a bearer token.
  kept_secret admin_token;
  /// Operators with these roles need a one-time code besides their password.
  std::vector<operator_role> second_factor_roles;
  /// The providers' prefixes; the first provider's comes first.
  std::vector<std::string> provider_prefixes;
  std::vector<provider_door> provider_doors;
  /// The text of /metrics.
  std::function<std::string()> metrics;
  std::function<health_report()> health;
  /// Whether this node is to get requests: it has joined the others, and does not drain.
  std::function<bool()> is_ready;
};

} // namespace meisim::http
