#include "http/edge/route.hpp"
#include "http/edge/status.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string_view>

// The answer for each of our errors.

using namespace meisim;
using namespace meisim::http;

namespace {

bool has_retry_after(const response& what) {
  return std::ranges::any_of(what.headers,
                             [](const auto& header) { return header.first == "Retry-After"; });
}

bool says(const response& what, std::string_view text) {
  return what.body.find(text) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(status_suite)

BOOST_AUTO_TEST_CASE(every_error_has_its_status) {
  struct row {
    ec code;
    int status;
  };
  constexpr row rows[] = {
    {ec::unauthorized, 401},       {ec::forbidden, 403},
    {ec::rate_limited, 429},       {ec::invalid, 400},
    {ec::not_found, 404},          {ec::conflict, 409},
    {ec::in_progress, 409},        {ec::price_too_high, 409},
    {ec::insufficient_funds, 402}, {ec::credit_limit_reached, 402},
    {ec::vendor_error, 502},       {ec::outcome_unknown, 503},
    {ec::unavailable, 503},        {ec::credential_expired, 401},
    {ec::internal, 500},           {ec::moved, 503},
    {ec::not_owner, 503},
  };
  BOOST_TEST(std::size(rows) == ec_count - 1);
  for (const auto& [code, status] : rows) {
    BOOST_TEST(status_of(code) == status, to_string(code));
    BOOST_TEST(problem(make_error(code)).status == status, to_string(code));
  }
}

BOOST_AUTO_TEST_CASE(only_what_may_be_repeated_says_so) {
  BOOST_TEST(has_retry_after(problem(make_error(ec::unavailable))));
  auto unknown = make_error(ec::outcome_unknown, "the node has gone");
  auto keyed = problem(unknown, false, {recourse::step::repeat_with_key});
  BOOST_TEST(has_retry_after(keyed));
  BOOST_TEST(says(keyed, "the node has gone; whether this was done"));
  BOOST_TEST(says(keyed, "same Idempotency-Key"));
  auto bare = problem(unknown, false, {recourse::step::look, "GET /api/v1/orders tells"});
  BOOST_TEST(!has_retry_after(bare));
  BOOST_TEST(says(bare, "GET /api/v1/orders tells, before you repeat it"));
  auto reading = problem(unknown, false, {recourse::step::repeat});
  BOOST_TEST(has_retry_after(reading));
  BOOST_TEST(says(reading, "the node has gone, please repeat"));
}

BOOST_AUTO_TEST_CASE(only_a_key_that_the_route_takes_is_one_to_repeat_with) {
  auto way_of = [](const route& where, bool has_key) {
    request incoming;
    if (has_key)
      incoming.headers.emplace_back("idempotency-key", "a");
    return recourse_of(where, incoming).first;
  };
  route charges{method::post, "/a", access::open, limit_class::none, nullptr, keyed};
  route makes{method::post, "/b", access::open, limit_class::none, nullptr};
  route logs_in{method::post, "/c", access::open, limit_class::none, nullptr, repeatable};
  route shows{method::get, "/d", access::open, limit_class::none, nullptr};
  route removes{method::del, "/e", access::open, limit_class::none, nullptr};
  using enum recourse::step;
  BOOST_TEST((way_of(charges, true) == repeat_with_key));
  BOOST_TEST((way_of(charges, false) == look));
  BOOST_TEST((way_of(makes, true) == look));
  for (const auto& where : {logs_in, shows, removes}) {
    BOOST_TEST((way_of(where, true) == repeat));
    BOOST_TEST((way_of(where, false) == repeat));
  }
}

BOOST_AUTO_TEST_CASE(whoever_was_asked_and_has_gone_may_have_done_it) {
  for (auto lost : {caf::sec::request_receiver_down, caf::sec::request_timeout})
    BOOST_TEST((code_of(caf::make_error(lost)) == ec::outcome_unknown));
}

BOOST_AUTO_TEST_SUITE_END()
