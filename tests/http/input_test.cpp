#include "http/edge/fields.hpp"
#include "http/edge/parse_body.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/base/country_code.hpp"
#include "protocols/base/csv_table.hpp"
#include "protocols/base/date_time.hpp"
#include "protocols/base/device_number.hpp"
#include "protocols/base/email.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/iccid.hpp"
#include "protocols/base/id_reading.hpp"
#include "protocols/base/network.hpp"
#include "protocols/base/phone_number.hpp"
#include "protocols/notify/brand.hpp"
#include "protocols/verification/activation_code.hpp"
#include "tests/fixtures/input_tables.hpp"

#include <array>
#include <limits>

// Each row of the tables in docs/input.md.

using namespace meisim;
using namespace meisim::test;

namespace {

std::string refused(std::string_view why) {
  return "refused: " + std::string{why};
}

/// What a request with this body is told, or what is read of it.
std::string read_as_json(const std::string& text) {
  auto body = http::parse_body(text);
  if (!body)
    return refused(message_of(body.error()));
  http::fields in{*body};
  auto amount =
    in.required_amount("amountUsd", money::from_cents(50'00), money::from_cents(10'000'00));
  auto quantity = in.whole_number("quantity", 1, 20, 0);
  in.optional_iccid("iccid");
  in.optional_object("address");
  in.flag("sendEmail", true);
  if (auto failure = in.failure())
    return refused(message_of(failure));
  return to_string(amount) + (quantity == 0 ? "" : ", quantity " + std::to_string(quantity));
}

std::string read_as_text(const std::string& text) {
  Json::Value body;
  body["text"] = text;
  http::fields in{body};
  auto read = in.required_text("text");
  auto failure = in.failure();
  constexpr std::string_view subject = "text ";
  return failure ? refused(message_of(failure).substr(subject.size())) : read;
}

std::string read_as_code(const std::string& text) {
  auto reading = read_activation_code(text);
  return reading.code ? to_string(*reading.code) : refused(reading.flaw);
}

std::string read_as_iccid(const std::string& text) {
  auto reading = read_iccid(text);
  return reading.number ? reading.number->digits : refused(reading.flaw);
}

std::string read_as_one_time_code(const std::string& text) {
  Json::Value body;
  body["code"] = text;
  http::fields in{body};
  auto read = in.required_one_time_code("code");
  auto failure = in.failure();
  constexpr std::string_view subject = "code ";
  return failure ? refused(message_of(failure).substr(subject.size())) : read;
}

std::string read_as_id(const std::string& text) {
  auto name = read_order_name(text);
  if (!name)
    return refused("names no order");
  return name->id ? to_string(name->id) : short_id(name->number);
}

std::string read_as_imei(const std::string& text) {
  auto reading = read_imei(text);
  return reading.number ? *reading.number : refused(reading.flaw);
}

std::string read_as_eid(const std::string& text) {
  auto reading = read_eid(text);
  return reading.number ? *reading.number : refused(reading.flaw);
}

std::string read_as_time(const std::string& text) {
  auto reading = read_time(text);
  return reading.time ? rfc3339(*reading.time) : refused(reading.flaw);
}

std::string read_as_phone(const std::string& text) {
  auto reading = read_phone_number(text, "GB");
  return reading.number ? *reading.number : refused(reading.flaw);
}

std::string read_as_email(const std::string& text) {
  auto reading = read_email(text);
  return reading.address ? *reading.address : refused(reading.flaw);
}

std::string or_refused(const std::optional<std::string>& read) {
  return read.value_or("refused");
}

std::string read_as_network(const std::string& text) {
  return or_refused(read_network(text));
}

std::string read_as_picture(const std::string& text) {
  auto bytes = read_base64(text);
  return bytes ? to_base64(*bytes) : or_refused(bytes);
}

std::string read_as_country(const std::string& text) {
  return read_country(text);
}

std::string read_as_colour(const std::string& text) {
  return or_refused(read_colour(text));
}

std::string read_as_csv(const std::string& text) {
  constexpr std::array columns{csv_column{"iccid"}, csv_column{"lpa"}};
  auto table =
    read_csv_table(text, columns, csv_header::optional, std::numeric_limits<size_t>::max());
  if (!table)
    return refused(message_of(table.error()));
  std::string result;
  for (const auto& row : *table)
    result += (result.empty() ? "" : "\n") + std::to_string(row.line) + ": " + row.cells[0] + ", "
              + row.cells[1];
  return result;
}

void compare_rows(std::string_view heading, std::string (*read)(const std::string&)) {
  for (const auto& row : input_rows(heading))
    BOOST_TEST(read(row.sent) == row.becomes, heading
                                                << ": " << row.sent << " becomes " << read(row.sent)
                                                << ", and docs/input.md says " << row.becomes);
}

} // namespace

BOOST_AUTO_TEST_SUITE(input_suite)

BOOST_AUTO_TEST_CASE(texts) {
  compare_rows("Texts", read_as_text);
}

BOOST_AUTO_TEST_CASE(activation_codes) {
  compare_rows("Activation codes", read_as_code);
}

BOOST_AUTO_TEST_CASE(one_time_codes) {
  compare_rows("One-time codes", read_as_one_time_code);
}

BOOST_AUTO_TEST_CASE(ids) {
  compare_rows("Ids", read_as_id);
}

BOOST_AUTO_TEST_CASE(imeis) {
  compare_rows("IMEIs", read_as_imei);
}

BOOST_AUTO_TEST_CASE(eids) {
  compare_rows("EIDs", read_as_eid);
}

BOOST_AUTO_TEST_CASE(times) {
  compare_rows("Times", read_as_time);
}

BOOST_AUTO_TEST_CASE(iccids) {
  compare_rows("ICCIDs", read_as_iccid);
}

BOOST_AUTO_TEST_CASE(telephone_numbers) {
  compare_rows("Telephone numbers", read_as_phone);
}

BOOST_AUTO_TEST_CASE(mail_addresses) {
  compare_rows("Mail addresses", read_as_email);
}

BOOST_AUTO_TEST_CASE(addresses_of_networks) {
  compare_rows("Addresses of networks", read_as_network);
}

BOOST_AUTO_TEST_CASE(pictures) {
  compare_rows("Pictures", read_as_picture);
}

BOOST_AUTO_TEST_CASE(countries) {
  compare_rows("Countries", read_as_country);
}

BOOST_AUTO_TEST_CASE(colours) {
  compare_rows("Colours", read_as_colour);
}

BOOST_AUTO_TEST_CASE(csv) {
  compare_rows("CSV", read_as_csv);
}

BOOST_AUTO_TEST_CASE(json) {
  compare_rows("JSON", read_as_json);
}

BOOST_AUTO_TEST_SUITE_END()
