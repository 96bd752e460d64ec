#include "persistence/orders/order_views.hpp"

#include "persistence/base/json_pages.hpp"
#include "persistence/orders/order_views.sql.hpp"
#include "protocols/orders/order.hpp"

namespace meisim {

namespace {

/// The statement whose index finds the fewest orders.
const char* statement_for(const browse_orders& question) {
  if (!question.iccid.empty())
    return sql::browse_orders_with_iccid;
  if (!question.reference.empty())
    return sql::browse_orders_with_reference;
  if (!question.email.empty())
    return sql::browse_orders_with_email;
  if (question.status == "failed")
    return sql::browse_failed_orders;
  if (question.status == "pending" || question.status == "processing")
    return sql::browse_open_orders;
  if (question.status == "revoked")
    return sql::browse_revoked_orders;
  if (question.type == "topup")
    return sql::browse_top_ups;
  return sql::browse_orders;
}

} // namespace

json_page browse(database& db, const browse_orders& question) {
  // There is only one upper bound: of two, an index would be entered at one, perhaps the wrong one.
  auto wish = question.page;
  if (micros(question.to) <= wish.behind.at)
    wish.behind = {micros(question.to), {}};
  page_reader page{wish};
  std::string dealer = to_string(question.dealer);
  long long from = micros(question.from);
  soci::statement query =
    (db.session().prepare << statement_for(question), soci::use(dealer, "dealer"),
     soci::use(page.at, "at"), soci::use(page.id, "id"), soci::use(from, "from"),
     soci::use(question.status, "status"), soci::use(question.type, "type"),
     soci::use(question.reference, "reference"), soci::use(question.email, "email"),
     soci::use(question.iccid, "iccid"), soci::use(page.most, "limit"), soci::into(page.item_at),
     soci::into(page.item_id), soci::into(page.item));
  return page.read(query);
}

std::optional<order_id> own_order_named(database& db, dealer_id dealer, const order_name& name) {
  std::string of = to_string(dealer);
  std::string id = to_string(name.id);
  long long number = name.number;
  std::string found;
  db.session() << sql::find_named_order, soci::use(id, "id"), soci::use(of, "dealer"),
    soci::use(number, "number"), soci::into(found);
  return order_id::parse(found);
}

std::optional<json_document> order_document(database& db, order_id order) {
  std::string id = to_string(order);
  std::string refund = to_string(refund_of(order));
  json_document result;
  auto& session = db.session();
  session << sql::show_order, soci::use(refund, "refund"), soci::use(id, "id"),
    soci::into(result.text);
  if (!session.got_data())
    return std::nullopt;
  return result;
}

} // namespace meisim
