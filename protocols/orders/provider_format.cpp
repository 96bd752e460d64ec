#include "protocols/orders/provider_format.hpp"

#include "protocols/base/strict_json.hpp"

#include <utility>

namespace meisim {

bool tells_revoked(const provider_format& format, int32_t status, const std::string& body,
                   esim_question question) {
  question.is_revocation = false;
  auto told = format.read_esim(status, body, question);
  auto json = parse_json(told.body);
  return told.status == 200 && json && json->isObject() && text_of(*json, "State") == "Revoked";
}

std::vector<std::string_view> capabilities_of(const provider_format& format) {
  std::vector<std::string_view> result{"catalogue"};
  auto add = [&](bool can, std::string_view name) {
    if (can)
      result.push_back(name);
  };
  add(!format.is_one_of_a_product, "look_up");
  add(format.esim_call != nullptr, "usage");
  add(format.revokes_esims, "revoke");
  add(format.refunds_esims, "refund");
  add(format.refunds_on_request, "refund_on_request");
  add(format.tops_up_esims, "esim_topup");
  add(format.sim_call != nullptr, "sim_topup");
  add(format.balance_call != nullptr, "balance");
  add(format.read_news != nullptr, "webhook");
  add(format.list_call != nullptr, "list");
  add(format.checks_price, "price_check");
  return result;
}

provider_outcome outcome_of_status(int32_t status, std::string reason) {
  switch (status) {
  case 400:
  case 410:
  case 422:
    return refused(std::move(reason));
  case 401:
  case 402:
  case 403:
    return ours(std::move(reason));
  case 404:
  case 409:
    return contested(std::move(reason));
  // Too many, or closed: nothing was accepted.
  case 429:
  case 503:
    return unavailable(std::move(reason));
  default:
    return unknown(std::move(reason));
  }
}

const provider_format* find_provider_format(std::string_view name) {
  for (const auto* format : {&standard_format, &packages_format, &airalo_format, &dt_one_format,
                             &esim_access_format, &esim_go_format, &reloadly_format})
    if (format->name == name)
      return format;
  return nullptr;
}

} // namespace meisim
