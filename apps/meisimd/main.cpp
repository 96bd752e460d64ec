#include "apps/meisimd/check_config.hpp"
#include "apps/meisimd/database_start.hpp"
#include "apps/meisimd/device_node.hpp"
#include "apps/meisimd/logging.hpp"
#include "apps/meisimd/node.hpp"
#include "persistence/base/server_watch.hpp"
#include "protocols/base/log.hpp"

#include <curl/curl.h>

#include <csignal>
#include <exception>

/// jemalloc reads this as it starts. Without it, a thread gives memory back only while it asks for
/// more, and a thread that has read a large body may not do so for hours.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:3000";
}

namespace {

int run(const meisim::node_options& options) {
  if (options.only_migrates) {
    // What this node has seen tells a former primary from the present one.
    meisim::server_watch::of(options.database)->learn_from(meisim::server_file(options.home));
    meisim::prepare_database({options.database, options.database_owner});
    return 0;
  }
  return options.is_device_node() ? meisim::run_device_node(options) : meisim::run_node(options);
}

} // namespace

int main(int argc, char** argv) {
  auto options = meisim::read_options(argc, argv);
  if (options.only_checks)
    return meisim::print_findings(meisim::check_config(options));
  // run_node waits for these signals. They are blocked here, before there is any thread to take
  // them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  meisim::start_logging(options.node_name, options.log_level);
  int status = 1;
  try {
    status = run(options);
  } catch (const std::exception& error) {
    meisim::log_error("the node cannot run: {}", error.what());
  }
  meisim::stop_logging();
  curl_global_cleanup();
  return status;
}
