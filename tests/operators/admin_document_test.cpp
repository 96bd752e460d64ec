#include "http/edge/api_document.hpp"
#include "http/endpoints/routes.hpp"
#include "tests/fixtures/api_document.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

// The operators' document and their route table say the same.

using namespace meisim;
using namespace meisim::test;

namespace {

const json& admin_document() {
  static const auto read = json::parse(http::admin_api_document());
  return read;
}

std::string name_of(const http::route& where) {
  return documented_method(where.verb) + ' ' + documented_path(where.path);
}

const json& admin_operation(const http::route& where) {
  const auto& paths = admin_document()["paths"];
  auto path = documented_path(where.path);
  auto method = documented_method(where.verb);
  BOOST_REQUIRE_MESSAGE(paths.contains(path) && paths[path].contains(method),
                        name_of(where) << " is not documented in http/openapi/admin");
  return paths[path][method];
}

std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> result;
  std::istringstream in{std::string{text}};
  for (std::string word; in >> word;)
    result.insert(word);
  return result;
}

std::set<std::string> query_of(const json& operation) {
  std::set<std::string> result;
  for (const auto& one : operation.value("parameters", json::array()))
    if (one.value("in", "") == "query")
      result.insert(one["name"].get<std::string>());
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(admin_document_suite)

BOOST_AUTO_TEST_CASE(every_route_is_documented_and_every_documented_path_has_a_route) {
  std::set<std::string> routes;
  for (const auto& where : http::admin_routes()) {
    admin_operation(where);
    routes.insert(name_of(where));
  }
  for (const auto& [path, item] : admin_document()["paths"].items())
    for (const auto& [method, operation] : item.items())
      BOOST_TEST(routes.contains(method + ' ' + path), method << ' ' << path << " has no route");
}

BOOST_AUTO_TEST_CASE(each_says_which_role_it_needs) {
  for (const auto& where : http::admin_routes()) {
    const auto& operation = admin_operation(where);
    auto needed = http::role_needed(where.who);
    auto told = operation.value("x-role", std::string{});
    BOOST_TEST(told == (needed ? std::string{to_string(*needed)} : std::string{}), name_of(where));
    BOOST_TEST(operation["security"].empty() == !needed, name_of(where));
    BOOST_TEST(operation["responses"].contains("403") == needed.has_value(), name_of(where));
  }
}

BOOST_AUTO_TEST_CASE(parameters_keys_and_outcomes_in_doubt_are_documented_as_they_are) {
  http::request bare;
  for (const auto& where : http::admin_routes()) {
    const auto& operation = admin_operation(where);
    BOOST_TEST((query_of(operation) == words_of(where.extras.parameters)), name_of(where));
    json key{{"$ref", "#/components/parameters/IdempotencyKey"}};
    auto parameters = operation.value("parameters", json::array());
    BOOST_TEST((std::ranges::find(parameters, key) != parameters.end()) == where.extras.takes_key,
               name_of(where));
    auto in_doubt = http::recourse_of(where, bare).first == http::recourse::step::look;
    BOOST_TEST(operation["responses"]["503"]["$ref"].get<std::string>()
                 == (in_doubt ? "#/components/responses/UnavailableOrInDoubt"
                              : "#/components/responses/Unavailable"),
               name_of(where));
  }
}

BOOST_AUTO_TEST_CASE(every_reference_leads_somewhere) {
  auto every_text = admin_document().flatten();
  for (const auto& [pointer, value] : every_text.items())
    if (pointer.ends_with("/$ref"))
      BOOST_TEST(admin_document().contains(json::json_pointer{value.get<std::string>().substr(1)}),
                 value);
}

BOOST_AUTO_TEST_CASE(the_document_is_written_down) {
  const char* path = std::getenv("MEISIM_ADMIN_DOCUMENT");
  if (path == nullptr)
    return;
  std::ofstream file{path};
  file << http::admin_api_document();
  file.close();
  BOOST_TEST(file.good());
}

BOOST_AUTO_TEST_SUITE_END()
