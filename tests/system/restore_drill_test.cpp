#include "protocols/base/instant.hpp"
#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/held_node.hpp"
#include "tests/fixtures/load.hpp"
#include "tests/fixtures/private_postgres.hpp"
#include "tests/fixtures/read_json.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

// The drill of docs/backup.md by the archive of PostgreSQL: the database comes back as it was
// before the last sales, orders and payments, which the world outside still knows of.

using namespace meisim::test;

namespace {

constexpr auto restore_point = "before_the_end";
constexpr int keyed_orders = 8;
constexpr int next_in_quarantine = 20;

class drill {
public:
  drill() {
    primary_.archive();
    here_ = std::make_unique<service>(std::vector<std::string>{"--rate-limits", "off"},
                                      primary_.connection());
    owner_ = here_->add_dealer("100000.00");
    sku_ = here_->get("/api/portal/v1/services/esim_supply_att/skus", {owner_.portal_header})
             .json()["skus"][0]["id"]
             .asString();
  }

  const service& here() const {
    return *here_;
  }

  service& here() {
    return *here_;
  }

  const service::account& owner() const {
    return owner_;
  }

  /// Buys two eSIMs from the stock; the status.
  long buy_at(const std::string& url) {
    auto answer = call({"POST",
                        url + "/api/portal/v1/services/esim_supply_att/execute",
                        {owner_.portal_header, "Content-Type: application/json"},
                        R"({"sku_id":")" + sku_ + R"(","quantity":2})"});
    if (answer.status == 200) {
      auto body = answer.json();
      for (const auto& esim : body["result"]["esims"])
        sold.push_back(esim["iccid"].asString());
    }
    return answer.status;
  }

  void buy(int times) {
    for (int i = 0; i < times; ++i)
      BOOST_REQUIRE_EQUAL(buy_at(here_->public_url()), 200);
  }

  /// Places the orders of this kind, each under its key; their ids.
  std::vector<std::string> order_at(const std::string& url, const std::string& kind) const {
    std::vector<std::string> ids;
    for (int i = 0; i < keyed_orders; ++i) {
      auto answer = call(
        {"POST",
         url + "/dealer/order",
         {owner_.key_header, "Content-Type: application/json",
          "Idempotency-Key: " + kind + '-' + std::to_string(i)},
         R"({"productId":"p3:data-us-5gb","customerEmail":"e@example.com","customerName":"E"})"});
      BOOST_REQUIRE_EQUAL(answer.status, 200);
      ids.push_back(answer.json()["orderId"].asString());
    }
    return ids;
  }

  /// Pays 100 dollars by card at Stripe; the session's id.
  std::string pay() const {
    auto started = here_->post("/dealer/topup", R"({"amountUsd":100})", {owner_.key_header});
    BOOST_REQUIRE_EQUAL(started.status, 200);
    auto url = started.json()["checkoutUrl"].asString();
    auto id = url.substr(url.rfind('/') + 1);
    auto paid = call({"POST", here_->sandbox_url() + "/test/stripe/pay/" + id, {}, {}});
    BOOST_REQUIRE_EQUAL(paid.status, 200);
    return id;
  }

  void wait_until_credited(const std::string& session) const {
    BOOST_REQUIRE(comes_true([&] {
      return here_->admin_get("/admin/v1/payments/" + session).json()["credited"].asBool();
    }));
  }

  void submit_batch() const {
    auto taken = here_->post("/dealer/esim-verify",
                             R"({"lpas":["LPA:1$h.test$AVAILABLE-1","LPA:1$h.test$USED-2"]})",
                             {owner_.key_header});
    BOOST_TEST(taken.status == 200, taken.body);
  }

  /// Where Stripe sends its events from now on; nowhere if empty.
  void tell_stripe(const std::string& url) const {
    auto told = call({"POST",
                      here_->sandbox_url() + "/test/stripe/webhook",
                      {},
                      R"({"url":")" + (url.empty() ? url : url + "/stripe/webhook") + R"("})"});
    BOOST_REQUIRE_EQUAL(told.status, 200);
  }

  /// How many eSIMs the provider has sold.
  int bought() const {
    return call({"GET", here_->sandbox_url() + "/test/provider/orders?limit=1", {}, {}})
      .json()["count"]
      .asInt();
  }

  bool has_open_orders() const {
    return ctl_at(here_->admin_url(), here_->home(), "--json order list --status processing")
      .says("shortId");
  }

  std::string head_file() const {
    return here_->home() + "/head.json";
  }

  /// Signs where all stands; the file is kept.
  void export_head() const {
    auto head = ctl_at(here_->admin_url(), here_->home(), "ledger check --make-key --export-head");
    BOOST_REQUIRE_MESSAGE(head.status == 0, head.output);
    std::ofstream{head_file()} << head.output;
  }

  /// A copy of the database's server, made while it works.
  void back_up() {
    copy_ = std::make_unique<private_postgres>(private_postgres::standby_of{primary_});
    copy_->stop_fast();
  }

  /// What comes after this is lost.
  void mark() {
    soci::session sql{soci::postgresql, primary_.connection()};
    std::string point = restore_point;
    sql << "SELECT pg_walfile_name(pg_create_restore_point(:point))", soci::use(point, "point"),
      soci::into(last_file_);
  }

