#include "apps/sandbox/stripe_answers.hpp"
#include "apps/sandbox/stripe_sandbox.hpp"
#include "protocols/base/strict_json.hpp"

#include <algorithm>
#include <charconv>

// What can be read of Stripe: objects by their id, and lists of them.

namespace meisim::sandbox {

namespace {

constexpr int64_t usual_page = 10;
constexpr int64_t largest_page = 100;

std::string text_in(const form_fields& query, std::string_view name) {
  for (const auto& [key, value] : query)
    if (key == name)
      return value;
  return {};
}

int64_t number_in(const form_fields& query, std::string_view name, int64_t fallback) {
  auto text = text_in(query, name);
  int64_t value = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return text.empty() || problem != std::errc{} || end != text.data() + text.size() ? fallback
                                                                                    : value;
}

/// Whether one of a list is wanted.
bool fits(const Json::Value& object, const form_fields& query) {
  for (std::string name : {"payment_intent", "charge", "type"})
    if (auto wanted = text_in(query, name);
        !wanted.empty() && text_of(object, name.c_str()) != wanted)
      return false;
  auto created = object["created"].asInt64();
  return created >= number_in(query, "created[gte]", created)
         && created < number_in(query, "created[lt]", created + 1);
}

std::vector<Json::Value> values_of(const std::map<std::string, Json::Value>& objects) {
  std::vector<Json::Value> result;
  for (const auto& [id, object] : objects)
    result.push_back(object);
  std::ranges::stable_sort(result, {}, [](const auto& each) { return each["created"].asInt64(); });
  return result;
}

Json::Value shown(Json::Value object) {
  object.removeMember("sandbox");
  return object;
}

} // namespace

sandbox_answer stripe_sandbox::get(std::string_view path, const std::string& query) const {
  auto fields = decode_form(query).value_or(form_fields{});
  if (path == "/v1/checkout/sessions")
    return list(values_of(sessions_), path, fields);
  if (path == "/v1/payment_intents")
    return list(values_of(intents_), path, fields);
  if (path == "/v1/refunds")
    return list(values_of(refunds_), path, fields);
  if (path == "/v1/disputes")
    return list(values_of(disputes_), path, fields);
  if (path == "/v1/balance_transactions")
    return list_transactions(fields);
  auto id = std::string{path.substr(path.rfind('/') + 1)};
  if (path.starts_with("/v1/events/"))
    return get_event(id);
  auto object = object_with(id);
  auto name = path.starts_with("/v1/checkout") ? "checkout.session" : "payment_intent";
  return object.isNull() ? stripe_no_such(name, id) : stripe_json(200, shown(object));
}

Json::Value stripe_sandbox::object_with(const std::string& id) const {
  for (const auto* objects : {&sessions_, &intents_, &refunds_})
    if (auto found = objects->find(id); found != objects->end())
      return found->second;
  // These are kept by their intent.
  for (const auto* objects : {&charges_, &disputes_})
    for (const auto& [intent, object] : *objects)
      if (object["id"] == id)
        return object;
  return {};
}

sandbox_answer stripe_sandbox::get_event(const std::string& id) const {
  for (const auto& record : events_)
    if (record.id == id) {
      sandbox_answer result;
      result.body = record.text;
      return result;
    }
  return stripe_no_such("event", id);
}

sandbox_answer stripe_sandbox::list(const std::vector<Json::Value>& all, std::string_view path,
                                    const form_fields& query) const {
  auto limit = std::clamp<int64_t>(number_in(query, "limit", usual_page), 1, largest_page);
  auto after = text_in(query, "starting_after");
  bool is_behind = after.empty();
  Json::Value result{Json::objectValue};
  result["object"] = "list";
  result["data"] = Json::Value{Json::arrayValue};
  result["has_more"] = false;
  result["url"] = std::string{path};
  for (auto object = all.rbegin(); object != all.rend(); ++object) {
    if (is_behind && fits(*object, query)) {
      result["has_more"] = result["data"].size() == limit;
      if (result["has_more"].asBool())
        break;
      result["data"].append(shown(*object));
    }
    is_behind = is_behind || (*object)["id"] == after;
  }
  if (!is_behind)
    return stripe_no_such("object", after);
  return stripe_json(200, result);
}

sandbox_answer stripe_sandbox::list_transactions(const form_fields& query) const {
  auto lines = transactions_;
  // Some number what they want to have expanded.
  bool is_expanded = std::ranges::any_of(query, [](const auto& field) {
    return field.first.starts_with("expand[") && field.second == "data.source";
  });
  if (is_expanded)
    for (auto& line : lines)
      line["source"] = shown(object_with(line["source"].asString()));
  return list(lines, "/v1/balance_transactions", query);
}

} // namespace meisim::sandbox
