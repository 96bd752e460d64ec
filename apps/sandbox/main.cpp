#include "apps/sandbox/later.hpp"
#include "apps/sandbox/provider_sandbox.hpp"
#include "http/server.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>

// The outside world for the demo and the tests: the upstream provider, over real HTTP.

namespace {

using namespace meisim;

struct options {
  std::string address = "127.0.0.1";
  uint16_t port = 8090;
  uint32_t latency_ms = 20;
};

void declare(CLI::App& app, options& values) {
  app.add_option("--address", values.address, "Address to listen on")->capture_default_str();
  app.add_option("--port", values.port, "Port to listen on; 0 picks a free one")
    ->envname("MEISIM_SANDBOX_PORT")
    ->capture_default_str();
  app.add_option("--latency-ms", values.latency_ms, "Milliseconds that an order takes")
    ->capture_default_str();
}

sandbox::sandbox_request read(http::request&& from) {
  std::string query;
  for (const auto& [name, value] : from.query)
    query += name + "=" + value + "&";
  return {std::string{to_string(from.verb)}, std::move(from.path), std::move(query),
          std::move(from.body)};
}

void send(const http::reply& to, int status, std::string body) {
  http::response answer;
  answer.status = status;
  answer.body = std::move(body);
  to.send(std::move(answer));
}

http::server_settings settings_for(const options& values) {
  http::server_settings settings;
  settings.address = values.address;
  settings.port = values.port;
  settings.most_in_flight = 8'192;
  // An answer that is lost must not turn into one that says that nothing was bought.
  settings.answer_timeout = std::chrono::hours{1};
  return settings;
}

int run(const options& values) {
  // Before there are threads, so that all of them leave the signals to the wait below.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  sandbox::provider_sandbox provider{std::chrono::milliseconds{values.latency_ms}};
  sandbox::later timer;
  auto handle = [&](http::request&& request, http::reply reply) {
    auto now = std::chrono::steady_clock::now();
    auto answer = provider.answer(read(std::move(request)), now);
    if (answer.lost)
      return;
    if (answer.delay.count() == 0) {
      send(reply, answer.status, std::move(answer.body));
      return;
    }
    timer.at(now + answer.delay,
             [reply, answer = std::move(answer)] { send(reply, answer.status, answer.body); });
  };
  http::server server{settings_for(values),
                      {handle, [](http::method, std::string_view) { return 65'536; }, {}}};
  server.start();
  std::printf("meisim-sandbox ready http://%s:%u\n", values.address.c_str(),
              static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  server.stop();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"The outside world of MeiSIM Dealer in one process, for demo and tests"};
  options values;
  declare(app, values);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(values);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "meisim-sandbox: %s\n", error.what());
    return 1;
  }
}
