#include "tests/fixtures/comes_true.hpp"
#include "tests/fixtures/service.hpp"
#include "tests/fixtures/waiting_session.hpp"
#include "tests/orders/at_providers.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <map>

// A node is killed at each moment of an order at each of the providers that exist, as the sandbox
// plays them. Whatever the moment, the provider has sold it once in the end, and it is delivered.

using namespace meisim::test;

namespace {

/// How often the node is killed for each provider at least, and at each moment at least once. Many
/// take long: scripts/torture --providers.
int wanted_kills() {
  const char* text = std::getenv("MEISIM_KILLS");
  return text != nullptr ? std::atoi(text) : 1;
}

struct seller {
  std::string prefix;
  /// Where it is in the sandbox, and where below that it takes orders.
  std::string root;
  std::string orders;
  std::string product;
  bool tops_up_sims = false;
  /// Whether its orders are noted before.
  bool is_noted = true;
};

const std::vector<seller> sellers{
  {"p5", "/esim-go-api", "/orders", "p5:esim_5GB_30D_JP_V2"},
  {"p6", "/esim-access-api", "/esim/order", "p6:JP_5_30"},
  {"p7", "/airalo-api", "/orders", "p7:jp-5gb-30days"},
  {"p8", "/reloadly-api", "/topups-async", "p8:Vodafone-UK-341", true},
  {"p9", "/dt-one-api", "/async/transactions", "p9:Vodafone-UK-11-GBP", true, false},
};

enum class sold_there : uint8_t { no, yes };
enum class whose : uint8_t { all, noted, esims };

/// When the node is killed.
struct moment {
  std::string name;
  /// Where the sandbox's gate stops the call: `request` or `answer`; empty for nowhere.
  std::string gate;
  /// The lock that keeps the node's next statement waiting; empty for none.
  std::string lock;
  /// What holds in the database then.
  std::string state;
  sold_there sold = sold_there::yes;
  whose orders = whose::all;
};

const std::string lock_notes = "LOCK TABLE provider_intents IN SHARE MODE";
const std::string open_note = "EXISTS (SELECT FROM provider_intents WHERE provider_order IS NULL)";
const std::string delivered_unit =
  "EXISTS (SELECT FROM order_esims e JOIN orders o ON o.id = e.order_id "
  "WHERE o.status = 'processing')";

/// The first one comes first because its orders are looked for among all of the eleven minutes
/// before, and what eSIM Go lists ends at a hundred.
const std::vector<moment> moments{
  {"the call has not arrived", "request", "", open_note, sold_there::no},
  {"it is not noted that the provider is asked", "", lock_notes, "NOT " + open_note, sold_there::no,
   whose::noted},
  {"the provider has sold and not answered", "answer", "", open_note},
  {"the answer has come and is not noted", "answer", lock_notes, open_note, sold_there::yes,
   whose::noted},
  {"what was bought is not stored", "answer", "LOCK TABLE order_esims, recharges IN SHARE MODE",
   "NOT " + open_note + " AND NOT " + delivered_unit},
  {"the order is not completed", "answer",
   "SELECT id FROM orders WHERE status = 'processing' FOR NO KEY UPDATE", delivered_unit,
   sold_there::yes, whose::esims},
};

bool has(const seller& one, const moment& when) {
  switch (when.orders) {
  case whose::noted:
    return one.is_noted;
  case whose::esims:
    return !one.tops_up_sims;
  case whose::all:
    break;
  }
  return true;
}

/// How many kills at each of a provider's moments come to as many as are wanted.
int kills_at_each(const seller& one) {
  auto its_own = std::ranges::count_if(moments, [&](const auto& when) { return has(one, when); });
  auto count = static_cast<int>(its_own);
  return (wanted_kills() + count - 1) / count;
}

/// Keeps others waiting as long as it lives.
struct held_lock {
  meisim::database db;
  meisim::transaction open{db};

  held_lock(const std::string& connection, const std::string& statement)
    : db(connection, "lock holder") {
    db.session() << "SET LOCAL idle_in_transaction_session_timeout = 0";
    db.session() << statement;
  }
};

struct fixture {
  service here{{"--rate-limits", "off", "--provider", "p5=esim-go@{sandbox}/esim-go-api",
                "--provider", "p6=esim-access@{sandbox}/esim-access-api", "--provider",
                "p7=airalo@{sandbox}/airalo-api", "--provider",
                "p8=reloadly@{sandbox}/reloadly-api", "--provider",
                "p9=dt-one@{sandbox}/dt-one-api"}};
  service::account owner = here.add_dealer("1000000.00");
  meisim::database db{here.database_connection(), "test"};
  /// Orders by prefix.
  std::map<std::string, int> placed;
  /// Callers that wait for their answers.
  std::vector<std::future<web_reply>> callers;

  void run(const std::string& statement) {
    db.session() << statement;
  }

  int count_of(const seller& at, const std::string& condition) {
    int count = 0;
    db.session() << "SELECT count(*) FROM orders WHERE left(product, 2) = '" + at.prefix + "' AND "
                      + condition,
      soci::into(count);
    return count;
  }

  bool is_true(const std::string& condition) {
    int result = 0;
    db.session() << "SELECT (" + condition + ")::int", soci::into(result);
    return result == 1;
  }

  bool is_listed(const seller& at) const {
    if (at.tops_up_sims)
      return here.get("/api/v1/topup/networks", {owner.key_header}).body.find(at.product)
             != std::string::npos;
    return here
             .post("/api/v1/esim/order",
                   R"({"bundleName":")" + at.product + R"(","validateOnly":true})",
                   {owner.key_header})
             .status
           == 200;
  }

