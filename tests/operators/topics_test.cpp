#include "protocols/operators/topics.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// How far a follower of the operators' topics has read, and what is new to it.

using namespace meisim;

BOOST_AUTO_TEST_SUITE(topics_suite)

BOOST_AUTO_TEST_CASE(marks_are_read_as_they_were_written) {
  topic_marks marks{0, 1, 0xfedc'ba98'7654'3210U, 17};
  BOOST_TEST(write_topic_marks(marks) == "0-1-fedcba9876543210-11");
  auto read = read_topic_marks(write_topic_marks(marks));
  BOOST_REQUIRE(read);
  BOOST_TEST(*read == marks, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(whatever_else_is_shown_as_an_id_is_refused) {
  std::string many = "0";
  for (int i = 0; i < 64; ++i)
    many += "-0";
  for (const auto& text : std::vector<std::string>{"", "-", "1-", "-1", "1--2", "1 2", "0x1", "+1",
                                                   "yesterday", "10000000000000000", many})
    BOOST_TEST(!read_topic_marks(text), text);
}

BOOST_AUTO_TEST_CASE(only_what_is_not_as_it_was_is_told) {
  topic_marks before(topics.size(), 7);
  auto after = before;
  BOOST_TEST(changed_topics(before, after).empty());
  after.front() = 8;
  after.back() = 8;
  std::vector<std::string_view> wanted{"orders.changed", "health.changed"};
  BOOST_TEST(changed_topics(before, after) == wanted, boost::test_tools::per_element());
  // Marks that are not of these topics say nothing.
  BOOST_TEST(changed_topics({1, 2}, after).size() == topics.size());
}

BOOST_AUTO_TEST_SUITE_END()
