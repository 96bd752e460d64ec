#include "persistence/orders/order_desk.hpp"
#include "persistence/orders/orders.hpp"
#include "protocols/base/ascii.hpp"
#include "protocols/base/id.hpp"
#include "tests/fixtures/database.hpp"

#include <string>

// An order is found by whatever a customer can quote.

using namespace meisim;
using namespace meisim::test;

namespace {

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();
  order_id wanted = place("REF-7", "end@example.com");
  order_id other = place("REF-8", "else@example.com");

  fixture() {
    std::string id = to_string(wanted);
    db.session()
      << "INSERT INTO order_esims (order_id, unit, iccid, lpa, provider_order_id) VALUES "
         "(:id::uuid, 1, '89014104334455667788', 'LPA:1$sm.example.com$ABC-1', 'P-99')",
      soci::use(id, "id");
  }

  order_id place(const std::string& reference, const std::string& email) {
    auto id = order_id::make();
    std::string key = to_string(id);
    std::string owner = to_string(dealer);
    db.session() << "INSERT INTO orders (id, dealer_id, type, product, customer_reference, "
                    "customer_email, quantity, unit_price_cents, status, created_at) VALUES "
                    "(:id::uuid, :dealer::uuid, 'esim', 'p3:one', :reference, :email, 1, 500, "
                    "'completed', now())",
      soci::use(key, "id"), soci::use(owner, "dealer"), soci::use(reference, "reference"),
      soci::use(email, "email");
    return id;
  }

  /// The one order that is found by this; none if there is another number of them.
  order_id found_by(const std::string& quoted) {
    find_orders question;
    question.quoted = quoted;
    auto found = overviews_of(db, question).orders;
    return found.size() == 1 ? found.front().id : order_id{};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(quoted_orders_suite, fixture)

BOOST_AUTO_TEST_CASE(by_each_of_its_names) {
  auto is_found = [&](const std::string& quoted) {
    BOOST_TEST((found_by(quoted) == wanted), quoted << " finds it");
  };
  is_found(to_string(wanted));
  auto short_name = find_order(db, wanted)->short_id;
  is_found(short_name);
  is_found(lowered(short_name));
  is_found("REF-7");
  is_found("end@example.com");
  is_found("END@example.com");
  is_found("89014104334455667788");
  is_found("8901 4104 3344 5566 7788");
  is_found("LPA:1$SM.example.com$ABC-1");
  is_found("1$sm.example.com$ABC-1");
  is_found("P-99");
  BOOST_TEST((found_by("REF-8") == other));
  BOOST_TEST(!found_by("REF"));
  BOOST_TEST(!found_by("nobody@example.com"));
  BOOST_TEST(!found_by("$"));
}

BOOST_AUTO_TEST_SUITE_END()
