#include "tests/fixtures/api_document.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <set>
#include <utility>

// What the document says about the fields of each request is what the endpoints do: they are asked,
// route by route, with the documented example, changed in one place at a time.

using namespace meisim;
using namespace meisim::test;

namespace {

service& here() {
  return shared_service();
}

const service::account& caller() {
  static auto account = here().add_dealer("1000.00");
  return account;
}

/// A route that takes a JSON body.
struct endpoint {
  const http::route* where = nullptr;
  /// The schema of the body; null if the document has none.
  json schema;
  json example;

  std::string name() const {
    return documented_method(where->verb) + ' ' + documented_path(where->path);
  }
};

std::vector<endpoint> endpoints() {
  std::vector<endpoint> result;
  for (const auto& where : http::public_routes()) {
    // To sign the caller out would end this.
    if (where.verb == http::method::get || where.verb == http::method::del
        || where.path.ends_with("/logout"))
      continue;
    const auto& operation = operation_of(where);
    endpoint one{&where, nullptr, json::object()};
    if (operation.contains("requestBody")) {
      const auto& content = resolved(operation["requestBody"])["content"]["application/json"];
      one.schema = resolved(content["schema"]);
      one.example = content.value("example", json::object());
    }
    // What others define, like Stripe's events, is theirs.
    if (!one.schema.is_object() || !one.schema.value("additionalProperties", true))
      result.push_back(std::move(one));
  }
  return result;
}

web_reply send(const endpoint& to, const json& body, std::vector<std::string> headers = {}) {
  if (to.where->who == http::access::portal)
    headers.push_back(caller().portal_header);
  else if (to.where->who != http::access::open)
    headers.push_back(caller().key_header);
  return here().post(example_path(*to.where), body.dump(), headers);
}

std::string message_of(const web_reply& answer) {
  return answer.status == 400 ? answer.json()["message"].asString() : "";
}

/// A field of a body, or of an object within it.
struct field {
  /// The JSON pointer of the object that has the field, within the body.
  json::json_pointer parent;
  std::string name;
  /// As messages call it: `address.city`.
  std::string shown;
  json schema;
  bool is_required = false;
};

bool allows(const json& schema, std::string_view type) {
  const auto& types = schema.value("type", json{});
  return types == type
         || (types.is_array() && std::find(types.begin(), types.end(), type) != types.end());
}

/// What stands under `properties`; a copy, as items() does not keep what it walks over.
json properties_of(const json& schema) {
  return schema.value("properties", json::object());
}

void collect(const json& schema, const json::json_pointer& parent, const std::string& prefix,
             std::vector<field>& into) {
  auto required = schema.value("required", json::array());
  auto properties = properties_of(schema);
  for (const auto& [name, raw] : properties.items()) {
    const auto& inner = resolved(raw);
    bool is_required = std::find(required.begin(), required.end(), name) != required.end();
    into.push_back({parent, name, prefix + name, inner, is_required});
    if (allows(inner, "object"))
      collect(inner, parent / name, prefix + name + '.', into);
  }
}

std::vector<field> fields_of(const endpoint& one) {
  std::vector<field> result;
  if (one.schema.is_object())
    collect(one.schema, json::json_pointer{}, "", result);
  return result;
}

/// The example with another value in this field, and without the fields that it stands instead of.
json with(const endpoint& one, const field& what, json value) {
  auto body = one.example;
  std::set<std::string> alternatives;
  for (const auto& form : one.schema.value("oneOf", json::array()))
    for (const auto& name : form["required"])
      alternatives.insert(name.get<std::string>());
  if (alternatives.contains(what.name))
    for (const auto& name : alternatives)
      body.erase(name);
  body[what.parent][what.name] = std::move(value);
  return body;
}

/// A whole text of this length: digits, which most formats take.
std::string text_of(int64_t length) {
  return std::string(static_cast<size_t>(length), '1');
}

/// Values that break a rule of the schema.
std::vector<json> wrong_values(const json& schema) {
  std::vector<json> result;
  for (const json& other : {json("word"), json(7), json(true), json::array({1}), json::object()}) {
    bool is_allowed =
      (other.is_string() && allows(schema, "string"))
      || (other.is_number() && (allows(schema, "number") || allows(schema, "integer")))
      || (other.is_boolean() && allows(schema, "boolean"))
      || (other.is_array() && allows(schema, "array"))
      || (other.is_object() && allows(schema, "object"));
    if (!is_allowed)
      result.push_back(other);
  }
  auto bound = [&](const char* name, double step) {
    if (schema.contains(name))
      result.push_back(allows(schema, "integer")
                         ? json(schema[name].get<int64_t>() + static_cast<int64_t>(step))
                         : json(schema[name].get<double>() + step));
  };
  bound("minimum", -1);
  bound("maximum", 1);
  bound("exclusiveMinimum", 0);
  bound("exclusiveMaximum", 0);
  if (schema.contains("multipleOf"))
    result.push_back(schema.value("minimum", 50.0) + 0.001);
  if (allows(schema, "integer"))
    result.push_back(schema.value("minimum", 1) + 0.5);
  if (schema.value("minLength", 0) > 0)
    result.push_back(text_of(schema["minLength"].get<int64_t>() - 1));
  if (schema.contains("maxLength"))
    result.push_back(text_of(schema["maxLength"].get<int64_t>() + 1));
  if (schema.contains("pattern"))
    result.insert(result.end(), {json("?"), json("?1234567890123456789")});
  // Of an optional field, an empty text is nothing.
  if (schema.contains("pattern") && !allows(schema, "null"))
    result.emplace_back("");
  if (schema.value("format", "") == "email")
    result.insert(result.end(), {json("nobody"), json("a@b"), json("a b@example.com"),
                                 json(text_of(250) + "@example.com")});
  if (schema.value("minItems", 0) > 0)
    result.push_back(json::array());
  if (schema.contains("maxItems"))
    result.emplace_back(schema["maxItems"].get<size_t>() + 1, text_of(1));
  if (schema.contains("items"))
    for (const auto& inner : wrong_values(resolved(schema["items"])))
      result.push_back(json::array({inner}));
  return result;
}

/// Values that stand right at a bound.
std::vector<json> fitting_values(const json& schema) {
  std::vector<json> result;
  for (const char* name : {"minimum", "maximum"})
    if (schema.contains(name))
      result.push_back(schema[name]);
  if (!schema.contains("pattern") && !schema.contains("format"))
    for (const char* name : {"minLength", "maxLength"})
      if (schema.contains(name))
        result.emplace_back(text_of(schema[name].get<int64_t>()));
  if (schema.contains("enum"))
    for (const auto& value : schema["enum"])
      if (!value.is_null())
        result.push_back(value);
  return result;
}

/// All that could have been charged, ordered or sent for the caller.
std::string traces() {
  auto ordered = call({"GET", here().sandbox_url() + "/test/provider/orders", {}, {}});
  auto result = here().get("/dealer/wallet", {caller().key_header}).body
                + here().get("/api/v1/orders", {caller().key_header}).body
                + here().get("/api/portal/v1/esim-supply/my", {caller().portal_header}).body
                + ordered.json()["count"].asString();
  for (const char* address : {"end@x.com", "end-customer@x.com", "alternate@x.com"})
    result += here().mails_to(address);
  return result;
}

/// The names behind `which takes` in a complaint about an unknown field.
std::set<std::string> names_in(const std::string& complaint) {
  constexpr std::string_view lead = "which takes ";
  std::set<std::string> result;
  auto begin = complaint.find(lead);
  if (begin == std::string::npos)
    return result;
  std::string word;
  for (char c : complaint.substr(begin + lead.size()) + ',') {
    if (c == ',')
      result.insert(std::exchange(word, {}));
    else if (c != ' ')
      word += c;
  }
  return result;
}

std::set<std::string> names_of(const json& schema) {
  std::set<std::string> result;
  auto properties = properties_of(schema);
  for (const auto& [name, inner] : properties.items())
    result.insert(name);
  return result;
}

void compare_names(const endpoint& one, const json& schema, const json::json_pointer& parent) {
  auto body = one.example;
  BOOST_TEST_REQUIRE(body.contains(parent), one.name() << " needs an example with " << parent);
  body[parent]["surely-unknown"] = 1;
  auto complaint = message_of(send(one, body));
  BOOST_TEST((names_in(complaint) == names_of(schema)), one.name()
                                                          << parent << " says: " << complaint);
  auto properties = properties_of(schema);
  for (const auto& [name, raw] : properties.items())
    if (allows(resolved(raw), "object"))
      compare_names(one, resolved(raw), parent / name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_fields_suite)

BOOST_AUTO_TEST_CASE(each_endpoint_takes_the_documented_fields_and_no_other) {
  for (const auto& one : endpoints()) {
    if (one.schema.is_object())
      compare_names(one, one.schema, json::json_pointer{});
    else
      BOOST_TEST(send(one, {{"surely-unknown", 1}}).status != 400,
                 one.name() << " takes a body that is not documented");
  }
}

BOOST_AUTO_TEST_CASE(what_breaks_a_documented_rule_is_refused_by_the_name_of_the_field) {
  auto before = traces();
  for (const auto& one : endpoints())
    for (const auto& what : fields_of(one))
      for (const auto& value : wrong_values(what.schema)) {
        auto answer = send(one, with(one, what, value));
        BOOST_TEST(answer.status == 400,
                   one.name() << ": " << what.shown << " = " << value << " gave " << answer.status);
        BOOST_TEST(message_of(answer).starts_with(what.shown),
                   one.name() << ": " << what.shown << " = " << value << " gave " << answer.body);
      }
  BOOST_TEST(traces() == before, "a refusal has left traces");
}

BOOST_AUTO_TEST_CASE(what_stands_at_a_documented_bound_is_taken) {
  for (const auto& one : endpoints())
    for (const auto& what : fields_of(one))
      for (const auto& value : fitting_values(what.schema))
        BOOST_TEST(!message_of(send(one, with(one, what, value))).starts_with(what.shown + " must"),
                   one.name() << " refuses " << what.shown << " = " << value);
}

BOOST_AUTO_TEST_CASE(the_fields_that_must_be_there_are_the_documented_ones) {
  for (const auto& one : endpoints())
    for (const auto& what : fields_of(one)) {
      auto without = one.example;
      without[what.parent].erase(what.name);
      for (const auto& body : {without, with(one, what, nullptr)}) {
        auto complaint = message_of(send(one, body));
        // Without a condition, such as `when qrToCustomer is true`.
        bool is_missed = complaint == what.shown + " is required";
        BOOST_TEST(is_missed == what.is_required,
                   one.name() << " without " << what.shown << " says: " << complaint);
      }
      BOOST_TEST(allows(what.schema, "null") != what.is_required,
                 one.name() << ": an optional field may be null, " << what.shown);
    }
}

BOOST_AUTO_TEST_CASE(the_endpoints_that_keep_idempotency_keys_are_the_documented_ones) {
  for (const auto& one : endpoints()) {
    bool is_documented = false;
    for (const auto& raw : operation_of(*one.where).value("parameters", json::array()))
      is_documented = is_documented || resolved(raw)["name"] == "Idempotency-Key";
    auto body = one.example;
    body["surely-unknown"] = 1;
    auto complaint = message_of(send(one, body, {"Idempotency-Key: " + std::string(256, 'k')}));
    BOOST_TEST(complaint.starts_with("Idempotency-Key") == is_documented,
               one.name() << " says: " << complaint);
  }
}

BOOST_AUTO_TEST_CASE(the_document_and_what_its_page_is_made_of_are_kept_by_browsers) {
  BOOST_TEST(here().get("/openapi.json").body == http::api_document());
  const std::string folder = "/docs/";
  for (const auto& path :
       {std::string{"/openapi.json"}, folder + "docs.js", folder + "errors.md"}) {
    auto first = here().get(path);
    BOOST_TEST(first.status == 200, path);
    auto again = here().get(path, {"If-None-Match: " + first.headers["etag"]});
    BOOST_TEST(again.status == 304, path);
    BOOST_TEST(again.body.empty());
  }
  BOOST_TEST(here().get("/docs/docs.sh").status == 404);
  BOOST_TEST(here().get("/docs/docs.html").status == 404);
}

BOOST_AUTO_TEST_CASE(the_documents_page_takes_no_script_and_no_style_but_its_own) {
  auto page = here().get("/docs");
  auto policy = page.headers["content-security-policy"];
  BOOST_TEST(policy.find("default-src 'none'") != std::string::npos);
  BOOST_TEST(policy.find("script-src 'self';") != std::string::npos);
  BOOST_TEST(policy.find("unsafe") == std::string::npos);
  auto nonce = policy.substr(policy.find("'nonce-") + 7, 32);
  BOOST_TEST(page.body.find("nonce=\"" + nonce + '"') != std::string::npos);
  BOOST_TEST(here().get("/docs").body.find(nonce) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
