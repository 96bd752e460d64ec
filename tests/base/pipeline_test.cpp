#include "persistence/money/pipeline.hpp"
#include "tests/fixtures/database.hpp"

#include <stdexcept>

// Statements that travel together.

using namespace meisim;
using namespace meisim::test;

namespace {

constexpr auto insert_all = "INSERT INTO everything SELECT * FROM unnest($1::everything[])";

constexpr auto insert_numbers =
  "INSERT INTO numbers (number, word) SELECT * FROM unnest($1::number_row[])";

struct fixture : database_fixture {
  fixture() {
    run("CREATE TABLE everything (yes boolean, small smallint, whole integer, big bigint,"
        " words text, bytes bytea, who uuid, at timestamptz, document jsonb, list uuid[],"
        " bits bit(16))");
    run("CREATE TYPE number_row AS (number integer, word text)");
    run("CREATE TABLE numbers (number integer CONSTRAINT numbers_pkey PRIMARY KEY, word text)");
  }

  void add_numbers(pipeline& to, int32_t first, int32_t count) {
    auto& rows = to.rows_for(insert_numbers);
    for (auto number = first; number < first + count; ++number) {
      rows.row();
      rows.add(number);
      rows.add(std::to_string(number));
    }
  }

  int numbers() {
    return value_of<int>("SELECT count(*)::integer FROM numbers WHERE word = number::text");
  }

