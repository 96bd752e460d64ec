#include "apps/sandbox/smdp_sandbox.hpp"

#include "apps/sandbox/der.hpp"
#include "apps/sandbox/provider_sandbox.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/verification/lpac_wire.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace meisim::sandbox {

namespace {

constexpr std::string_view folder = "/gsma/rsp2/es9plus/";

/// An ICCID as cards hold it: two digits a byte, swapped, filled up with F.
std::string packed(std::string digits) {
  digits.resize(20, 'F');
  std::string result;
  auto value = [](char c) { return c == 'F' ? 15 : c - '0'; };
  for (size_t i = 0; i < digits.size(); i += 2)
    result += static_cast<char>(value(digits[i + 1]) << 4 | value(digits[i]));
  return result;
}

Json::Value header(const char* status) {
  Json::Value result{Json::objectValue};
  result["header"]["functionExecutionStatus"]["status"] = status;
  return result;
}

smdp_answer refuse(const std::string& subject, const std::string& reason) {
  auto answer = header("Failed");
  auto& data = answer["header"]["functionExecutionStatus"]["statusCodeData"];
  data["subjectCode"] = subject;
  data["reasonCode"] = reason;
  data["subjectIdentifier"] = "";
  data["message"] = "Refused";
  return {200, write_json(answer), {}, false, false};
}

/// The codes in `8-2-6--3-8-…`: subject and reason, `8.2.6` and `3.8`.
std::optional<std::pair<std::string, std::string>> codes_in(std::string_view text) {
  auto gap = text.find("--");
  if (gap == std::string_view::npos)
    return std::nullopt;
  std::string subject{text.substr(0, gap)};
  auto rest = text.substr(gap + 2);
  auto end = rest.find('-');
  end =
    end == std::string_view::npos ? rest.size() : std::min(rest.find('-', end + 1), rest.size());
  std::string reason{rest.substr(0, end)};
  std::replace(subject.begin(), subject.end(), '-', '.');
  std::replace(reason.begin(), reason.end(), '-', '.');
  return std::pair{subject, reason};
}

// Well-formed, and signed by nobody: a card that checks nothing takes it.

std::string bytes_of(const std::string& transaction) {
  return from_hex(transaction).value_or("");
}

std::string signature() {
  constexpr size_t raw_size = 64;
  return der_element("\x5f\x37", std::string(raw_size, '\x01'));
}

/// The outline of an X.509 certificate.
std::string certificate() {
  return der_element("\x30", der_element("\x30", der_element("\x02", "\x01"))
                               + der_element("\x30", "")
                               + der_element("\x03", std::string(2, '\0')));
}

std::string server_signed(const std::string& transaction, const std::string& challenge,
                          const std::string& address) {
  constexpr size_t challenge_size = 16;
  return der_element("\x30", der_element("\x80", bytes_of(transaction))
                               + der_element("\x81", challenge) + der_element("\x83", address)
                               + der_element("\x84", std::string(challenge_size, '\x02')));
}

/// The key of the GSMA's test CI.
std::string test_key_id() {
  return der_element("\x04", from_hex("f54172bdf98a95d65cbeb88a38a1c11d800a85c3").value_or(""));
}

std::string metadata_of(const std::string& matching_id) {
  return der_element("\xbf\x25", der_element("\x5a", packed(make_esim(matching_id).iccid))
                                   + der_element("\x91", "Sandbox Mobile")
                                   + der_element("\x92", "Data 5 GB"));
}

smdp_answer succeed(const std::string& matching_id, const std::string& transaction) {
  auto answer = header("Executed-Success");
  answer["transactionId"] = transaction;
  answer["smdpSigned2"] =
    to_base64(der_element("\x30", der_element("\x80", bytes_of(transaction))
                                    + der_element("\x01", std::string(1, '\0'))));
  answer["smdpSignature2"] = to_base64(signature());
  answer["smdpCertificate"] = to_base64(certificate());
  if (!matching_id.starts_with("BLANK-"))
    answer["profileMetadata"] = to_base64(metadata_of(matching_id));
  return {200, write_json(answer), {}, false, false};
}

} // namespace

smdp_answer smdp_sandbox::answer(std::string_view path, std::string_view body) {
  std::lock_guard guard{mutex_};
  auto function = path.starts_with(folder) ? path.substr(folder.size()) : std::string_view{"other"};
  ++calls_[std::string{function}];
  if (function == "initiateAuthentication")
    return initiate(body);
  if (function == "authenticateClient")
    return authenticate(body);
  if (function == "getBoundProfilePackage")
    return end_order(body, "downloaded");
  if (function == "cancelSession")
    return end_order(body, "cancelled");
  return {404, {}, {}, false, false};
}

