#include "actors/orders/provider_recorder.hpp"

#include "protocols/base/log.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/exchange_record.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unordered_map>
#include <utility>

namespace meisim {

namespace {

/// An actor calls it from one thread at a time.
class exchange_writer {
public:
  exchange_writer(std::string folder, const provider_settings& settings)
    : folder_(std::move(folder)), name_(settings.name), format_(settings.format),
      url_(settings.url), key_(settings.api_key), news_secret_(settings.news_secret) {
    while (url_.ends_with('/'))
      url_.pop_back();
  }

  void take(const web_request& request) {
    hide_secrets(request);
    exchange_record record;
    record.provider = name_;
    record.format = format_->name;
    record.method = request.method;
    record.path =
      mask_.mask(request.url.starts_with(url_) ? request.url.substr(url_.size()) : request.url);
    record.request_body = mask_.mask(request.body);
    open_[request.call_id] = std::move(record);
  }

  void take(const web_answer& answer) {
    auto found = open_.find(answer.call_id);
    if (found == open_.end())
      return;
    auto record = std::move(found->second);
    open_.erase(found);
    record.failure = answer.failure;
    record.status = answer.status;
    record.retry_after_seconds = answer.retry_after_seconds;
    record.answer_body = mask_.mask(answer.body);
    write(record);
  }

private:
  /// Hides the key as a whole, its parts, and whatever a header shows of it.
  void hide_secrets(const web_request& request) {
    auto key = key_.text();
    auto colon = std::min(key.find(':'), key.size());
    mask_.hide(key);
    mask_.hide(key.substr(0, colon));
    mask_.hide(key.substr(std::min(colon + 1, key.size())));
    // An order tells some providers where to send its outcome.
    mask_.hide(url_escaped(news_secret_.text()));
    for (const auto& line : request.headers)
      if (auto bearer = line.find("Bearer "); bearer != std::string::npos)
        mask_.hide(line.substr(bearer + std::string_view{"Bearer "}.size()));
  }

  /// Numbers go on behind those of earlier runs.
  std::filesystem::path next_path() {
    std::filesystem::path path;
    do
      path = std::filesystem::path{folder_} / fmt::format("{}-{:06}.json", name_, ++number_);
    while (std::filesystem::exists(path));
    return path;
  }

  void write(const exchange_record& record) {
    auto path = next_path();
    std::ofstream file{path};
    file << to_json(record) << '\n';
    file.close();
    if (!file)
      log_error("provider {}: an exchange could not be written to {}", name_, path.string());
  }

  std::string folder_;
  std::string name_;
  const provider_format* format_;
  std::string url_;
  kept_secret key_;
  kept_secret news_secret_;
  secret_mask mask_;
  std::unordered_map<uint64_t, exchange_record> open_;
  uint64_t number_ = 0;
};

} // namespace

std::shared_ptr<exchange_observer> record_exchanges(const std::string& folder,
                                                    const provider_settings& settings) {
  auto writer = std::make_shared<exchange_writer>(folder, settings);
  auto result = std::make_shared<exchange_observer>();
  result->asked = [writer](const web_request& request) { writer->take(request); };
  result->answered = [writer](const web_answer& answer) { writer->take(answer); };
  return result;
}

} // namespace meisim