  int prepared() {
    return value_of<int>(
      "SELECT count(*)::integer FROM pg_prepared_statements WHERE name LIKE 'pipelined%'");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(pipeline_suite, fixture)

BOOST_AUTO_TEST_CASE(values_arrive_as_they_were) {
  pipeline all{db};
  auto& rows = all.rows_for(insert_all);
  auto who = dealer_id::make();
  std::vector<uuid> list{make_uuid(), make_uuid()};
  rows.row();
  rows.add(true);
  rows.add(int16_t{-2});
  rows.add(int32_t{-3});
  rows.add(int64_t{-4'000'000'000});
  rows.add("{\"it's\", NULL, \\x} é");
  rows.add(sha256("bytes"));
  rows.add(who);
  rows.add(from_micros(1'764'000'000'123'456));
  rows.add_optional_json(R"({"a":[1,"b"]})");
  rows.add(list);
  rows.add_bits("\xA0\x01");
  rows.row();
  rows.add(false);
  rows.add(int16_t{2});
  rows.add_null();
  rows.add_null();
  rows.add_optional("");
  rows.add_null();
  rows.add(dealer_id{});
  rows.add_null();
  rows.add_optional_json("");
  rows.add(std::vector<uuid>{});
  rows.add_null();
  all.run();
  auto first = value_of<std::string>(
    "SELECT concat_ws('|', yes, small, whole, big, words, encode(bytes, 'hex'), who,"
    " (extract(epoch FROM at) * 1000000)::bigint, document->'a'->>1, list, bits)"
    " FROM everything WHERE yes");
  BOOST_TEST(first
             == "t|-2|-3|-4000000000|{\"it's\", NULL, \\x} é|" + to_hex(sha256("bytes")) + "|"
                  + to_string(who) + "|1764000000123456|b|{" + to_string(list[0]) + ","
                  + to_string(list[1]) + "}|1010000000000001");
  BOOST_TEST(value_of<int>("SELECT num_nulls(yes, small, whole, big, words, bytes, who, at,"
                           " document, list, bits) FROM everything WHERE NOT yes")
             == 8);
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_refused_before_it_is_sent) {
  pipeline all{db};
  auto& rows = all.rows_for(insert_numbers);
  rows.row();
  BOOST_CHECK_THROW(rows.add(int64_t{1}), std::logic_error);
  rows.add(int32_t{1});
  BOOST_CHECK_THROW(rows.add(int32_t{1}), std::logic_error);
  BOOST_CHECK_THROW(all.rows_for("SELECT $1::integer"), std::logic_error);
  BOOST_CHECK_THROW(all.rows_for("SELECT $1::point[]"), std::logic_error);
  run("CREATE TYPE place_row AS (name text, place point)");
  BOOST_CHECK_THROW(all.rows_for("SELECT $1::place_row[]"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_row_with_too_few_or_too_many_columns_is_refused_before_it_is_sent) {
  pipeline all{db};
  auto& rows = all.rows_for(insert_numbers);
  rows.row();
  rows.add(int32_t{1});
  BOOST_CHECK_THROW(rows.row(), std::logic_error);
  rows.add("1");
  BOOST_CHECK_THROW(rows.add("1"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(rows_are_inserted_however_many_they_are) {
  pipeline all{db};
  add_numbers(all, 1, 50'000);
  all.run();
  BOOST_TEST(numbers() == 50'000);
}

BOOST_AUTO_TEST_CASE(a_statement_is_prepared_once_on_a_connection) {
  for (int32_t i = 0; i < 3; ++i) {
    pipeline all{db};
    add_numbers(all, i, 1);
    all.run();
  }
  BOOST_TEST(prepared() == 1);
  db.close();
  pipeline again{db};
  add_numbers(again, 3, 1);
  again.run();
  BOOST_TEST(prepared() == 1);
  BOOST_TEST(numbers() == 4);
}

BOOST_AUTO_TEST_CASE(rows_outlive_the_connection_that_they_were_begun_on) {
  pipeline all{db};
  add_numbers(all, 1, 1);
  db.close();
  all.run();
  pipeline again{db};
  add_numbers(again, 2, 1);
  again.run();
  BOOST_TEST(numbers() == 2);
  BOOST_TEST(prepared() == 1);
}

BOOST_AUTO_TEST_CASE(what_fails_ends_the_rest_and_leaves_a_connection_that_works) {
  {
    pipeline all{db};
    add_numbers(all, 1, 3);
    all.run_as_transaction();
  }
  auto process = value_of<int>("SELECT pg_backend_pid()");
  pipeline all{db};
  add_numbers(all, 4, 1);
  auto& twice = all.rows_for("INSERT INTO numbers (number) SELECT * FROM unnest($1::integer[])");
  twice.row();
  twice.add(int32_t{1});
  auto& after = all.rows_for("INSERT INTO everything (who) SELECT * FROM unnest($1::uuid[])");
  after.row();
  after.add(make_uuid());
  try {
    all.run_as_transaction();
    BOOST_ERROR("a number was inserted twice");
  } catch (const std::exception& error) {
    auto failure = read_failure(error);
    BOOST_TEST((failure.code == ec::conflict));
    BOOST_TEST(failure.constraint == "numbers_pkey");
  }
  BOOST_TEST(numbers() == 3);
  BOOST_TEST(value_of<int>("SELECT count(*)::integer FROM everything") == 0);
  pipeline next{db};
  add_numbers(next, 4, 1);
  next.run_as_transaction();
  BOOST_TEST(numbers() == 4);
  BOOST_TEST(value_of<int>("SELECT pg_backend_pid()") == process);
}

BOOST_AUTO_TEST_CASE(rows_are_found_by_their_index_whatever_the_statistics_say) {
  pipeline all{db};
  add_numbers(all, 1, 3);
  all.run();
  run("ANALYZE numbers");
  BOOST_TEST(value_of<std::string>("EXPLAIN (COSTS off) SELECT * FROM numbers n JOIN"
                                   " unnest('{1,2}'::integer[]) AS e(number) USING (number)")
             == "Nested Loop");
}

BOOST_AUTO_TEST_CASE(it_is_part_of_the_transaction_around_it) {
  {
    transaction tx{db};
    pipeline all{db};
    add_numbers(all, 1, 3);
    all.run();
  }
  BOOST_TEST(numbers() == 0);
  transaction tx{db};
  pipeline all{db};
  add_numbers(all, 1, 3);
  all.run();
  tx.commit();
  BOOST_TEST(numbers() == 3);
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_leaves_the_commit_unknown) {
  auto process = value_of<int>("SELECT pg_backend_pid()");
  pipeline all{db};
  add_numbers(all, 1, 3);
  auto& ends_itself =
    all.rows_for("SELECT pg_terminate_backend(pg_backend_pid()) FROM unnest($1::integer[])");
  ends_itself.row();
  ends_itself.add(int32_t{1});
  try {
    all.run_as_transaction();
    BOOST_ERROR("there is no connection");
  } catch (const commit_unknown& lost) {
    BOOST_TEST(lost.process == process);
  }
  db.close();
  BOOST_TEST(numbers() == 0);
}

BOOST_AUTO_TEST_CASE(a_connection_that_has_broken_before_is_replaced_and_nothing_is_in_doubt) {
  auto process = value_of<int>("SELECT pg_backend_pid()");
  pipeline all{db};
  add_numbers(all, 1, 3);
  {
    database admin{here.connection(), "test"};
    admin.session() << "SELECT pg_terminate_backend(:process, 5000)", soci::use(process, "process");
  }
  all.run_as_transaction();
  BOOST_TEST(numbers() == 3);
}

BOOST_AUTO_TEST_SUITE_END()