smdp_answer smdp_sandbox::initiate(std::string_view body) {
  auto request = parse_json_object(body);
  if (!request || text_of(*request, "euiccChallenge").empty())
    return {400, {}, {}, false, false};
  constexpr std::string_view refusing = "status-";
  auto address = text_of(*request, "smdpAddress");
  if (address.starts_with(refusing))
    if (auto codes = codes_in(address.substr(refusing.size(), address.find('.') - refusing.size())))
      return refuse(codes->first, codes->second);
  auto transaction = fmt::format("{:016X}", ++last_session_);
  sessions_[transaction] = {};
  auto challenge = from_base64(text_of(*request, "euiccChallenge")).value_or("");
  auto answer = header("Executed-Success");
  answer["transactionId"] = transaction;
  bool is_malformed = address.starts_with("malformed.");
  answer["serverSigned1"] =
    to_base64(is_malformed ? "no DER" : server_signed(transaction, challenge, address));
  answer["serverSignature1"] = to_base64(signature());
  answer["euiccCiPKIdToBeUsed"] = to_base64(test_key_id());
  answer["serverCertificate"] = to_base64(certificate());
  return {200, write_json(answer), {}, false, false};
}

smdp_answer smdp_sandbox::authenticate(std::string_view body) {
  auto request = parse_json_object(body);
  auto session = request ? sessions_.find(text_of(*request, "transactionId")) : sessions_.end();
  if (session == sessions_.end())
    return refuse("8.10.1", "3.9");
  auto response = from_base64(text_of(*request, "authenticateServerResponse")).value_or("");
  // An error of the card, or half an answer, which lpac passes on: real servers fail at it.
  if (!find_der(response, {"\xbf\x38", "\xa0"}))
    return {500, {}, {}, false, false};
  session->second = matching_id_in(response);
  return answer_for(session->second, session->first);
}

smdp_answer smdp_sandbox::end_order(std::string_view body, std::string_view state) {
  auto request = parse_json_object(body);
  auto session = request ? sessions_.find(text_of(*request, "transactionId")) : sessions_.end();
  if (session == sessions_.end())
    return refuse("8.10.1", "3.9");
  orders_[session->second].state = state;
  return {200, write_json(header("Executed-Success")), {}, false, false};
}

smdp_answer smdp_sandbox::answer_for(const std::string& matching_id,
                                     const std::string& transaction) {
  auto& known = orders_[matching_id];
  ++known.attempts;
  auto begins = [&](std::string_view with) { return matching_id.starts_with(with); };
  auto rest = [&] { return std::string_view{matching_id}.substr(matching_id.find('-') + 1); };
  if (begins("STATUS-"))
    if (auto codes = codes_in(rest()))
      return refuse(codes->first, codes->second);
  if (begins("HTTP-"))
    return {std::atoi(std::string{rest()}.c_str()), "{}", {}, false, false};
  if (begins("REDIRECT-"))
    return {302, {}, fmt::format("{}getBoundProfilePackage", folder), false, false};
  if (begins("NOTJSON-"))
    return {200, "<html>It works!</html>", {}, false, false};
  if (begins("HUGE-"))
    return {200, "{\"a\":\"" + std::string(size_t{4} * 1024 * 1024, 'a') + "\"}", {}, false, false};
  if (begins("DROP-"))
    return {0, {}, {}, true, false};
  if (begins("HANG-"))
    return {0, {}, {}, false, true};
  if (begins("ERROR-"))
    return {500, {}, {}, false, false};
  if (begins("INVALID-"))
    return refuse("8.8.5", "4.1");
  if (begins("UNKNOWN-"))
    return refuse("8.2", "1.2");
  bool is_issued = begins("AVAILABLE-") || begins("BLANK-");
  if (!is_issued || known.state != "released")
    return refuse("8.2.6", "3.8");
  return succeed(matching_id, transaction);
}

std::string smdp_sandbox::show() const {
  std::lock_guard guard{mutex_};
  Json::Value result{Json::objectValue};
  result["calls"] = Json::Value{Json::objectValue};
  for (const auto& [name, count] : calls_)
    result["calls"][name] = Json::Int64{count};
  result["orders"] = Json::Value{Json::objectValue};
  for (const auto& [matching_id, known] : orders_) {
    result["orders"][matching_id]["state"] = std::string{known.state};
    result["orders"][matching_id]["attempts"] = Json::Int64{known.attempts};
  }
  return write_json(result);
}

std::string matching_id_in(std::string_view response) {
  auto found = find_der(response, {"\xbf\x38", "\xa0", "\x30", "\xa0", "\x80"});
  return std::string{found.value_or("")};
}

} // namespace meisim::sandbox
