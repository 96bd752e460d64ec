#pragma once

#include "actors/base/job_loop.hpp"
#include "actors/base/web_client.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/notify/webhook.hpp"

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>

namespace meisim {

/// How webhooks are called.
struct webhook_settings {
  /// Whether private addresses may be called. If not, the address of each connection is checked.
  bool any_address = false;
  std::chrono::milliseconds connect_timeout{5'000};
  /// From the start of a call to the last byte of its answer.
  std::chrono::milliseconds timeout{15'000};
  /// The most calls of one webhook at a time, so that a slow one leaves room for others. While it
  /// fails, it is called one at a time.
  int32_t most_calls = 4;
};

/// Makes the function by which an actor sends calls. Their answers come to that actor.
using webhook_connector = std::function<web_submit(webhook_sender_actor)>;

struct webhook_sender_state {
  static inline const char* name = "webhook-sender";

  using clock = std::chrono::steady_clock;

  /// A message on its way.
  struct errand {
    job work;
    webhook_message message;
    clock::time_point begun;
  };

  /// What is known of a webhook that is being called.
  struct lane {
    int32_t under_way = 0;
    bool is_failing = false;
    /// How long the last call took.
    std::chrono::milliseconds pace{0};
    /// When there may be room for one more message.
    clock::time_point next_room{};
  };

  job_loop loop;
  webhook_settings settings;
  webhook_store_actor store;
  web_submit submit;
  std::unordered_map<uint64_t, errand> errands;
  std::unordered_map<webhook_id, lane> lanes;
  uint64_t last_call_id = 0;
  std::shared_ptr<prometheus::Registry> registry;
  prometheus::Family<prometheus::Counter>* outcomes = nullptr;
};

/// Spawns as WEBHOOK SENDER: sends the messages that stand in the queue.
webhook_sender_actor::behavior_type webhook_sender(
  webhook_sender_actor::stateful_pointer<webhook_sender_state> self, job_loop_config config,
  webhook_settings settings, job_store_actor jobs, webhook_store_actor store,
  const webhook_connector& connect, std::shared_ptr<prometheus::Registry> registry);

} // namespace meisim
