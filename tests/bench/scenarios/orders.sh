# Scenarios of scripts/bench, which sources this: orders of eSIMs: paid, fulfilled, and on many wallets.

# orders NAME WALLETS TARGET
orders() {
  start_ours off
  add_dealers "$2"
  by_key
  load 256 POST "$base/dealer/order" "$order"
  check_ledger
  stop_ours
  row "$1" "$rate" "$(baseline_orders "$2")" "/s" "$3"
  remarks+=("$scenario: p50 $p50 ms, p99 $p99 ms, processor time of an order: node $node_cpu µs, PostgreSQL $database_cpu µs")
}

completed_orders() {
  sql "$pg_service" -c "select count(*) from orders where status = 'completed'"
}

# Paid orders that wait are bought from a provider that takes 200 ms for each, mailed and completed.
fulfil() {
  local from before ours wrk_pid concurrency=16
  start_ours off --fulfilment-concurrency "$concurrency"
  add_dealers 1
  by_key
  BENCH_METHOD=POST BENCH_BODY=$order BENCH_REQUESTS=5000 \
    wrk -t 1 -c 64 -d 60s -s tests/bench/load.lua "$base/dealer/order" >/dev/null &
  wrk_pid=$!
  wait_for_orders
  kill -INT "$wrk_pid"
  wait "$wrk_pid" || true
  before=$(completed_orders)
  from=$(date +%s%N)
  sleep "$seconds"
  ours=$(awk -v n="$(($(completed_orders) - before))" -v t="$((($(date +%s%N) - from) / 1000000))" \
    'BEGIN { printf "%.0f", n * 60000 / t }')
  row "fulfilments, $concurrency at once, 200 ms each" "$ours" "$((concurrency * 60 * 1000 / 200))" "/min" "2000/min"
  remarks+=("$scenario: the baseline is what $concurrency at once can be at best")
  check_ledger
  stop_ours
}

# Orders while PostgreSQL writes a checkpoint as fast as it can, beside the same orders without one. Those that are due by
# themselves take their time.
checkpoints() {
  local without writer
  start_ours off
  add_dealers 100
  by_key
  load 128 POST "$base/dealer/order" "$order"
  without=$p99
  (sleep $((warm_up + seconds / 2)) && sql "$pg_superuser" -c checkpoint) &
  writer=$!
  load 128 POST "$base/dealer/order" "$order"
  wait "$writer"
  check_ledger
  stop_ours
  row "p99 of orders through a checkpoint" "$(microseconds "$p99")" "$(microseconds "$without")" "µs" "below 120000 µs"
  remarks+=("$scenario: at $rate orders a second")
}

# Places one order on each of 100,000 wallets, one after the other.
wallets() {
  local count=100000 wrk_pid before
  start_ours on
  sql "$pg_owner" -v count=$count -f tests/bench/wallets.sql >"$work/keys"
  sql "${pg_superuser/dbname=postgres/dbname=meisim}" -c 'vacuum analyze' -c checkpoint
  by_key
  before=$(resident)
  BENCH_METHOD=POST BENCH_BODY=$order BENCH_REQUESTS=$count \
    wrk -t 1 -c 64 -d 600s -s tests/bench/load.lua "$base/dealer/order" >/dev/null &
  wrk_pid=$!
  wait_for_orders
  kill -INT "$wrk_pid"
  wait "$wrk_pid" || true
  remarks+=("$scenario: one order on each of $count took the node from $((before / 1024)) to $(($(resident) / 1024)) MB, with $(active_wallets) still active")
  check_ledger
  stop_ours
}

active_wallets() {
  curl -fs "http://127.0.0.1:$MEISIM_ADMIN_PORT/metrics" | sed -n 's/^meisim_active.*wallet[^0-9]*\([0-9]*\).*/\1/p'
}

# Waits until no more orders come: wrk has sent all, but it waits for its time to be over.
wait_for_orders() {
  local orders_now=0 orders_before=-1
  while [ "$orders_now" -ne "$orders_before" ]; do
    sleep 2
    orders_before=$orders_now
    orders_now=$(sql "$pg_service" -c 'select count(*) from orders')
  done
}
