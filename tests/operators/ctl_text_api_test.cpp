#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/ctl.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

// What meisimctl says to people: in sentences, in an order that means something, and the same thing
// in the same words everywhere.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service({"--rate-limits", "off", "--ask-above", "50"});
  service::account owner = here.add_dealer("100.00");

  std::string completed_order() const {
    auto placed = here.post("/dealer/order",
                            R"({"productId":"p3:data-us-5gb","customerName":"E",)"
                            R"("customerEmail":"read@example.com"})",
                            {owner.key_header});
    BOOST_REQUIRE_EQUAL(placed.status, 200);
    auto id = placed.json()["orderId"].asString();
    BOOST_REQUIRE_EQUAL(here.final_status(owner, id), "completed");
    return id;
  }

  ended_program adjust(const std::string& options) const {
    return ctl(here, "wallet adjust " + owner.email + " --reason counted --amount " + options);
  }
};

/// How many requests operators' routes have answered.
double requests_of_operators(const service& here) {
  std::istringstream metrics{call({"GET", here.admin_url() + "/metrics", {}, {}}).body};
  double sum = 0;
  for (std::string line; std::getline(metrics, line);)
    if (line.starts_with("meisim_requests_total{")
        && line.find("route=\"/admin/") != std::string::npos)
      sum += std::stod(line.substr(line.rfind(' ')));
  return sum;
}

