#include "persistence/base/pipeline.hpp"
#include "tests/fixtures/database.hpp"

#include <stdexcept>

// Statements that travel together.

using namespace meisim;
using namespace meisim::test;

namespace {

/// One column of each kind by which rows are added.
using fill = void (*)(row_array& to);

constexpr column<fill> every_column[] = {
  {"yes", [](row_array& to, const fill& from) { from(to); }},
  {"small", [](row_array&, const fill&) {}},
  {"whole", [](row_array&, const fill&) {}},
  {"big", [](row_array&, const fill&) {}},
  {"words", [](row_array&, const fill&) {}},
  {"bytes", [](row_array&, const fill&) {}},
  {"who", [](row_array&, const fill&) {}},
  {"at", [](row_array&, const fill&) {}},
  {"document", [](row_array&, const fill&) {}},
  {"list", [](row_array&, const fill&) {}},
  {"bits", [](row_array&, const fill&) {}},
};

constexpr row_statement<fill> insert_all{
  "INSERT INTO everything {columns} FROM unnest($1::everything[])", every_column};

constexpr column<int32_t> number_columns[] = {
  {"number", [](row_array& to, const int32_t& number) { to.add(number); }},
  {"unit", nullptr, "'apples'"},
  {"word", [](row_array& to, const int32_t& number) { to.add(std::to_string(number)); }},
};

constexpr row_statement<int32_t> insert_numbers{
  "INSERT INTO numbers {columns} FROM unnest($1::number_row[])", number_columns};

constexpr column<int32_t> one_number[] = {
  {"number", [](row_array& to, const int32_t& number) { to.add(number); }},
};

constexpr row_statement<int32_t> insert_bare_numbers{
  "INSERT INTO numbers (number) SELECT * FROM unnest($1::integer[])", one_number};

constexpr row_statement<int32_t> end_process{
  "SELECT pg_terminate_backend(pg_backend_pid()) FROM unnest($1::integer[])", one_number};

constexpr column<uuid> one_id[] = {
  {"id", [](row_array& to, const uuid& id) { to.add(id); }},
};

constexpr row_statement<uuid> insert_ids{
  "INSERT INTO everything (who) SELECT * FROM unnest($1::uuid[])", one_id};

constexpr row_statement<uuid> select_ids{"SELECT who FROM everything WHERE who = ANY ($1::uuid[])",
                                         one_id};

struct fixture : database_fixture {
  fixture() {
    run("CREATE TABLE everything (yes boolean, small smallint, whole integer, big bigint,"
        " words text, bytes bytea, who uuid, at timestamptz, document jsonb, list uuid[],"
        " bits bit(16))");
    run("CREATE TYPE number_row AS (number integer, word text)");
    run(
      "CREATE TABLE numbers (number integer CONSTRAINT numbers_pkey PRIMARY KEY, unit text, word text)");
  }

  void add_numbers(pipeline& to, int32_t first, int32_t count) {
    auto rows = to.rows_for(insert_numbers);
    for (auto number = first; number < first + count; ++number)
      rows.add(number);
  }