  void lose_everything() {
    {
      soci::session sql{soci::postgresql, primary_.connection()};
      sql << "SELECT pg_switch_wal()";
      BOOST_REQUIRE(comes_true([&] {
        int archived = 0;
        sql << "SELECT count(*) FROM pg_stat_archiver WHERE last_archived_wal >= :file",
          soci::use(last_file_, "file"), soci::into(archived);
        return archived == 1;
      }));
    }
    here_->stop(SIGKILL);
    primary_.stop_immediately();
  }

  /// libpq's text of the database as it comes back.
  std::string restore() {
    copy_->restore_to(restore_point);
    auto name = here_->database_connection();
    auto connection = copy_->connection() + ' ' + name.substr(name.rfind("dbname="));
    BOOST_REQUIRE(comes_true([&] {
      soci::session sql{soci::postgresql, connection};
      int is_there = 0;
      sql << "SELECT (NOT pg_is_in_recovery())::int", soci::into(is_there);
      return is_there == 1;
    }));
    return connection;
  }

  /// The eSIMs that callers got from the stock, oldest first.
  std::vector<std::string> sold;

private:
  private_postgres primary_;
  std::unique_ptr<private_postgres> copy_;
  std::unique_ptr<service> here_;
  service::account owner_;
  std::string sku_, last_file_;
};

/// Today, as UTC has it.
std::string today() {
  return meisim::rfc3339(meisim::now()).substr(0, 10);
}

size_t count_of(const Json::Value& quarantine, const std::string& why) {
  return static_cast<size_t>(std::ranges::count_if(
    quarantine, [&](const auto& row) { return row["why"].asString() == why; }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(restore_drill_suite)

BOOST_AUTO_TEST_CASE(what_was_done_after_the_restore_point_is_neither_sold_nor_bought_again) {
  drill it;
  load clients;
  for (int i = 0; i < 3; ++i)
    clients.place_orders(it.here().public_url(), it.owner());
  BOOST_REQUIRE(answers_more(clients, 20));
  it.back_up();
  it.buy(5);
  it.submit_batch();
  it.wait_until_credited(it.pay());
  auto known = it.order_at(it.here().public_url(), "known");
  it.mark();

  // Lost: orders, sales, a batch, a payment that was credited, and one that nobody has told of yet.
  auto lost = it.order_at(it.here().public_url(), "lost");
  BOOST_REQUIRE(answers_more(clients, 20));
  it.submit_batch();
  auto sold_at_the_point = it.sold.size();
  it.buy(5);
  auto credited = it.pay();
  it.wait_until_credited(credited);
  it.export_head();
  auto sold_in_the_head = it.sold.size();
  it.buy(3);
  it.tell_stripe("");
  auto untold = it.pay();
  clients.stop();
  BOOST_REQUIRE(comes_true([&] { return !it.has_open_orders(); }, std::chrono::seconds{120}));
  auto bought = it.bought();
  it.lose_everything();

  held_node node{it.here(), it.restore()};
  // Stock that the database calls unsold may be sold, so nothing is sold before the release.
  BOOST_TEST(it.buy_at(node.url()) == 503);
  auto report = node.ctl("--json restore report --against-head " + it.head_file() + " --quarantine "
                         + std::to_string(next_in_quarantine));
  BOOST_REQUIRE_MESSAGE(report.status == 0, report.output);
  auto state = read_json(report.output);
  BOOST_TEST(state["held"].asBool());
  BOOST_TEST(!state["missingTransfers"].empty());
  BOOST_TEST(state["stripe"]["missing_here"].size() == 2u);
  BOOST_TEST(count_of(state["quarantine"], "sold") == sold_in_the_head - sold_at_the_point);
  BOOST_TEST(count_of(state["quarantine"], "next") == 2u * next_in_quarantine);

  // Stripe is not told that an unknown payment is done.
  it.tell_stripe(node.url());
  BOOST_TEST(comes_true([&] { return node.ctl("payment list --unmatched").says(untold); }));
  auto days = "--from " + state["knownUntil"].asString().substr(0, 10) + " --to " + today();
  // The node may still be waiting for the time of the one that is dead.
  BOOST_TEST(comes_true([&] { return node.ctl("stripe reconcile --book " + days).status == 0; }));
  for (const auto& session : {credited, untold})
    BOOST_TEST(read_json(node.ctl("--json payment show " + session).output)["credited"].asBool());
  it.tell_stripe(node.url());
  BOOST_TEST(comes_true([&] { return !node.ctl("payment list --unmatched").says("evt_"); }));

  BOOST_TEST(node.ctl("release").status == 0);
  auto known_again = it.order_at(node.url(), "known");
  auto lost_again = it.order_at(node.url(), "lost");
  BOOST_TEST(known_again == known, boost::test_tools::per_element());
  BOOST_TEST(lost_again == lost, boost::test_tools::per_element());
  BOOST_TEST(comes_true([&] { return !node.has_orders("processing"); }, std::chrono::seconds{180}));
  BOOST_TEST(!node.has_orders("failed"));
  BOOST_TEST(it.bought() == bought);

  for (int i = 0; i < 5; ++i)
    BOOST_REQUIRE_EQUAL(it.buy_at(node.url()), 200);
  std::set<std::string> each{it.sold.begin(), it.sold.end()};
  BOOST_TEST(each.size() == it.sold.size());
  auto proof = node.ctl("ledger check");
  BOOST_TEST(proof.status == 0, proof.output);
  BOOST_TEST(node.process.stop(SIGTERM) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
