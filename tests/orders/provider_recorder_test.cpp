#include "actors/orders/provider_recorder.hpp"
#include "tests/fixtures/actors.hpp"
#include "tests/fixtures/provider_replay.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

// What a provider says is written down without what is secret, and can be played back.

using namespace meisim;
using namespace meisim::test;
using namespace std::chrono_literals;

namespace {

constexpr auto provider_url = "http://provider/v2.5";
constexpr auto iccid = "8944465400000012340";
constexpr auto account = R"({"balance":12.5,"currency":"USD","apiKey":"my-own-key"})";
constexpr auto bundles = R"({"bundles":[{"name":"b","description":"Japan","countries":[)"
                         R"({"iso":"JP","name":"Japan"}],"dataAmount":5000,"duration":30,)"
                         R"("price":6.5}],"pageCount":1})";
constexpr auto order = R"({"orderReference":"go-1","status":"completed","total":6.5,"order":[{)"
                       R"("item":"b","esims":[{"iccid":"8944465400000012340",)"
                       R"("matchingId":"ABC-123","smdpAddress":"smdp.example"}]}]})";

intent_store_actor::behavior_type willing_store(intent_store_actor::pointer) {
  return {
    [](const begin_intent&) {
      intent result;
      result.may_ask = true;
      result.asked_at = now();
      return result;
    },
    [](const claim_order& wish) {
      return claimed_order{wish.candidates.at(0), 1};
    },
    [](const end_intent&) {},
    [](tick_atom) {},
  };
}

/// What eSIM Go would answer.
std::string answer_of(const web_request& request) {
  if (request.url.ends_with("/organisation"))
    return account;
  return request.method == "POST" ? order : bundles;
}

struct fixture : actor_fixture {
  std::filesystem::path folder =
    std::filesystem::temp_directory_path() / ("meisim-record-" + std::to_string(getpid()));
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();

  fixture() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }

  ~fixture() {
    std::filesystem::remove_all(folder);
  }

  provider_settings settings() {
    provider_settings result;
    result.name = "p5";
    result.has_bare_names = true;
    result.format = &esim_go_format;
    result.url = provider_url;
    result.api_key = "my-own-key";
    result.intents = spawn(willing_store);
    return result;
  }

  provider_outcome buy(const provider_actor& from) {
    advance(5s);
    auto outcome = ask<provider_outcome>(system, from, provider_order{"r-1", "p5:b", {}});
    settle();
    advance(5s);
    return outcome.get();
  }

  /// All that was written.
  std::string written() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
      std::ifstream in{entry.path()};
      all.append(std::istreambuf_iterator<char>{in}, {});
    }
    return all;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_recorder_suite, fixture)

BOOST_AUTO_TEST_CASE(exchanges_are_written_without_secrets_and_can_be_played_back) {
  auto recorded = settings();
  recorded.observer = record_exchanges(folder.string(), recorded);
  auto real = spawn(provider, recorded, web_connector{[](provider_actor to) {
                      return [to](const web_request& request) {
                        web_answer answer;
                        answer.call_id = request.call_id;
                        answer.status = 200;
                        answer.body = answer_of(request);
                        caf::anon_send(to, answer);
                      };
                    }},
                    registry);
  auto bought = buy(real);
  BOOST_REQUIRE((bought.verdict == provider_verdict::placed));
  BOOST_TEST(bought.bought.iccid == iccid);
  auto all = written();
  BOOST_TEST(all.find("/orders") != std::string::npos);
  BOOST_TEST(all.find("go-1") != std::string::npos);
  for (const auto* secret : {"my-own-key", iccid, "ABC-123"})
    BOOST_TEST(all.find(secret) == std::string::npos, secret);

  provider_replay played{folder};
  auto again = settings();
  auto sut = spawn(provider, again, played.connector(provider_url), registry);
  auto outcome = buy(sut);
  BOOST_TEST((outcome.verdict == provider_verdict::placed));
  BOOST_TEST(outcome.bought.provider_order_id == "go-1");
  BOOST_TEST(outcome.bought.iccid.size() == bought.bought.iccid.size());
  BOOST_TEST(outcome.bought.lpa.starts_with("LPA:1$smdp.example$"));
  BOOST_TEST(played.strange_calls().empty());
  auto other = ask<provider_text>(system, sut, esim_question{iccid, false, "p5:b"});
  advance(30s);
  BOOST_TEST(!played.strange_calls().empty());
}

BOOST_AUTO_TEST_CASE(secrets_have_stand_ins_that_stay_the_same) {
  secret_mask mask;
  mask.hide("the-key");
  auto text = mask.mask(R"({"token": "t","iccid":8944465400000012340,"ac":"LPA:1$h.example$M-1",)"
                        R"("matchingId":"M-1","note":"89 and 12389444654000000123401 stay",)"
                        R"("key":"the-key"})");
  BOOST_TEST(text.find("the-key") == std::string::npos);
  BOOST_TEST(text.find("M-1") == std::string::npos);
  BOOST_TEST(text.find("8944465400000012340,") == std::string::npos);
  BOOST_TEST(text.find("89 and 12389444654000000123401 stay") != std::string::npos);
  BOOST_TEST(text.find("LPA:1$h.example$HIDDEN-") != std::string::npos);
  // The code and the matching id are still the same.
  auto code = text.substr(text.find("$h.example$") + 11);
  code = code.substr(0, code.find('"'));
  BOOST_TEST(text.find("\"matchingId\":\"" + code + '"') != std::string::npos);
  BOOST_TEST(mask.mask("client_id=me&client_secret=x&grant_type=y").find("grant_type=y")
             != std::string::npos);
  BOOST_TEST(mask.mask("client_id=me&client_secret=x").find("=x") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