  void place(const seller& at) {
    ++placed[at.prefix];
    if (!at.tops_up_sims) {
      auto answer = here.post("/dealer/order",
                              R"({"productId":")" + at.product
                                + R"(","customerEmail":"e@example.com","customerName":"E"})",
                              {owner.key_header});
      BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
      return;
    }
    web_call what{"POST",
                  here.public_url() + "/api/v1/topup/recharge",
                  {owner.key_header, "Content-Type: application/json"},
                  R"({"networkName":")" + at.product
                    + R"(","contactNumber":"+447700900000","topUpValue":5})"};
    // It is answered when the top-up has ended, or never.
    callers.push_back(std::async(std::launch::async, [what] { return call(what, true); }));
  }

  /// Where the calls for orders are stopped from now on; what was stopped goes on.
  void set_gate(const std::string& at, const std::vector<seller>& of) const {
    std::string paths;
    for (const auto& one : of)
      paths += (paths.empty() ? "\"" : ",\"") + one.root + one.orders + '"';
    // What eSIM Go is asked before an order buys nothing.
    auto wish = R"({"at":")" + at + R"(","unless":"\"validate\"","paths":[)" + paths + "]}";
    BOOST_REQUIRE(call({"POST", here.sandbox_url() + "/test/gate", {}, wish}).status == 200);
  }

  size_t stopped() const {
    auto shown = call({"GET", here.sandbox_url() + "/test/gate", {}, {}}).json();
    return shown["stopped"].asUInt();
  }

  /// Orders, and has the node come as far as this moment and no further.
  std::unique_ptr<held_lock> reach(const moment& when, const std::vector<seller>& of) {
    auto keep_waiting = [&] {
      return std::make_unique<held_lock>(here.database_connection(), when.lock);
    };
    std::unique_ptr<held_lock> lock;
    if (when.gate.empty())
      lock = keep_waiting();
    set_gate(when.gate, of);
    for (const auto& one : of)
      place(one);
    for (const auto& one : of)
      BOOST_REQUIRE(comes_true([&] { return count_of(one, "true") == placed[one.prefix]; }));
    if (!when.gate.empty()) {
      BOOST_REQUIRE(comes_true([&] { return stopped() == of.size(); }));
      if (!when.lock.empty()) {
        lock = keep_waiting();
        set_gate("", {});
      }
    }
    if (lock)
      BOOST_REQUIRE(somebody_waits(here.database_connection()));
    return lock;
  }

  /// What the dead node had asked PostgreSQL for is not done when the lock goes.
  void end_sessions_that_wait() {
    int ended = 0;
    db.session() << "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND wait_event_type = 'Lock'",
      soci::into(ended);
  }

  void kill_at(const moment& when, const std::vector<seller>& of) {
    bool is_sold = when.sold == sold_there::yes;
    std::map<std::string, int> before;
    for (const auto& one : of) {
      BOOST_REQUIRE(comes_true([&] { return is_listed(one); }));
      before[one.prefix] = sold_at(here, one.root);
    }
    auto lock = reach(when, of);
    for (const auto& one : of)
      BOOST_TEST(sold_at(here, one.root) == before[one.prefix] + (is_sold ? 1 : 0), when.name);
    // DT One's orders alone leave no note.
    if (when.state != open_note || std::ranges::any_of(of, &seller::is_noted))
      BOOST_TEST(is_true(when.state), when.name);
    here.stop(SIGKILL);
    end_sessions_that_wait();
    lock.reset();
    set_gate("", {});
    // The dead node's leases end, and a call that is lost is given up.
    run("UPDATE jobs SET run_at = now() WHERE kind = 'fulfil'");
    if (!is_sold)
      run("UPDATE provider_intents SET asked_at = asked_at - interval '11 minutes' "
          "WHERE provider_order IS NULL");
    here.start();
    callers.clear();
    for (const auto& one : of) {
      BOOST_TEST(
        comes_true([&] { return count_of(one, "status = 'completed'") == placed[one.prefix]; }),
        one.prefix << ", " << when.name);
      BOOST_TEST(sold_at(here, one.root) == before[one.prefix] + 1,
                 one.prefix << ", " << when.name);
    }
  }
};

/// Whose orders are under way at a kill, the first of a moment being 0. At the gate the calls to
/// all are seen to stop. Of those that wait for the database only one is seen: there each is alone.
std::vector<std::vector<seller>> groups_for(const moment& when, int kill) {
  std::vector<seller> all;
  for (const auto& one : sellers)
    if (has(one, when) && kill < kills_at_each(one))
      all.push_back(one);
  if (when.lock.empty() && !all.empty())
    return {all};
  std::vector<std::vector<seller>> each;
  for (const auto& one : all)
    each.push_back({one});
  return each;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_kills_suite, fixture)

BOOST_AUTO_TEST_CASE(each_provider_sells_once_whenever_the_node_dies) {
  for (const auto& when : moments) {
    int kills = 0;
    for (int kill = 0; kill < wanted_kills(); ++kill)
      for (const auto& group : groups_for(when, kill)) {
        kill_at(when, group);
        ++kills;
      }
    BOOST_TEST_MESSAGE(when.name << ": " << kills << " kills");
  }
  for (const auto& one : sellers) {
    BOOST_TEST(placed[one.prefix] >= wanted_kills(), one.root);
    BOOST_TEST_MESSAGE(one.root << ": " << placed[one.prefix] << " orders, one kill each, "
                                << sold_at(here, one.root) << " sold there, "
                                << count_of(one, "status = 'completed'") << " delivered here");
  }
  BOOST_TEST(here.is_ledger_ok());
}

BOOST_AUTO_TEST_SUITE_END()
