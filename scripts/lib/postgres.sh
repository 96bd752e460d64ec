# The private PostgreSQL of an instance. A part of lib.sh, which sources it.

pg_bin=/usr/lib/postgresql/15/bin
pg_pid=
# The address that it listens on.
pg_address=127.0.0.1
pg_settings=(
  -c unix_socket_directories=
  -c fsync=on
  -c synchronous_commit=on
  -c full_page_writes=on
  -c shared_buffers=256MB
  -c max_wal_size=2GB
  -c max_connections=100
  -c timezone=UTC
  -c log_timezone=UTC
  -c log_checkpoints=off
  -c log_line_prefix='%m [%p] '
)

# PostgreSQL refuses to run as root. Prints the user that it runs as.
pg_user() {
  if [ "$(id -u)" -ne 0 ]; then
    id -un
  elif id -u postgres >/dev/null 2>&1; then
    echo postgres
  else
    echo nobody
  fi
}

# pg_prefix DIRECTORY: sets the array as_pg, the prefix for a command that works on the cluster in DIRECTORY, which exists.
# The checkout may stand below a folder that only root may enter. Then the command keeps the one capability that lets it
# pass, because the data directory must not be outside the checkout.
pg_prefix() {
  as_pg=()
  [ "$(id -u)" -eq 0 ] || return 0
  local user group
  user=$(pg_user)
  group=$(id -gn "$user")
  as_pg=(setpriv --reuid "$user" --regid "$group" --init-groups)
  can_pg_enter "$1" && return 0
  as_pg+=(--inh-caps +dac_override --ambient-caps +dac_override)
  can_pg_enter "$1" || die "user $user cannot enter $1, and PostgreSQL does not run as root;" \
    "set MEISIM_HOME to a directory that $user can reach"
}

# can_pg_enter DIRECTORY: it tries, because access(2), and so test(1), does not count capabilities.
can_pg_enter() {
  "${as_pg[@]}" env --chdir="$1" true 2>/dev/null
}

# pg_create DIRECTORY: makes a cluster in DIRECTORY/data, unless there is one. Its superuser is postgres, the service's
# own user is meisim, and meisim_owner owns the tables; their passwords stand in DIRECTORY.pass, which only the caller can read.
pg_create() {
  local directory=$1 word
  if [ -e "$directory/complete" ]; then
    pg_prefix "$directory"
    return 0
  fi
  rm -rf -- "$directory"
  mkdir -p -- "$directory"
  chmod 0700 "$directory"
  if [ "$(id -u)" -eq 0 ]; then
    chown "$(pg_user):" "$directory"
  fi
  pg_prefix "$directory"

  word=$(random_word)
  (
    umask 077
    printf "$pg_address:*:*:%s:%s\n" postgres "$word" meisim "$(random_word)" meisim_owner "$(random_word)" \
      >"$directory.pass"
    printf '%s\n' "$word" >"$directory/word"
  )
  if [ "$(id -u)" -eq 0 ]; then
    chown "$(pg_user):" "$directory/word"
  fi
  (cd / && "${as_pg[@]}" "$pg_bin/initdb" --pgdata="$directory/data" --username=postgres --pwfile="$directory/word" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >"$directory.log" 2>&1) || {
    cat "$directory.log" >&2
    die "initdb failed"
  }
  rm -f "$directory/word"
  [ "$pg_address" = 127.0.0.1 ] || echo "host all all samenet scram-sha-256" >>"$directory/data/pg_hba.conf"
}

