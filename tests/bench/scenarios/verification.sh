# Scenarios of scripts/bench, which sources this: the verification of codes, and its devices.

# post_batch FILE: submits the codes for the first dealer; prints the batch's id.
post_batch() {
  printf 'x-dealer-key: %s' "$(head -n 1 "$work/keys")" |
    curl -fs -H @- -H 'content-type: application/json' --data-binary "@$1" "$base/dealer/esim-verify" |
    json_text batch_id
}

# codes COUNT: a request to verify so many codes.
codes() {
  awk -v n="$1" 'BEGIN { printf "{\"lpas\":["; for (i = 1; i <= n; i++)
    printf "%s\"LPA:1$rsp.example.com$AVAILABLE-%012d\"", (i > 1 ? "," : ""), i; print "]}" }'
}

copy_rows() {
  sql "$pg_baseline" -c "truncate batch_rows" -c "\\copy batch_rows from '$work/rows.csv' csv"
}

read_results() {
  printf 'x-dealer-key: %s' "$(head -n 1 "$work/keys")" |
    curl -fs -H @- "$base/dealer/esim-verify/$batch/results.csv" -o "$work/results.csv"
}

copy_results() {
  sql "$pg_service" -c "\\copy (select r.iccid, r.lpa, coalesce(v.verdict, 'pending'), v.reason, v.checked_at from batch_rows r left join verdicts v using (batch_id, row_number) where batch_id = '$batch' order by row_number) to '$work/copy.csv' csv header"
}

# 50,000 codes in one request, then their results; no device is there.
batch() {
  local batch ours copied before
  start_ours off
  add_dealers 1
  codes 50000 >"$work/codes.json"
  before=$(resident)
  ours=$(fastest post_batch "$work/codes.json")
  remarks+=("$scenario: the node took $((($(peak_resident) - before) / 1024)) MB more at its peak")
  batch=$(post_batch "$work/codes.json")
  sql "$pg_service" -c "\\copy (select batch_id, row_number, iccid, lpa from batch_rows where batch_id = '$batch') to '$work/rows.csv' csv"
  sql "$pg_baseline" -c 'create table batch_rows (batch_id uuid, row_number integer, iccid text, lpa text not null, primary key (batch_id, row_number))'
  copied=$(fastest copy_rows)
  row "50,000 codes submitted" "$ours" "$copied" "ms" "within 3 x"
  sql "${pg_superuser/dbname=postgres/dbname=meisim}" -c 'vacuum analyze' -c checkpoint
  row "results.csv of 50,000 rows" "$(fastest read_results)" "$(fastest copy_results)" "ms" "within 2 x"
  remarks+=("$scenario: a poll costs the database $(sql "$pg_service" -c "explain (analyze, timing off)
    select * from batches where id = '$batch' and dealer_id = (select id from dealers where email = 'bench1@meisim.test')" |
    sed -n 's/^Execution Time: //p')")
  check_ledger
  stop_ours
}

count_verdicts() {
  sql "$pg_service" -c 'select coalesce(sum(available + used + invalid + error + unknown), 0) from batches'
}

# busy_devices COUNT LATENCY_MS: simulated devices of one node, kept busy with four full batches. Devices that begin
# together end together, so the time is a whole number of their checks.
busy_devices() {
  local from to rows_before ours best=$(($1 * 1000 / $2)) check=$((($2 + 999) / 1000))
  start_ours off --simulated-devices "$1" --simulated-latency-ms "$2"
  add_dealers 1
  codes 50000 >"$work/codes.json"
  for _ in 1 2 3 4; do
    post_batch "$work/codes.json" >/dev/null
  done
  # In the middle between two waves.
  sleep "$((check > 1 ? check + check / 2 : warm_up))"
  rows_before=$(count_verdicts)
  from=$(date +%s%N)
  sleep "$(((seconds + check - 1) / check * check))"
  ours=$(awk -v n="$(($(count_verdicts) - rows_before))" -v t="$((($(date +%s%N) - from) / 1000000))" \
    'BEGIN { printf "%.0f", n * 1000 / t }')
  row "$1 devices of $2 ms" "$ours" "$best" "/s" "95 % busy"
  stop_ours
}

devices() {
  busy_devices 1000 50
  busy_devices 20000 5000
}
