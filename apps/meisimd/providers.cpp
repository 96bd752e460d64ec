#include "apps/meisimd/providers.hpp"

#include "actors/orders/catalogue_merger.hpp"
#include "actors/orders/intent_store.hpp"
#include "actors/orders/provider.hpp"
#include "actors/orders/provider_recorder.hpp"
#include "actors/orders/provider_switch.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace meisim {

namespace {

provider_settings settings_of(const provider_options& from, const kept_secret& key) {
  using std::chrono::milliseconds;
  const auto& limits = from.limits;
  provider_settings result;
  result.name = from.prefix;
  result.format = find_provider_format(from.format);
  result.url = from.url;
  result.api_key = key;
  result.concurrency = limits.concurrency;
  result.timeout = milliseconds{limits.timeout_ms};
  result.patience = milliseconds{limits.patience_ms};
  result.rates = from.rates;
  result.low_balance = money::from_cents(int64_t{limits.low_balance_usd} * 100);
  result.circuit = {limits.breaker_failures, milliseconds{limits.breaker_pause_ms},
                    milliseconds{limits.breaker_longest_pause_ms}};
  return result;
}

/// Empty where nobody can call us.
std::string news_url(const std::string& public_url, const std::string& prefix) {
  return public_url.empty() ? std::string{} : public_url + "/provider/" + prefix + "/webhook/";
}

} // namespace

std::shared_ptr<provider_board> make_provider_board(const node_options& options) {
  std::vector<provider_status> providers;
  for (const auto& one : options.providers())
    providers.push_back({one.prefix, one.format});
  return std::make_shared<provider_board>(std::move(providers));
}

spawned_providers spawn_providers(caf::actor_system& system, const node_options& options,
                                  const std::vector<kept_secret>& keys,
                                  const std::vector<kept_secret>& webhooks,
                                  const std::shared_ptr<published<catalogue>>& board,
                                  const std::shared_ptr<provider_board>& shown,
                                  std::shared_ptr<prometheus::Registry> registry) {
  auto configured = options.providers();
  std::vector<std::string> prefixes;
  prefixes.reserve(configured.size());
  for (const auto& one : configured)
    prefixes.push_back(one.prefix);
  auto merger = std::make_shared<catalogue_merger>(std::move(prefixes), board);
  spawned_providers result;
  std::vector<provider_route> routes;
  intent_store_actor intents;
  for (size_t place = 0; place < configured.size(); ++place) {
    auto settings = settings_of(configured[place], keys.at(place));
    settings.news_url = news_url(options.public_url, settings.name);
    settings.news_secret = webhooks.at(place);
    // The first provider's names have its prefix already.
    settings.has_bare_names = place > 0;
    settings.publish = [merger, place](std::shared_ptr<const catalogue> latest) {
      merger->put(place, std::move(latest));
    };
    settings.tell = [shown, place](provider_status latest) {
      shown->put(place, std::move(latest));
    };
    if (settings.format->may_buy_twice && !intents) {
      intents = system.spawn<caf::detached>(intent_store, options.database);
      result.all.push_back(caf::actor_cast<caf::actor>(intents));
    }
    settings.intents = intents;
    if (!options.provider_record.empty())
      settings.observer = record_exchanges(options.provider_record, settings);
    auto spawned =
      system.spawn(provider, settings, web_connector{submit_for<provider_actor>}, registry);
    result.all.push_back(caf::actor_cast<caf::actor>(spawned));
    routes.push_back({configured[place].prefix, std::move(spawned)});
  }
  std::shared_ptr<const published<catalogue>> whole = board;
  result.entry = system.spawn(provider_switch, std::move(routes), whole);
  result.all.push_back(caf::actor_cast<caf::actor>(result.entry));
  return result;
}

} // namespace meisim
