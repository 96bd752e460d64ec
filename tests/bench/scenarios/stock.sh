# Scenarios of scripts/bench, which sources this: eSIMs from stock.

stock() {
  curl -fs "$base/api/portal/v1/esim-supply/stock" -H "Authorization: Bearer $(head -n 1 "$work/tokens")" |
    sed -n 's/.*"att\.qr\.sold" *: *\([0-9]*\).*/\1/p'
}

claims() {
  local sku sold_before bare
  start_ours off
  add_dealers 40
  log_in_dealers 40
  awk 'BEGIN { print "iccid,lpa"; for (n = 1; n <= 1000000; n++)
    printf "8901410%012d,LPA:1$rsp.example.com$AVAILABLE-%012d\n", n, n }' |
    ctl inventory import --carrier att --plan-type qr - >/dev/null
  # The baseline's tables are vacuumed too, and autovacuum would do it within the minute.
  sql "${pg_superuser/dbname=postgres/dbname=meisim}" -c 'vacuum analyze'
  sku=$(curl -fs "$base/api/portal/v1/services/esim_supply_att/skus" \
    -H "Authorization: Bearer $(head -n 1 "$work/tokens")" | json_text id)
  by_token
  before_measuring() {
    sql "$pg_superuser" -c checkpoint
    sold_before=$(stock)
  }
  load 40 POST "$base/api/portal/v1/services/esim_supply_att/execute" "{\"sku_id\":\"$sku\",\"quantity\":10}"
  rate=$(awk -v n="$(($(stock) - sold_before))" -v t="$took" 'BEGIN { printf "%.0f", n / t }')
  before_measuring() {
    sql "$pg_superuser" -c checkpoint
  }
  check_ledger
  stop_ours
  bare=$(bench_sql baseline_claim.sql 40)
  row "40 buyers, one pool, 10 eSIMs each" "$rate" "$((bare * 10))" "eSIMs/s" "5 x"
  remarks+=("$scenario: p50 $p50 ms, p99 $p99 ms; the baseline only claims, it takes no money")
}