/// Whether these stand in the text in this order.
bool stand_in_order(const std::string& text, std::initializer_list<const char*> words) {
  size_t at = 0;
  for (const auto* word : words) {
    at = text.find(word, at);
    if (at == std::string::npos)
      return false;
  }
  return true;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(ctl_text_api_suite, fixture)

BOOST_AUTO_TEST_CASE(where_there_is_nothing_a_sentence_says_so) {
  auto of_owner = " --dealer " + owner.email;
  BOOST_TEST(ctl(here, "order list" + of_owner).output == "No orders.\n");
  BOOST_TEST(ctl(here, "batch list" + of_owner).output == "No batches.\n");
  BOOST_TEST(ctl(here, "webhook list" + of_owner).output == "No deliveries.\n");
  BOOST_TEST(ctl(here, "payment list" + of_owner).output == "No payments.\n");
  BOOST_TEST(ctl(here, "job list --failed --kind mail").output == "No jobs.\n");
  BOOST_TEST(ctl_json(here, "order list" + of_owner) == Json::Value{Json::arrayValue});
}

BOOST_AUTO_TEST_CASE(an_unknown_dealer_is_told_of_in_the_same_words_everywhere) {
  for (const auto* command :
       {"order list --dealer", "batch list --dealer", "webhook list --dealer",
        "payment list --dealer", "price list --dealer", "dealer show", "dealer approve",
        "dealer set --markup 1", "wallet adjust --amount 1 --reason x",
        "wallet settle --amount 1 --reason x", "price explain p3:data-us-5gb --dealer"}) {
    auto told = ctl(here, std::string{command} + " nobody@example.com");
    BOOST_TEST(told.status == 1, command);
    BOOST_TEST(told.says("there is no dealer with this mail address"), told.output);
  }
}

BOOST_AUTO_TEST_CASE(an_order_is_shown_in_an_order_that_means_something) {
  auto id = completed_order();
  auto shown = ctl(here, "order show " + id).output;
  BOOST_TEST(stand_in_order(shown, {"id ", "shortId", "dealer", "type", "product", "quantity",
                                    "delivered", "totalUsd", "status", "customerEmail", "createdAt",
                                    "completedAt", "unit", "recipient", "placed"}),
             shown);
  BOOST_TEST(shown.find(" \n") == std::string::npos, "a line ends in blanks:\n" << shown);
  for (const auto& line : ctl_json(here, "order show " + id)["timeline"])
    if (line["what"].asString() == "debit")
      BOOST_TEST(line["detail"].asString().front() == '-', line["detail"].asString());
}

BOOST_AUTO_TEST_CASE(a_list_of_orders_tells_what_each_is_for_whom_and_what_came_of_it) {
  completed_order();
  auto topped_up = here.post("/api/v1/topup/recharge",
                             R"({"networkName":"Vodafone-UK","contactNumber":"07700 900000",)"
                             R"("topUpValue":20})",
                             {owner.key_header});
  BOOST_REQUIRE_EQUAL(topped_up.status, 200);
  auto list = "order list --dealer " + owner.email;
  for (const auto* heading : {"customerEmail", "type", "totalUsd", "read@example.com"})
    BOOST_TEST(ctl(here, list).says(heading), heading);
  BOOST_TEST(comes_true([&] {
    auto orders = ctl_json(here, list);
    return orders.size() == 2u && orders[0]["delivered"].asInt() == 1
           && orders[1]["delivered"].asInt() == 1;
  }));
}

BOOST_AUTO_TEST_CASE(what_became_of_a_balance_is_said) {
  auto adjusted = adjust("+5");
  BOOST_TEST(adjusted.output == "The balance of " + owner.email + " is 105.00 USD.\n");
  auto settled = ctl(here, "wallet settle " + owner.email + " --reason x --amount 40.00");
  BOOST_TEST(settled.says("Not paid yet: -40.00 USD."), settled.output);
  // The log of changes tells amounts as amounts.
  auto told = ctl(here, "audit list --subject " + owner.email);
  BOOST_TEST(told.says("balance: 105.00"), told.output);
  BOOST_TEST(told.says("amount: 5.00"), told.output);
}

BOOST_AUTO_TEST_CASE(the_node_says_above_what_sum_its_operators_are_asked_again) {
  BOOST_TEST(here.admin_get("/admin/v1/session").json()["askAboveUsd"].asDouble() == 50.0);
  auto asked = adjust("50.01");
  BOOST_TEST(asked.status == 2);
  BOOST_TEST(asked.says("50.01 is above 50.00: say --yes if it is meant"), asked.output);
  BOOST_TEST(adjust("50.00").status == 0);
  BOOST_TEST(adjust("50.01 --yes").status == 0);
  BOOST_TEST(adjust("60 --ask-above 60").status == 0);
}

BOOST_AUTO_TEST_CASE(json_has_one_form_for_operators_and_dealers) {
  auto id = completed_order();
  auto shown = ctl(here, "--json order show " + id);
  BOOST_TEST(!shown.says("\" : "), shown.output);
  BOOST_TEST(shown.output.ends_with("}\n"));
  adjust("1.00");
  auto changes = ctl(here, "--json audit list --subject " + owner.email);
  BOOST_TEST(changes.says(R"("after":{"amount":1.00,)"), changes.output);
  for (const auto* path : {"/dealer/orders?limit=1", "/dealer/transactions?limit=1"})
    BOOST_TEST(here.get(path, {owner.key_header}).body.find("\" : ") == std::string::npos, path);
  auto order = here.get("/dealer/orders/" + id, {owner.key_header}).body;
  BOOST_TEST(order.find("\" : ") == std::string::npos, order);
}

BOOST_AUTO_TEST_CASE(each_of_the_daily_work_takes_three_requests_at_most) {
  auto order = ctl_json(here, "order show " + completed_order())["shortId"].asString();
  auto of_owner = " --dealer " + owner.email;
  const std::vector<std::string> commands{
    "order list --stuck",
    "order list" + of_owner,
    "order show " + order,
    "order note " + order + " --reason x",
    "order resend " + order,
    "dealer set " + owner.email + " --credit-limit 10",
    "wallet adjust " + owner.email + " --amount 1 --reason x",
    "price list" + of_owner,
    "price explain p3:data-us-5gb" + of_owner,
    "payment list --unmatched",
    "payment list" + of_owner,
    "batch list" + of_owner,
    "webhook list --failed" + of_owner,
    "job list --failed",
    "mail list --failed",
    "inventory lots",
    "inventory low",
    "provider list",
    "report sales --from 2026-05-01 --to 2026-05-31",
    "audit list",
    "status",
  };
  for (const auto& command : commands) {
    auto before = requests_of_operators(here);
    ctl(here, command);
    auto taken = requests_of_operators(here) - before;
    BOOST_TEST((taken >= 1 && taken <= 3), command << " takes " << taken << " requests");
  }
}

BOOST_AUTO_TEST_CASE(a_proof_of_the_ledger_says_what_was_proved) {
  auto proof = ctl(here, "ledger check");
  BOOST_TEST(proof.status == 0, proof.output);
  BOOST_TEST(proof.says("every posting fits what it was for"), proof.output);
  BOOST_TEST(ctl(here, "restore report").says("p3 and its list agree"));
}

BOOST_AUTO_TEST_SUITE_END()
