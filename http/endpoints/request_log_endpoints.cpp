#include "http/edge/paging.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/access/dealer_requests.hpp"

#include <array>

namespace meisim::http {

// What a dealer's programs have asked for of late.

namespace {

void get_requests(const exchange_pointer& x) {
  auto failed = x->incoming.parameter("failed").value_or("false");
  if (failed != "true" && failed != "false")
    return fail(
      x, make_error(cause::invalid_field, "failed must be true or false", std::string{"failed"}));
  if (auto page = read_page_wish(x))
    answer_page(x, list_reader(x, *page), browse_requests{x->dealer().id, failed == "true", *page});
}

} // namespace

route_table request_log_routes() {
  using enum method;
  using enum access;
  using enum limit_class;
  static constexpr std::array table{
    route{get,
          "/dealer/requests",
          dealer,
          read,
          get_requests,
          {.parameters = "failed limit cursor", .scopes = scopes::read | scopes::manage}},
  };
  return table;
}

} // namespace meisim::http
