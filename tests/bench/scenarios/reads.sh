# Scenarios of scripts/bench, which sources this: what dealers read.

me() {
  local ours bytes
  start_ours 1000000
  add_dealers 1
  by_key
  bytes=$(printf 'x-dealer-key: %s' "$(head -n 1 "$work/keys")" | curl -fs -H @- "$base/api/v1/me" | wc -c)
  load 64 GET "$base/api/v1/me"
  ours=$rate
  stop_ours

  bare_handler "$bytes" GET /api/v1/me
  row "GET /api/v1/me, key and limits" "$ours" "$rate" "/s" "over 0.5 x"
}

# bundle_page BODY NAME: pages of bundles from the cached catalogue.
bundle_page() {
  local ours bytes
  start_ours 1000000
  add_dealers 1
  by_key
  # Waits until the catalogue is there.
  bytes=$(printf 'x-dealer-key: %s' "$(head -n 1 "$work/keys")" | curl -fs -H @- -H 'content-type: application/json' \
    -d "$1" "$base/api/v1/esim/bundles" | wc -c)
  load 64 POST "$base/api/v1/esim/bundles" "$1"
  ours=$rate
  remarks+=("$scenario: p50 $p50 ms, p99 $p99 ms, $bytes bytes an answer")
  stop_ours
  bare_handler "$bytes" POST /api/v1/esim/bundles "$1"
  row "POST /api/v1/esim/bundles, $2" "$ours" "$rate" "/s" "over 10000/s"
}

bundles() {
  bundle_page '{"countryISO":"JP"}' "one country"
  bundle_page '{}' "20 of all"
}

read_statement() {
  printf 'x-dealer-key: %s' "$(head -n 1 "$work/keys")" | curl -fs -H @- "$base/dealer/statement" -o "$work/statement.csv"
}

copy_statement() {
  sql "$pg_service" -c "\\copy (select created_at, type, case when debit_account = 'wallet' then -amount_cents else amount_cents end / 100.0, balance_after_cents / 100.0, description, order_id, stripe_session from transfers where dealer_id = (select id from dealers where email = 'bench1@meisim.test') order by seq) to '$work/copy.csv' csv header"
}

# 100,000 transfers on the first dealer's wallet: one is there, the rest are orders.
fill_wallet() {
  local wrk_pid rows_now=0 rows_before=-1
  BENCH_METHOD=POST BENCH_BODY=$order BENCH_REQUESTS=99999 \
    wrk -t 1 -c 64 -d 300s -s tests/bench/load.lua "$base/dealer/order" >/dev/null &
  wrk_pid=$!
  # wrk has sent all, but it waits for its time to be over.
  while [ "$rows_now" -ne "$rows_before" ]; do
    sleep 2
    rows_before=$rows_now
    rows_now=$(sql "$pg_service" -c "select version from wallets join dealers on id = dealer_id
      where email = 'bench1@meisim.test'")
  done
  kill -INT "$wrk_pid"
  wait "$wrk_pid" || true
}

statement() {
  local ours copied
  start_ours off
  add_dealers 1
  by_key
  fill_wallet
  sql "${pg_superuser/dbname=postgres/dbname=meisim}" -c 'vacuum analyze' -c checkpoint
  ours=$(fastest read_statement)
  copied=$(fastest copy_statement)
  row "statement of $(($(wc -l <"$work/statement.csv") - 1)) rows" "$ours" "$copied" "ms" "within 2 x"
  remarks+=("$scenario: $(($(wc -l <"$work/copy.csv") - 1)) rows by psql")
  stop_ours
}
