# A cluster of the shipped configuration (deploy/patroni): db1 and db2 with PostgreSQL under Patroni, and three of etcd, of
# which each of these machines has one. A part of tests/failover/run, which sources it.

source tests/fixtures/wait_until.sh

patroni_work=
# The machine, its address, and its etcd's.
declare -A address_of=([db1]=10.0.0.21 [db2]=10.0.0.22) etcd_address_of=([db1]=10.0.0.31 [db2]=10.0.0.32 [here]=10.0.0.33)
both_hosts=10.0.0.21,10.0.0.22

# patroni_start WORK [small-disks]: starts all that, and waits until the standby confirms commits.
patroni_start() {
  patroni_work=$1
  logs_at=$1
  small_disks=${2:-}
  pg_prefix "$patroni_work"
  export PATRONI_SUPERUSER_PASSWORD PATRONI_REPLICATION_PASSWORD
  PATRONI_SUPERUSER_PASSWORD=$(random_word)
  PATRONI_REPLICATION_PASSWORD=$(random_word)
  (umask 077 && echo "*:*:*:postgres:$PATRONI_SUPERUSER_PASSWORD" >"$patroni_work/superuser.pass")
  start_etcd here 3
  etcd_here=$etcd_pid
  local name
  for name in db1 db2; do
    machine_start "$name"
  done
  wait_until 120 "no primary" is_writable db1 db2
  wait_until 180 "no synchronous standby" has_standby
}

patroni_stop() {
  local name
  for name in db1 db2; do
    machine_off "$name"
  done
  # Alone it would wait for the others.
  kill -KILL "$etcd_here"
}

# machine_start NAME: as when it is switched on.
machine_start() {
  machine_on "$1" "${address_of[$1]}" "${etcd_address_of[$1]}"
  start_etcd "$1" "${1#db}"
  start_patroni "$1"
}

# start_etcd MACHINE NUMBER
start_etcd() {
  local data=$patroni_work/etcd$2 at=()
  [ "$1" = here ] || enter_machine "$1"
  # The shipped file is the first one's.
  local settings
  mapfile -t settings < <(sed -e "/CLUSTER=/!{s/10\.0\.0\.31/${etcd_address_of[$1]}/g;s/etcd1/etcd$2/}" -e '/^#/d' \
    -e "s|^ETCD_DATA_DIR=.*|ETCD_DATA_DIR=$data|" deploy/patroni/etcd)
  (cd / && exec "${as_child[@]}" "${at[@]}" env "${settings[@]}" etcd) >>"$data.log" 2>&1 </dev/null &
  etcd_pid=$!
  disown
}

# start_patroni MACHINE
start_patroni() {
  local folder=$patroni_work/$1 at
  [ -d "$folder" ] || make_folder "$1"
  mount_small_disks "$1"
  enter_machine "$1"
  (cd / && exec setsid "${at[@]}" "${as_pg[@]}" /usr/bin/patroni "$folder.yml") >>"$folder.log" 2>&1 </dev/null &
  disown
}

# The shipped file, but for the folders, the machine's name and address, and the watchdog.
make_folder() {
  local folder=$patroni_work/$1 user
  user=$(pg_user)
  mkdir -m 0700 "$folder" "$folder/data" "$folder/wal" "$folder/run"
  sed -e "s/^name: .*/name: $1/" -e "s/10\.0\.0\.21/${address_of[$1]}/" \
    -e "s|/var/lib/postgresql/15/meisim|$folder/data/meisim|" -e "s|/var/lib/postgresql/patroni.pgpass|$folder/pgpass|" \
    -e "s|/var/run/postgresql|$folder/run|" -e "s/mode: required/mode: off/" deploy/patroni/patroni.yml >"$folder.yml"
  [ -z "$small_disks" ] || use_small_disks "$folder"
  [ "$(id -u)" -ne 0 ] || chown -R "$user:" "$folder" "$folder.yml"
}

# The write-ahead log gets a disk of its own, and both are soon full.
use_small_disks() {
  local log="- waldir: $1/wal/pg_wal"
  sed -i -e "s|^    - data-checksums|&\n    $log|" -e "s|^  authentication:|  basebackup:\n    $log\n&|" \
    -e 's/max_wal_size: .*/max_wal_size: 96MB/' -e 's/wal_keep_size: .*/wal_keep_size: 32MB/' "$1.yml"
}

# mount_small_disks MACHINE
mount_small_disks() {
  [ -n "$small_disks" ] || return 0
  local user disk
  user=$(pg_user)
  for disk in data wal; do
    at_machine "$1" mountpoint -q "$patroni_work/$1/$disk" || at_machine "$1" mount -t tmpfs \
      -o "size=320m,mode=0700,uid=$(id -u "$user"),gid=$(id -g "$user")" disk "$patroni_work/$1/$disk"
  done
}

# patroni_control ..: patronictl.
patroni_control() {
  (cd / && /usr/bin/patronictl -c "$patroni_work/db1.yml" "$@")
}

# answers_as PATH NAME..: prints the first of these machines whose Patroni answers 200 there.
answers_as() {
  local path=$1 name
  shift
  for name; do
    curl -fso /dev/null --max-time 1 "http://${address_of[$name]}:8008/$path" && echo "$name" && return
  done
  return 1
}

# is_writable NAME..: prints the one of these that is the primary.
is_writable() {
  answers_as primary "$@"
}

has_standby() {
  answers_as synchronous db1 db2 >/dev/null
}

other_of() {
  [ "$1" = db1 ] && echo db2 || echo db1
}

# sql DATABASE [PSQL'S ARGUMENTS..]: at the primary.
sql() {
  local database=$1
  shift
  PGPASSFILE=$patroni_work/superuser.pass "$pg_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 \
    "host=$both_hosts user=postgres dbname=$database target_session_attrs=read-write connect_timeout=3" "$@"
}

# promotions NAME: when this machine was promoted, a line for each time, as PostgreSQL's log says.
promotions() {
  grep -a 'archive recovery complete' "$patroni_work/$1.log" | cut -d ' ' -f 1-3 || true
}

# was_promoted NAME COUNT: whether it was, more often than this.
was_promoted() {
  [ "$(promotions "$1" | wc -l)" -gt "$2" ]
}

# promoted_at NAME: the last time, in seconds since 1970.
promoted_at() {
  date -d "$(promotions "$1" | tail -n 1)" +%s.%3N
}
