#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/shared_service.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

// Batches over HTTP, on simulated devices: what dealers pay, see and get back.

using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

std::string lpas(const std::vector<std::string>& ids) {
  std::string list;
  for (const auto& id : ids)
    list += (list.empty() ? "\"" : ",\"") + id + '"';
  return R"({"lpas":[)" + list + "]";
}

std::string code(const std::string& matching_id) {
  return "LPA:1$smdp.example.com$" + matching_id;
}

struct fixture {
  service& here = shared_service(
    {"--rate-limits", "off", "--simulated-devices", "8", "--simulated-latency-ms", "20"});
  service::account owner = here.add_dealer("100.00");

  web_reply submit(const std::string& body, std::vector<std::string> headers = {}) const {
    headers.push_back(owner.key_header);
    return here.post("/dealer/esim-verify", body, headers);
  }

  Json::Value poll(const std::string& batch) const {
    auto reply = here.get("/dealer/esim-verify/" + batch, {owner.key_header});
    BOOST_REQUIRE_EQUAL(reply.status, 200);
    return reply.json();
  }

  /// The batch once it is complete.
  Json::Value finished(const std::string& batch) const {
    Json::Value last;
    BOOST_REQUIRE(comes_true([&] {
      last = poll(batch);
      return !last["batch"]["completed_at"].isNull();
    }));
    return last;
  }

  std::string results(const std::string& batch) const {
    return here.get("/dealer/esim-verify/" + batch + "/results.csv", {owner.key_header}).body;
  }

  double balance() const {
    return here.get("/dealer/wallet", {owner.key_header}).json()["balance"].asDouble();
  }

  std::string validator_sku() const {
    auto list =
      here.get("/api/portal/v1/services/esim_validate/skus", {owner.portal_header}).json();
    return list["skus"][0]["id"].asString();
  }

  web_reply execute(const std::string& csv, const std::string& more = "") const {
    return here.post("/api/portal/v1/services/esim_validate/execute",
                     R"({"sku_id":")" + validator_sku() + R"(","csv":")" + csv + '"' + more + '}',
                     {owner.portal_header});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(verification_api_suite, fixture)

