#include "actors/base/web_client.hpp"
#include "apps/sandbox/airalo_sandbox.hpp"
#include "apps/sandbox/call_gate.hpp"
#include "apps/sandbox/dt_one_sandbox.hpp"
#include "apps/sandbox/esim_access_sandbox.hpp"
#include "apps/sandbox/esim_go_sandbox.hpp"
#include "apps/sandbox/later.hpp"
#include "apps/sandbox/packages_sandbox.hpp"
#include "apps/sandbox/provider_sandbox.hpp"
#include "apps/sandbox/reloadly_sandbox.hpp"
#include "apps/sandbox/smdp_server.hpp"
#include "apps/sandbox/stripe_sandbox.hpp"
#include "apps/version/version.hpp"
#include "http/server/server.hpp"

#include <CLI/CLI.hpp>
#include <curl/curl.h>
#include <fmt/core.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <optional>

// The outside world for the demo and the tests: upstream providers and Stripe over real HTTP,
// and an SM-DP+ over HTTPS.

namespace {

using namespace meisim;

struct options {
  std::string address = "127.0.0.1";
  uint16_t port = 8090;
  uint32_t latency_ms = 20;
  std::string home = "var";
  std::string webhook_url;
  /// Without a certificate there is no SM-DP+.
  sandbox::smdp_settings smdp;
};

void declare(CLI::App& app, options& values) {
  app.add_option("--address", values.address, "Address to listen on")->capture_default_str();
  app.add_option("--port", values.port, "Port to listen on; 0 picks a free one")
    ->envname("MEISIM_SANDBOX_PORT")
    ->capture_default_str();
  app.add_option("--home", values.home, "Folder with stripe.key and stripe-webhook.secret")
    ->envname("MEISIM_HOME")
    ->capture_default_str();
  app.add_option("--webhook-url", values.webhook_url, "Where Stripe's events go");
  app.add_option("--latency-ms", values.latency_ms, "Milliseconds that an order takes")
    ->capture_default_str();
  app.add_option("--smdp-port", values.smdp.port, "Port of the SM-DP+; 0 picks a free one");
  auto* certificate = app.add_option("--smdp-certificate", values.smdp.certificate,
                                     "The SM-DP+'s certificate (PEM); without one there is none");
  app.add_option("--smdp-key", values.smdp.key, "The key of that certificate (PEM)")
    ->needs(certificate);
}

sandbox::sandbox_request read(http::request&& from) {
  std::string query;
  for (const auto& [name, value] : from.query)
    query.append(name).append("=").append(value).append("&");
  sandbox::sandbox_request result;
  result.method = to_string(from.verb);
  result.authorization = from.header("authorization");
  result.idempotency_key = from.header("idempotency-key");
  result.api_key = from.header("x-api-key");
  if (result.api_key.empty())
    result.api_key = from.header("rt-accesscode");
  result.path = std::move(from.path);
  result.query = std::move(query);
  result.body = std::move(from.body);
  return result;
}

void send(const http::reply& to, sandbox::sandbox_answer what) {
  http::response answer;
  answer.status = what.status;
  answer.content_type = what.content_type;
  answer.headers = std::move(what.headers);
  answer.body = std::move(what.body);
  to.send(std::move(answer));
}

/// The first line of a file; empty if there is no such file.
std::string line_in(const std::string& path) {
  std::ifstream file{path};
  std::string text;
  std::getline(file, text);
  return text;
}

sandbox::stripe_sandbox::settings stripe_settings_for(const options& values) {
  return {line_in(values.home + "/stripe.key"), line_in(values.home + "/stripe-webhook.secret"),
          values.webhook_url};
}

http::server_settings settings_for(const options& values) {
  http::server_settings settings;
  settings.address = values.address;
  settings.port = values.port;
  settings.most_in_flight = 8'192;
  // A lost answer must not become one that says that nothing was bought.
  settings.answer_timeout = std::chrono::hours{1};
  return settings;
}

/// All that the sandbox plays. Safe for many threads.
class outside_world {
public:
  explicit outside_world(const options& values)
    : provider_{std::chrono::milliseconds{values.latency_ms}}, packages_{std::chrono::milliseconds{
                                                                 values.latency_ms}},
      airalo_{std::chrono::milliseconds{values.latency_ms}}, esim_access_{std::chrono::milliseconds{
                                                               values.latency_ms}},
      esim_go_{std::chrono::milliseconds{values.latency_ms}},
      reloadly_{std::chrono::milliseconds{values.latency_ms}}, dt_one_{std::chrono::milliseconds{
                                                                 values.latency_ms}},
      stripe_{stripe_settings_for(values),
              {[this](web_request request) { client_.submit(std::move(request)); },
               [this](auto pause, auto what) {
                 timer_.at(std::chrono::steady_clock::now() + pause, std::move(what));
               }}} {
    if (values.smdp.certificate.empty())
      return;
    auto where = values.smdp;
    where.address = values.address;
    smdp_.emplace(where);
    fmt::print("meisim-sandbox plays an SM-DP+ at {}:{}\n", values.address, smdp_->port());
  }

