#pragma once

#include "protocols/base/done.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/supply/stock.hpp"
#include "protocols/verification/batch.hpp"
#include "protocols/verification/batch_results.hpp"

#include <deque>

namespace meisim {

struct batch_intake_state {
  static inline const char* name = "batch-intake";

  struct waiting {
    batch_wish wish;
    caf::typed_response_promise<receipt> answer;
  };

  /// Batches that wait for a usage number, while a block of numbers is being reserved.
  std::deque<waiting> queue;
  usage_block usages;
  bool is_asking = false;
  region_actor region;
  records_actor records;
  verification_actor verification;
  verification_store_actor store;
};

/// The posting that pays for a batch and stores it.
posting batch_posting(batch_wish wish);

/// Spawns as BATCH INTAKE.
batch_intake_actor::behavior_type batch_intake(
  batch_intake_actor::stateful_pointer<batch_intake_state> self, region_actor region,
  records_actor records, verification_actor verification, verification_store_actor store);

} // namespace meisim
