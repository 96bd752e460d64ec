#include "protocols/orders/esim_access_esims.hpp"

#include "protocols/base/strict_json.hpp"
#include "protocols/orders/esim_details.hpp"
#include "protocols/orders/provider_format_parts.hpp"

#include <algorithm>
#include <array>

namespace meisim {

namespace {

bool has_ended(const Json::Value& item) {
  constexpr std::array ended{"USED_EXPIRED", "UNUSED_EXPIRED", "CANCEL", "REVOKED"};
  return std::ranges::find(ended, text_of(item, "esimStatus")) != ended.end();
}

/// The eSIM in the answer to a query by its ICCID. ICCIDs are used again, so the eSIM that has not
/// ended counts. Null if several or none could be meant.
const Json::Value& esim_in(const esim_access_envelope& answer) {
  const auto& list = member(answer.object, "esimList");
  const auto* found = &Json::Value::nullSingleton();
  if (!list.isArray())
    return *found;
  if (list.size() == 1)
    return list[0];
  for (const auto& item : list) {
    if (has_ended(item))
      continue;
    if (!found->isNull())
      return Json::Value::nullSingleton();
    found = &item;
  }
  return *found;
}

std::string state_of(const Json::Value& item) {
  auto state = text_of(item, "esimStatus");
  if (state == "CANCEL" || state == "REVOKED")
    return "Revoked";
  if (has_ended(item))
    return "Expired";
  if (state == "GOT_RESOURCE")
    return text_of(item, "smdpStatus") == "RELEASED" ? "Released" : "Installed";
  return state == "IN_USE" || state == "USED_UP" ? "Active" : state;
}

/// `2025-09-16T12:00:00+0000` as `2025-09-16T12:00:00Z`; empty if the text is neither.
std::string time_in(std::string text) {
  if (text.ends_with("+0000"))
    text.replace(text.size() - 5, 5, "Z");
  return parse_time(text) ? text : std::string{};
}

} // namespace

provider_call esim_access_call_about(const std::string& iccid) {
  auto query = esim_access_query(50);
  query["iccid"] = iccid;
  return esim_access_call("/esim/query", query);
}

provider_call esim_access_esim_call(const esim_question& question) {
  return esim_access_call_about(question.iccid);
}

std::string number_of_esim_in(const esim_access_envelope& answer) {
  const auto& item = esim_in(answer);
  return has_ended(item) ? std::string{} : text_of(item, "esimTranNo");
}

provider_text read_esim_access_esim(int32_t status, const std::string& body,
                                    const esim_question& question) {
  auto answer = open_envelope(body);
  if (!answer.is_readable)
    return {status == 200 ? 502 : status, body};
  if (answer.code != 0)
    return {answer.code == 900'001 || answer.code == 1 ? 503 : 409, body};
  if (question.is_revocation)
    return {200, to_json({question.iccid, question.product, "Revoked"})};
  const auto& item = esim_in(answer);
  if (item.isNull())
    return {404, body};
  auto name = text_of(first_of(member(item, "packageList")), "slug");
  return {200, to_json({plain_text(item, "iccid", body), name.empty() ? question.product : name,
                        state_of(item), number_of(item, "totalVolume") / esim_access_megabyte,
                        number_of(item, "orderUsage") / esim_access_megabyte,
                        time_in(text_of(item, "expiredTime"))})};
}

std::optional<provider_call> esim_access_revocation_call(std::string_view body,
                                                         const esim_question&) {
  auto answer = open_envelope(body);
  const auto& item = esim_in(answer);
  Json::Value number{Json::objectValue};
  number["esimTranNo"] = text_of(item, "esimTranNo");
  if (!answer.is_readable || answer.code != 0 || number["esimTranNo"].asString().empty())
    return std::nullopt;
  return esim_access_call(state_of(item) == "Released" ? "/esim/cancel" : "/esim/revoke", number);
}

} // namespace meisim
