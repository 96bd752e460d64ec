#include "http/edge/asking.hpp"
#include "http/edge/inventory_csv.hpp"
#include "http/edge/read_body.hpp"
#include "http/endpoints/routes.hpp"
#include "http/endpoints/sku_json.hpp"
#include "protocols/access/accounts.hpp"
#include "protocols/access/dealer_record.hpp"
#include "protocols/money/ledger_check.hpp"
#include "protocols/supply/prices.hpp"

#include <array>
#include <cstdlib>
#include <iterator>

namespace meisim::http {

namespace {

template <class Line>
void write_left_out(json_writer& out, const Line& line) {
  out.member("line", line.number).member("reason", line.reason);
}

void admin_import_inventory(const exchange_pointer& x) {
  auto first_line = x->incoming.parameter("first_line").value_or("1");
  auto file =
    read_inventory(x->incoming.body, std::strtoll(std::string{first_line}.c_str(), nullptr, 10));
  ask<import_result>(
    x, x->node->accounts,
    [x, rejected = std::move(file.rejected)](const import_result& result) {
      succeed(x, json_object([&](json_writer& out) {
                out.member("imported", result.imported)
                  .member("duplicates", std::ssize(result.duplicates))
                  .objects("duplicate_lines", result.duplicates, write_left_out<duplicate_line>)
                  .objects("rejected", rejected, write_left_out<rejected_line>);
              }));
    },
    import_stock{{x->captures[0], x->captures[1]}, std::move(file.lines)});
}

void admin_list_skus(const exchange_pointer& x) {
  ask<sku_list>(
    x, x->node->prices,
    [x](const sku_list& list) { succeed(x, json_objects(list.skus, write_sku)); }, list_skus{});
}

void admin_set_price(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    auto price = money::parse(in.required_text("price", 1, 32));
    if (!price || *price <= money{})
      in.reject("price", "must be an amount above 0.00");
    return set_price{x->captures.front(), in.optional_email("email"), price.value_or(money{})};
  });
  if (wish)
    ask<sku>(
      x, x->node->accounts, [x](const sku& item) { succeed(x, json_object(write_sku, item)); },
      std::move(*wish));
}

} // namespace

route_table stock_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{post,
          "/admin/v1/inventory/:carrier/:plan",
          operators,
          none,
          admin_import_inventory,
          {.body_limit = batch_body, .parameters = "first_line"}},
    route{get, "/admin/v1/skus", operators, none, admin_list_skus},
    route{post, "/admin/v1/skus/:id/price", operators, none, admin_set_price},
  };
  return table;
}

} // namespace meisim::http
