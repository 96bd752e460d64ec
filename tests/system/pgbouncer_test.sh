#!/bin/bash
# A node behind the real PgBouncer, with the shipped configuration: by session it serves, and it does not start by
# transaction, or where its settings do not reach PostgreSQL.
#
#   pgbouncer_test.sh BUILD
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
source tests/fixtures/instance.sh

command -v pgbouncer >/dev/null || {
  echo "skipped: there is no pgbouncer"
  exit 77
}
MEISIM_BUILD=$1
pooler=
pooler_port=
leave() {
  trap '' INT TERM
  stop_node || true
  [ -z "$pooler" ] || stop_child "$pooler" INT 10 || true
  pg_stop || true
  rm -rf -- "$MEISIM_HOME"
}
own_instance MEISIM_PORT MEISIM_ADMIN_PORT MEISIM_SANDBOX_PORT pooler_port

# start_pooler MODE: it does not run as root either.
start_pooler() {
  local folder=$MEISIM_HOME/pooler
  mkdir -p "$folder"
  sed -e "s/host=10\.0\.0\.21 port=5432/host=127.0.0.1 port=$pg_port/" -e 's/^listen_addr.*/listen_addr = 127.0.0.1/' \
    -e "s/^listen_port.*/listen_port = $pooler_port/" -e "s|/etc/pgbouncer|$folder|" \
    -e "s|/var/[a-z/]*/postgresql|$folder|" -e "s/^pool_mode.*/pool_mode = $1\nunix_socket_dir =/" \
    deploy/pgbouncer/pgbouncer.ini >"$folder/pgbouncer.ini"
  "$pg_bin/psql" -X -q -A -t "$pg_superuser" -o "$folder/userlist.txt" \
    -c "SELECT format('\"%s\" \"%s\"', rolname, rolpassword) FROM pg_authid WHERE rolname LIKE 'meisim%'"
  [ "$(id -u)" -ne 0 ] || chown -R "$(pg_user):" "$folder"
  (leave_instance && cd / && exec setsid "${as_pg[@]}" setpriv --pdeathsig TERM pgbouncer "$folder/pgbouncer.ini") \
    >>"$MEISIM_HOME/pooler.log" 2>&1 </dev/null &
  pooler=$!
  local i
  for ((i = 0; i < 100; i++)); do
    ! port_is_free "$pooler_port" || sleep 0.1
  done
}

stop_pooler() {
  stop_child "$pooler" INT 10 || true
  pooler=
}

# refuses WORDS: the node ends by itself, and says so.
refuses() {
  start_node --seed-demo
  wait "$node_pid" && die "the node has started"
  node_pid=
  grep -q "$1" "$MEISIM_HOME/node.log" || {
    cat "$MEISIM_HOME/node.log" >&2
    die "the node does not say: $1"
  }
}

pg_start "$MEISIM_HOME/pg"
pg_service="host=127.0.0.1 port=$pooler_port user=meisim dbname=meisim"
# shellcheck disable=SC2119 # Its options are not ours.
start_sandbox

start_pooler session
refuses "the settings of our sessions do not reach PostgreSQL"
stop_pooler

start_pooler transaction
refuses "a pooler hands out server sessions by transaction"
stop_pooler

"$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 "$pg_superuser" -f deploy/pgbouncer/role.sql
start_pooler session
start_node --seed-demo
wait_for_service
key=$(ctl dealer key demo@meisim.test --json | json_text apiKey)
order=$(curl -fsS "http://127.0.0.1:$MEISIM_PORT/dealer/order" -H "x-dealer-key: $key" -H 'content-type: application/json' \
  -H 'Idempotency-Key: one' \
  -d '{"productId":"p3:data-us-5gb","customerEmail":"end@example.com","customerName":"Jane Doe"}' | json_text orderId)
[ -n "$order" ] || die "no order was taken"
for ((i = 0; i < 100; i++)); do
  curl -fsS "http://127.0.0.1:$MEISIM_PORT/dealer/orders/$order" -H "x-dealer-key: $key" | grep -q '"status" *: *"completed"' &&
    break
  sleep 0.1
done
[ "$i" -lt 100 ] || die "the order was not delivered"
ctl ledger check >/dev/null || die "the ledger is not whole"
echo "by session an order was served; by transaction, and without the role's settings, the node ends with the reason"
