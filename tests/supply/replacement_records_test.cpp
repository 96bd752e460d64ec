#include "persistence/supply/replacements.hpp"
#include "persistence/supply/stock.hpp"
#include "persistence/verification/devices.hpp"
#include "persistence/verification/row_leases.hpp"
#include "persistence/verification/verification.hpp"
#include "tests/fixtures/database.hpp"
#include "tests/fixtures/postings.hpp"

// Replacements as the database keeps them: who confirms what, in a cluster of nodes that have a
// device each.

using namespace meisim;
using namespace meisim::test;

namespace {

const pool_name att{"att", "qr"};
const std::string broken = "8901410000000000001";

/// A node, by the one device at it.
struct device_site {
  std::string owner;
  std::string device;
};

const device_site west{"west 1", "west.card"};
const device_site east{"east 1", "east.card"};

struct fixture : database_fixture {
  dealer_id dealer = open_dealer();
  replacement_view check = begin();

  /// A check of the dealer's only eSIM; another one is in stock.
  replacement_view begin() {
    insert_stock(
      db,
      {att, {{1, broken, "LPA:1$smdp.test$A"}, {2, "8901410000000000002", "LPA:1$smdp.test$B"}}});
    deciding_hand hand{db, dealer};
    auto first = sellable_rows(db, {att, 1, {}, {}}).rows;
    std::vector<std::shared_ptr<const decided_posting>> batch{
      hand.decide(topup(dealer, dollars(10))),
      hand.decide(sale_of(dealer, 1'000, sku_id::make(), first))};
    commit_postings(db, batch);
    return begin_replacement(db, {dealer, broken}).value();
  }

  void tell_of(const device_site& site, device_state state = device_state::idle) {
    device_report report;
    report.name = site.device;
    report.state = state;
    update_devices(db, {{report}});
  }

  /// How many rows the node gets; it finds this about each.
  size_t check_at(const device_site& site, verdict what) {
    auto grant = lease_open_rows(db, {site.owner, 4, 30, {site.device}});
    std::vector<checked_row> rows;
    for (const auto& chunk : grant.chunks)
      for (const auto& row : chunk.rows) {
        finding found;
        found.what = what;
        rows.push_back({chunk.lease, chunk.batch, row.number, found, site.device, now(), now()});
      }
    write_findings(db, {rows, {}, 30, false});
    return rows.size();
  }

  /// Takes the step that the verdicts ask for, as the job about this batch does.
  replacement_view decide(batch_id batch) {
    auto found = verdicts_of(db, batch).value();
    return apply_step(db, {found.check, step_after(found), found.first_device, "", batch});
  }

  batch_id first_batch() const {
    return batch_id{check.id.value};
  }

  batch_id second_batch() {
    return batch_id::parse(
             value_of<std::string>("SELECT second_batch::text FROM replacement_checks"))
      .value();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(replacement_records_suite, fixture)

BOOST_AUTO_TEST_CASE(used_is_confirmed_by_a_device_of_another_node) {
  tell_of(west);
  tell_of(east);
  BOOST_TEST(check_at(west, verdict::used) == 1u);
  BOOST_TEST((decide(first_batch()).what == decision::pending));
  BOOST_TEST(check_at(west, verdict::used) == 0u);
  // A job that is done once more changes nothing.
  BOOST_TEST((decide(first_batch()).what == decision::pending));
  BOOST_TEST(check_at(east, verdict::used) == 1u);
  auto end = decide(second_batch());
  BOOST_TEST((end.what == decision::replaced));
  BOOST_REQUIRE(end.replacement);
  BOOST_TEST(end.replacement->iccid == "8901410000000000002");
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs") == 0);
}

BOOST_AUTO_TEST_CASE(a_lease_that_ran_out_does_not_go_to_the_device_that_said_so_first) {
  tell_of(west);
  tell_of(east);
  check_at(west, verdict::used);
  decide(first_batch());
  BOOST_TEST(lease_open_rows(db, {east.owner, 4, 30, {east.device}}).chunks.size() == 1u);
  run("UPDATE row_leases SET lease_until = now() - interval '1 second'");
  BOOST_TEST(check_at(west, verdict::used) == 0u);
  BOOST_TEST(lease_open_rows(db, {west.owner, 4, 30, {west.device, "west.card-2"}}).chunks.size()
             == 1u);
}

BOOST_AUTO_TEST_CASE(without_a_second_opinion_it_is_the_operators) {
  tell_of(west);
  tell_of(east, device_state::resting);
  check_at(west, verdict::used);
  decide(first_batch());
  BOOST_TEST(value_of<int>("SELECT count(*) FROM jobs WHERE run_at > now() + interval '14 minutes'")
             == 1);
  auto found = verdicts_of(db, second_batch()).value();
  BOOST_TEST(found.is_overdue);
  auto left = apply_step(
    db, {check.id, step_after(found), found.first_device, "no second device", second_batch()});
  BOOST_TEST((left.what == decision::admin_review));
  auto reviews = open_reviews(db).reviews;
  BOOST_REQUIRE(reviews.size() == 1u);
  BOOST_TEST(reviews[0].note == "no second device");
  BOOST_TEST(reviews[0].validator_status == "used");
}

BOOST_AUTO_TEST_CASE(the_only_device_of_a_cluster_is_believed) {
  tell_of(west);
  tell_of(east, device_state::drained);
  check_at(west, verdict::used);
  BOOST_TEST((decide(first_batch()).what == decision::replaced));
}

BOOST_AUTO_TEST_CASE(what_is_withdrawn_replaces_nothing) {
  tell_of(west);
  withdraw_rows(db, {{"", {"8901410000000000002"}}, "recalled"});
  check_at(west, verdict::used);
  BOOST_TEST((decide(first_batch()).what == decision::awaiting_restock));
}

BOOST_AUTO_TEST_CASE(an_esim_is_found_however_its_iccid_is_written) {
  auto other_dealer = open_dealer("other@example.test");
  run("UPDATE inventory SET iccid = '89014103211118510720' WHERE iccid = '" + broken + "'");
  BOOST_TEST((begin_replacement(db, {dealer, "8901410321111851072"}).value().id == check.id));
  BOOST_TEST(!begin_replacement(db, {other_dealer, "8901410321111851072"}));
}

BOOST_AUTO_TEST_SUITE_END()
