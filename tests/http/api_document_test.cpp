#include "protocols/base/cause.hpp"
#include "protocols/notify/webhook.hpp"
#include "tests/fixtures/api_document.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <vector>

// The document of http/openapi and the route table say the same. The fields of requests are
// compared by asking, in api_fields_test.cpp.

using namespace meisim;
using namespace meisim::test;

namespace {

std::string name_of(const http::route& where) {
  return documented_method(where.verb) + ' ' + documented_path(where.path);
}

/// The names in place of segments, and those of the query.
std::set<std::string> parameters_of(const http::route& where) {
  std::set<std::string> result;
  auto add = [&](std::string_view kind, std::string name) {
    if (!name.empty())
      result.insert(std::string{kind} + ' ' + name);
  };
  std::string word;
  for (char c : std::string{where.path} + '/') {
    if (c == '/')
      add("path", word.starts_with(':') ? word.substr(1) : "");
    word = c == '/' ? "" : word + c;
  }
  for (char c : std::string{where.extras.parameters} + ' ') {
    if (c == ' ')
      add("query", word);
    word = c == ' ' ? "" : word + c;
  }
  return result;
}

std::set<std::string> documented_parameters(const json& operation) {
  std::set<std::string> result;
  for (const auto& raw : operation.value("parameters", json::array())) {
    const auto& one = resolved(raw);
    auto where = one["in"].get<std::string>();
    if (where != "header")
      result.insert(where + ' ' + one["name"].get<std::string>());
  }
  return result;
}

/// What any request of the route may be answered, whatever its handler does.
std::set<std::string> certain_statuses(const http::route& where, bool has_body) {
  std::set<std::string> result{"400", "500", "503"};
  if (where.who != http::access::open)
    result.insert("401");
  // An account in the wrong state, or a key without the scope.
  if (where.who != http::access::open)
    result.insert("403");
  if (where.limit != limit_class::none)
    result.insert("429");
  if (has_body)
    result.insert("413");
  return result;
}

json security_of(http::access who) {
  switch (who) {
  case http::access::open:
    return json::array();
  case http::access::dealer:
  case http::access::any_dealer:
    return json::parse(R"([{"dealerKey":[]},{"dealerToken":[]}])");
  case http::access::portal:
    return json::parse(R"([{"portalToken":[]}])");
  case http::access::viewer:
  case http::access::support:
  case http::access::finance:
  case http::access::admin:
    break;
  }
  return nullptr;
}

json limit_of(const http::route& where) {
  auto rule = documented_limit(where.limit);
  if (rule.count == 0)
    return nullptr;
  return {{"requests", rule.count},
          {"seconds", rule.window.count()},
          {"per", where.who == http::access::open ? "address" : "dealer"}};
}

/// What an operation answers where all is well: what was asked for, or else the way to it.
const json& success_of(const json& operation) {
  const auto& responses = operation["responses"];
  return responses.contains("200") ? responses["200"] : responses["302"];
}

/// The values that the document lists for a schema of this name.
std::set<std::string> documented_values(const char* schema) {
  return document()["components"]["schemas"][schema]["enum"];
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_document_suite)

BOOST_AUTO_TEST_CASE(every_route_is_documented_and_every_documented_path_has_a_route) {
  std::set<std::string> routes;
  for (const auto& where : http::public_routes()) {
    operation_of(where);
    routes.insert(name_of(where));
  }
  for (const auto& [path, item] : document()["paths"].items())
    for (const auto& [method, operation] : item.items()) {
      auto name = method + ' ' + path;
      BOOST_TEST(routes.contains(name), name << " is documented, but there is no such route");
    }
}

BOOST_AUTO_TEST_CASE(the_document_knows_the_parameters_that_the_table_names) {
  for (const auto& where : http::public_routes())
    BOOST_TEST(json(documented_parameters(operation_of(where))) == json(parameters_of(where)),
               name_of(where));
}

BOOST_AUTO_TEST_CASE(the_document_knows_each_status_that_follows_from_the_table) {
  for (const auto& where : http::public_routes()) {
    const auto& operation = operation_of(where);
    const auto& responses = operation["responses"];
    for (const auto& status : certain_statuses(where, operation.contains("requestBody")))
      BOOST_TEST(responses.contains(status), name_of(where) << " can answer " << status);
    for (const char* status : {"401", "403", "429"})
      if (responses.contains(status))
        BOOST_TEST(
          (certain_statuses(where, true).contains(status) || where.who == http::access::open),
          name_of(where) << " never answers " << status);
  }
}

BOOST_AUTO_TEST_CASE(the_document_says_which_keys_are_read_and_which_outcomes_may_be_in_doubt) {
  http::request bare;
  for (const auto& where : http::public_routes()) {
    const auto& operation = operation_of(where);
    auto parameters = operation.value("parameters", json::array());
    json key{{"$ref", "#/components/parameters/IdempotencyKey"}};
    BOOST_TEST((std::ranges::find(parameters, key) != parameters.end()) == where.extras.takes_key,
               name_of(where));
    auto is_in_doubt = recourse_of(where, bare).first == http::recourse::step::look;
    BOOST_TEST(operation["responses"]["503"]["$ref"].get<std::string>()
                 == (is_in_doubt ? "#/components/responses/UnavailableOrInDoubt"
                                 : "#/components/responses/Unavailable"),
               name_of(where));
  }
}

BOOST_AUTO_TEST_CASE(missing_funds_are_called_as_the_document_says) {
  const std::set<std::string_view> on_account{"/api/v1/esim/order", "/api/v1/esim/topup",
                                              "/api/v1/topup/recharge"};
  for (const auto& where : http::public_routes()) {
    const auto& responses = operation_of(where)["responses"];
    std::string wanted = "PaymentRequired";
    if (where.extras.names_funds)
      wanted = "InsufficientFunds";
    if (on_account.contains(where.path))
      wanted = "CreditLimitReached";
    if (responses.contains("402"))
      BOOST_TEST(responses["402"]["$ref"].get<std::string>() == "#/components/responses/" + wanted,
                 name_of(where));
    else
      BOOST_TEST(wanted == "PaymentRequired", name_of(where));
  }
}

BOOST_AUTO_TEST_CASE(who_may_ask_and_how_often_is_documented_as_it_is) {
  for (const auto& where : http::public_routes()) {
    const auto& operation = operation_of(where);
    BOOST_TEST(operation.value("security", json{}) == security_of(where.who), name_of(where));
    auto limit = operation.value("x-rate-limit", json{});
    if (limit.is_object())
      limit.erase("group");
    BOOST_TEST(limit == limit_of(where), name_of(where));
    auto headers = success_of(operation).value("headers", json::object());
    BOOST_TEST(headers.contains("RateLimit-Limit") == (where.limit != limit_class::none),
               name_of(where));
  }
}

BOOST_AUTO_TEST_CASE(the_document_knows_each_event_that_webhooks_are_told_of) {
  std::set<std::string> events{webhook_events.begin(), webhook_events.end()};
  auto sent = events;
  sent.emplace(webhook_test_event);
  std::set<std::string> described;
  for (const auto& [name, operation] : document()["webhooks"].items())
    described.insert(name);
  BOOST_TEST(described == sent, "under webhooks are " << json(described));
  auto named = documented_values("WebhookEvent");
  BOOST_TEST(named == events, "WebhookEvent is one of " << json(named));
  events.insert("*");
  auto wished = documented_values("WebhookEventWish");
  BOOST_TEST(wished == events, "WebhookEventWish is one of " << json(wished));
}

BOOST_AUTO_TEST_CASE(every_reference_leads_somewhere_and_every_name_stands_once) {
  std::set<std::string> ids;
  for (const auto& where : http::public_routes()) {
    auto id = operation_of(where)["operationId"].get<std::string>();
    BOOST_TEST(ids.insert(id).second, id << " stands twice");
  }
  // Flattened: every text under its JSON pointer.
  auto every_text = document().flatten();
  for (const auto& [pointer, value] : every_text.items())
    if (pointer.ends_with("/$ref"))
      BOOST_TEST(document().contains(json::json_pointer{value.get<std::string>().substr(1)}),
                 value);
}

BOOST_AUTO_TEST_CASE(every_code_of_an_error_is_documented_and_no_other) {
  const auto& schema = document()["components"]["schemas"]["ErrorCode"];
  std::vector<std::string> codes;
  auto described = schema["description"].get<std::string>();
  for (const auto& known : causes()) {
    codes.emplace_back(known.name);
    auto line = fmt::format("- `{}` ({}): {}", known.name, known.status, known.meaning);
    BOOST_TEST(described.find(line) != std::string::npos, "ErrorCode must say: " << line);
  }
  BOOST_TEST(schema["enum"] == json(codes), "ErrorCode must be one of " << json(codes));
}

BOOST_AUTO_TEST_CASE(the_errors_of_a_status_have_its_codes) {
  std::map<std::string, std::set<std::string>> by_status;
  for (const auto& known : causes())
    by_status[std::to_string(known.status)].insert(std::string{known.name});
  for (const auto& where : http::public_routes())
    for (const auto& [status, raw] : operation_of(where)["responses"].items()) {
      if (status < "400" || status == "default")
        continue;
      const auto& body = resolved(raw)["content"]["application/json"]["schema"];
      for (const auto& code : resolved(body)["properties"]["code"]["enum"])
        BOOST_TEST(by_status[status].contains(code.get<std::string>()),
                   name_of(where) << ' ' << status << ": " << code);
    }
}

BOOST_AUTO_TEST_CASE(clients_can_be_generated_from_it) {
  for (const auto& where : http::public_routes()) {
    const auto& operation = operation_of(where);
    auto id = operation["operationId"].get<std::string>();
    BOOST_TEST((id.find('.') != std::string::npos && id.find_first_of("_- ") == std::string::npos),
               id << " must be of the form family.action");
    auto responses = operation["responses"];
    if (operation.contains("requestBody"))
      responses["body"] = operation["requestBody"];
    for (const auto& [status, raw] : responses.items()) {
      // A copy, as items() does not keep what it walks over.
      auto contents = resolved(raw).value("content", json::object());
      for (const auto& [type, content] : contents.items())
        BOOST_TEST((type != "application/json" || content["schema"].contains("$ref")
                    || content["schema"].contains("oneOf")),
                   id << ' ' << status << " must name its schema");
    }
  }
  for (const auto& [name, schema] : document()["components"]["schemas"].items()) {
    BOOST_TEST((schema.contains("type") || schema.contains("oneOf")), name << " must have a type");
    auto properties = schema.value("properties", json::object());
    for (const auto& [field, inner] : properties.items())
      BOOST_TEST(!inner.contains("default"),
                 name << '.' << field << ": generators make what has a default required");
  }
}

/// The other checks of the document, which Node.js runs, read it from there.
BOOST_AUTO_TEST_CASE(the_document_is_written_down) {
  const char* path = std::getenv("MEISIM_API_DOCUMENT");
  if (path == nullptr)
    return;
  std::ofstream file{path};
  file << http::api_document();
  file.close();
  BOOST_TEST(file.good());
}

BOOST_AUTO_TEST_SUITE_END()
