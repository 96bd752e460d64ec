#include "http/edge/page_session.hpp"
#include "http/server/client_address.hpp"
#include "protocols/base/base64.hpp"
#include "protocols/base/country_code.hpp"
#include "protocols/base/date_time.hpp"
#include "protocols/base/device_number.hpp"
#include "protocols/base/email.hpp"
#include "protocols/base/id_reading.hpp"
#include "protocols/base/network.hpp"
#include "protocols/base/page.hpp"
#include "protocols/base/phone_number.hpp"
#include "protocols/base/text.hpp"
#include "protocols/base/trace_context.hpp"
#include "protocols/notify/brand.hpp"
#include "protocols/notify/dealer_events.hpp"
#include "protocols/operators/topics.hpp"
#include "tests/fuzz/target.hpp"

// What callers write into one field, one parameter or one header.

using namespace meisim;

namespace {

/// What has been read is read the same again.
template <class Read>
void check_fixed(std::string_view text, Read read) {
  if (auto once = read(text))
    fuzz::require(read(*once) == once, "what was read is its own reading");
}

/// A reading is a value or the reason why there is none.
template <class Read, class Member>
void check_reading(std::string_view text, Read read, Member value) {
  auto reading = read(text);
  fuzz::require((reading.*value).has_value() == reading.flaw.empty(), "a value or a flaw");
  check_fixed(text, [&](std::string_view one) { return read(one).*value; });
}

/// The library reads some odd numbers of its own in another way, so they are only held to their
/// form.
void check_phone_numbers(std::string_view text) {
  for (std::string_view country : {"", "GB", "US"}) {
    auto reading = read_phone_number(text, country);
    fuzz::require(reading.number.has_value() == reading.flaw.empty(), "a number or a flaw");
    if (reading.number)
      fuzz::require(reading.number->starts_with('+')
                      && reading.number->find_first_not_of("0123456789", 1) == std::string::npos,
                    "a plus sign and digits");
  }
}

void check_times(std::string_view text) {
  for (auto read : {read_day, read_time, read_moment}) {
    auto reading = read(text);
    fuzz::require(reading.time.has_value() == reading.flaw.empty(), "a time or a flaw");
  }
}

void check_ids(std::string_view text) {
  (void)read_order_name(text);
  if (auto id = read_id<order_id>(text))
    fuzz::require(order_id::parse(to_string(*id)) == id, "an id can be written and read");
  if (auto cursor = parse_page_cursor(text)) {
    auto again = parse_page_cursor(to_string(*cursor));
    fuzz::require(again && again->at == cursor->at && again->id == cursor->id,
                  "a place can be written and read");
  }
}

/// What a client shows as `Last-Event-ID`.
void check_event_ids(std::string_view text) {
  if (auto position = read_event_position(text))
    fuzz::require(read_event_position(to_string(*position)) == position, "a place in the events");
  if (auto marks = read_topic_marks(text)) {
    fuzz::require(read_topic_marks(write_topic_marks(*marks)) == marks, "marks of topics");
    (void)changed_topics(*marks, {});
  }
}

void check_cookies(std::string_view text) {
  for (const auto& one : {http::dealers_cookie, http::operators_cookie}) {
    http::request incoming;
    incoming.headers.emplace_back("cookie", text);
    fuzz::require(http::page_token(incoming, one).find(';') == std::string_view::npos,
                  "one cookie");
  }
}

void check_headers(std::string_view text) {
  auto parent = trace_parent_in(text);
  fuzz::require(trace_parent_in(parent) == parent, "a trace is passed on as it is");
  http::trusted_proxies proxies;
  fuzz::require(proxies.add("10.0.0.0/8"), "a network");
  http::request incoming;
  incoming.ip = "10.0.0.1";
  incoming.headers.emplace_back("x-forwarded-for", text);
  auto client = http::client_address(proxies, incoming);
  auto counted = http::counted_address(client);
  fuzz::require(read_network(client) == client, "a client has an address, in its one text");
  fuzz::require(http::counted_address(counted) == counted, "a client counts as one");
}

void check_texts(std::string_view text) {
  constexpr size_t most = 10;
  auto trimmed = trimmed_text(text);
  fuzz::require(trimmed_text(trimmed) == trimmed, "nothing is left to trim");
  auto beginning = beginning_of(text, most);
  fuzz::require(beginning.size() <= most && text.starts_with(beginning), "a beginning");
  if (http::is_utf8(text))
    fuzz::require(http::is_utf8(beginning), "no character is cut in two");
  (void)has_control_character(text);
  (void)compact_text(text);
  (void)read_country(text);
  if (auto bytes = read_base64(text))
    fuzz::require(from_base64(to_base64(*bytes)) == bytes, "bytes can be written and read");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of(data, size);
  check_reading(text, read_email, &email_reading::address);
  check_phone_numbers(text);
  check_reading(text, read_imei, &device_number_reading::number);
  check_reading(text, read_eid, &device_number_reading::number);
  check_fixed(text, read_network);
  check_fixed(text, read_colour);
  check_times(text);
  check_ids(text);
  check_event_ids(text);
  check_cookies(text);
  check_headers(text);
  check_texts(text);
  return 0;
}