# pg_copy DIRECTORY PRIMARY: makes a standby in DIRECTORY of the cluster in PRIMARY, which runs. It has the same passwords.
pg_copy() {
  local directory=$1 primary=$2
  [ ! -e "$directory/complete" ] || return 0
  rm -rf -- "$directory"
  mkdir -p -- "$directory"
  chmod 0700 "$directory"
  (umask 077 && cp "$primary.pass" "$directory.pass" && cp "$primary.pass" "$directory/pass")
  if [ "$(id -u)" -eq 0 ]; then
    chown "$(pg_user):" "$directory" "$directory/pass"
  fi
  pg_prefix "$directory"
  (cd / && "${as_pg[@]}" env PGPASSFILE="$directory/pass" "$pg_bin/pg_basebackup" --pgdata="$directory/data" \
    --write-recovery-conf --checkpoint=fast \
    --dbname="host=$pg_address port=$(cat "$primary.port") user=postgres" >"$directory.log" 2>&1) || {
    cat "$directory.log" >&2
    die "pg_basebackup failed"
  }
  touch "$directory/complete"
}

# pg_start DIRECTORY: starts the cluster (made if there is none) on a port of its own choice, kept in DIRECTORY.port.
# Sets pg_pid, pg_port, PGPASSFILE, and the connection strings pg_superuser, pg_service and pg_owner. Must not be
# called in a subshell.
pg_start() {
  local directory=$1
  pg_create "$directory"
  pg_wait_for_the_last_one "$directory/data"
  export PGPASSFILE="$directory.pass"
  for _ in 1 2 3 4 5; do
    pg_port=$(cat "$directory.port" 2>/dev/null || free_port)
    # The death signal comes last, because a change of user clears it. INT is PostgreSQL's fast shutdown.
    (leave_instance && cd / && exec setsid "${as_pg[@]}" setpriv --pdeathsig INT "$pg_bin/postgres" -D "$directory/data" \
      -p "$pg_port" -c listen_addresses="$pg_address" "${pg_settings[@]}") >>"$directory.log" 2>&1 </dev/null &
    pg_pid=$!
    if pg_wait_until_ready; then
      echo "$pg_port" >"$directory.port"
      pg_superuser="host=$pg_address port=$pg_port user=postgres dbname=postgres"
      pg_service="host=$pg_address port=$pg_port user=meisim dbname=meisim"
      pg_owner="host=$pg_address port=$pg_port user=meisim_owner dbname=meisim"
      pg_make_database "$directory"
      return 0
    fi
    # Most likely somebody else has taken the port.
    rm -f "$directory.port"
  done
  tail -n 20 "$directory.log" >&2
  die "PostgreSQL does not start"
}

pg_wait_until_ready() {
  local i
  for ((i = 0; i < 1200; i++)); do
    if ! kill -0 "$pg_pid" 2>/dev/null; then
      wait "$pg_pid" || true
      return 1
    fi
    "$pg_bin/pg_isready" -q -h "$pg_address" -p "$pg_port" -U postgres -d postgres && return 0
    sleep 0.05
  done
  return 1
}

# A script that was killed leaves a PostgreSQL behind that is still stopping. Waits until it has stopped.
pg_wait_for_the_last_one() {
  local pid i
  pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) || return 0
  for ((i = 0; i < 200; i++)); do
    [ -e "$1/postmaster.pid" ] || return 0
    [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$1" ] || return 0
    sleep 0.05
  done
  die "PostgreSQL is already running in $1 (process $pid)"
}

# pg_password ROLE: prints the password of a role.
pg_password() {
  sed -n "s/^[^:]*:[^:]*:[^:]*:$1://p" "$PGPASSFILE"
}

# Makes the service's roles and database, once. Passwords travel on standard input only.
pg_make_database() {
  local directory=$1
  [ -e "$directory/complete" ] && return 0
  "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -v role=meisim -v owner=meisim_owner -v database=meisim "$pg_superuser" <<SQL
\set password '$(pg_password meisim)'
\set owner_password '$(pg_password meisim_owner)'
\i apps/meisimctl/create_database.sql
SQL
  touch "$directory/complete"
}

pg_stop() {
  [ -n "$pg_pid" ] || return 0
  local pid=$pg_pid
  pg_pid=
  stop_child "$pid" INT 60 || {
    note "PostgreSQL ended with an error, see its log"
    return 1
  }
}
