# What scripts/bench, which sources this, compares the service with.

# bench_sql SCRIPT CLIENTS [OPTION..]: transactions a second.
bench_sql() {
  local script=$1 clients=$2
  shift 2
  "$pg_bin/pgbench" -n -M prepared -j 2 -c "$clients" -T "$warm_up" -f "tests/bench/$script" "$@" "$pg_baseline" \
    >/dev/null 2>&1
  before_measuring
  "$pg_bin/pgbench" -n -M prepared -j 2 -c "$clients" -T "$seconds" -f "tests/bench/$script" "$@" "$pg_baseline" \
    2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p'
}

# The best over 8 and 32 clients, on so many wallets.
baseline_orders() {
  local few many
  few=$(bench_sql baseline_order.sql 8 -D "wallets=$1")
  many=$(bench_sql baseline_order.sql 32 -D "wallets=$1")
  echo $((few > many ? few : many))
}

# bare_handler BYTES METHOD PATH [BODY]: sets rate to what a Pistache handler without any work answers with.
bare_handler() {
  "$MEISIM_BUILD/bin/bare_pistache" "$MEISIM_PORT" "$1" &
  bare_pid=$!
  wait_until_answers "$bare_pid" "$base/" 10 || die "the bare Pistache handler does not answer"
  load 64 "$2" "$base$3" "${4:-}"
  kill "$bare_pid"
  wait "$bare_pid" 2>/dev/null || true
  bare_pid=
}
