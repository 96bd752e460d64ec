#include "apps/sandbox/esim_go_sandbox.hpp"

#include "apps/sandbox/sandbox_answers.hpp"
#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/base/json_writer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>

namespace meisim::sandbox {

namespace {

constexpr std::string_view root = "/esim-go-api";
constexpr std::string_view special = "sandbox-";
/// Smaller than what callers ask for.
constexpr size_t page_size = 40;

sandbox_answer refuse(int status, const char* message) {
  Json::Value body{Json::objectValue};
  body["message"] = message;
  return json_answer(status, body);
}

std::string name_of(const bundle& item) {
  if (auto at = item.name.find(special); at != std::string::npos)
    return "esim_" + item.name.substr(at);
  return fmt::format("esim_{}GB_{}D_{}_V2", item.data_mb / 1'024, item.validity_days,
                     item.country_iso.empty() ? item.region : item.country_iso);
}

std::vector<bundle> make_bundles() {
  auto result = make_catalogue().bundles;
  for (auto& item : result)
    item.name = name_of(item);
  auto like = result.back();
  for (const auto* name : {"esim_sandbox-unpaid", "esim_sandbox-dearer"}) {
    like.name = name;
    result.push_back(like);
  }
  return result;
}

const std::vector<bundle>& bundles() {
  static const auto result = make_bundles();
  return result;
}

void write_bundle(json_writer& out, const bundle& item) {
  out.member("name", item.name)
    .member("description", item.description)
    .member("dataAmount", item.data_mb)
    .member("duration", item.validity_days)
    .member("unlimited", false)
    .member("price", item.price);
  out.array("countries", std::array{item.country_iso}, [&](json_writer& list, const auto& iso) {
    list.object([&] { list.member("iso", iso).member("region", item.region).member("name", iso); });
  });
}

sandbox_answer list_bundles(const std::string& query) {
  auto page = value_in(query, "page");
  size_t number = page.empty() ? 1 : std::stoul(page);
  const auto& all = bundles();
  auto before = std::min(all.size(), (number - 1) * page_size);
  auto first = all.begin() + static_cast<std::ptrdiff_t>(before);
  auto count = std::min(page_size, all.size() - before);
  sandbox_answer result;
  result.body = json_object([&](json_writer& out) {
    std::vector<bundle> items(first, first + static_cast<std::ptrdiff_t>(count));
    out.objects("bundles", items, write_bundle)
      .member("pageCount", (bundles().size() + page_size - 1) / page_size)
      .member("rows", bundles().size());
  });
  return result;
}

/// What an order would cost. The price of one bundle has just risen.
sandbox_answer judge(const bundle& wanted) {
  auto total = wanted.price;
  if (wanted.name.ends_with("sandbox-dearer"))
    total = total + money::from_cents(1);
  Json::Value json{Json::objectValue};
  auto& line = json["order"][0];
  line["type"] = "bundle";
  line["item"] = wanted.name;
  line["quantity"] = 1;
  line["pricePerUnit"] = line["subTotal"] = to_string(total);
  json["total"] = to_string(total);
  json["currency"] = "USD";
  json["valid"] = true;
  return json_answer(200, json);
}

sandbox_answer show_account() {
  sandbox_answer result;
  result.body = R"({"organisations":[{"apiKey":"never to be logged","currency":"USD",)"
                R"("balance":12345.67,"testCredit":0}]})";
  return result;
}

Json::Value profile_of(const std::string& number) {
  auto bought = make_esim(number);
  Json::Value json{Json::objectValue};
  json["iccid"] = bought.iccid;
  auto code = std::string_view{bought.lpa};
  auto at = code.find('$');
  auto end = code.find('$', at + 1);
  // A host with a scheme, as is seen now and then.
  json["smdpAddress"] = "https://" + std::string{code.substr(at + 1, end - at - 1)};
  json["matchingId"] = std::string{code.substr(end + 1)};
  return json;
}

Json::Value shown(const auto& one) {
  Json::Value line{Json::objectValue};
  line["type"] = "bundle";
  line["item"] = one.bundle;
  line["quantity"] = 1;
  auto profile = profile_of(one.number);
  line["iccids"].append(one.topped_up.empty() ? profile["iccid"].asString() : one.topped_up);
  if (one.topped_up.empty())
    line["esims"].append(std::move(profile));
  Json::Value json{Json::objectValue};
  json["order"].append(std::move(line));
  json["orderReference"] = one.number;
  json["createdDate"] = rfc3339(one.ordered_at);
  json["status"] = "completed";
  json["currency"] = "USD";
  json["total"] = "6.5";
  return json;
}

} // namespace

bool esim_go_sandbox::serves(std::string_view path) {
  return path.starts_with(root) && path.substr(root.size()).starts_with('/');
}

sandbox_answer esim_go_sandbox::answer(const sandbox_request& request) {
  std::lock_guard guard{mutex_};
  constexpr std::string_view orders = "/orders/";
  constexpr std::string_view esims = "/esims/";
  auto path = request.path.substr(root.size());
  bool is_get = request.method == "GET";
  if (path == "/test/orders") {
    Json::Value json{Json::objectValue};
    json["count"] = Json::UInt64{sales_.size()};
    return json_answer(200, json);
  }
  if (request.api_key == "wrong")
    return refuse(401, "the key is not known");
  if (path == "/organisation" && is_get)
    return show_account();
  if (path == "/catalogue" && is_get)
    return list_bundles(request.query);
  if (path == "/orders" && request.method == "POST") {
    auto result = place(request.body);
    result.delay = order_delay_;
    return result;
  }
  if (path == "/orders" && is_get)
    return list_orders(request.query);
  if (path.starts_with(orders) && is_get)
    return show_order(std::string_view{path}.substr(orders.size()));
  if (path == "/esims/assignments" && is_get)
    return show_profiles(value_in(request.query, "reference"));
  if (path.starts_with(esims))
    return answer_about(std::string_view{path}.substr(esims.size()), request.method == "DELETE");
  return refuse(404, "there is no such thing");
}

sandbox_answer esim_go_sandbox::place(const std::string& body) {
  auto wish = parse_json_object(body);
  const auto& lines = wish ? member(*wish, "order") : Json::Value::nullSingleton();
  auto type = wish ? text_of(*wish, "type") : std::string{};
  if (!lines.isArray() || lines.size() != 1 || number_of(lines[0], "quantity") != 1
      || (type != "transaction" && type != "validate"))
    return refuse(400, "one line with one bundle is expected");
  auto bundle = text_of(lines[0], "item");
  const auto& iccids = member(lines[0], "iccids");
  auto iccid = iccids.isArray() && !iccids.empty() ? iccids[0].asString() : std::string{};
  auto listed = std::ranges::find(bundles(), bundle, &meisim::bundle::name);
  if (listed == bundles().end())
    return refuse(400, "there is no such bundle");
  bool is_own = std::ranges::any_of(
    sales_, [&](const auto& one) { return make_esim(one.number).iccid == iccid; });
  if (!iccid.empty() && !is_own)
    return refuse(403, "the ICCID is not accessible");
  if (type == "validate")
    return judge(*listed);
  if (bundle.ends_with("sandbox-reject"))
    return refuse(403, "no bundle of this name is left in stock");
  if (bundle.ends_with("sandbox-unpaid"))
    return refuse(400, "insufficient balance");
  if (bundle.ends_with("sandbox-flaky") && ++turned_away_[bundle] % (flaky_refusals + 1) != 0) {
    auto result = refuse(429, "too many requests");
    result.headers.emplace_back("Retry-After", "1");
    return result;
  }
  return sell(bundle, iccid);
}

sandbox_answer esim_go_sandbox::sell(const std::string& bundle, const std::string& iccid) {
  sales_.push_back({fmt::format("go-{}", sales_.size() + 1), bundle, meisim::now(), iccid});
  auto result = json_answer(200, shown(sales_.back()));
  result.lost = bundle.ends_with("sandbox-timeout");
  return result;
}

sandbox_answer esim_go_sandbox::list_orders(const std::string& query) const {
  constexpr std::string_view since = "gte:";
  auto created = value_in(query, "createdAt");
  auto from = created.starts_with(since) ? parse_time(created.substr(since.size())) : std::nullopt;
  if (!from)
    return refuse(400, "createdAt is no filter");
  Json::Value json{Json::objectValue};
  auto& list = json["orders"] = Json::Value{Json::arrayValue};
  for (auto one = sales_.rbegin(); one != sales_.rend() && list.size() < 100; ++one)
    if (one->ordered_at >= *from)
      list.append(shown(*one));
  return json_answer(200, json);
}

sandbox_answer esim_go_sandbox::show_order(std::string_view number) const {
  auto found = std::ranges::find(sales_, number, &sale::number);
  return found == sales_.end() ? refuse(404, "there is no such order")
                               : json_answer(200, shown(*found));
}

sandbox_answer esim_go_sandbox::show_profiles(const std::string& number) const {
  if (std::ranges::find(sales_, number, &sale::number) == sales_.end())
    return refuse(404, "there is no such order");
  Json::Value list{Json::arrayValue};
  list.append(profile_of(number));
  return json_answer(200, list);
}

sandbox_answer esim_go_sandbox::answer_about(std::string_view rest, bool is_removal) {
  auto iccid = rest.substr(0, rest.find('/'));
  auto found = std::ranges::find_if(
    sales_, [&](const auto& one) { return make_esim(one.number).iccid == iccid; });
  if (found == sales_.end())
    return refuse(403, "the ICCID is not accessible");
  auto id = "a-" + found->number;
  if (is_removal && !rest.ends_with("/assignments/" + id))
    return refuse(400, "there is no such assignment");
  found->is_revoked = found->is_revoked || is_removal;
  constexpr int64_t five_gigabytes = 5'000'000'000;
  Json::Value assignment{Json::objectValue};
  assignment["id"] = id;
  assignment["bundleState"] = found->is_revoked ? "revoked" : "active";
  assignment["initialQuantity"] = Json::Int64{five_gigabytes};
  assignment["remainingQuantity"] = Json::Int64{five_gigabytes / 5};
  Json::Value item{Json::objectValue};
  item["name"] = found->bundle;
  item["assignments"].append(std::move(assignment));
  Json::Value json{Json::objectValue};
  json["bundles"].append(std::move(item));
  return json_answer(200, json);
}

} // namespace meisim::sandbox
