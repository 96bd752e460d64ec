#include "persistence/base/jobs.hpp"
#include "persistence/money/effect_kind.hpp"
#include "persistence/money/effects/order.sql.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/orders/address_json.hpp"
#include "protocols/orders/provider.hpp"

namespace meisim {

namespace {

struct placed_order {
  const decided_posting& posting;
  const order_placed& order;
};

/// As it is stored; empty for none.
std::string address_json(const postal_address& address) {
  if (address.first_name.empty() && address.address_line_1.empty())
    return {};
  return json_object(write_address, address);
}

constexpr column<placed_order> order_columns[] = {
  {"id", [](row_array& to, const placed_order& from) { to.add(from.order.id); }},
  {"dealer_id", [](row_array& to, const placed_order& from) { to.add(from.posting.what.dealer); }},
  {"posting_id", [](row_array& to, const placed_order& from) { to.add(from.posting.what.id); }},
  {"type", nullptr, "'esim'"},
  {"product", [](row_array& to, const placed_order& from) { to.add(from.order.product); }},
  {"customer_email",
   [](row_array& to, const placed_order& from) { to.add(from.order.buyer.email); }},
  {"customer_name", [](row_array& to, const placed_order& from) { to.add(from.order.buyer.name); }},
  {"language",
   [](row_array& to, const placed_order& from) { to.add_optional(from.order.buyer.language); }},
  {"imei", [](row_array& to, const placed_order& from) { to.add_optional(from.order.buyer.imei); }},
  {"eid", [](row_array& to, const placed_order& from) { to.add_optional(from.order.buyer.eid); }},
  {"address",
   [](row_array& to, const placed_order& from) {
     to.add_optional_json(address_json(from.order.buyer.address));
   }},
  {"quantity", [](row_array& to, const placed_order& from) { to.add(from.order.quantity); }},
  {"unit_price_cents",
   [](row_array& to, const placed_order& from) { to.add(from.order.unit_price.cents()); }},
  {"status", nullptr, "'processing'"},
  {"created_at", [](row_array& to, const placed_order& from) { to.add(from.posting.decided_at); }},
  {"replaces", [](row_array& to, const placed_order& from) { to.add(from.order.replaces); }},
  {"product_name",
   [](row_array& to, const placed_order& from) { to.add_optional(from.order.product_name); }},
  {"replaced_unit",
   [](row_array& to, const placed_order& from) { to.add_unless_zero(from.order.replaced_unit); }},
  {"customer_reference",
   [](row_array& to, const placed_order& from) { to.add_optional(from.order.customer_reference); }},
  {"mails_customer",
   [](row_array& to, const placed_order& from) { to.add(from.order.mails_customer); }},
  {"country", [](row_array& to, const placed_order& from) { to.add_optional(from.order.country); }},
  {"number", [](row_array& to, const placed_order& from) { to.add(from.order.number); }},
  {"request_id",
   [](row_array& to, const placed_order& from) { to.add_optional(from.order.origin.id); }},
  {"trace_parent",
   [](row_array& to, const placed_order& from) {
     to.add_optional(from.order.origin.trace_parent);
   }},
};

constexpr row_statement<placed_order> insert_orders{sql::insert_orders, order_columns};

void add_orders(pipeline& into, postings_view postings) {
  auto orders = into.rows_for(insert_orders);
  for_each_effect<order_placed>(postings, [&](const auto& posting, const auto& order) {
    orders.add({posting, order});
    add_job(into, "fulfil", order.id.value, provider_prefix(order.product));
  });
}

effect_subject order_of(const effect& what) {
  return {std::get<order_placed>(what).id.value};
}

receipt_values order_told(database& db, const committed_posting& posting) {
  auto id = to_string(posting.subject.id);
  std::string replaces;
  long long price = 0;
  long long number = 0;
  order_receipt told;
  db.session() << sql::recall_order, soci::use(id, "id"), soci::into(price),
    soci::into(told.quantity), soci::into(replaces), soci::into(number);
  require_subject(db, posting);
  told.id = order_id{posting.subject.id};
  told.number = number;
  told.unit_price = money::from_cents(price);
  require_paid(posting, told.unit_price);
  told.replaces = order_id::parse(replaces).value_or(order_id{});
  told.balance = posting.balance;
  return told;
}

} // namespace

extern const effect_kind order_effect{.name = "order",
                                      .account = order_placed::account,
                                      .place = place_of<order_placed>,
                                      .may_be_free = true,
                                      .add = add_orders,
                                      .subject = order_of,
                                      .recall = order_told};

} // namespace meisim
