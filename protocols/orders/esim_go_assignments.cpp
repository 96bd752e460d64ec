#include "protocols/orders/esim_go_assignments.hpp"

#include "protocols/base/ascii.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/base/url.hpp"
#include "protocols/orders/esim_details.hpp"
#include "protocols/orders/provider_format_parts.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace meisim {

namespace {

std::string bundles_path(const esim_question& question) {
  return fmt::format("/esims/{}/bundles", url_escaped(question.iccid));
}

std::string state_of_assignment(const Json::Value& assignment) {
  auto state = lowered(text_of(assignment, "bundleState"));
  if (state == "processing" || state == "queued")
    return "Released";
  if (state == "active" || state == "depleted")
    return "Active";
  if (state == "expired" || state == "lapsed")
    return "Expired";
  return state == "revoked" ? "Revoked" : state;
}

/// How much an assignment counts among others of its bundle. The one in use counts most.
int rank_of(const Json::Value& assignment) {
  auto state = state_of_assignment(assignment);
  return state == "Active" ? 3 : state == "Released" ? 2 : state == "Revoked" ? 0 : 1;
}

/// The assignment that counts for the bundle that was sold; null if there is none.
const Json::Value& assignment_in(const Json::Value& bundles, const std::string& product) {
  const auto* result = &Json::Value::nullSingleton();
  if (!bundles.isArray())
    return *result;
  for (const auto& bundle : bundles) {
    const auto& assignments = member(bundle, "assignments");
    if (text_of(bundle, "name") != product || !assignments.isArray())
      continue;
    for (const auto& assignment : assignments)
      if (result->isNull() || rank_of(assignment) > rank_of(*result))
        result = &assignment;
  }
  return *result;
}

} // namespace

provider_call assignments_call(const esim_question& question) {
  return {"GET", bundles_path(question) + "?includeUsed=true&limit=200"};
}

provider_text read_assignments(int32_t status, const std::string& body,
                               const esim_question& question) {
  if (status != 200)
    return {status, body};
  if (question.is_revocation)
    return {200, to_json({question.iccid, question.product, "Revoked"})};
  auto json = parse_json_object(body);
  const auto& bundles = json ? member(*json, "bundles") : Json::Value::nullSingleton();
  const auto& assignment = assignment_in(bundles, question.product);
  if (assignment.isNull())
    return {404, body};
  constexpr int64_t megabyte = 1'000'000;
  esim_details details{question.iccid, question.product, state_of_assignment(assignment)};
  if (!is_set(assignment, "unlimited")) {
    auto all = number_of(assignment, "initialQuantity");
    details.allowance_mb = all / megabyte;
    details.used_mb =
      std::max<int64_t>(all - number_of(assignment, "remainingQuantity", all), 0) / megabyte;
  }
  return {200, to_json(details)};
}

std::optional<provider_call> revocation_of_assignment(std::string_view body,
                                                      const esim_question& question) {
  auto json = parse_json_object(body);
  const auto& bundles = json ? member(*json, "bundles") : Json::Value::nullSingleton();
  const auto& assignment = assignment_in(bundles, question.product);
  if (assignment.isNull())
    return std::nullopt;
  auto path = fmt::format("{}/{}", bundles_path(question), url_escaped(question.product));
  // The bundle's name alone does not tell which of several assignments goes.
  if (auto id = plain_text(assignment, "id", body); !id.empty())
    path += "/assignments/" + url_escaped(id);
  return provider_call{"DELETE", path + "?type=transaction"};
}

} // namespace meisim
