# Scenarios of scripts/bench, which sources this: two nodes side by side.

# passed_on ADMIN_PORT: questions that this node has asked the other.
passed_on() {
  curl -fs "http://127.0.0.1:$1/metrics" | sed -n 's/^meisim_remote_requests_total{direction="out"} \([0-9]*\).*/\1/p'
}

# Orders at a node that owns the wallet and at one that does not; then orders on many wallets through both at once,
# beside one node alone on the same two cores.
nodes() {
  local other=http://127.0.0.1:$((MEISIM_PORT + 1)) right wrong before right_cpu alone there
  make_certificates 2
  # Writers go by the database's cores, and both nodes share these two.
  local -x MEISIM_LEDGER_WRITERS=1
  start_ours off
  add_dealers 200
  by_key
  load 256 POST "$base/dealer/order" "$order"
  alone=$rate
  MEISIM_RATE_LIMITS=off start_more_nodes 1
  wait_for_members 2
  (load 128 POST "$other/dealer/order" "$order" && echo "$rate" >"$work/there") &
  there=$!
  load 128 POST "$base/dealer/order" "$order"
  wait "$there"
  row "orders on 200 wallets through two nodes" "$((rate + $(cat "$work/there")))" "$alone" "/s" "over 0.8 x"
  remarks+=("$scenario: 128 connections to each of two nodes; the baseline is one node alone with 256")

  sed -i 1q "$work/keys"
  before=$(passed_on "$MEISIM_ADMIN_PORT")
  read_wallet_once "$base"
  if [ "$(passed_on "$MEISIM_ADMIN_PORT")" -gt "$before" ]; then
    right=$other wrong=$base
  else
    right=$base wrong=$other
  fi
  load 8 POST "$right/dealer/order" "$order"
  before=$p50
  right_cpu=$((node_cpu + database_cpu))
  load 8 POST "$wrong/dealer/order" "$order"
  row "p50 of an order at the wrong node, 8 connections" "$(microseconds "$p50")" "$(microseconds "$before")" "µs" \
    "within 1.5 x"
  row "processor time of an order at the wrong node" "$((node_cpu + database_cpu))" "$right_cpu" "µs" "within 1.25 x"
  check_ledger
  stop_ours
  several_nodes=
}

microseconds() {
  awk -v ms="$1" 'BEGIN { printf "%.0f", ms * 1000 }'
}

read_wallet_once() {
  printf 'x-dealer-key: %s' "$(head -n 1 "$work/keys")" | curl -fs -H @- "$1/api/v1/me" >/dev/null
}
