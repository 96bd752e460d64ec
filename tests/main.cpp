#include <boost/test/unit_test.hpp>

/// Runs what the test cases have registered; there is nothing to set up before.
int main(int argc, char** argv) {
  return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
