#include "apps/sandbox/provider_sandbox.hpp"
#include "apps/sandbox/sandbox_answers.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/orders/provider_wire.hpp"

// What the provider tells of the orders of a time.

namespace meisim::sandbox {

sandbox_answer provider_sandbox::list(const std::string& query) const {
  constexpr size_t page_size = 100;
  auto from = parse_time(value_in(query, "from"));
  auto to = parse_time(value_in(query, "to"));
  auto page = value_in(query, "page");
  if (!from || !to || page.empty() || page.size() > 6
      || page.find_first_not_of("0123456789") != std::string::npos) {
    sandbox_answer wrong;
    wrong.status = 400;
    wrong.body = wire_error("invalid", "from, to and page must be given");
    return wrong;
  }
  auto left_out = std::stoul(page) * page_size;
  Json::Value result{Json::objectValue};
  auto& orders = result["orders"] = Json::Value{Json::arrayValue};
  result["has_more"] = false;
  for (const auto* reference : ages_) {
    const auto& known = orders_.at(*reference);
    if (known.status != fate::completed || known.ordered_at < *from || known.ordered_at >= *to)
      continue;
    if (left_out > 0) {
      --left_out;
    } else if (orders.size() < page_size) {
      orders.append(listed(*reference, known));
    } else {
      result["has_more"] = true;
      break;
    }
  }
  return json_answer(200, result);
}

/// A sold order in a list; what a top-up costs is not told.
Json::Value provider_sandbox::listed(const std::string& reference, const record& known) const {
  Json::Value entry{Json::objectValue};
  entry["order_id"] = make_esim(reference).provider_order_id;
  entry["reference"] = reference;
  entry["created_at"] = rfc3339(known.ordered_at);
  provider_order order{reference, known.product, {}};
  auto cost = known.top_up.empty() ? cost_of(order, catalogue_) : std::nullopt;
  if (cost)
    entry["price"] = to_string(*cost);
  return entry;
}

} // namespace meisim::sandbox
