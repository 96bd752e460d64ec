#define BOOST_TEST_MODULE meisim
#include <boost/test/unit_test.hpp>