  int numbers() {
    return value_of<int>("SELECT count(*)::integer FROM numbers WHERE word = number::text"
                         " AND unit = 'apples'");
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
  static dealer_id who;
  static std::vector<uuid> list;
  who = dealer_id::make();
  list = {make_uuid(), make_uuid()};
  auto rows = all.rows_for(insert_all);
  rows.add([](row_array& to) {
    to.add(true);
    to.add(int16_t{-2});
    to.add(int32_t{-3});
    to.add(int64_t{-4'000'000'000});
    to.add("{\"it's\", NULL, \\x} é");
    to.add(sha256("bytes"));
    to.add(who);
    to.add(from_micros(1'764'000'000'123'456));
    to.add_optional_json(R"({"a":[1,"b"]})");
    to.add(list);
    to.add_bits("\xA0\x01");
  });
  rows.add([](row_array& to) {
    to.add(false);
    to.add(int16_t{2});
    to.add_null();
    to.add_null();
    to.add_optional("");
    to.add_null();
    to.add(dealer_id{});
    to.add_null();
    to.add_optional_json("");
    to.add(std::vector<uuid>{});
    to.add_null();
  });
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
  static constexpr column<int64_t> big[] = {
    {"number", [](row_array& to, const int64_t& value) { to.add(value); }},
    {"word", nullptr, "'x'"},
  };
  static constexpr row_statement<int64_t> insert_big{
    "INSERT INTO numbers {columns} FROM unnest($1::number_row[])", big};
  static constexpr row_statement<int64_t> insert_bare{
    "INSERT INTO numbers (number) SELECT * FROM unnest($1::integer[])", big};
  static constexpr row_statement<int64_t> no_array{"SELECT $1::integer", big};
  static constexpr row_statement<int64_t> points{"SELECT $1::point[]", big};
  static constexpr row_statement<int64_t> places{"SELECT $1::place_row[]", big};
  run("CREATE TYPE place_row AS (name text, place point)");
  pipeline all{db};
  BOOST_CHECK_THROW(all.rows_for(insert_bare).add(1), std::logic_error);
  BOOST_CHECK_THROW(all.rows_for(insert_big), std::logic_error);
  BOOST_CHECK_THROW(all.rows_for(no_array), std::logic_error);
  BOOST_CHECK_THROW(all.rows_for(points), std::logic_error);
  BOOST_CHECK_THROW(all.rows_for(places), std::logic_error);
}

BOOST_AUTO_TEST_CASE(columns_of_other_names_or_in_another_order_are_refused) {
  static constexpr column<int32_t> turned[] = {number_columns[2], number_columns[0]};
  static constexpr column<int32_t> renamed[] = {{"numeral", number_columns[0].add},
                                                number_columns[2]};
  static constexpr row_statement<int32_t> insert_turned{
    "INSERT INTO numbers {columns} FROM unnest($1::number_row[])", turned};
  static constexpr row_statement<int32_t> insert_renamed{
    "INSERT INTO numbers {columns} FROM unnest($1::number_row[])", renamed};
  static constexpr row_statement<int32_t> insert_half{
    "INSERT INTO numbers {columns} FROM unnest($1::number_row[])", one_number};
  pipeline all{db};
  BOOST_CHECK_THROW(all.rows_for(insert_turned), std::logic_error);
  BOOST_CHECK_THROW(all.rows_for(insert_renamed), std::logic_error);
  BOOST_CHECK_THROW(all.rows_for(insert_half), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_row_with_too_few_or_too_many_columns_is_refused_before_it_is_sent) {
  static constexpr column<fill> filled[] = {
    {"number", [](row_array& to, const fill& from) { from(to); }},
    {"word", [](row_array&, const fill&) {}},
  };
  static constexpr row_statement<fill> insert_filled{
    "INSERT INTO numbers {columns} FROM unnest($1::number_row[])", filled};
  pipeline all{db};
  auto rows = all.rows_for(insert_filled);
  rows.add([](row_array& to) { to.add(int32_t{1}); });
  BOOST_CHECK_THROW(rows.add([](row_array&) {}), std::logic_error);
  pipeline others{db};
  BOOST_CHECK_THROW(others.rows_for(insert_filled).add([](row_array& to) {
    to.add(int32_t{1});
    to.add("1");
    to.add("1");
  }),
                    std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_ids_that_statements_select_come_back) {
  auto known = make_uuid();
  pipeline all{db};
  all.rows_for(insert_ids).add(known);
  all.run();
  pipeline question{db};
  auto ids = question.rows_for(select_ids);
  ids.add(make_uuid());
  ids.add(known);
  BOOST_TEST((question.run_for_ids() == std::vector{known}));
  BOOST_TEST(pipeline{db}.run_for_ids().empty());
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
  all.rows_for(insert_bare_numbers).add(1);
  all.rows_for(insert_ids).add(make_uuid());
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
  all.rows_for(end_process).add(1);
  try {
    all.run_as_transaction();
    BOOST_ERROR("there is no connection");
  } catch (const commit_unknown& lost) {
    BOOST_TEST(lost.process.id == process);
    BOOST_TEST((read_failure(lost).code == ec::outcome_unknown));
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
