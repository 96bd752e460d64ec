#include "protocols/cluster/registry.hpp"

#include "protocols/access/accounts.hpp"
#include "protocols/access/audit.hpp"
#include "protocols/access/credit.hpp"
#include "protocols/access/dealer.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/access/dealer_requests.hpp"
#include "protocols/access/passwords.hpp"
#include "protocols/access/second_factor.hpp"
#include "protocols/access/sessions.hpp"
#include "protocols/base/csv_page.hpp"
#include "protocols/base/done.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/jobs.hpp"
#include "protocols/base/page.hpp"
#include "protocols/base/web.hpp"
#include "protocols/cluster/cluster.hpp"
#include "protocols/cluster/handover.hpp"
#include "protocols/cluster/remote.hpp"
#include "protocols/interfaces.hpp"
#include "protocols/money/commit.hpp"
#include "protocols/money/ledger_check.hpp"
#include "protocols/money/payments.hpp"
#include "protocols/money/posting.hpp"
#include "protocols/money/statement.hpp"
#include "protocols/money/stripe_reconciliation.hpp"
#include "protocols/notify/brand.hpp"
#include "protocols/notify/dealer_events.hpp"
#include "protocols/notify/mail.hpp"
#include "protocols/notify/mail_queue.hpp"
#include "protocols/notify/notices.hpp"
#include "protocols/notify/webhook.hpp"
#include "protocols/operators/desk.hpp"
#include "protocols/operators/keys.hpp"
#include "protocols/operators/operators.hpp"
#include "protocols/operators/topics.hpp"
#include "protocols/orders/account_order.hpp"
#include "protocols/orders/esim_usage.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/intent.hpp"
#include "protocols/orders/order_desk.hpp"
#include "protocols/orders/order_list.hpp"
#include "protocols/orders/provider.hpp"
#include "protocols/supply/owned_esim.hpp"
#include "protocols/supply/prices.hpp"
#include "protocols/supply/replacement.hpp"
#include "protocols/supply/stock.hpp"
#include "protocols/supply/supply.hpp"
#include "protocols/verification/activation_code.hpp"
#include "protocols/verification/batch.hpp"
#include "protocols/verification/batch_results.hpp"
#include "protocols/verification/devices.hpp"
#include "protocols/verification/row_leases.hpp"
#include "protocols/verification/verdict.hpp"

#include <caf/all.hpp>

namespace meisim {

void announce_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::meisim_wire>();
  config.add_message_types<caf::id_block::meisim_local>();
  config.add_message_types<caf::id_block::meisim_handles>();
  config.add_error_category(error_category, render_error);
}

} // namespace meisim
