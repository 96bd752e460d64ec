# Scenarios of scripts/bench, which sources this: what providers in trouble cost the orders at another.

# order_again KEY BUNDLE: orders it on account again and again, until $work/trouble is gone.
order_again() {
  while [ -e "$work/trouble" ]; do
    printf 'x-dealer-key: %s' "$1" | curl -s -H @- -H 'content-type: application/json' -d "{\"bundleName\":\"$2\"}" \
      --max-time 60 -o /dev/null "$base/api/v1/esim/order" || true
    sleep 0.1
  done
}

# Orders on account at one provider, while another says nothing, one takes half a minute for each order, and one refuses our
# credit.
troubles() {
  local sandbox=http://127.0.0.1:$MEISIM_SANDBOX_PORT order='{"bundleName":"esim_5gb_30days_jp"}' calm key bundle senders=()
  start_ours off --provider "p4=packages@$sandbox/packages-api" --provider "p6=esim-access@$sandbox/esim-access-api" \
    --provider "p7=airalo@$sandbox/airalo-api"
  add_dealers 1
  by_key
  load 8 POST "$base/api/v1/esim/order" "$order"
  calm=$p99

  ctl dealer add --email troubled@meisim.test --company Troubled --status approved >/dev/null
  key=$(ctl dealer key troubled@meisim.test --json | json_text apiKey)
  curl -fs -o /dev/null -d '{"seconds":600,"silent":true}' "$sandbox/packages-api/test/provider/outage"
  : >"$work/trouble"
  for bundle in p4:esim_5gb_30days_jp p6:US_sandbox-slow p7:us-sandbox-unpaid; do
    for _ in 1 2 3 4 5 6 7 8; do
      order_again "$key" "$bundle" &
      senders+=("$!")
    done
  done
  load 8 POST "$base/api/v1/esim/order" "$order"
  rm "$work/trouble"
  row "p99 of orders beside providers that are away, slow and out of credit" "$p99" "$calm" "ms" "50 ms more at most"
  check_ledger
  stop_ours
  wait "${senders[@]}" || true
}
