#include "http/endpoints/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

// What only some routes have. api_document_test.cpp compares more of the public routes.

using namespace meisim;
using namespace meisim::http;

namespace {

std::string name_of(const route& where) {
  return std::string{to_string(where.verb)} + ' ' + std::string{where.path};
}

std::vector<route> all_routes() {
  auto result = std::vector(public_routes().begin(), public_routes().end());
  result.insert(result.end(), admin_routes().begin(), admin_routes().end());
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(routes_suite)

BOOST_AUTO_TEST_CASE(a_body_has_64_kib_but_where_files_come_in) {
  const std::map<std::string, size_t> larger{
    {"POST /dealer/esim-verify", 16 * 1024 * 1024},
    {"POST /api/portal/v1/services/esim_validate/execute", 16 * 1024 * 1024},
    {"POST /admin/v1/inventory/:carrier/:plan", 16 * 1024 * 1024},
    {"POST /dealer/brand", 256 * 1024},
  };
  size_t found = 0;
  for (const auto& where : all_routes()) {
    auto known = larger.find(name_of(where));
    found += known != larger.end() ? 1 : 0;
    BOOST_TEST(where.extras.body_limit == (known != larger.end() ? known->second : 64 * 1024),
               name_of(where));
  }
  BOOST_TEST(found == larger.size());
}

BOOST_AUTO_TEST_CASE(pictures_and_documents_are_made_where_nobody_waits_behind_them) {
  std::set<std::string> found;
  for (const auto& where : all_routes())
    if (where.extras.is_long)
      found.insert(name_of(where));
  BOOST_TEST(found
               == (std::set<std::string>{"GET /dealer/receipts/:file", "GET /dealer/statement.pdf",
                                         "POST /dealer/brand"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_operators_routes_take_no_parameters_but_these) {
  const std::map<std::string, std::string> known{
    {"GET /admin/v1/audit", "actor subject since before limit"},
    {"GET /admin/v1/device-report", "days"},
    {"GET /admin/v1/events", "seconds"},
    {"POST /admin/v1/inventory/:carrier/:plan", "first_line lot cost_usd preview"},
    {"GET /admin/v1/inventory/quarantine", "limit"},
    {"GET /admin/v1/ledger/check", "since_last heads"},
    {"GET /admin/v1/orders", "q stuck status dealer since limit"},
    {"DELETE /admin/v1/session", "sessions"},
    {"GET /admin/v1/prices", "dealer country product all limit cursor"},
    {"GET /admin/v1/prices/explain", "product dealer at"},
    {"GET /admin/v1/routes", "product"},
    {"GET /admin/v1/routes/proposals", "country product"},
    {"GET /admin/v1/routes/explain", "product dealer"},
    {"GET /admin/v1/jobs", "failed kind limit"},
    {"GET /admin/v1/mails", "failed limit"},
    {"GET /admin/v1/batches", "running dealer limit"},
    {"GET /admin/v1/webhooks", "failed dealer limit"},
    {"GET /admin/v1/providers/:prefix/orders", "from to"},
    {"GET /admin/v1/providers/:prefix/list", "from to page"},
    {"GET /admin/v1/reports/sales", "from to by"},
    {"GET /admin/v1/reports/sales.csv", "from to"},
    {"GET /admin/v1/reports/ledger.csv", "from to"},
    {"GET /admin/v1/payments", "dealer limit"},
    {"GET /admin/v1/stripe/reconciliation", "from to"},
  };
  for (const auto& where : admin_routes()) {
    auto found = known.find(name_of(where));
    BOOST_TEST(where.extras.parameters == (found != known.end() ? found->second : ""),
               name_of(where));
  }
}

BOOST_AUTO_TEST_CASE(each_change_by_operators_has_a_kind_of_audit_event_of_its_own) {
  // One of these only reads, by a body that is too long for a query. The others have the events of
  // signing in and out.
  const std::set<std::string> others{"POST /admin/v1/ledger/heads", "POST /admin/v1/session",
                                     "DELETE /admin/v1/session"};
  std::map<audit_kind, std::string> routes;
  for (const auto& where : admin_routes()) {
    bool changes = where.verb != method::get && !others.contains(name_of(where));
    BOOST_TEST(is_of_operators(where.extras.audit) == changes, name_of(where));
    if (changes)
      BOOST_TEST(routes.emplace(where.extras.audit, name_of(where)).second,
                 name_of(where) << " has the kind of another route");
  }
  for (size_t i = 0; i < audit_kind_count; ++i) {
    auto kind = static_cast<audit_kind>(i);
    BOOST_TEST(routes.contains(kind) == is_of_operators(kind), to_string(kind));
  }
}

BOOST_AUTO_TEST_CASE(each_change_by_dealers_is_told_by_an_audit_event_or_by_rows_of_its_own) {
  using enum audit_kind;
  const std::map<std::string, audit_kind> told{
    {"POST /dealer/verify-otp", key_made},
    {"POST /dealer/auth/set-password", password_set},
    {"POST /dealer/auth/login", signed_in},
    {"POST /dealer/login", signed_in},
    {"POST /api/portal/v1/auth/login", signed_in},
    {"POST /dealer/session", signed_in},
    {"DELETE /dealer/session", signed_out},
    {"DELETE /dealer/sessions/:id", signed_out},
    {"POST /dealer/auth/logout", signed_out},
    {"POST /api/portal/v1/auth/logout", signed_out},
    {"POST /dealer/auth/second-factor/confirm", second_factor_set},
    {"POST /dealer/auth/second-factor/remove", second_factor_ended},
    {"POST /dealer/keys", key_made},
    {"DELETE /dealer/keys/:prefix", key_revoked},
    {"POST /dealer/webhooks", webhook_added},
    {"POST /dealer/webhooks/:id", webhook_changed},
    {"POST /dealer/webhooks/:id/rotate-secret", webhook_changed},
    {"DELETE /dealer/webhooks/:id", webhook_removed},
    {"POST /dealer/brand", brand_set},
    {"DELETE /dealer/brand", brand_set},
    {"POST /dealer/notices", notices_set},
    {"POST /api/v1/esim/revoke", esim_revoked},
    {"POST /dealer/esim-verify/:batch_id/cancel", batch_cancelled},
  };
  const std::set<std::string> others{
    // They only read.
    "POST /api/v1/esim/bundles",
    "POST /api/v1/esim/details",
    "POST /api/v1/topup/confirm",
    // The audit event of a view is written when the pass is given.
    "POST /dealer/session/view",
    // Nothing counts before a code has come back.
    "POST /dealer/send-otp",
    "POST /dealer/auth/second-factor",
    // They send what was there before.
    "POST /dealer/webhooks/:id/test",
    "POST /dealer/webhooks/:id/deliveries/:delivery/replay",
    // An order, payment, batch, purchase or check is itself a row that tells who has made it.
    "POST /api/v1/esim/order",
    "POST /api/v1/esim/topup",
    "POST /api/v1/topup/recharge",
    "POST /dealer/order",
    "POST /dealer/resend-email/:orderId",
    "POST /dealer/replace/:orderId",
    "POST /dealer/topup",
    "POST /dealer/topup-intent",
    "POST /stripe/webhook",
    // It only makes a job due sooner.
    "POST /provider/:prefix/webhook/:secret",
    "POST /dealer/esim-verify",
    "POST /api/portal/v1/services/esim_validate/execute",
    "POST /api/portal/v1/services/esim_supply_att/execute",
    "POST /api/portal/v1/esim-supply/replace",
  };
  std::set<std::string> found;
  for (const auto& where : public_routes()) {
    if (where.verb == method::get)
      continue;
    auto name = name_of(where);
    found.insert(name);
    BOOST_TEST(told.contains(name) != others.contains(name), name);
  }
  BOOST_TEST(found.size() == told.size() + others.size());
  // The dealers' other events follow from failed tries, or from the limits.
  std::set<audit_kind> kinds{sign_in_failed, sign_in_locked, key_displaced, limit_reached};
  for (const auto& [name, kind] : told)
    kinds.insert(kind);
  for (size_t i = 1; i < audit_kind_count; ++i) {
    auto kind = static_cast<audit_kind>(i);
    BOOST_TEST(kinds.contains(kind) != is_of_operators(kind), to_string(kind));
  }
}

BOOST_AUTO_TEST_CASE(each_route_that_takes_an_api_key_names_the_scopes_that_open_it) {
  for (const auto& where : public_routes()) {
    bool takes_key = where.who == access::dealer || where.who == access::any_dealer;
    bool is_named = !where.extras.scopes.is_empty();
    BOOST_TEST((is_named || !takes_key), name_of(where));
    // A route that only reads is open to everybody who may read.
    if (takes_key && where.verb == method::get)
      BOOST_TEST(where.extras.scopes.shares(scopes::read), name_of(where));
    if (takes_key && where.extras.takes_key)
      BOOST_TEST(!where.extras.scopes.shares(scopes::read), name_of(where));
  }
}

BOOST_AUTO_TEST_CASE(keys_are_taken_where_money_moves_and_nowhere_else) {
  const std::vector<std::string> wanted{
    "POST /api/v1/esim/order",
    "POST /api/v1/esim/topup",
    "POST /api/v1/topup/recharge",
    "POST /dealer/topup",
    "POST /dealer/topup-intent",
    "POST /dealer/order",
    "POST /dealer/resend-email/:orderId",
    "POST /dealer/replace/:orderId",
    "POST /dealer/esim-verify",
    "POST /api/portal/v1/services/esim_validate/execute",
    "POST /api/portal/v1/services/esim_supply_att/execute",
    "POST /admin/v1/dealers/:email/adjustments",
    "POST /admin/v1/dealers/:email/settlements",
    "POST /admin/v1/orders/:order/resend",
  };
  std::vector<std::string> found;
  for (const auto& where : all_routes()) {
    if (where.extras.takes_key)
      found.push_back(name_of(where));
    BOOST_TEST(!(where.extras.takes_key && where.extras.is_repeatable), name_of(where));
  }
  BOOST_TEST(found == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
