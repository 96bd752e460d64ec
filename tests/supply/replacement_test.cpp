#include "protocols/supply/replacement.hpp"

#include <boost/test/unit_test.hpp>

// What a verdict about an eSIM that is said to be broken asks for next.

using namespace meisim;

namespace {

replacement_verdicts found(verdict first, std::optional<verdict> second = {},
                           const std::string& second_device = "two") {
  replacement_verdicts result;
  result.first = first;
  result.first_device = "one";
  result.second = second;
  result.second_device = second ? second_device : "";
  result.has_other_device = true;
  result.is_overdue = second.has_value();
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(replacement_decisions)

BOOST_AUTO_TEST_CASE(only_used_twice_replaces) {
  using enum verdict;
  BOOST_TEST((step_after(found(available)) == next_step::install_again));
  for (auto other : {invalid, error, unknown})
    BOOST_TEST((step_after(found(other)) == next_step::review));
  BOOST_TEST((step_after(found(used)) == next_step::ask_another_device));
  BOOST_TEST((step_after(found(used, used)) == next_step::replace));
  for (auto other : {available, invalid, error, unknown})
    BOOST_TEST((step_after(found(used, other)) == next_step::review));
}

BOOST_AUTO_TEST_CASE(no_device_confirms_itself) {
  BOOST_TEST((step_after(found(verdict::used, verdict::used, "one")) == next_step::review));
}

BOOST_AUTO_TEST_CASE(a_second_opinion_that_does_not_come_is_the_operators) {
  auto late = found(verdict::used);
  late.is_overdue = true;
  BOOST_TEST((step_after(late) == next_step::review));
}

BOOST_AUTO_TEST_CASE(a_cluster_of_one_device_has_no_other_opinion) {
  auto alone = found(verdict::used);
  alone.has_other_device = false;
  BOOST_TEST((step_after(alone) == next_step::replace));
}

BOOST_AUTO_TEST_SUITE_END()
