#include "http/edge/code_samples.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meisim::http {

namespace {

using json = nlohmann::ordered_json;

/// Where the samples call.
constexpr std::string_view server = "https://meisimusa.com";

/// What a sample says, in whichever language.
struct sample_call {
  std::string method; ///< in capitals
  std::string url;
  std::string credential; ///< the header; empty if it takes none
  std::string bearer;     ///< the variable with a token; empty if it takes none
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<json> body;
  bool is_json = false; ///< what is answered
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// Follows a reference within the document.
const json& resolved(const json& document, const json& value) {
  auto reference = value.find("$ref");
  if (reference == value.end())
    return value;
  return document.at(json::json_pointer{reference->get<std::string>().substr(1)});
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void add_parameter(sample_call& call, const json& parameter) {
  auto name = parameter.at("name").get<std::string>();
  auto where = parameter.at("in").get<std::string>();
  auto example = parameter.contains("example") ? text_of(parameter.at("example")) : std::string{};
  if (where == "path")
    call.url = replaced(std::move(call.url), '{' + name + '}', example);
  else if (where == "query" && parameter.value("required", false))
    call.url += (call.url.find('?') == std::string::npos ? '?' : '&') + name + '=' + example;
  else if (where == "header" && name == "Idempotency-Key")
    call.headers.emplace_back("idempotency-key", example);
}

void add_credential(sample_call& call, const json& operation) {
  auto security = operation.value("security", json::array());
  if (security.empty() || security.front().empty())
    return;
  const auto scheme = security.front().begin().key();
  call.credential = scheme == "dealerKey" ? "x-dealer-key" : "authorization";
  if (scheme != "dealerKey")
    call.bearer = scheme == "portalToken" ? "MEISIM_PORTAL_TOKEN" : "MEISIM_DEALER_TOKEN";
}

bool answers_json(const json& document, const json& operation) {
  for (const auto& [status, answer] : operation.at("responses").items())
    if (status.starts_with('2'))
      return resolved(document, answer)
        .value("content", json::object())
        .contains("application/json");
  return false;
}

sample_call make_call(const json& document, const std::string& path, std::string_view method,
                      const json& operation) {
  sample_call call;
  for (char letter : method)
    call.method += static_cast<char>(letter - 'a' + 'A');
  call.url = std::string{server} + path;
  for (const auto& parameter : operation.value("parameters", json::array()))
    add_parameter(call, resolved(document, parameter));
  add_credential(call, operation);
  if (auto body = operation.find("requestBody"); body != operation.end()) {
    const auto& content = resolved(document, *body).at("content");
    if (auto type = content.find("application/json"); type != content.end())
      call.body = type->value("example", json::object());
  }
  call.is_json = answers_json(document, operation);
  return call;
}

std::string indented(const std::string& text, std::string_view by) {
  return replaced(text, "\n", '\n' + std::string{by});
}

// --- curl ---

std::string in_curl(const sample_call& call) {
  constexpr std::string_view next = " \\\n  ";
  auto text = call.method == "GET" ? fmt::format("curl '{}'", call.url)
                                   : fmt::format("curl -X {} '{}'", call.method, call.url);
  if (!call.bearer.empty())
    text += fmt::format("{}-H \"authorization: Bearer ${}\"", next, call.bearer);
  else if (!call.credential.empty())
    text += fmt::format("{}-H \"x-dealer-key: $MEISIM_DEALER_KEY\"", next);
  for (const auto& [name, value] : call.headers)
    text += fmt::format("{}-H '{}: {}'", next, name, value);
  if (call.body)
    text += fmt::format("{0}-H 'content-type: application/json'{0}-d '{1}'", next,
                        replaced(call.body->dump(), "'", R"('\'')"));
  return text;
}

// --- JavaScript ---

std::string in_javascript(const sample_call& call) {
  std::string headers;
  if (!call.bearer.empty())
    headers += fmt::format("    authorization: `Bearer ${{process.env.{}}}`,\n", call.bearer);
  else if (!call.credential.empty())
    headers += "    'x-dealer-key': process.env.MEISIM_DEALER_KEY,\n";
  for (const auto& [name, value] : call.headers)
    headers += fmt::format("    '{}': '{}',\n", name, value);
  if (call.body)
    headers += "    'content-type': 'application/json',\n";
  std::string options;
  if (call.method != "GET")
    options += fmt::format("  method: '{}',\n", call.method);
  if (!headers.empty())
    options += fmt::format("  headers: {{\n{}  }},\n", headers);
  if (call.body)
    options += fmt::format("  body: JSON.stringify({}),\n", indented(call.body->dump(2), "  "));
  auto arguments = options.empty() ? std::string{} : fmt::format(", {{\n{}}}", options);
  return fmt::format(
    "const answer = await fetch('{}'{});\nconsole.log(answer.status, await answer.{}());", call.url,
    arguments, call.is_json ? "json" : "text");
}

// --- Python ---

std::string python_value(const json& value, const std::string& indent = "") {
  if (value.is_boolean())
    return value.get<bool>() ? "True" : "False";
  if (value.is_null())
    return "None";
  if (!value.is_structured() || value.empty())
    return value.dump();
  const auto deeper = indent + "    ";
  std::string lines;
  for (const auto& [name, item] : value.items())
    lines += deeper + (value.is_object() ? json(name).dump() + ": " : "")
             + python_value(item, deeper) + ",\n";
  return value.is_object() ? fmt::format("{{\n{}{}}}", lines, indent)
                           : fmt::format("[\n{}{}]", lines, indent);
}

std::string in_python(const sample_call& call) {
  std::string headers;
  if (!call.bearer.empty())
    headers +=
      fmt::format("        \"authorization\": f\"Bearer {{os.environ['{}']}}\",\n", call.bearer);
  else if (!call.credential.empty())
    headers += "        \"x-dealer-key\": os.environ[\"MEISIM_DEALER_KEY\"],\n";
  for (const auto& [name, value] : call.headers)
    headers += fmt::format("        \"{}\": \"{}\",\n", name, value);
  std::string options;
  if (!headers.empty())
    options += fmt::format("    headers={{\n{}    }},\n", headers);
  if (call.body)
    options += fmt::format("    json={},\n", python_value(*call.body, "    "));
  return fmt::format("{}import requests\n\nanswer = requests.request(\n    \"{}\",\n    \"{}\",\n{}"
                     "    timeout=30,\n)\nprint(answer.status_code, answer.{})",
                     call.credential.empty() ? "" : "import os\n", call.method, call.url, options,
                     call.is_json ? "json()" : "text");
}

json samples_of(const sample_call& call) {
  auto sample = [](const char* language, const char* label, std::string source) {
    return json{{"lang", language}, {"label", label}, {"source", std::move(source)}};
  };
  return json::array({sample("Shell", "curl", in_curl(call)),
                      sample("JavaScript", "JavaScript", in_javascript(call)),
                      sample("Python", "Python", in_python(call))});
}

} // namespace

void add_code_samples(json& document) {
  constexpr std::array<std::string_view, 5> methods{"get", "post", "put", "patch", "delete"};
  for (auto& [path, item] : document.at("paths").items())
    for (auto method : methods)
      if (auto operation = item.find(method); operation != item.end())
        (*operation)["x-codeSamples"] = samples_of(make_call(document, path, method, *operation));
}

} // namespace meisim::http
