#!/bin/bash
# Backups by the real pgBackRest, with the files and the commands of docs/backup.md: the database comes back as it was at a
# moment before a mistake, and later as it was at its end, and a node goes on with it.
#
#   pgbackrest_test.sh BUILD
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
source tests/fixtures/instance.sh

command -v pgbackrest >/dev/null || {
  echo "skipped: there is no pgbackrest"
  exit 77
}
MEISIM_BUILD=$1
MEISIM_RATE_LIMITS=off
own_instance MEISIM_PORT MEISIM_ADMIN_PORT MEISIM_SANDBOX_PORT
cluster=$MEISIM_HOME/pg

# page_file TEXT: the block of the page that has this text.
page_file() {
  awk -v text="$1" '/^```/ { if (index(block, text)) print block; block = ""; next } { block = block $0 "\n" }' docs/backup.md
}

# page_command TEXT: runs the page's command that has this text, as PostgreSQL's user. What `moment` holds stands in for its time.
page_command() {
  local command
  command=$(grep -m 1 "^pgbackrest .*$1" docs/backup.md | sed -e 's/ *#.*//' -e "s/--target='[^']*'/--target='${moment:-}'/")
  (cd / && "${as_pg[@]}" bash -c "$command") >>"$MEISIM_HOME/pgbackrest.log" 2>&1 || {
    tail -n 20 "$MEISIM_HOME/pgbackrest.log" >&2
    die "failed: $command"
  }
}

# Both would else be for the one PostgreSQL of a machine. pgBackRest comes to ours by a socket in its folder.
prepare() {
  local folder=$cluster/pgbackrest
  pg_settings+=(-c "unix_socket_directories=$cluster")
  pg_start "$cluster"
  pg_stop
  mkdir "$folder"
  page_file 'pg1-path' | sed -e "s|/var/lib/postgresql/15/main|$cluster/data|" -e "s|/var/lib/pgbackrest|$folder/kept|" \
    >"$folder/pgbackrest.conf"
  page_file 'archive_mode' >>"$cluster/data/postgresql.conf"
  sed -i '1i local all all trust' "$cluster/data/pg_hba.conf"
  [ "$(id -u)" -ne 0 ] || chown -R "$(pg_user):" "$folder"
  export PGBACKREST_CONFIG=$folder/pgbackrest.conf PGBACKREST_LOG_PATH=$folder PGBACKREST_LOCK_PATH=$folder
  export PGBACKREST_PG1_SOCKET_PATH=$cluster PGBACKREST_PG1_USER=postgres PGBACKREST_PG1_PORT=$pg_port
  pg_start "$cluster"
}

sql() {
  "$pg_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# order KEY..: places an order under each of these keys.
order() {
  local one
  for one; do
    curl -fsS -o /dev/null "http://127.0.0.1:$MEISIM_PORT/dealer/order" -H "x-dealer-key: $key" -H "Idempotency-Key: $one" \
      -H 'content-type: application/json' \
      -d '{"productId":"p3:data-us-5gb","customerEmail":"end@example.com","customerName":"Jane Doe"}'
  done
}

# are_known KEY..: whether the database has orders under these keys, and no others.
are_known() {
  local keys
  keys=$(sql "$pg_service" -c "SELECT idempotency_key FROM postings WHERE kind = 'order' ORDER BY 1" | xargs)
  [ "$keys" = "$*" ] || die "there are orders under the keys $keys, not $*"
}

are_delivered() {
  [ "$(sql "$pg_service" -c "SELECT count(*) FROM orders WHERE status <> 'completed'")" = 0 ]
}

second() {
  sql "$pg_superuser" -c 'SELECT floor(extract(epoch FROM now()))'
}

is_later_than() {
  [ "$(second)" -gt "$1" ]
}

is_restored() {
  [ "$(sql "$pg_superuser" -c 'SELECT pg_is_in_recovery()')" = f ]
}

# restore TEXT: with nobody at work, by the page's command that has this text. Then a node starts that holds all work.
restore() {
  wait_until 60 "orders are not delivered" are_delivered
  stop_child "$node_pid" TERM 40 || die "the node did not stop well, see $MEISIM_HOME/node.log"
  pg_stop
  page_command "$1"
  pg_start "$cluster"
  wait_until 60 "PostgreSQL does not end its recovery" is_restored
  start_node --hold
  wait_for_service
  ctl restore report >/dev/null || die "there is no report"
  ctl ledger check >/dev/null || die "the ledger is not whole"
}

prepare
# shellcheck disable=SC2119 # Its options are not ours.
start_sandbox
start_node --seed-demo
wait_for_service
key=$(ctl dealer key demo@meisim.test --json | json_text apiKey)

page_command 'stanza-create'
page_command ' check'
order before-1
page_command 'type=full backup'
page_command 'info'
# pgBackRest looks for a backup that had ended by the second before the moment.
ended=$(second)
wait_until 10 "the clock stands still" is_later_than "$ended"
order before-2
moment=$(sql "$pg_superuser" -c 'SELECT now()')
order mistake-1 mistake-2

restore 'type=time'
are_known before-1 before-2
ctl release >/dev/null
# What a dealer repeats was bought before; the provider's list says so.
order after-1 mistake-1

restore 'delta restore'
are_known after-1 before-1 before-2 mistake-1
bought=$(curl -fsS "http://127.0.0.1:$MEISIM_SANDBOX_PORT/test/provider/orders?limit=1" | sed -n 's/.*"count" *: *\([0-9]*\).*/\1/p')
[ "$bought" = 5 ] || die "of five orders the provider has sold $bought"
echo "pgBackRest has brought back the moment before a mistake, and later the last one; nothing was bought twice"
