#include "apps/meisimd/provider_options.hpp"
#include "apps/sandbox/packages_sandbox.hpp"
#include "apps/sandbox/sandbox_catalogue.hpp"
#include "protocols/base/strict_json.hpp"
#include "protocols/orders/packages_wire.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

// The second provider's wire format, the sandbox's side of it, and the line that configures it.

using namespace meisim;
using namespace std::chrono_literals;

namespace {

struct fixture {
  sandbox::packages_sandbox sandbox{20ms};
  const provider_format& format = *find_provider_format("packages");

  sandbox::sandbox_answer call(const provider_call& what) {
    auto query = what.path.find('?');
    sandbox::sandbox_request request;
    request.method = what.method;
    request.path = "/packages-api" + what.path.substr(0, query);
    request.query = query == std::string::npos ? "" : what.path.substr(query + 1);
    request.body = what.body;
    return sandbox.answer(request, {});
  }

  provider_outcome order(const std::string& reference, const std::string& package) {
    provider_order what{reference, package, {}};
    auto answer = call(format.order_call(what));
    return format.read_outcome(answer.status, answer.body, what, false);
  }

  provider_outcome look_up(const std::string& reference) {
    provider_order what{reference, {}, {}};
    auto answer = call(format.look_up_call(what));
    return format.read_outcome(answer.status, answer.body, what, true);
  }
};

bool has(const provider_outcome& outcome, provider_verdict verdict) {
  return outcome.verdict == verdict;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(packages_wire_suite, fixture)

BOOST_AUTO_TEST_CASE(the_list_of_packages_is_a_catalogue) {
  auto answer = call(format.catalogue_call());
  auto got = format.read_catalogue(answer.body);
  BOOST_REQUIRE(got);
  const auto* japan = find_bundle(*got, "esim_5gb_30days_jp");
  BOOST_REQUIRE(japan != nullptr);
  BOOST_TEST(japan->country_iso == "JP");
  BOOST_TEST(japan->data_mb == 5 * 1024);
  BOOST_TEST(japan->validity_days == 30);
  BOOST_TEST((japan->price == money::from_cents(650)));
  BOOST_REQUIRE(find_product(*got, "data-us-5gb") != nullptr);
  BOOST_TEST((find_product(*got, "data-us-5gb")->price == money::from_cents(900)));
  BOOST_TEST(got->networks.empty());
}

BOOST_AUTO_TEST_CASE(lines_that_make_no_sense_are_left_out) {
  auto got = format.read_catalogue(
    R"({"data":[{"id":"a","net_price":100},{"id":"","net_price":1},{"id":"b"},7,)"
    R"({"id":"c","net_price":-1},{"id":"d","net_price":"1"},{"id":"e","net_price":1000000001}]})");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->bundles.size() == 1u);
  for (const auto* text : {"", "[]", "{}", R"({"data":{}})", R"({"data":[]})", "{\"data\":[{}]} x"})
    BOOST_TEST(!format.read_catalogue(text), text);
}

BOOST_AUTO_TEST_CASE(one_reference_buys_one_esim) {
  auto first = order("r/1", "data-us-5gb");
  BOOST_TEST(has(first, provider_verdict::placed));
  BOOST_TEST(first.bought.lpa.starts_with("LPA:1$"));
  BOOST_TEST(order("r/1", "data-us-5gb").bought.iccid == first.bought.iccid);
  BOOST_TEST(has(look_up("r-2"), provider_verdict::absent));
  BOOST_TEST(has(order("r-3", "no-such"), provider_verdict::refused));
}

BOOST_AUTO_TEST_CASE(special_names_fail_in_their_ways) {
  BOOST_TEST(has(order("a", "sandbox-reject"), provider_verdict::refused));
  BOOST_TEST(has(look_up("a"), provider_verdict::refused));
  BOOST_TEST(has(order("b", "esim_sandbox-flaky"), provider_verdict::unavailable));
  BOOST_TEST(has(look_up("b"), provider_verdict::absent));
  BOOST_TEST(call(format.order_call({"c", "sandbox-timeout", {}})).lost);
  auto found = look_up("c");
  BOOST_TEST(has(found, provider_verdict::placed));
  auto answer = call(format.esim_call({found.bought.iccid, false}));
  BOOST_TEST(answer.status == 200);
  auto told = *parse_json_object(format.read_esim(200, answer.body, {}).body);
  BOOST_TEST(told["Status"].asString() == "Success");
  BOOST_TEST(told["Iccid"].asString() == found.bought.iccid);
  BOOST_TEST(told["State"].asString() == "Released");
  BOOST_TEST(!!parse_json_object(format.read_esim(200, "<html>", {}).body));
  BOOST_TEST(call(format.esim_call({found.bought.iccid, true})).status == 200);
  BOOST_TEST(call(format.esim_call({"8900000000000000000", false})).status == 404);
}

BOOST_AUTO_TEST_CASE(what_is_bought_has_one_form_however_the_provider_writes_it) {
  auto got = in_one_form({"8901 4103-2111 1851 072F",
                          "https://esimsetup.apple.com/esim_qrcode_provisioning"
                          "?carddata=LPA%3A1%24SMDP.example.com%24Code-1",
                          "po-1"});
  BOOST_TEST(got.iccid == "8901410321111851072");
  BOOST_TEST(got.lpa == "LPA:1$smdp.example.com$Code-1");
  BOOST_TEST(got.provider_order_id == "po-1");
  // The customer needs the confirmation code.
  BOOST_TEST(in_one_form({"x", "1$smdp.example.com$A$$2468", ""}).lpa
             == "1$smdp.example.com$A$$2468");
  BOOST_TEST(in_one_form({"no number", "no code", ""}).iccid == "no number");
}

BOOST_AUTO_TEST_CASE(a_status_means_what_is_safe_to_believe) {
  provider_order what{"r", "p", {}};
  using enum provider_verdict;
  for (int status : {400, 410, 422})
    BOOST_TEST(has(format.read_outcome(status, "", what, false), refused), status);
  for (int status : {401, 402, 403})
    BOOST_TEST(has(format.read_outcome(status, "", what, false), ours), status);
  for (int status : {404, 409})
    BOOST_TEST(has(format.read_outcome(status, "", what, false), contested), status);
  for (int status : {429, 503})
    BOOST_TEST(has(format.read_outcome(status, "", what, false), unavailable), status);
  for (int status : {200, 201, 302, 408, 418, 500, 502, 504})
    BOOST_TEST(has(format.read_outcome(status, "<html>", what, false), unknown), status);
  for (int status : {200, 400, 401, 404, 422, 429, 500, 503})
    BOOST_TEST(has(format.read_outcome(status, "", what, true), unknown), status);
  // Somebody else's order is not ours.
  BOOST_TEST(
    has(format.read_outcome(200, R"({"data":[{"client_ref":"x","state":"failed"}]})", what, true),
        absent));
  BOOST_TEST(has(
    format.read_outcome(200, R"({"data":{"client_ref":"r","state":"processing"}})", what, false),
    unknown));
}

BOOST_AUTO_TEST_CASE(a_key_is_shown_the_way_each_format_wants_it) {
  BOOST_TEST(format.credential("k") == "X-Api-Key: k");
  BOOST_TEST(find_provider_format("standard")->credential("k") == "Authorization: Bearer k");
  BOOST_TEST(find_provider_format("other") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(provider_options_suite)

BOOST_AUTO_TEST_CASE(a_line_names_a_provider_and_what_differs) {
  provider_limits usual;
  usual.concurrency = 7;
  auto plain = read_provider("p4=packages@http://127.0.0.1:8091/api", usual);
  BOOST_TEST(plain.prefix == "p4");
  BOOST_TEST(plain.format == "packages");
  BOOST_TEST(plain.url == "http://127.0.0.1:8091/api");
  BOOST_TEST(plain.limits.concurrency == 7u);
  auto own =
    read_provider("p4=standard@https://h,concurrency=16,timeout-ms=2000,breaker-failures=2", usual);
  BOOST_TEST(own.url == "https://h");
  BOOST_TEST(own.limits.concurrency == 16u);
  BOOST_TEST(own.limits.timeout_ms == 2'000u);
  BOOST_TEST(own.limits.patience_ms == usual.patience_ms);
  BOOST_TEST(own.limits.breaker_failures == 2u);
}

BOOST_AUTO_TEST_CASE(a_line_that_makes_no_sense_is_refused) {
  for (const auto* line :
       {"", "p4", "p4=packages", "p4=@http://h", "=packages@http://h", "P4=packages@http://h",
        "p4=other@http://h", "p4=packages@ftp://h", "p4=packages@http://h,concurrency=0",
        "p4=packages@http://h,concurrency=x", "p4=packages@http://h,concurrency=",
        "p4=packages@http://h,colour=1", "p4=packages@http://h,timeout-ms=26000",
        "p4=packages@http://h,breaker-pause-ms=0", "p4=packages@http://h,timeout-ms=4294967296"})
    BOOST_CHECK_THROW(read_provider(line, {}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
