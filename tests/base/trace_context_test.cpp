#include "protocols/base/trace_context.hpp"

#include <boost/test/unit_test.hpp>

// Traces as the W3C writes them.

using namespace meisim;

namespace {

const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string parent = "00f067aa0ba902b7";

} // namespace

BOOST_AUTO_TEST_SUITE(trace_context_suite)

BOOST_AUTO_TEST_CASE(a_trace_is_passed_on_as_it_came) {
  auto header = "00-" + trace + '-' + parent + "-01";
  BOOST_TEST(trace_parent_in(header) == header);
  BOOST_TEST(trace_id_of(header) == trace);
}

BOOST_AUTO_TEST_CASE(a_later_version_is_passed_on_as_the_first) {
  BOOST_TEST(trace_parent_in("cc-" + trace + '-' + parent + "-01-what-else")
             == "00-" + trace + '-' + parent + "-01");
}

BOOST_AUTO_TEST_CASE(what_is_no_trace_is_none) {
  const std::string zeros(32, '0');
  for (const auto& header :
       {std::string{}, std::string{"x"}, std::string(55, '-'), "00-" + trace + '-' + parent,
        "ff-" + trace + '-' + parent + "-01", "00-" + zeros + '-' + parent + "-01",
        "00-" + trace + '-' + zeros.substr(0, 16) + "-01",
        "00-" + trace + '-' + parent + "-01-more", "cc-" + trace + '-' + parent + "-01more",
        "00-" + trace.substr(1) + "F-" + parent + "-01", "00_" + trace + '-' + parent + "-01",
        "00-" + trace + '-' + parent + "-\r\n"})
    BOOST_TEST(trace_parent_in(header).empty(), header);
  BOOST_TEST(trace_id_of({}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
