#include "apps/meisimd/logging.hpp"

#include "protocols/base/instant.hpp"
#include "protocols/base/json_writer.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <spdlog/async.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <map>
#include <mutex>

namespace meisim {

namespace {

constexpr auto request_logger = "request";
constexpr auto gathered_logger = "gathered";
constexpr size_t queued_messages = 2'048;

/// Its thread writes the log. When it has gone, the loggers are still there for threads that go on
/// logging.
std::shared_ptr<spdlog::details::thread_pool> log_writer;
std::mutex log_writer_lock;

/// How many bytes of requests' lines go to the log's thread at once.
constexpr size_t gathered_bytes = size_t{4} * 1024;

std::string timestamp(spdlog::log_clock::time_point time) {
  return rfc3339_to_micros(std::chrono::time_point_cast<std::chrono::microseconds>(time));
}

/// Writes one JSON object a line. Lines of the request logger bring their own fields, and gathered
/// lines are whole already.
class json_formatter : public spdlog::formatter {
public:
  explicit json_formatter(std::string node) : node_(std::move(node)) {
    // nop
  }

  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& target) override {
    std::string_view text{line.payload.data(), line.payload.size()};
    std::string_view logger{line.logger_name.data(), line.logger_name.size()};
    if (logger == gathered_logger)
      return target.append(text);
    auto level = spdlog::level::to_string_view(line.level);
    auto object = json_object([&](json_writer& out) {
      out.member("time", timestamp(line.time))
        .member("level", std::string_view{level.data(), level.size()})
        .member("node", node_);
      if (logger == request_logger)
        out.members(json_text{text});
      else
        out.member("message", text);
    });
    target.append(object);
    target.push_back('\n');
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_formatter>(node_);
  }

private:
  std::string node_;
};

/// Gathers lines until there are many, or somebody flushes. Waking the log's thread for each line
/// would cost more than the line itself.
class gathering_sink : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit gathering_sink(std::shared_ptr<spdlog::logger> target) : target_(std::move(target)) {
    // nop
  }

protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    formatter_->format(line, lines_);
    if (lines_.size() >= gathered_bytes)
      hand_over();
  }

  void flush_() override {
    hand_over();
    target_->flush();
  }

private:
  void hand_over() {
    if (lines_.size() == 0)
      return;
    target_->log(spdlog::level::info, spdlog::string_view_t{lines_.data(), lines_.size()});
    lines_.clear();
  }

  std::shared_ptr<spdlog::logger> target_;
  spdlog::memory_buf_t lines_;
};

/// The metrics of requests. The routes are a closed set, so each metric is looked up once and kept.
class request_metrics {
public:
  explicit request_metrics(std::shared_ptr<prometheus::Registry> registry)
    : registry_(std::move(registry)), counts_(prometheus::BuildCounter()
                                                .Name("meisim_requests_total")
                                                .Help("Answered requests by route and status")
                                                .Register(*registry_)),
      seconds_(prometheus::BuildHistogram()
                 .Name("meisim_request_seconds")
                 .Help("Seconds from a whole request to its answer")
                 .Register(*registry_)
                 .Add({}, prometheus::Histogram::BucketBoundaries{
                            0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10})) {
    // nop
  }

  void count(const http::access_record& record) {
    seconds_.Observe(static_cast<double>(record.micros) / 1e6);
    std::lock_guard guard{lock_};
    auto& counter = known_[{record.note.route, record.status}];
    if (!counter)
      counter = &counts_.Add(
        {{"route", std::string{record.note.route}}, {"status", std::to_string(record.status)}});
    counter->Increment();
  }

private:
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>& counts_;
  prometheus::Histogram& seconds_;
  std::mutex lock_;
  std::map<std::pair<std::string_view, int>, prometheus::Counter*> known_;
};

/// The members that a request's line has of its own.
std::string request_line(const http::access_record& record) {
  std::string line;
  json_writer{line}
    .member("request_id", record.request_id)
    .member("method", record.method)
    .member("route", record.note.route)
    .member("dealer", record.note.dealer)
    .member("address", record.address)
    .member("status", record.status)
    .member("micros", record.micros)
    .optional_member("trace_id", or_null(record.note.trace_id))
    .optional_member("detail", or_null(record.note.detail));
  return line;
}

} // namespace

void start_logging(const std::string& node, const std::string& level) {
  log_writer = std::make_shared<spdlog::details::thread_pool>(queued_messages, 1);
  // Lines gather in the stream's buffer for up to a second, because a write for each would cost
  // more than the rest of the line. Errors are written at once.
  std::ios::sync_with_stdio(false);
  auto stream = std::make_shared<spdlog::sinks::ostream_sink_mt>(std::clog);
  auto queued = [&](const std::string& name) {
    // A slow reader of the log must not hold up an actor.
    return std::make_shared<spdlog::async_logger>(name, stream, log_writer,
                                                  spdlog::async_overflow_policy::overrun_oldest);
  };
  auto set_up = [&](const std::shared_ptr<spdlog::logger>& logger) {
    logger->set_formatter(std::make_unique<json_formatter>(node));
    logger->set_level(spdlog::level::from_str(level));
    logger->flush_on(spdlog::level::warn);
    // What is logged at the very end is not written any more.
    logger->set_error_handler([](const std::string&) {});
    return logger;
  };
  spdlog::set_default_logger(set_up(queued("node")));
  spdlog::register_logger(set_up(std::make_shared<spdlog::logger>(
    request_logger, std::make_shared<gathering_sink>(queued(gathered_logger)))));
  spdlog::flush_every(std::chrono::seconds{1});
}

void stop_logging() {
  std::lock_guard guard{log_writer_lock};
  if (!log_writer)
    return;
  // It is not flushed any more: without the log's thread that would throw.
  spdlog::flush_every(std::chrono::seconds{0});
  spdlog::apply_all([](const auto& logger) { logger->flush(); });
  // It ends when all that is queued is written.
  log_writer.reset();
}

access_log request_log(std::shared_ptr<prometheus::Registry> registry) {
  auto metrics = std::make_shared<request_metrics>(std::move(registry));
  auto logger = spdlog::get(request_logger);
  return [metrics, logger](const http::access_record& record) {
    metrics->count(record);
    logger->log(record.status >= 500 ? spdlog::level::warn : spdlog::level::info,
                request_line(record));
  };
}

} // namespace meisim
