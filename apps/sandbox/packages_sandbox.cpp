#include "apps/sandbox/packages_sandbox.hpp"

#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/json_writer.hpp"
#include "protocols/orders/packages_wire.hpp"
#include "protocols/orders/provider_wire.hpp"

namespace meisim::sandbox {

namespace {

constexpr std::string_view root = "/packages-api";
constexpr std::string_view sims = "/sims/";
constexpr std::string_view prefix = "p3:";

/// What it sells: that of the other provider, without the prefix that only we know of.
catalogue make_packages() {
  auto result = make_catalogue();
  for (auto& item : result.products)
    item.id.erase(0, prefix.size());
  return result;
}

std::string message_json(std::string_view text) {
  return json_object([&](json_writer& out) { out.member("message", text); });
}

/// An answer about one thing, which is written already.
std::string data_json(const std::string& written) {
  return json_object([&](json_writer& out) { out.member("data", json_text{written}); });
}

sandbox_answer plain(int status, std::string body) {
  sandbox_answer result;
  result.status = status;
  result.body = std::move(body);
  return result;
}

/// The value of `client_ref` in a query.
std::string reference_in(std::string_view query) {
  constexpr std::string_view key = "client_ref=";
  auto at = query.find(key);
  if (at == std::string_view::npos)
    return {};
  auto rest = query.substr(at + key.size());
  return std::string{rest.substr(0, rest.find('&'))};
}

} // namespace

bool packages_sandbox::serves(std::string_view path) {
  return path.starts_with(root) && path.substr(root.size()).starts_with('/');
}

sandbox_answer packages_sandbox::answer(const sandbox_request& request,
                                        provider_sandbox::time_point now) {
  auto inner = request;
  inner.path.erase(0, root.size());
  bool is_get = request.method == "GET";
  if (inner.path == "/packages" && is_get)
    return plain(200, packages_to_wire(make_packages()));
  if (inner.path == "/orders" && request.method == "POST")
    return place(inner, now);
  if (inner.path == "/orders" && is_get)
    return look_up(inner, now);
  if (inner.path.starts_with(sims))
    return answer_about(inner, now);
  if (inner.path.starts_with("/test/"))
    return stock_.answer(inner, now);
  return plain(404, message_json("there is no such thing"));
}

sandbox_answer packages_sandbox::place(const sandbox_request& request,
                                       provider_sandbox::time_point now) {
  auto order = package_order_from_wire(request.body);
  if (!order)
    return plain(400, message_json(message_of(order.error())));
  bool is_bundle = order->product.starts_with("esim_");
  auto wanted = *order;
  if (!is_bundle)
    wanted.product.insert(0, prefix);
  sandbox_request inner{"POST", std::string{orders_path(false)}, {}, to_wire(wanted), {}, {}};
  auto result = stock_.answer(inner, now);
  auto outcome = outcome_from_wire(result.status, result.body, false);
  result.status = result.status == 201 ? 200 : result.status;
  result.body = outcome.verdict == provider_verdict::placed
                  ? data_json(package_order_to_wire(order->reference, outcome))
                  : message_json(outcome.reason);
  return result;
}

sandbox_answer packages_sandbox::look_up(const sandbox_request& request,
                                         provider_sandbox::time_point now) {
  auto reference = reference_in(request.query);
  sandbox_request inner{"GET", std::string{orders_path(false)} + '/' + reference, {}, {}, {}, {}};
  auto result = stock_.answer(inner, now);
  auto outcome = outcome_from_wire(result.status, result.body, true);
  std::vector<std::string> found;
  if (outcome.verdict != provider_verdict::absent)
    found.push_back(package_order_to_wire(reference, outcome));
  result.body = json_object([&](json_writer& out) {
    out.array("data", found,
              [](json_writer& list, const std::string& order) { list.value(json_text{order}); });
  });
  result.status = result.status == 404 ? 200 : result.status;
  return result;
}

sandbox_answer packages_sandbox::answer_about(const sandbox_request& request,
                                              provider_sandbox::time_point now) {
  esim_question question{request.path.substr(sims.size()), request.method == "DELETE"};
  sandbox_request inner{
    question.is_revocation ? "POST" : "GET", esim_path(question), {}, {}, {}, {}};
  auto result = stock_.answer(inner, now);
  if (result.status == 200)
    result.body = package_sim_to_wire(result.body);
  return result;
}

} // namespace meisim::sandbox
