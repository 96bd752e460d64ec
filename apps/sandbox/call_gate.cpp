#include "apps/sandbox/call_gate.hpp"

#include "apps/sandbox/sandbox_answers.hpp"

#include <utility>

namespace meisim::sandbox {

sandbox_answer call_gate::answer(const sandbox_request& request) {
  return request.method == "POST" ? set(request.body) : show();
}

sandbox_answer call_gate::set(const std::string& body) {
  auto wish = parse_json_object(body);
  auto at = wish ? text_of(*wish, "at") : std::string{};
  if (!wish || (!at.empty() && at != "request" && at != "answer")) {
    Json::Value refusal{Json::objectValue};
    refusal["message"] = R"(expected {"at":"request" or "answer","paths":[]}, or {})";
    return json_answer(400, refusal);
  }
  std::vector<std::function<void()>> passed;
  {
    std::lock_guard guard{mutex_};
    at_ = std::move(at);
    unless_ = text_of(*wish, "unless");
    paths_.clear();
    if (const auto& paths = member(*wish, "paths"); paths.isArray())
      for (const auto& one : paths)
        paths_.insert(one.asString());
    passed = std::exchange(waiting_, {});
    stopped_ = 0;
  }
  for (const auto& send : passed)
    send();
  return json_answer(200, Json::Value{Json::objectValue});
}

sandbox_answer call_gate::show() const {
  std::lock_guard guard{mutex_};
  Json::Value result{Json::objectValue};
  result["stopped"] = Json::Int64{stopped_};
  return json_answer(200, result);
}

bool call_gate::is_shut_for(const sandbox_request& call, std::string_view at) const {
  bool is_excepted = !unless_.empty() && call.body.find(unless_) != std::string::npos;
  return at_ == at && call.method == "POST" && paths_.contains(call.path) && !is_excepted;
}

bool call_gate::stops(const sandbox_request& call) {
  std::lock_guard guard{mutex_};
  bool is_stopped = is_shut_for(call, "request");
  stopped_ += is_stopped ? 1 : 0;
  return is_stopped;
}

bool call_gate::holds_answer_to(const sandbox_request& call) const {
  std::lock_guard guard{mutex_};
  return is_shut_for(call, "answer");
}

void call_gate::keep(std::function<void()> send) {
  std::unique_lock lock{mutex_};
  if (at_ == "answer") {
    ++stopped_;
    waiting_.push_back(std::move(send));
    return;
  }
  // It has opened meanwhile.
  lock.unlock();
  send();
}

} // namespace meisim::sandbox
