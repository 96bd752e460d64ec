#include "http/edge/api_document.hpp"

#include "http/edge/code_samples.hpp"
#include "http/edge/embedded_files.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string_view>

namespace meisim::http {

namespace {

/// JSON whose members keep the order of the parts.
using json = nlohmann::ordered_json;

/// Adds `part` to `whole`. Objects are merged; a member of both that is no object is an error.
void merge(json& whole, const json& part, std::string_view file) {
  for (const auto& [name, value] : part.items()) {
    auto known = whole.find(name);
    if (known == whole.end())
      whole[name] = value;
    else if (known->is_object() && value.is_object())
      merge(*known, value, file);
    else
      throw std::runtime_error(fmt::format("{} says {} once more", file, name));
  }
}

template <class Parts>
std::string put_together(const Parts& parts) {
  json whole = json::object();
  for (const auto& part : parts) {
    auto content = json::parse(part.text, nullptr, false);
    if (!content.is_object())
      throw std::runtime_error(fmt::format("{} is no JSON object", part.name));
    merge(whole, content, part.name);
  }
  add_code_samples(whole);
  return whole.dump(1, ' ') + '\n';
}

} // namespace

const std::string& api_document() {
  static const auto document = put_together(document_parts());
  return document;
}

const std::string& admin_api_document() {
  static const auto document = put_together(admin_document_parts());
  return document;
}

} // namespace meisim::http
