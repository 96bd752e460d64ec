# Scenarios of scripts/bench, which sources this: a database that has grown for years.

# The same is asked of a database with few orders and of one with BENCH_ORDERS, over BENCH_MONTHS: new orders, and the first
# pages of what dealers look at, and operators' lists. Then the start of a node, the ledger's proof, and what it takes to archive the first half.
growth() {
  local size from few=() ours=()
  for size in 1000 "${BENCH_ORDERS:-1000000}"; do
    start_ours off
    stop_node || die "the node did not stop well, see $work/node.log"
    sql "$pg_owner" -v orders="$size" -v dealers=100 -v months="${BENCH_MONTHS:-36}" \
      -f tests/bench/growth.sql >/dev/null
    note "$size orders are there"
    remarks+=("$scenario, $size orders: the database has $(database_megabytes) MB")
    from=$(date +%s%N)
    MEISIM_RATE_LIMITS=off start_node
    start_sandbox --latency-ms 200
    wait_for_service
    remarks+=("$scenario, $size orders: a node is ready after $((($(date +%s%N) - from) / 1000000)) ms")
    ctl dealer key growth0@meisim.test --json | json_text apiKey >"$work/keys"
    by_key
    few=("${ours[@]}")
    ours=()
    load 64 POST "$base/dealer/order" "$order"
    ours+=("orders a second|$rate" "p50 of an order, µs|$(microseconds "$p50")" "p99 of an order, µs|$(microseconds "$p99")")
    measure_page "wallet" dealer/wallet
    measure_page "orders" "dealer/orders?limit=20"
    measure_page "orders of a customer" "dealer/orders?email=customer$((size / 2 / 100 * 100))@example.com"
    measure_page "orders by reference" "dealer/orders?reference=shop-$((size / 2 / 100 * 100))"
    measure_page "entries of a wallet" "dealer/transactions?limit=20"
    measure_lists
    prove
    remarks+=("$scenario, $size orders: $transfers transfers proved in $took_ms ms")
    more_orders
    prove --since-last
    remarks+=("$scenario, $size orders: $transfers transfers since then proved in $took_ms ms")
    [ ${#few[@]} -eq 0 ] || archive_half
    stop_ours
  done
  local i target
  for i in "${!ours[@]}"; do
    target="as with 1,000 orders"
    [[ ${ours[i]} != *", ms|"* ]] || target="under 50 ms"
    row "${ours[i]%|*}" "${ours[i]#*|}" "${few[i]#*|}" "" "$target"
  done
}

database_megabytes() {
  sql "$pg_owner" -c 'SELECT pg_database_size(current_database()) / 1000000'
}

# measure_page NAME PATH: adds its median to ours.
measure_page() {
  load 8 GET "$base/$2"
  ours+=("$1, p50, µs|$(microseconds "$p50")")
}

# Adds to ours what operators' lists take, each the best of three.
measure_lists() {
  local list token
  token=$(head -n 1 "$work/admin.token")
  for list in orders "orders?dealer=growth7@meisim.test" "orders?status=failed" "orders?stuck=true" \
    "orders?q=shop-$((size / 2 / 100 * 100))" jobs mails "mails?failed=true" batches webhooks "webhooks?failed=true" audit \
    payments providers dealers prices inventory/lots inventory/pools; do
    ours+=("operators: $list, ms|$(fastest curl -fsS -H "Authorization: Bearer $token" \
      "http://127.0.0.1:$MEISIM_ADMIN_PORT/admin/v1/$list")")
  done
}

# archive_half: takes the older half of the months out; the ledger has to be whole afterwards.
archive_half() {
  local from month
  month=$(date -u -d "$(date -u +%Y-%m-01) -$((${BENCH_MONTHS:-36} / 2)) months" +%Y-%m)
  ctl ledger check --since-last --make-key --export-head >"$work/head"
  from=$(date +%s%N)
  ctl archive --before "$month" --superuser "$pg_owner" >"$work/end"
  remarks+=("$scenario: the months before $month archived in $((($(date +%s%N) - from) / 1000000)) ms")
  prove --against-head "$work/end"
  remarks+=("$scenario: $transfers transfers are left, proved in $took_ms ms")
}