BOOST_AUTO_TEST_CASE(every_kind_of_row_gets_its_verdict_and_errors_come_back) {
  auto placed = submit(lpas({code("AVAILABLE-1"), code("USED-1"), code("INVALID-1"),
                             code("ERROR-1"), code("UNKNOWN-1"), "no code at all"})
                       + "}");
  BOOST_REQUIRE_EQUAL(placed.status, 200);
  auto answer = placed.json();
  BOOST_TEST(answer["ok"].asBool());
  BOOST_TEST(answer["total_rows"].asInt() == 6);
  BOOST_TEST(answer["charged_usd"].asDouble() == 6.0);
  BOOST_TEST(answer["wallet_balance_usd"].asDouble() == 94.0);
  auto id = answer["batch_id"].asString();
  auto done = finished(id);
  const auto& progress = done["progress"];
  BOOST_TEST(progress["total"].asInt() == 6);
  BOOST_TEST(progress["pending"].asInt() == 0);
  BOOST_TEST(progress["in_progress"].asInt() == 0);
  BOOST_TEST(progress["available"].asInt() == 1);
  BOOST_TEST(progress["used"].asInt() == 1);
  BOOST_TEST(progress["invalid"].asInt() == 2);
  BOOST_TEST(progress["error_count"].asInt() == 1);
  BOOST_TEST(progress["unknown"].asInt() == 1);
  BOOST_TEST(progress["eta_seconds"].asInt() == 0);
  BOOST_TEST(done["batch"]["total_rows"].asInt() == 6);
  BOOST_TEST(done["batch"]["paid_total_usd"].asDouble() == 6.0);
  BOOST_TEST(done["batch"]["label"].asString().ends_with(" · 6 LPAs"));
  BOOST_TEST(comes_true([&] { return balance() == 95.0; }));
  BOOST_TEST(here.is_ledger_ok());
  auto csv = results(id);
  BOOST_TEST(csv.starts_with("iccid,lpa,status,reason,checked_at\r\n," + code("AVAILABLE-1")
                             + ",available,,2"));
  BOOST_TEST(csv.find(code("ERROR-1") + ",error,") != std::string::npos);
  BOOST_TEST(csv.find("no code at all,invalid,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_results_are_mailed) {
  auto id = submit(lpas({code("AVAILABLE-1"), code("USED-1")})
                   + R"(,"notify_email":"results@example.com"})")
              .json()["batch_id"]
              .asString();
  finished(id);
  auto file = "filename=\"results-" + id + ".csv\"";
  BOOST_TEST(comes_true(
    [&] { return here.mails_to("results@example.com").find(file) != std::string::npos; }));
}

BOOST_AUTO_TEST_CASE(a_code_that_hangs_the_device_ends_as_an_error) {
  auto id = submit(lpas({code("HANG-1"), code("AVAILABLE-1")}) + "}").json()["batch_id"].asString();
  auto done = finished(id);
  BOOST_TEST(done["progress"]["error_count"].asInt() == 1);
  BOOST_TEST(done["progress"]["available"].asInt() == 1);
  BOOST_TEST(comes_true([&] { return balance() == 99.0; }));
}

BOOST_AUTO_TEST_CASE(too_little_money_takes_nothing) {
  std::vector<std::string> many(101, code("USED-1"));
  auto refused = submit(lpas(many) + "}");
  BOOST_TEST(refused.status == 402);
  auto body = refused.json();
  BOOST_TEST(body["error"].asString() == "INSUFFICIENT_FUNDS");
  BOOST_TEST(body["balance"].asDouble() == 100.0);
  BOOST_TEST(body["required"].asDouble() == 101.0);
  BOOST_TEST(balance() == 100.0);
  auto list = here.get("/dealer/esim-verify", {owner.key_header}).json();
  BOOST_TEST(list["total"].asInt() == 0);
}

BOOST_AUTO_TEST_CASE(bad_submissions_are_refused_by_name) {
  struct bad {
    std::string body;
    std::string says;
  };
  const std::vector<bad> table{
    {"{}", "lpas is required"},
    {R"({"lpas":"x"})", "lpas must be an array"},
    {R"({"lpas":[1]})", "lpas[0] must be a text"},
    {R"({"lpas":["a",null]})", "lpas[1] must be a text"},
    {R"({"lpas":[]})", "No LPAs provided"},
    {R"({"lpas":["a"],"notify_email":"nobody"})", "notify_email must be an email address"},
    {R"({"lpas":["a"],"label":"x"})", "label is not a field"},
    {R"({"lpas":["a"],"maxPriceUsd":0})", "maxPriceUsd must be"},
  };
  for (const auto& [body, says] : table) {
    auto reply = submit(body);
    BOOST_TEST(reply.status == 400, body);
    BOOST_TEST(reply.body.find(says) != std::string::npos, body << ": " << reply.body);
  }
  std::string many;
  for (int i = 0; i <= 50'000; ++i)
    many += i == 0 ? "\"a\"" : ",\"a\"";
  BOOST_TEST(submit(R"({"lpas":[)" + many + "]}").status == 400);
  auto guarded = submit(R"({"lpas":["a","b"],"maxPriceUsd":1.99})");
  BOOST_TEST(guarded.status == 409);
  BOOST_TEST(balance() == 100.0);
}

BOOST_AUTO_TEST_CASE(a_repeat_with_its_key_is_the_same_batch) {
  std::vector<std::string> key{"Idempotency-Key: batch-1"};
  auto first = submit(lpas({code("USED-1")}) + "}", key);
  auto again = submit(lpas({code("USED-1")}) + "}", key);
  BOOST_TEST(first.body == again.body);
  BOOST_TEST(again.headers["idempotent-replayed"] == "true");
  BOOST_TEST(submit(lpas({code("USED-2")}) + "}", key).status == 409);
  BOOST_TEST(balance() == 99.0);
}

BOOST_AUTO_TEST_CASE(a_batch_is_nobody_elses) {
  auto id = submit(lpas({code("USED-1")}) + "}").json()["batch_id"].asString();
  auto stranger = here.add_dealer("1.00");
  for (const auto* path : {"", "/results.csv"})
    BOOST_TEST(here.get("/dealer/esim-verify/" + id + path, {stranger.key_header}).status == 404);
  BOOST_TEST(here.get("/dealer/esim-verify/nonsense", {owner.key_header}).status == 404);
  BOOST_TEST(
    here.get("/api/portal/v1/esim-check/customer/batches/" + id, {stranger.portal_header}).status
    == 404);
}

BOOST_AUTO_TEST_CASE(the_portals_csv_is_read_as_rfc_4180_says) {
  auto reply = execute("\\ufeffLPA,ICCID\\r\\n\\\"" + code("AVAILABLE-9")
                         + "\\\",8901410000000000009\\r\\n" + code("USED-9") + ",\\r\\n",
                       R"(,"label":"att-batch-may12")");
  BOOST_REQUIRE_EQUAL(reply.status, 200);
  auto answer = reply.json();
  auto batch = answer["result"]["batch_id"].asString();
  BOOST_TEST(answer["usage_id"].asInt64() > 0);
  BOOST_TEST(answer["vendor_order_ref"].asString() == batch);
  BOOST_TEST(answer["cost_usd"].asDouble() == 0.30);
  BOOST_TEST(answer["status"].asString() == "executing");
  BOOST_TEST(answer["result"]["per_row_usd"].asDouble() == 0.15);
  BOOST_TEST(answer["result"]["total_rows"].asInt() == 2);
  auto path = "/api/portal/v1/esim-check/customer/batches/" + batch;
  BOOST_REQUIRE(comes_true([&] {
    auto seen = here.get(path, {owner.portal_header}).json();
    return !seen["batch"]["completed_at"].isNull();
  }));
  auto seen = here.get(path, {owner.portal_header}).json();
  BOOST_TEST(seen["batch"]["label"].asString() == "att-batch-may12");
  BOOST_TEST(seen["progress"]["available"].asInt() == 1);
  auto csv = here.get(path + "/results.csv", {owner.portal_header}).body;
  BOOST_TEST(csv.find("8901410000000000009," + code("AVAILABLE-9") + ",available")
             != std::string::npos);
  auto list = here.get("/api/portal/v1/esim-check/customer/batches", {owner.portal_header}).json();
  BOOST_TEST(list["batches"][0]["id"].asString() == batch);
}

BOOST_AUTO_TEST_CASE(what_people_paste_around_a_code_is_not_charged_as_invalid) {
  auto placed = submit(
    lpas({" " + code("AVAILABLE-31") + "\\n", "\\u00a0" + code("USED-31"),
          code("USED-32") + "\\u200b", "1$smdp.example.com$USED-33", code("USED-34") + "$$2468"})
    + "}");
  BOOST_REQUIRE_EQUAL(placed.status, 200);
  auto id = placed.json()["batch_id"].asString();
  auto progress = finished(id)["progress"];
  BOOST_TEST(progress["invalid"].asInt() == 0);
  BOOST_TEST(progress["available"].asInt() == 1);
  BOOST_TEST(progress["used"].asInt() == 4);
  auto csv = results(id);
  BOOST_TEST(csv.find("," + code("AVAILABLE-31") + ",available") != std::string::npos, csv);
  BOOST_TEST(csv.find("2468") == std::string::npos, "the confirmation code is kept nowhere");
}

BOOST_AUTO_TEST_CASE(two_spellings_of_a_code_are_charged_once_where_that_is_asked_for) {
  std::vector<std::string> spellings{code("USED-41"), "lpa:1$SMDP.Example.COM$USED-41",
                                     code("USED-42"), code("USED-41") + "$"};
  auto both = submit(lpas(spellings) + R"(,"deduplicate":true})").json();
  BOOST_TEST(both["total_rows"].asInt() == 2);
  BOOST_TEST(both["charged_usd"].asDouble() == 2.0);
  BOOST_TEST(submit(lpas(spellings) + "}").json()["total_rows"].asInt() == 4);
  BOOST_TEST(balance() == 94.0);
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_only_checked_is_told_of_and_not_charged) {
  auto list = lpas({code("USED-51"), "nonsense", code("USED-51") + "$"});
  auto told = submit(list + R"(,"validateOnly":true,"deduplicate":true})");
  BOOST_REQUIRE_EQUAL(told.status, 200);
  auto answer = told.json();
  BOOST_TEST(answer["validateOnly"].asBool());
  BOOST_TEST(answer["rows"].asInt() == 3);
  BOOST_TEST(answer["duplicates"].asInt() == 1);
  BOOST_TEST(answer["totalUsd"].asDouble() == 2.0);
  BOOST_TEST(answer["malformed"].size() == 1u);
  BOOST_TEST(answer["malformed"][0]["line"].asInt() == 2);
  BOOST_TEST(answer["malformed"][0]["reason"].asString() == "does not begin with LPA:1$");
  auto csv =
    execute("lpa\\n" + code("USED-52") + "\\nnonsense\\n", R"(,"validateOnly":true)").json();
  BOOST_TEST(csv["totalUsd"].asDouble() == 0.3);
  BOOST_TEST(csv["malformed"][0]["line"].asInt() == 3);
  auto dear =
    submit(lpas(std::vector<std::string>(101, code("USED-53"))) + R"(,"validateOnly":true})");
  BOOST_TEST(dear.status == 402);
  BOOST_TEST(submit(list + R"(,"validateOnly":true,"maxPriceUsd":1})").status == 409);
  BOOST_TEST(balance() == 100.0);
  BOOST_TEST(here.get("/dealer/esim-verify", {owner.key_header}).json()["total"].asInt() == 0);
}

BOOST_AUTO_TEST_CASE(a_malformed_csv_says_the_line) {
  struct bad {
    std::string csv;
    std::string says;
  };
  const std::vector<bad> table{
    {"a,b\\n1,2\\n", "line 1: the header"},
    {"iccid,lpa\\n1\\n", "line 2: has no column lpa"},
    {"iccid,lpa\\n8.96E+19,a\\n",
     "line 2: iccid is no whole number: a spreadsheet has shortened this number"},
    {"iccid,lpa\\n1,a\\n\\\"2,b\\n", "line 3: a quoted cell has no end"},
    {"iccid,lpa\\n1,a\\nx\\\"y,b\\n", "line 3: a quote is in the wrong place"},
    {"iccid,lpa\\n", "1 to 50,000 rows"},
    {"", "1 to 50,000 rows"},
  };
  for (const auto& [csv, says] : table) {
    auto reply = execute(csv);
    BOOST_TEST(reply.status == 400, csv);
    BOOST_TEST(reply.body.find(says) != std::string::npos, csv << ": " << reply.body);
  }
  BOOST_TEST(balance() == 100.0);
}

BOOST_AUTO_TEST_CASE(two_rows_do_not_wait_for_a_large_batch) {
  auto rich = here.add_dealer("5000.00");
  std::string many = R"({"lpas":[)";
  for (int i = 0; i < 4'000; ++i)
    many += (i == 0 ? "\"" : ",\"") + code("AVAILABLE-" + std::to_string(i)) + '"';
  auto large = here.post("/dealer/esim-verify", many + "]}", {rich.key_header});
  BOOST_REQUIRE_EQUAL(large.status, 200);
  auto small = submit(lpas({code("USED-1"), code("USED-2")}) + "}").json()["batch_id"].asString();
  finished(small);
  auto path = "/dealer/esim-verify/" + large.json()["batch_id"].asString();
  auto progress = here.get(path, {rich.key_header}).json()["progress"];
  BOOST_TEST(progress["pending"].asInt() > 3'000);
  auto running = here.get(path + "/results.csv", {rich.key_header}).body;
  BOOST_TEST(std::count(running.begin(), running.end(), '\n') == 4'001);
  BOOST_TEST(running.find(",pending,,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cancelled_batch_gives_back_once_what_nobody_has_begun_with) {
  std::vector<std::string> ids;
  for (int i = 0; i < 90; ++i)
    ids.push_back(code("HANG-" + std::to_string(i)));
  ids.emplace_back("no code at all");
  auto id = submit(lpas(ids) + "}").json()["batch_id"].asString();
  auto cancel = [&] {
    return here.post("/dealer/esim-verify/" + id + "/cancel", "", {owner.key_header});
  };
  auto answer = cancel();
  BOOST_REQUIRE_EQUAL(answer.status, 200);
  auto cancelled = answer.json()["progress"]["cancelled"].asInt();
  BOOST_TEST(cancelled > 0);
  BOOST_TEST(answer.json()["progress"]["pending"].asInt() == 0);
  BOOST_TEST(answer.json()["batch"]["refunded_usd"].asDouble() == cancelled);
  BOOST_TEST(balance() == 100.0 - 91.0 + cancelled);
  BOOST_TEST(cancel().json()["progress"]["cancelled"].asInt() == cancelled);
  BOOST_TEST(balance() == 100.0 - 91.0 + cancelled);
  BOOST_TEST(results(id).find(",cancelled,") != std::string::npos);
  auto back = here.get("/dealer/transactions?type=refund", {owner.key_header}).json()["data"][0];
  BOOST_TEST(back["related_order_id"].asString() == id);
  BOOST_TEST(here.is_ledger_ok());
  auto done = submit(lpas({"no code at all"}) + "}").json()["batch_id"].asString();
  BOOST_TEST(here.post("/dealer/esim-verify/" + done + "/cancel", "", {owner.key_header}).status
             == 409);
}

BOOST_AUTO_TEST_SUITE_END()
