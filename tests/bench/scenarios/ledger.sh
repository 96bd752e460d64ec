# Scenarios of scripts/bench, which sources this: the proof of the ledger.

# prove [OPTION..]: checks the ledger, which has to be whole; sets transfers, how many it has read, and took_ms.
prove() {
  local from to verdict
  from=$(date +%s%N)
  verdict=$(ctl ledger check "$@" --json) || die "the ledger is not whole: $verdict"
  to=$(date +%s%N)
  transfers=$(sed -n 's/.*"transfers" *: *\([0-9]*\).*/\1/p' <<<"$verdict")
  took_ms=$(((to - from) / 1000000))
}

# more_orders: for two seconds.
more_orders() {
  BENCH_METHOD=POST BENCH_BODY=$order BENCH_REQUESTS=0 \
    wrk -t 1 -c 64 -d 2s -s tests/bench/load.lua "$base/dealer/order" >/dev/null
}

# The whole ledger is proved, orders follow, and these are proved. Then the same over twice as many.
proof() {
  local round whole
  start_ours off
  add_dealers 100
  by_key
  for round in first second; do
    load 256 POST "$base/dealer/order" "$order"
    prove
    whole="$transfers transfers in $took_ms ms"
    more_orders
    prove --since-last
    remarks+=("$scenario, $round: $whole; since then $transfers in $took_ms ms")
  done
  stop_ours
}
