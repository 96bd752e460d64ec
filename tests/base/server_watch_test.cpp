#include "persistence/base/connection_text.hpp"
#include "persistence/base/server_watch.hpp"
#include "protocols/base/id.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <vector>

// Which of several servers sessions speak to.

using namespace meisim;

BOOST_AUTO_TEST_SUITE(server_watch_suite)

BOOST_AUTO_TEST_CASE(a_primary_that_was_replaced_is_not_gone_back_to) {
  server_watch watch;
  BOOST_TEST(watch.judge({"7301", 1}).empty());
  BOOST_TEST(watch.judge({"7301", 2}).empty());
  BOOST_TEST(!watch.is_current({"7301", 1}));
  auto flaw = watch.judge({"7301", 1});
  BOOST_TEST(flaw.find("timeline 1, and timeline 2 was seen") != std::string::npos, flaw);
  BOOST_TEST(watch.judge({"7301", 2}).empty());
}

BOOST_AUTO_TEST_CASE(another_cluster_is_refused_also_by_the_next_start) {
  auto file = std::filesystem::temp_directory_path() / to_string(make_uuid());
  {
    server_watch watch;
    watch.keep_in(file);
    BOOST_TEST(watch.judge({"7301", 4}).empty());
  }
  server_watch again;
  again.keep_in(file);
  auto flaw = again.judge({"7302", 9});
  BOOST_TEST(flaw.find("another database cluster") != std::string::npos, flaw);
  BOOST_TEST(flaw.find(file.string()) != std::string::npos);
  BOOST_TEST(!again.judge({"7301", 3}).empty());
  std::filesystem::remove(file);
}

BOOST_AUTO_TEST_CASE(after_a_failure_there_is_a_pause) {
  server_watch watch;
  BOOST_TEST(!watch.must_wait());
  for (int i = 0; i < 10; ++i)
    watch.note_failure("connection refused");
  BOOST_TEST(watch.must_wait());
  BOOST_TEST(watch.trouble() == "connection refused");
  watch.note_success();
  BOOST_TEST(!watch.must_wait());
  BOOST_TEST(watch.trouble().empty());
}

BOOST_AUTO_TEST_CASE(a_host_that_does_not_answer_is_waited_for_last_and_by_one_session) {
  using places = std::vector<size_t>;
  server_watch watch;
  BOOST_TEST(watch.order_of(3) == (places{0, 1, 2}), boost::test_tools::per_element());
  watch.note_silence(0);
  // It has just been tried.
  BOOST_TEST(watch.order_of(3) == (places{1, 2}), boost::test_tools::per_element());
  watch.note_answer(0);
  BOOST_TEST(watch.order_of(3) == (places{0, 1, 2}), boost::test_tools::per_element());
  // Without another one it is tried all the same.
  watch.note_silence(0);
  BOOST_TEST(watch.order_of(1) == (places{0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_host_has_a_text_of_its_own_and_what_the_operator_says_holds) {
  auto texts = connection_texts("host=db1,db2 port=5433 dbname=x connect_timeout=9 "
                                "options='-c statement_timeout=3s'",
                                "ledger");
  BOOST_REQUIRE_EQUAL(texts.size(), 2u);
  auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  BOOST_TEST(has(texts[0], "host='db1' "));
  BOOST_TEST(has(texts[1], "host='db2' "));
  BOOST_TEST(has(texts[1], "port='5433' "));
  BOOST_TEST(has(texts[0], "connect_timeout='9' "));
  BOOST_TEST(has(texts[0], "tcp_user_timeout='3000' "));
  BOOST_TEST(has(texts[0], "application_name='meisim ledger' "));
  // PostgreSQL takes the last of two.
  BOOST_TEST(texts[0].find("statement_timeout=10s") < texts[0].find("statement_timeout=3s"));
  BOOST_TEST(connection_texts("postgresql://u@db1,db2/x", "r").size() == 2u);
  BOOST_TEST(connection_texts("nonsense", "r").front() == "nonsense");
}

BOOST_AUTO_TEST_SUITE_END()
