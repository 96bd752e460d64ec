# Scenarios of scripts/bench, which sources this: what clients that mean harm cost their neighbours.

# The largest body that is read to its end, from one who cannot pay for it.
write_heavy_body() {
  awk 'BEGIN {
    while (length(filler) < 300) filler = filler "x"
    printf "{\"lpas\":["
    for (i = 0; i < 50000; i++) printf "%s\"%d%s\"", (i > 0 ? "," : ""), i, filler
    printf "]}"
  }' >"$work/heavy"
}

# Sends it again and again, until it is gone.
send_heavy_bodies() {
  while [ -e "$work/heavy" ]; do
    printf 'x-dealer-key: %s' "$1" | curl -s -H @- -H 'content-type: application/json' \
      --data-binary "@$work/heavy" -o /dev/null "$base/dealer/esim-verify" || sleep 0.1
  done
}

# The node's resident memory half a minute later, when it has given back what it did not need for long.
resident_at_rest() {
  sleep 30
  resident
}

neighbour() {
  local key calm senders=() before after
  start_ours off
  add_dealers 1
  by_key
  load 4 GET "$base/api/v1/me"
  calm=$p99
  before=$(resident)

  ctl dealer add --email attacker@meisim.test --company Attacker --status approved >/dev/null
  key=$(ctl dealer key attacker@meisim.test --json | json_text apiKey)
  write_heavy_body
  for _ in 1 2 3 4 5 6 7 8; do
    send_heavy_bodies "$key" &
    senders+=("$!")
  done
  load 4 GET "$base/api/v1/me"
  rm "$work/heavy"
  wait "${senders[@]}"
  after=$(resident_at_rest)
  row "p99 of a neighbour of eight bodies of 16 MB" "$p99" "$calm" "ms" "under 50 ms"
  remarks+=("$scenario: resident memory $((before / 1024)) MB before and $((after / 1024)) MB half a minute after")
  stop_ours
}

# A million made-up addresses, each with one try before sign-in.
addresses() {
  local calm attacker before after
  start_ours on --trusted-proxy 127.0.0.1
  add_dealers 1
  by_key
  # How often it may be asked for is not limited.
  load 4 GET "$base/dealer/wallet"
  calm=$p99
  before=$(resident)

  awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "10.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256 }' >"$work/addresses"
  BENCH_CREDENTIALS=$work/addresses BENCH_HEADER=X-Forwarded-For BENCH_METHOD=POST BENCH_BODY='{}' BENCH_REQUESTS=1000000 \
    wrk -t 1 -c 64 -d 600s -s tests/bench/load.lua "$base/dealer/verify-otp" >/dev/null &
  attacker=$!
  load 4 GET "$base/dealer/wallet"
  wait "$attacker"
  after=$(resident_at_rest)
  row "p99 of a neighbour of a million addresses" "$p99" "$calm" "ms" "under 50 ms"
  remarks+=("$scenario: resident memory $((before / 1024)) MB before and $((after / 1024)) MB half a minute after")
  stop_ours
}
