#include "http/edge/etag.hpp"
#include "http/edge/order_path.hpp"
#include "http/edge/paging.hpp"
#include "http/edge/parameters.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/notify/qr_code.hpp"
#include "protocols/orders/account_order.hpp"
#include "protocols/orders/fulfilment.hpp"
#include "protocols/orders/order_list.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace meisim::http {

// A dealer's orders, as its own shop shows them.

namespace {

constexpr std::array<std::string_view, 5> order_statuses{"pending", "processing", "completed",
                                                         "failed", "revoked"};
constexpr std::array<std::string_view, 2> order_types{"esim", "topup"};

void get_orders_page(const exchange_pointer& x) {
  auto page = read_page_wish(x);
  auto range = page ? read_time_range(x) : std::nullopt;
  if (!range)
    return;
  browse_orders question;
  question.dealer = x->dealer().id;
  question.page = *page;
  parameters in{x->incoming};
  question.status = in.choice("status", order_statuses);
  question.type = in.choice("type", order_types);
  question.reference = in.text("reference");
  question.email = in.email("email");
  question.iccid = in.iccid("iccid");
  if (in.failure())
    return fail(x, in.failure());
  question.from = range->from;
  question.to = range->to;
  answer_page(x, list_reader(x, question.page), std::move(question));
}

void get_order(const exchange_pointer& x) {
  if (auto order = order_in_path(x))
    ask<json_document>(
      x, x->node->records.next(),
      [x](const json_document& what) {
        answer(x, tagged(x, "application/json", without_blanks(what.text)));
      },
      meisim::show_order{x->dealer().id, *order});
}

void show_qr_code(const exchange_pointer& x, const std::string& code) {
  auto picture = qr_png(code);
  if (!picture)
    return fail(x, picture.error());
  answer(x, tagged(x, "image/png", std::move(*picture)));
}

void get_unit_qr_code(const exchange_pointer& x) {
  auto order = order_in_path(x);
  if (!order)
    return;
  int32_t unit = 0;
  const auto& text = x->captures.at(1);
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), unit);
  if (failure != std::errc{} || end != text.data() + text.size())
    return fail(x,
                make_error(ec::not_found, "the order has no such eSIM: they are numbered from 1"));
  ask<order_to_fulfil>(
    x, x->node->records.next(),
    [x, unit](const order_to_fulfil& found) {
      auto esim = std::ranges::find(found.delivered, unit, &delivered_esim::unit);
      if (esim == found.delivered.end())
        return fail(x, make_error(ec::not_found, "the order has no eSIM of this number"));
      show_qr_code(x, esim->lpa);
    },
    find_own_order{x->dealer().id, *order});
}

void get_esim_qr_code(const exchange_pointer& x) {
  auto [iccid, flaw] = read_iccid(x->captures.front());
  if (!iccid)
    return fail(
      x, make_error(ec::not_found, fmt::format("iccid names no eSIM of yours: it {}", flaw)));
  ask<sold_esim>(
    x, x->node->records.next(), [x](const sold_esim& sold) { show_qr_code(x, sold.lpa); },
    find_esim{x->dealer().id, iccid->digits});
}

} // namespace

route_table order_view_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/dealer/orders",
          dealer,
          read,
          get_orders_page,
          {.parameters = "status type reference iccid email from to limit cursor",
           .scopes = scopes::read | scopes::order}},
    route{get, "/dealer/orders/:order", dealer, read, get_order,
          open_to(scopes::read | scopes::order)},
    route{get, "/dealer/orders/:order/esims/:unit/qr.png", dealer, read, get_unit_qr_code,
          open_to(scopes::read | scopes::order)},
    route{get, "/api/v1/esim/:iccid/qr.png", dealer, read, get_esim_qr_code,
          open_to(scopes::read | scopes::order)},
  };
  return table;
}

} // namespace meisim::http
