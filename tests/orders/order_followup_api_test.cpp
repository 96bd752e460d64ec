#include "tests/fixtures/shared_service.hpp"

#include <chrono>
#include <thread>

// What can still be done about an order: its mail once more, another eSIM in its place.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

struct fixture {
  service& here = shared_service();
  service::account owner = here.add_dealer("20.00");
  std::string original = place("p3:data-us-5gb");

  std::string place(const std::string& product) const {
    auto placed = here.post("/dealer/order",
                            R"({"productId":")" + product
                              + R"(","customerEmail":"first@example.com","customerName":"Jane"})",
                            {owner.key_header});
    auto id = placed.json()["orderId"].asString();
    here.final_status(owner, id);
    return id;
  }

  web_reply resend(const std::string& order, const std::string& body,
                   std::vector<std::string> headers = {}) const {
    headers.push_back(owner.key_header);
    return here.post("/dealer/resend-email/" + order, body, headers);
  }

  web_reply replace(const std::string& order, const std::string& body = "{}") const {
    return here.post("/dealer/replace/" + order, body, {owner.key_header});
  }

  double balance() const {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  }

  std::string mails_to(const std::string& address) const {
    for (int i = 0; i < 100; ++i) {
      if (auto mails = here.mails_to(address); !mails.empty())
        return mails;
      std::this_thread::sleep_for(50ms);
    }
    return {};
  }

  std::string iccid_of(const std::string& order) const {
    auto orders = here.get("/api/v1/orders", {owner.key_header}).json();
    for (const auto& entry : orders)
      if (entry["id"].asString() == order)
        return entry["iccid"].asString();
    return {};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(order_followup_suite, fixture)

BOOST_AUTO_TEST_CASE(a_mail_is_sent_once_more_for_the_fee) {
  auto before = balance();
  auto answer = resend(original, R"({"email":"second@example.com"})", {"Idempotency-Key: again"});
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.json()["newBalance"].asDouble() == before - 1.00);
  BOOST_TEST(mails_to("second@example.com").find(iccid_of(original)) != std::string::npos);
  // The same key pays once.
  BOOST_TEST(resend(original, R"({"email":"second@example.com"})", {"Idempotency-Key: again"}).body
             == answer.body);
  BOOST_TEST(balance() == before - 1.00);
  // Without a body it goes to where the first went.
  BOOST_TEST(resend(original, "{}").json()["email"].asString() == "first@example.com");
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(another_esim_costs_what_it_costs_now_and_names_the_one_before) {
  auto before = balance();
  auto answer = replace(original);
  BOOST_TEST(answer.status == 200);
  auto order = answer.json();
  BOOST_TEST(order["replaces"].asString() == original);
  BOOST_TEST(order["newBalance"].asDouble() == before - order["totalUsd"].asDouble());
  BOOST_TEST(here.final_status(owner, order["orderId"].asString()) == "completed");
  BOOST_TEST(iccid_of(order["orderId"].asString()) != iccid_of(original));
  BOOST_TEST(replace(original, R"({"maxPriceUsd":0.01})").status == 409);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(only_ones_own_completed_orders_and_only_with_money) {
  auto other = here.add_dealer("50.00");
  auto before = balance();
  for (const std::string path : {"/dealer/resend-email/", "/dealer/replace/"}) {
    BOOST_TEST(here.post(path + original, "{}", {other.key_header}).status == 404);
    BOOST_TEST(here.post(path + "no-order", "{}", {owner.key_header}).status == 404);
    BOOST_TEST(here.post(path + original, R"({"surprise":1})", {owner.key_header}).status == 400);
  }
  BOOST_TEST(resend(original, R"({"email":7})").status == 400);
  BOOST_TEST(resend(original, R"({"email":"nobody"})").status == 400);
  BOOST_TEST(replace(original, R"({"maxPriceUsd":"1"})").status == 400);
  auto failed = place("p3:sandbox-reject");
  BOOST_TEST(resend(failed, "{}").status == 409);
  BOOST_TEST(replace(failed).status == 409);
  BOOST_TEST(balance() == before);
  // Until the wallet is empty.
  long status = 200;
  while (status == 200)
    status = replace(original).status;
  BOOST_TEST(status == 402);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()
