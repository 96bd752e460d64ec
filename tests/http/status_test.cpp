#include "http/edge/status.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string_view>

// What each of our errors is told as.

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
    {ec::unauthorized, 401}, {ec::forbidden, 403},       {ec::rate_limited, 429},
    {ec::invalid, 400},      {ec::not_found, 404},       {ec::conflict, 409},
    {ec::in_progress, 409},  {ec::price_too_high, 409},  {ec::insufficient_funds, 402},
    {ec::vendor_error, 502}, {ec::outcome_unknown, 503}, {ec::unavailable, 503},
    {ec::internal, 500},     {ec::moved, 503},           {ec::not_owner, 503},
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
  BOOST_TEST(has_retry_after(problem(unknown, false, true)));
  BOOST_TEST(says(problem(unknown, false, true), "the node has gone; whether this was done"));
  BOOST_TEST(says(problem(unknown, false, true), "same Idempotency-Key"));
  BOOST_TEST(!has_retry_after(problem(unknown, false, false)));
  BOOST_TEST(says(problem(unknown, false, false), "GET /api/v1/orders"));
}

BOOST_AUTO_TEST_CASE(whoever_was_asked_and_has_gone_may_have_done_it) {
  for (auto lost : {caf::sec::request_receiver_down, caf::sec::request_timeout})
    BOOST_TEST((code_of(caf::make_error(lost)) == ec::outcome_unknown));
}

BOOST_AUTO_TEST_SUITE_END()
