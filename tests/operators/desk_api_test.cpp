#include "persistence/base/session.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/read_json.hpp"
#include "tests/fixtures/run_program.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <filesystem>
#include <fstream>
#include <string>

// An operator's daily work, by meisimctl: each as a table for people and as JSON.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture {
  service& here = shared_service();
  service::account owner = here.add_dealer("100.00");

  /// `before` stands in front of the program; with SESSION=1 at its end it is ann who types.
  ended_program ctl(const std::string& arguments, const std::string& before = "LC_ALL=C") const {
    return run_program(
      "meisimctl", "--admin-url " + here.admin_url() + " --home " + here.home() + ' ' + arguments,
      before + " XDG_STATE_HOME=" + here.home()
        + (before.ends_with(" SESSION=1") ? "/ann" : "/none"));
  }

  Json::Value ctl_json(const std::string& arguments) const {
    auto ended = ctl("--json " + arguments);
    BOOST_TEST(ended.status == 0, ended.output);
    return read_json(ended.output);
  }

  /// The id of an order that is delivered and mailed.
  std::string completed_order(const std::string& email) const {
    auto placed = here.post("/dealer/order",
                            R"({"productId":"p3:data-us-5gb","customerName":"E","customerEmail":")"
                              + email + R"("})",
                            {owner.key_header});
    BOOST_REQUIRE_EQUAL(placed.status, 200);
    auto id = placed.json()["orderId"].asString();
    BOOST_REQUIRE_EQUAL(here.final_status(owner, id), "completed");
    return id;
  }

  bool has(const Json::Value& timeline, const std::string& what) const {
    for (const auto& line : timeline)
      if (line["what"].asString() == what)
        return true;
    return false;
  }

  static std::string today() {
    return rfc3339(now()).substr(0, 10);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(desk_api_suite, fixture)

BOOST_AUTO_TEST_CASE(an_order_is_found_by_what_a_customer_quotes_and_tells_all_that_happened) {
  auto email = "quoted-" + to_string(make_uuid()) + "@example.com";
  auto id = completed_order(email);
  auto shown = ctl_json("order show " + email);
  BOOST_TEST(shown["id"].asString() == id);
  BOOST_REQUIRE_EQUAL(shown["esims"].size(), 1u);
  BOOST_TEST(shown["esims"][0]["costUsd"].asDouble() > 0);
  BOOST_REQUIRE(
    comes_true([&] { return has(ctl_json("order show " + id)["timeline"], "mailed"); }));
  for (const auto* what : {"placed", "debit", "bought", "completed"})
    BOOST_TEST(has(shown["timeline"], what), what);
  for (const auto& quoted : {shown["shortId"].asString(), shown["esims"][0]["iccid"].asString(),
                             shown["esims"][0]["providerOrderId"].asString()})
    BOOST_TEST(ctl_json("order show " + quoted)["id"].asString() == id, quoted);
  auto text = ctl("order show " + email);
  BOOST_TEST(text.says("status"));
  BOOST_TEST(text.says("bought"));
  auto unknown = ctl("order show nobody@example.com");
  BOOST_TEST(unknown.status == 1);
  BOOST_TEST(unknown.says("no order is known by nobody@example.com"));
}

BOOST_AUTO_TEST_CASE(several_orders_are_listed_and_none_of_them_is_changed_by_chance) {
  auto email = "twice-" + to_string(make_uuid()) + "@example.com";
  completed_order(email);
  completed_order(email);
  BOOST_TEST(ctl_json("order show " + email).size() == 2u);
  auto note = ctl("order note " + email + " --reason x");
  BOOST_TEST(note.status == 1);
  BOOST_TEST(note.says("means several orders"));
}

BOOST_AUTO_TEST_CASE(a_note_stands_at_the_order_with_who_wrote_it) {
  auto id = completed_order("noted@example.com");
  BOOST_TEST(ctl("order note " + id + " --reason 'called, wants another language'").status == 0);
  auto timeline = ctl_json("order show " + id)["timeline"];
  BOOST_REQUIRE(has(timeline, "note"));
  BOOST_TEST(ctl("order show " + id).says("automation: called, wants another language"));
  BOOST_TEST(
    here.admin_post("/admin/v1/orders/" + to_string(make_uuid()) + "/notes", R"({"reason":"x"})")
      .status
    == 404);
}

BOOST_AUTO_TEST_CASE(an_operator_sends_the_mail_again_for_nothing_and_once_under_a_key) {
  auto id = completed_order("first@example.com");
  auto balance = [&] {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  };
  auto before = balance();
  auto path = "/admin/v1/orders/" + id + "/resend";
  auto other = "second-" + to_string(make_uuid()) + "@example.com";
  auto body = R"({"email":")" + other + R"("})";
  auto key = "Idempotency-Key: resend-" + id;
  auto sent = here.admin_post(path, body, {key});
  BOOST_REQUIRE_EQUAL(sent.status, 200);
  auto again = here.admin_post(path, body, {key});
  BOOST_TEST(again.body == sent.body);
  BOOST_REQUIRE(comes_true([&] { return !here.mails_to(other).empty(); }));
  BOOST_TEST(balance() == before);
  auto shown = here.admin_get("/admin/v1/orders/" + id).json();
  int times = 0;
  for (const auto& line : shown["timeline"])
    times += line["what"].asString() == "sent again" ? 1 : 0;
  BOOST_TEST(times == 1);
  BOOST_TEST(ctl("order resend " + id).status == 0);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_mail_that_was_refused_shows_at_its_order_and_is_sent_again) {
  auto id = completed_order("refused@example.com");
  BOOST_REQUIRE(
    comes_true([&] { return has(ctl_json("order show " + id)["timeline"], "mailed"); }));
  auto mail = ctl_json("order show " + id)["mails"][0]["id"].asString();
  database db{here.database_connection(), "test"};
  // As a server that said 550 would have left it.
  db.session()
    << "UPDATE mails SET status = 'failed', failure = '550 no such user', "
       "content = '{\"customer_name\":\"E\",\"product\":\"P\",\"order\":\"MM-1\",\"esims\":"
       "[{\"iccid\":\"89012345678901234568\",\"lpa\":\"LPA:1$a.example$B\"}]}' "
       "WHERE id = :id::uuid",
    soci::use(mail, "id");
  BOOST_TEST(has(ctl_json("order show " + id)["timeline"], "mail refused"));
  BOOST_TEST(ctl("mail list --failed").says("550 no such user"));
  BOOST_TEST(ctl("mail resend " + mail).status == 0);
  BOOST_REQUIRE(comes_true(
    [&] { return ctl_json("order show " + id)["mails"][0]["status"].asString() == "sent"; }));
  auto gone = ctl("mail resend " + mail);
  BOOST_TEST(gone.status == 1);
  // What is audited stays for ever, so no customer's address is in it.
  auto told = ctl("audit list --subject " + mail);
  BOOST_TEST(told.says("mail.resent"), told.output);
  BOOST_TEST(!told.says("refused@example.com"), told.output);
  BOOST_TEST(ctl("mail list").says("refused@example.com"));
}

BOOST_AUTO_TEST_CASE(what_waits_is_listed) {
  BOOST_TEST(ctl("provider hold p3 --reason test").status == 0);
  auto waits = here.post("/dealer/order",
                         R"({"productId":"p3:data-us-5gb","customerName":"E",)"
                         R"("customerEmail":"waits@example.com"})",
                         {owner.key_header});
  BOOST_TEST(waits.status == 200);
  BOOST_TEST(ctl("job list --kind fulfil").says("failingSince"));
  BOOST_TEST(ctl("provider release p3").status == 0);
  BOOST_TEST(ctl_json("job list --failed --kind mail").isArray());
  auto batch = here.post("/dealer/esim-verify", R"({"lpas":["LPA:1$a.example.com$AVAILABLE-1"]})",
                         {owner.key_header});
  BOOST_REQUIRE_EQUAL(batch.status, 200);
  auto listed = ctl_json("batch list --dealer " + owner.email);
  BOOST_REQUIRE_EQUAL(listed.size(), 1u);
  BOOST_TEST(listed[0]["rows"].asInt() == 1);
  BOOST_TEST(ctl("batch list --dealer " + owner.email).says("createdAt"));
}

BOOST_AUTO_TEST_CASE(of_a_dealer_what_is_named_is_changed_and_holds_at_once) {
  auto email = "moved-" + to_string(make_uuid()) + "@example.com";
  auto set = ctl("dealer set " + owner.email + " --markup 12.5 --email " + email);
  BOOST_TEST(set.status == 0, set.output);
  auto shown = ctl_json("dealer show " + email);
  BOOST_TEST(shown["markup_pct"].asDouble() == 12.5);
  BOOST_TEST(shown["resend_fee"].asDouble() == 1.0);
  BOOST_TEST(shown["portal"].asBool());
  BOOST_TEST(here.get("/api/v1/me", {owner.key_header}).json()["email"].asString() == email);
  // Its owner hears of the new address at both.
  for (const auto& address : {owner.email, email})
    BOOST_TEST(comes_true(
      [&] { return here.mails_to(address).find("account was changed") != std::string::npos; }));
  auto other = here.add_dealer("0");
  auto taken = ctl("dealer set " + other.email + " --email " + email);
  BOOST_TEST(taken.status == 1);
  BOOST_TEST(taken.says("another one has this name already"));
  BOOST_TEST(ctl("dealer set nobody@example.com --markup 1").status == 1);
}

BOOST_AUTO_TEST_CASE(a_suspended_dealer_is_told_what_to_do_and_operators_alone_why) {
  auto suspended = ctl("dealer suspend " + owner.email + " --reason 'three invoices are unpaid'");
  BOOST_TEST(suspended.status == 0, suspended.output);
  BOOST_TEST(ctl_json("dealer show " + owner.email)["suspended_because"].asString()
             == "three invoices are unpaid");
  auto refused = here.get("/api/v1/orders", {owner.key_header});
  BOOST_TEST(refused.status == 403);
  BOOST_TEST(refused.json()["code"].asString() == "suspended");
  BOOST_TEST(refused.json()["message"].asString()
             == "the account is suspended; please write to our support, which can lift that");
  auto told = ctl("audit list --subject " + owner.email + " --limit 1");
  BOOST_TEST(told.says("three invoices are unpaid"), told.output);
  BOOST_TEST(ctl("dealer approve " + owner.email).status == 0);
  BOOST_TEST(ctl_json("dealer show " + owner.email)["suspended_because"].isNull());
  BOOST_TEST(here.get("/api/v1/orders", {owner.key_header}).status == 200);
  // Without a reason there is none.
  BOOST_TEST(ctl("dealer suspend " + owner.email).status == 0);
  BOOST_TEST(ctl_json("dealer show " + owner.email)["suspended_because"].isNull());
  BOOST_TEST(here
               .admin_post("/admin/v1/dealers/" + owner.email + "/status",
                           R"({"status":"approved","reason":"x"})")
               .json()["field"]
               .asString()
             == "reason");
}

BOOST_AUTO_TEST_CASE(a_credit_limit_is_set_and_what_was_paid_outside_is_booked) {
  BOOST_TEST(ctl("dealer set " + owner.email + " --credit-limit 100").status == 0);
  BOOST_TEST(ctl_json("dealer show " + owner.email)["credit_limit"].asDouble() == 100.0);
  auto booked = ctl_json("wallet settle " + owner.email + " --amount 40.00 --reason 'transfer 17'");
  BOOST_TEST(booked["credit_used"].asDouble() == -40.0);
  auto settle = "wallet settle " + owner.email + " --reason x --amount ";
  BOOST_TEST(ctl(settle + "2000.00").status == 2);
  BOOST_TEST(ctl(settle + "2000.00 --yes").status == 0);
  BOOST_TEST(ctl(settle + "-2000.00 --yes").status == 0);
  BOOST_TEST(ctl("dealer set " + owner.email + " --credit-limit none").status == 0);
  auto shown = ctl_json("dealer show " + owner.email);
  BOOST_TEST(shown["credit_limit"].isNull());
  BOOST_TEST(shown["credit_used"].asDouble() == -40.0);
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_CASE(a_new_sku_is_sold) {
  auto added = ctl_json("sku add --service esim_supply_att --name 'Another eSIM' --carrier att "
                        "--plan-type qr --price 3.50");
  auto skus =
    here.get("/api/portal/v1/services/esim_supply_att/skus", {owner.portal_header}).json()["skus"];
  bool is_there = false;
  for (const auto& sku : skus)
    is_there = is_there || sku["id"] == added["id"];
  BOOST_TEST(is_there);
  BOOST_TEST(ctl("sku add --service s --name n --carrier c --plan-type p --price 0").status == 1);
}

BOOST_AUTO_TEST_CASE(a_provider_s_invoice_is_held_against_what_it_delivered) {
  auto id = completed_order("billed@example.com");
  auto unit = ctl_json("order show " + id)["esims"][0];
  auto period = " --from " + today() + " --to " + today();
  auto units = ctl_json("provider reconcile p3" + period);
  bool is_there = false;
  std::ofstream invoice{here.home() + "/invoice.csv"};
  invoice << "Id,Amount\n";
  for (const auto& one : units) {
    is_there = is_there || one["providerOrderId"] == unit["providerOrderId"];
    invoice << one["providerOrderId"].asString() << ',' << one["costUsd"].asString() << '\n';
  }
  invoice.close();
  BOOST_TEST(is_there);
  auto same = ctl("provider reconcile p3" + period + ' ' + here.home() + "/invoice.csv");
  BOOST_TEST(same.status == 0, same.output);
  std::ofstream{here.home() + "/invoice.csv", std::ios::app} << "P-unknown,9.99\n";
  auto differs = ctl("provider reconcile p3" + period + ' ' + here.home() + "/invoice.csv");
  BOOST_TEST(differs.status == 1);
  BOOST_TEST(differs.says("not delivered here"));
  BOOST_TEST(ctl("provider list").says("p3"));
}

BOOST_AUTO_TEST_CASE(reports_add_up_what_moved_and_what_was_earned) {
  completed_order("sold@example.com");
  auto period = " --from " + today() + " --to " + today();
  auto ledger = ctl("report ledger" + period);
  BOOST_TEST(ledger.status == 0);
  BOOST_TEST(ledger.says("day,account,type,postings,in_usd,out_usd,net_usd"));
  BOOST_TEST(ledger.says(today() + ",sales.orders,debit,"));
  for (const auto& row : ctl_json("report sales" + period)) {
    if (row["dealer"].asString() != owner.email)
      continue;
    BOOST_TEST(row["units"].asInt() == 1);
    auto margin = row["revenueUsd"].asDouble() - row["costUsd"].asDouble();
    BOOST_TEST(row["marginUsd"].asDouble() == margin, boost::test_tools::tolerance(1e-9));
  }
  BOOST_TEST(
    here.admin_get("/admin/v1/reports/sales?from=x&to=2026-01-01").json()["message"].asString()
    == "from must be a day like 2026-05-05");
  BOOST_TEST(here.admin_get("/admin/v1/reports/ledger.csv?from=2026-02-01&to=2026-01-01").status
             == 400);
}

BOOST_AUTO_TEST_CASE(sales_are_told_by_dealer_product_and_country_top_ups_among_them) {
  auto post = [&](const std::string& path, const std::string& body) {
    auto answer = here.post(path, body, {owner.key_header});
    BOOST_TEST(answer.status == 200, answer.body);
    return answer.json();
  };
  completed_order("counted@example.com");
  post("/api/v1/esim/order", R"({"bundleName":"esim_5gb_30days_jp"})");
  auto topped_up = post("/api/v1/topup/recharge", R"({"networkName":"Vodafone-UK",)"
                                                  R"("contactNumber":"07700 900000",)"
                                                  R"("topUpValue":20})");
  auto period = " --from " + today() + " --to " + today();
  auto line = [&](const std::string& by, const std::string& value) {
    for (const auto& row : ctl_json("report sales" + period + " --by " + by))
      if (row[by].asString() == value)
        return row;
    return Json::Value{};
  };
  auto dealer = line("dealer", owner.email);
  BOOST_TEST(dealer["orders"].asInt() == 3);
  BOOST_TEST(dealer["units"].asInt() == 3);
  BOOST_TEST(dealer["product"].isNull());
  BOOST_TEST(line("product", "Vodafone-UK")["units"].asInt() >= 1);
  BOOST_TEST(line("product", "Vodafone-UK")["dealer"].isNull());
  for (const auto* country : {"US", "JP", "GB"})
    BOOST_TEST(line("country", country)["units"].asInt() >= 1, country);
  BOOST_TEST(ctl("report sales" + period + " --by month").status == 2);
  BOOST_TEST(here.admin_get("/admin/v1/reports/sales?from=2026-01-01&to=2026-01-01&by=month").status
             == 400);
  // The provider's invoice has them too.
  bool is_there = false;
  for (const auto& one : ctl_json("provider reconcile p3" + period))
    if (one["providerOrderId"] == topped_up["Reference"]) {
      is_there = true;
      BOOST_TEST(one["product"].asString() == "Vodafone-UK");
      BOOST_TEST(one["contactNumber"].asString() == "+447700900000");
      BOOST_TEST(one["iccid"].isNull());
    }
  BOOST_TEST(is_there);
}

BOOST_AUTO_TEST_CASE(status_tells_all_parts_on_one_screen) {
  auto shown = ctl("status");
  for (const auto* part : {"database", "orders", "provider p3", "stripe", "mail", "webhooks"})
    BOOST_TEST(shown.says(part), shown.output);
  auto parts = read_json(ctl("--json status").output)["parts"];
  BOOST_TEST(parts.size() >= 9u);
  BOOST_TEST(ctl("restore report").says("lastOrderAt"));
}

BOOST_AUTO_TEST_CASE(a_person_signs_in_and_acts_under_their_own_name) {
  const std::string hers = "LC_ALL=C SESSION=1";
  auto added = ctl("operator add ann@operators.example --role support", "echo 'a long password' |");
  BOOST_TEST(added.status == 0, added.output);
  auto wrong = ctl("login ann@operators.example", "echo wrong-password | " + hers);
  BOOST_TEST(wrong.status == 1);
  BOOST_TEST(wrong.says("email, password or code is wrong"));
  auto in = ctl("login ann@operators.example", "echo 'a long password' | " + hers);
  BOOST_TEST(in.status == 0, in.output);
  BOOST_TEST(!in.says("op_"));
  auto file = here.home() + "/ann/meisim/session";
  auto mode = std::filesystem::status(file).permissions();
  BOOST_TEST((mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
  auto refused = ctl("operator list", hers);
  BOOST_TEST(refused.status == 1);
  BOOST_TEST(refused.says("this takes the role admin, and ann@operators.example has support"));
  auto wrong_one = ctl("password", "printf 'wrong-password\\nanother long one\\n' | " + hers);
  BOOST_TEST(wrong_one.status == 1);
  BOOST_TEST(wrong_one.says("the current password or the code is wrong"));
  auto changed = ctl("password", "printf 'a long password\\nanother long one\\n' | " + hers);
  BOOST_TEST(changed.status == 0, changed.output);
  BOOST_TEST(changed.says("the password is set"));
  auto id = completed_order("hers@example.com");
  BOOST_TEST(ctl("order note " + id + " --reason hello", hers).status == 0);
  BOOST_TEST(ctl("order show " + id).says("ann@operators.example: hello"));
  BOOST_TEST(ctl("operator disable ann@operators.example").status == 0);
  BOOST_TEST(ctl("order list", hers).says("the session has ended"));
  BOOST_TEST(ctl("logout", hers).status == 0);
  BOOST_TEST(ctl("logout", hers).says("there was no session"));
  BOOST_TEST(ctl("order list", hers).status == 0);
  BOOST_TEST(ctl("operator list").says("ann@operators.example"));
}

BOOST_AUTO_TEST_SUITE_END()
