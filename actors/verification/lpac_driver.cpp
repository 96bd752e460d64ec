#include "actors/verification/lpac_driver.hpp"

#include "actors/base/child_program.hpp"
#include "actors/verification/lpac_test.hpp"
#include "protocols/base/log.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>
#include <utility>

namespace meisim {

/// A check on a thread of its own. When this object ends, the check is given up. The thread may
/// live on for the moment that its program takes to end.
class lpac_driver_state::thread {
public:
  using body = std::function<void(int give_up)>;

  /// The actor system waits at its end for all threads that it knows of.
  thread(caf::actor_system& system, body what)
    : give_up_(std::make_shared<owned_fd>(::eventfd(0, EFD_CLOEXEC))) {
    system.inc_detached_threads();
    std::thread{[&system, what = std::move(what), give_up = give_up_] {
      what(give_up->get());
      system.dec_detached_threads();
    }}.detach();
  }

  ~thread() {
    uint64_t one = 1;
    if (::write(give_up_->get(), &one, sizeof(one)) < 0)
      log_error("a check cannot be given up");
  }

  thread(const thread&) = delete;
  thread& operator=(const thread&) = delete;

private:
  std::shared_ptr<owned_fd> give_up_;
};

void lpac_driver_state::start(pointer self, std::string device, lpac_settings settings,
                              const std::shared_ptr<prometheus::Registry>& registry) {
  self_ = self;
  device_ = std::move(device);
  settings_ = std::make_shared<const lpac_settings>(std::move(settings));
  auto& counter =
    prometheus::BuildCounter()
      .Name("meisim_lpac_forbidden_requests_total")
      .Help("Requests of a device's program that a check must not make, and that were "
            "not sent")
      .Register(*registry)
      .Add({{"device", device_}});
  forbidden_ = {registry, &counter};
}

caf::typed_response_promise<finding> lpac_driver_state::accept(activation_code code) {
  auto promise = self_->make_response_promise<finding>();
  add(check_task{std::move(code), promise});
  return promise;
}

caf::typed_response_promise<device_test> lpac_driver_state::accept_test() {
  auto promise = self_->make_response_promise<device_test>();
  add(test_task{promise});
  return promise;
}

void lpac_driver_state::add(task what) {
  tasks_.push_back(std::move(what));
  if (tasks_.size() == 1)
    begin_first();
}

void lpac_driver_state::begin_first() {
  std::visit([this](const auto& what) { begin(what); }, tasks_.front());
}

void lpac_driver_state::begin(const check_task& what) {
  auto answer_to = caf::actor_cast<caf::weak_actor_ptr>(self_->address());
  auto work = [settings = settings_, code = what.code, device = device_, forbidden = forbidden_,
               answer_to, eid = eid_](int give_up) {
    auto end = run_lpac_check(*settings, code, give_up, eid);
    if (!end)
      return;
    if (end->outcome.event == "forbidden")
      forbidden->Increment();
    if (!end->detail.empty())
      log_warn("device {}: {} at {}: {}", device, end->outcome.event, end->outcome.seen.stage,
               end->detail);
    auto found = settings->table->judge(end->outcome);
    found.detail = std::move(end->detail);
    if (auto driver = answer_to.lock())
      caf::anon_send(caf::actor_cast<lpac_driver_actor>(driver), std::move(found));
  };
  thread_ = std::make_shared<thread>(self_->system(), std::move(work));
}

void lpac_driver_state::begin(const test_task&) {
  auto answer_to = caf::actor_cast<caf::weak_actor_ptr>(self_->address());
  auto work = [settings = settings_, device = device_, answer_to](int give_up) {
    auto result = run_lpac_test(device, *settings, give_up);
    if (!result)
      return;
    if (auto driver = answer_to.lock())
      caf::anon_send(caf::actor_cast<lpac_driver_actor>(driver), std::move(*result));
  };
  thread_ = std::make_shared<thread>(self_->system(), std::move(work));
}

void lpac_driver_state::end_first() {
  tasks_.pop_front();
  thread_.reset();
  if (!tasks_.empty())
    begin_first();
}

void lpac_driver_state::handle(finding result) {
  if (tasks_.empty() || !std::holds_alternative<check_task>(tasks_.front()))
    return;
  std::get<check_task>(tasks_.front()).promise.deliver(std::move(result));
  end_first();
}

void lpac_driver_state::handle(device_test result) {
  if (tasks_.empty() || !std::holds_alternative<test_task>(tasks_.front()))
    return;
  eid_ = result.eid;
  std::get<test_task>(tasks_.front()).promise.deliver(std::move(result));
  end_first();
}

lpac_driver_actor::behavior_type lpac_driver(
  lpac_driver_state::pointer self, std::string device, lpac_settings settings,
  const std::shared_ptr<prometheus::Registry>& registry) {
  self->state.start(self, std::move(device), std::move(settings), registry);
  return {
    [self](activation_code& code) { return self->state.accept(std::move(code)); },
    [self](const test_device&) { return self->state.accept_test(); },
    [self](finding& result) { self->state.handle(std::move(result)); },
    [self](device_test& result) { self->state.handle(std::move(result)); },
  };
}

} // namespace meisim
