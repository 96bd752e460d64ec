#include "tests/fixtures/child_process.hpp"
#include "tests/fixtures/folders.hpp"
#include "tests/fixtures/run_program.hpp"
#include "tests/fixtures/shared_service.hpp"

// An operator's adjustment whose answer is lost on its way is done once.

using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service();
  service::account dealer = here.add_dealer("10.00");

  double balance() const {
    return here.get("/dealer/wallet", {dealer.key_header}).json()["balance"].asDouble();
  }

  /// `meisimctl wallet adjust` by five dollars, at a node whose first `lost` answers are lost.
  ended_program adjust(int lost, const std::string& options = {}) const {
    child_process proxy{"/usr/bin/env",
                        {"node", source_folder() + "/tests/node/losing_proxy.mjs",
                         here.admin_port(), std::to_string(lost)},
                        "losing proxy ready "};
    return run_program("meisimctl", "--admin-url http://127.0.0.1:" + proxy.rest_of_line()
                                      + " --home " + here.home() + " wallet adjust " + dealer.email
                                      + " --amount +5.00 --reason goodwill " + options);
  }
};

/// What follows this text up to the end of its line.
std::string rest_after(const std::string& text, const std::string& mark) {
  auto begin = text.find(mark);
  BOOST_REQUIRE(begin != std::string::npos);
  begin += mark.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(wallet_adjust_suite, fixture)

BOOST_AUTO_TEST_CASE(what_was_done_though_the_answer_was_lost_is_not_done_again) {
  auto adjusted = adjust(1);
  BOOST_TEST(adjusted.status == 0, adjusted.output);
  BOOST_TEST(adjusted.says("15.00"), adjusted.output);
  BOOST_TEST(balance() == 15.00);
}

BOOST_AUTO_TEST_CASE(where_no_answer_comes_the_operator_is_given_the_key_to_repeat_it_with) {
  auto adjusted = adjust(3);
  BOOST_TEST(adjusted.status == 1);
  auto key =
    rest_after(adjusted.output, "it may be done already: repeat it with --idempotency-key ");
  BOOST_TEST(balance() == 15.00);
  auto again = adjust(0, "--idempotency-key " + key);
  BOOST_TEST(again.status == 0, again.output);
  BOOST_TEST(balance() == 15.00);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()
