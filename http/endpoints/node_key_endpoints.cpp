#include "http/edge/read_body.hpp"
#include "http/endpoints/desk.hpp"
#include "http/endpoints/routes.hpp"
#include "protocols/operators/keys.hpp"

#include <array>
#include <utility>

namespace meisim::http {

// The secrets of the service itself.

namespace {

constexpr size_t longest_secret = 4'096;

void admin_list_keys(const exchange_pointer& x) {
  ask<desk_answer>(x, x->node->keys_of_node, show_answer(x), list_node_keys{});
}

void admin_rotate_key(const exchange_pointer& x) {
  auto wish = read_body(x, [&](fields& in) {
    return rotate_key{x->captures.front(), in.optional_text("secret", 1, longest_secret),
                      in.flag("atOnce", false), stamp_of(x)};
  });
  if (wish)
    ask<desk_answer>(x, x->node->keys_of_node, show_answer(x), std::move(*wish));
}

} // namespace

route_table node_key_routes() {
  using enum method;
  using enum access;
  constexpr auto none = limit_class::none;
  static constexpr std::array table{
    route{get, "/admin/v1/keys", viewer, none, admin_list_keys},
    route{post,
          "/admin/v1/keys/:key/rotate",
          admin,
          none,
          admin_rotate_key,
          {.audit = audit_kind::key_rotated, .told_by = "GET /admin/v1/keys tells"}},
  };
  return table;
}

} // namespace meisim::http
