#include "protocols/money/stripe_reconciliation.hpp"

#include "protocols/base/error.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/money/stripe_wire.hpp"

#include <fmt/core.h>

#include <unordered_set>

namespace meisim {

namespace {

/// The name that a refund has here if it came to nothing.
std::string failed(const std::string& refund) {
  return refund + " failed";
}

/// What a line is to us, by its type and by what it stems from.
void read_source(const Json::Value& source, balance_entry& into) {
  auto id = text_of(source, "id");
  into.charge = text_of(source, "charge");
  if (into.type == "charge" || into.type == "payment") {
    into.key = text_of(source, "payment_intent");
    into.other_key = id;
    into.charge = id;
    into.installation = text_of(member(source, "metadata"), installation_metadata.data());
  } else if (into.type == "refund" || into.type == "payment_refund") {
    into.key = id;
    into.other_key = into.charge;
  } else if (into.type == "refund_failure" || into.type == "payment_failure_refund") {
    into.key = failed(id);
  } else if (into.type == "adjustment" && text_of(source, "object") == "dispute") {
    into.key = into.id;
    into.other_key = id;
  }
}

bool read_entry(const Json::Value& line, balance_entry& into) {
  into.id = text_of(line, "id");
  into.type = text_of(line, "type");
  into.amount = money::from_cents(number_of(line, "amount"));
  into.at = from_micros(number_of(line, "created") * 1'000'000);
  read_source(member(line, "source"), into);
  return !into.id.empty();
}

std::unordered_set<std::string> charges_of_others(const std::vector<balance_entry>& entries,
                                                  std::string_view installation) {
  std::unordered_set<std::string> result;
  for (const auto& entry : entries)
    if (!entry.installation.empty() && entry.installation != installation)
      result.insert(entry.charge);
  return result;
}

int64_t seconds(instant at) {
  return micros(at) / 1'000'000;
}

} // namespace

caf::expected<balance_page> balance_page_from_wire(std::string_view json) {
  auto parsed = parse_json_object(json);
  if (!parsed)
    return std::move(parsed.error());
  const auto& list = member(*parsed, "data");
  if (!list.isArray())
    return make_error(ec::internal, "an answer without a list");
  balance_page page;
  page.entries = read_all(list, read_entry);
  page.has_more = is_true(*parsed, "has_more") && !page.entries.empty();
  return page;
}

std::string balance_query(instant from, instant to, std::string_view after) {
  auto query =
    fmt::format("?limit=100&expand%5B%5D=data.source&created%5Bgte%5D={}&created%5Blt%5D={}",
                seconds(from), seconds(to));
  if (!after.empty())
    query += fmt::format("&starting_after={}", after);
  return query;
}

stripe_reconciliation compare_with_stripe(const reconcile_stripe& question,
                                          const std::vector<balance_entry>& entries,
                                          const std::vector<kept_movement>& kept,
                                          std::string_view installation) {
  auto is_asked = [&question](instant at) { return at >= question.from && at < question.to; };
  std::unordered_set<std::string> here, there;
  for (const auto& movement : kept)
    here.insert(movement.key);
  auto elsewhere = charges_of_others(entries, installation);
  stripe_reconciliation result;
  for (const auto& entry : entries) {
    if ((entry.key.empty() && entry.other_key.empty()) || elsewhere.contains(entry.charge))
      continue;
    there.insert({entry.key, entry.other_key});
    if (!is_asked(entry.at))
      continue;
    ++result.at_stripe;
    if (!here.contains(entry.key) && !here.contains(entry.other_key))
      result.missing_here.push_back(
        {entry.key.empty() ? entry.other_key : entry.key, entry.type, entry.amount, entry.at});
  }
  for (const auto& movement : kept) {
    if (!is_asked(movement.at))
      continue;
    ++result.here;
    if (!there.contains(movement.key))
      result.missing_at_stripe.push_back(
        {movement.key, movement.type, movement.amount, movement.at});
  }
  return result;
}

} // namespace meisim