  /// Answers at once or after its delay, or when the gate opens; never if the answer is to be lost.
  void handle(http::request&& request, const http::reply& reply) {
    auto call = read(std::move(request));
    if (call.path == sandbox::call_gate::path)
      return send(reply, gate_.answer(call));
    if (gate_.stops(call))
      return;
    auto now = std::chrono::steady_clock::now();
    auto answer = answer_to(call, now);
    for (auto& one : answer.callbacks)
      timer_.at(now + one.after, [this, one] { call_back(one); });
    if (answer.lost)
      return;
    if (gate_.holds_answer_to(call))
      return gate_.keep([reply, answer = std::move(answer)] { send(reply, answer); });
    if (answer.delay.count() == 0)
      return send(reply, std::move(answer));
    timer_.at(now + answer.delay, [reply, answer = std::move(answer)] { send(reply, answer); });
  }

  /// Where Stripe's pages are.
  void set_address(const std::string& url) {
    stripe_.set_address(url);
  }

  /// Sends no more events.
  void close() {
    stripe_.close();
  }

private:
  /// Nobody waits for what comes of it.
  static constexpr uint64_t callback_id = UINT64_MAX;

  void call_back(const sandbox::sandbox_callback& what) {
    web_request request;
    request.call_id = callback_id;
    request.method = "POST";
    request.url = what.url;
    request.headers = {"Content-Type: application/json"};
    request.body = what.body;
    client_.submit(std::move(request));
  }

  sandbox::sandbox_answer answer_to(const sandbox::sandbox_request& what,
                                    std::chrono::steady_clock::time_point now) {
    if (smdp_ && what.path == "/test/smdp") {
      sandbox::sandbox_answer shown;
      shown.body = smdp_->show();
      return shown;
    }
    if (sandbox::stripe_sandbox::serves(what.path))
      return stripe_.answer(what);
    if (sandbox::packages_sandbox::serves(what.path))
      return packages_.answer(what, now);
    if (sandbox::airalo_sandbox::serves(what.path))
      return airalo_.answer(what);
    if (sandbox::esim_access_sandbox::serves(what.path))
      return esim_access_.answer(what, now);
    if (sandbox::esim_go_sandbox::serves(what.path))
      return esim_go_.answer(what);
    if (sandbox::reloadly_sandbox::serves(what.path))
      return reloadly_.answer(what, now);
    if (sandbox::dt_one_sandbox::serves(what.path))
      return dt_one_.answer(what, now);
    return provider_.answer(what, now);
  }

  sandbox::provider_sandbox provider_;
  sandbox::packages_sandbox packages_;
  sandbox::airalo_sandbox airalo_;
  sandbox::esim_access_sandbox esim_access_;
  sandbox::esim_go_sandbox esim_go_;
  sandbox::reloadly_sandbox reloadly_;
  sandbox::dt_one_sandbox dt_one_;
  sandbox::stripe_sandbox stripe_;
  std::optional<sandbox::smdp_server> smdp_;
  sandbox::call_gate gate_;
  // The threads of these use the members above.
  sandbox::later timer_;
  web_client client_{[this](const web_answer& answer) {
    if (answer.call_id != callback_id)
      stripe_.take(answer);
  }};
};

/// To be called before there are threads, so that all of them leave the signals to `wait_for`.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

void wait_for(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

int run(const options& values) {
  auto signals = block_signals();
  outside_world world{values};
  http::server server{settings_for(values),
                      {[&world](http::request&& request, const http::reply& reply) {
                         world.handle(std::move(request), reply);
                         return http::recourse{};
                       },
                       [](http::method, std::string_view) { return 65'536; },
                       {}}};
  server.start();
  auto address = fmt::format("http://{}:{}", values.address, server.port());
  world.set_address(address);
  fmt::print("meisim-sandbox ready {}\n", address);
  std::fflush(stdout);
  wait_for(signals);
  world.close();
  server.stop();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"The outside world of MeiSIM Dealer in one process, for demo and tests"};
  options values;
  declare(app, values);
  app.set_version_flag("--version", version_line("meisim-sandbox"));
  CLI11_PARSE(app, argc, argv);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  try {
    return run(values);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "meisim-sandbox: %s\n", error.what());
    return 1;
  }
}
