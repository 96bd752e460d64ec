# Shared by the scripts beside it; to be sourced, with bash.
#
# Sets the environment of an instance, builds, and keeps a private PostgreSQL. Everything that is started here is a
# child of the calling script and is told to stop by the kernel when that script dies, however it dies.

set -euo pipefail
shopt -s inherit_errexit

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$project"

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

note() {
  echo "${0##*/}: $*" >&2
}

# absolute PATH: relative paths are meant from the project's root.
absolute() {
  realpath -m -- "$1"
}

export MEISIM_HOME MEISIM_PORT MEISIM_ADMIN_PORT MEISIM_SANDBOX_PORT MEISIM_BUILD MEISIM_RATE_LIMITS
MEISIM_HOME=$(absolute "${MEISIM_HOME:-var}")
MEISIM_PORT=${MEISIM_PORT:-8080}
MEISIM_ADMIN_PORT=${MEISIM_ADMIN_PORT:-8081}
MEISIM_SANDBOX_PORT=${MEISIM_SANDBOX_PORT:-8090}
MEISIM_BUILD=$(absolute "${MEISIM_BUILD:-build/release}")
MEISIM_RATE_LIMITS=${MEISIM_RATE_LIMITS:-on}

# --- Building -----------------------------------------------------------------------------------------------------

# build PRESET DIRECTORY [TARGET..]: the programs when no target is named.
build() {
  local preset=$1 directory=$2
  shift 2
  if [ ! -e "$directory/build.ninja" ]; then
    mkdir -p "$(dirname "$directory")"
    cmake --preset "$preset" -B "$directory" >"$directory.log" 2>&1 || {
      cat "$directory.log" >&2
      die "cannot configure $directory"
    }
    rm -f "$directory.log"
  fi
  # Two instances may share a build tree: one builds, the other waits.
  flock "$directory" cmake --build "$directory" ${1:+--target "$@"} -- --quiet >&2 || die "the build failed"
}

# node_packages DIRECTORY: installs what its package-lock.json names, unless that is there. No script
# that they bring along is run.
node_packages() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return 0
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --cache "$project/build/npm" >&2) ||
    die "cannot install the packages of $1"
}

# --- Children -----------------------------------------------------------------------------------------------------

# The prefix of a command that is to be a child, started with `exec` in a subshell: it stands in a session of its own, so
# that a Ctrl-C on the terminal reaches only the script, which then stops its children in order, and gets TERM when the
# script is gone.
as_child=(setsid setpriv --pdeathsig TERM)

# Makes the caller the only one that runs in this home, until it ends; to be called once.
claim_instance() {
  mkdir -p -- "$MEISIM_HOME"
  # PostgreSQL, which does not run as root, has to pass through on its way to its own folder.
  chmod 0700 "$MEISIM_HOME"
  [ "$(id -u)" -ne 0 ] || chmod 0711 "$MEISIM_HOME"
  exec {instance_lock}>"$MEISIM_HOME/instance.lock"
  flock --nonblock "$instance_lock" || die "another instance runs in $MEISIM_HOME"
}

# Children let go of the claim.
leave_instance() {
  [ -z "${instance_lock:-}" ] || exec {instance_lock}>&-
}

# stop_child PID SIGNAL SECONDS: asks, waits, and in the end insists. True if it ended by itself, with status 0.
stop_child() {
  local pid=$1 signal=$2 seconds=$3 i
  kill -s "$signal" "$pid" 2>/dev/null || true
  for ((i = 0; i < seconds * 20; i++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  if kill -0 "$pid" 2>/dev/null; then
    note "process $pid did not stop within $seconds s"
    kill -KILL "$pid" 2>/dev/null || true
  fi
  wait "$pid" 2>/dev/null
}

# port_is_free PORT: nobody listens there on the loopback.
port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Prints a free port below those that the kernel hands out for outgoing connections, and above those of the tests' programs
# (tests/fixtures/free_port.hpp).
free_port() {
  local port
  while :; do
    port=$((30000 + RANDOM % 2500))
    port_is_free "$port" && break
  done
  echo "$port"
}

random_word() {
  openssl rand -hex 20
}

# --- PostgreSQL ---------------------------------------------------------------------------------------------------

pg_bin=/usr/lib/postgresql/15/bin
pg_pid=
# Where it is reached.
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

# PostgreSQL refuses to run as root: as root, all of it runs as another user.
pg_user() {
  if [ "$(id -u)" -ne 0 ]; then
    id -un
  elif id -u postgres >/dev/null 2>&1; then
    echo postgres
  else
    echo nobody
  fi
}

# Sets the array as_pg: the prefix for a command that works on the cluster in DIRECTORY (which exists). A checkout may
# stand below a folder that only root may enter; then the command keeps the one capability that lets it pass, since a
# data directory elsewhere would be one outside the checkout.
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

# can_pg_enter DIRECTORY: by trying, since access(2), and so test(1), does not count capabilities.
can_pg_enter() {
  "${as_pg[@]}" env --chdir="$1" true 2>/dev/null
}

# pg_create DIRECTORY: makes a cluster in DIRECTORY/data, unless there is one. Its superuser is postgres, the service's
# own user is meisim; their passwords stand in DIRECTORY.pass, which only the caller can read.
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
    printf "$pg_address:*:*:%s:%s\n" postgres "$word" meisim "$(random_word)" >"$directory.pass"
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

# pg_start DIRECTORY: starts the cluster (made if there is none) on a port of its own choice, kept in DIRECTORY.port.
# Sets pg_pid, pg_port, PGPASSFILE, and the two connection strings pg_superuser and pg_service. Must not be called in
# a subshell.
pg_start() {
  local directory=$1
  pg_create "$directory"
  pg_wait_for_the_last_one "$directory/data"
  export PGPASSFILE="$directory.pass"
  for _ in 1 2 3 4 5; do
    pg_port=$(cat "$directory.port" 2>/dev/null || free_port)
    # The death signal comes last, since a change of user clears it; INT is PostgreSQL's fast shutdown.
    (leave_instance && cd / && exec setsid "${as_pg[@]}" setpriv --pdeathsig INT "$pg_bin/postgres" -D "$directory/data" \
      -p "$pg_port" -c listen_addresses="$pg_address" "${pg_settings[@]}") >>"$directory.log" 2>&1 </dev/null &
    pg_pid=$!
    if pg_wait_until_ready; then
      echo "$pg_port" >"$directory.port"
      pg_superuser="host=$pg_address port=$pg_port user=postgres dbname=postgres"
      pg_service="host=$pg_address port=$pg_port user=meisim dbname=meisim"
      pg_make_database "$directory"
      return 0
    fi
    # Most likely somebody else took the port meanwhile.
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

# A script that was killed leaves a PostgreSQL behind that is just stopping.
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

# The service's user and database, once. Passwords travel on standard input only.
pg_make_database() {
  local directory=$1 word
  [ -e "$directory/complete" ] && return 0
  word=$(sed -n 's/^[^:]*:[^:]*:[^:]*:meisim://p' "$PGPASSFILE")
  "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -v role=meisim -v database=meisim "$pg_superuser" <<SQL
\set password '$word'
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

# --- The service --------------------------------------------------------------------------------------------------

sandbox_pid=
node_pid=
more_node_pids=()
several_nodes=

# wait_until_answers PID URL SECONDS: until URL answers with success; fails when PID ends before.
wait_until_answers() {
  local pid=$1 url=$2 seconds=$3 i
  for ((i = 0; i < seconds * 10; i++)); do
    kill -0 "$pid" 2>/dev/null || return 1
    curl -fso /dev/null --max-time 2 "$url" 2>/dev/null && return 0
    sleep 0.1
  done
  return 1
}

# Many clients are many open files.
raise_file_limit() {
  ulimit -S -n "$(ulimit -H -n)" 2>/dev/null || true
}

# make_secret FILE PREFIX: a secret that only the caller can read, once.
make_secret() {
  [ -s "$1" ] || (umask 077 && printf '%s%s\n' "$2" "$(random_word)" >"$1")
}

# start_sandbox [OPTION..]: the outside world on MEISIM_SANDBOX_PORT; sets sandbox_pid.
start_sandbox() {
  # Between us and the Stripe that the sandbox plays.
  make_secret "$MEISIM_HOME/stripe.key" sk_test_
  make_secret "$MEISIM_HOME/stripe-webhook.secret" whsec_
  (leave_instance && raise_file_limit && exec "${as_child[@]}" "$MEISIM_BUILD/bin/meisim-sandbox" \
    --port "$MEISIM_SANDBOX_PORT" --webhook-url "http://127.0.0.1:$MEISIM_PORT/stripe/webhook" \
    "$@") >>"$MEISIM_HOME/sandbox.log" 2>&1 </dev/null &
  sandbox_pid=$!
}

# start_node [OPTION..]: a node on the private PostgreSQL and the sandbox; sets node_pid.
start_node() {
  local log=${node_log:-$MEISIM_HOME/node.log}
  export MEISIM_DATABASE=$pg_service MEISIM_PROVIDER_URL="http://127.0.0.1:$MEISIM_SANDBOX_PORT"
  export MEISIM_STRIPE_URL=${MEISIM_STRIPE_URL:-"http://127.0.0.1:$MEISIM_SANDBOX_PORT"}
  export MEISIM_STRIPE_PUBLISHABLE_KEY=${MEISIM_STRIPE_PUBLISHABLE_KEY:-pk_test_sandbox}
  local certificates=$MEISIM_HOME/certs name=${MEISIM_NODE:-node-0}
  if [ -n "${several_nodes:-}" ]; then
    export MEISIM_CLUSTER_CERTIFICATE=$certificates/$name.pem MEISIM_CLUSTER_KEY=$certificates/$name.key
    export MEISIM_CLUSTER_CA=$certificates/ca.pem
  fi
  (leave_instance && raise_file_limit && exec "${as_child[@]}" "$MEISIM_BUILD/bin/meisimd" "$@") \
    >>"$log" 2>&1 </dev/null &
  node_pid=$!
}

# make_certificates COUNT: what node-0.. need to speak to each other, once; the nodes that are started from now on use it.
make_certificates() {
  local i missing=()
  for ((i = 0; i < $1; i++)); do
    [ -s "$MEISIM_HOME/certs/node-$i.pem" ] || missing+=("node-$i")
  done
  [ ${#missing[@]} -eq 0 ] || scripts/cluster-certs "$MEISIM_HOME/certs" "${missing[@]}" >/dev/null
  several_nodes=yes
}

# start_more_nodes COUNT [OPTION..]: nodes node-1.. beside the first one, each with its ports one higher than the one
# before; waits until they are ready.
start_more_nodes() {
  local count=$1 i first=$node_pid
  shift
  for ((i = 1; i <= count; i++)); do
    MEISIM_NODE=node-$i MEISIM_PORT=$((MEISIM_PORT + i)) MEISIM_ADMIN_PORT=$((MEISIM_ADMIN_PORT + i)) \
      node_log=$MEISIM_HOME/node-$i.log start_node "$@"
    more_node_pids+=("$node_pid")
  done
  node_pid=$first
  for ((i = 1; i <= count; i++)); do
    wait_until_answers "${more_node_pids[i - 1]}" "http://127.0.0.1:$((MEISIM_ADMIN_PORT + i))/readyz" 60 || {
      tail -n 20 "$MEISIM_HOME/node-$i.log" >&2
      die "node-$i does not get ready, see $MEISIM_HOME/node-$i.log"
    }
  done
}

# wait_for_members COUNT: until so many nodes know of each other.
wait_for_members() {
  local i
  for ((i = 0; i < 100; i++)); do
    [ "$(ctl node list --json | grep -o '"state" *: *"up"' | wc -l)" -lt "$1" ] || return 0
    sleep 0.1
  done
  die "not all nodes have joined, see the logs in $MEISIM_HOME"
}

# lose_node PID: one of several nodes has ended by itself; another one is the first now.
lose_node() {
  local left=() pid
  for pid in "$node_pid" "${more_node_pids[@]}"; do
    [ "$pid" = "$1" ] || left+=("$pid")
  done
  node_pid=${left[0]:-}
  more_node_pids=("${left[@]:1}")
}

# Waits until the node and the sandbox answer.
wait_for_service() {
  wait_until_answers "$node_pid" "http://127.0.0.1:$MEISIM_ADMIN_PORT/readyz" 60 || {
    tail -n 20 "$MEISIM_HOME/node.log" >&2
    die "the node does not get ready, see $MEISIM_HOME/node.log"
  }
  kill -0 "$sandbox_pid" 2>/dev/null || {
    tail -n 20 "$MEISIM_HOME/sandbox.log" >&2
    die "the sandbox has ended, see $MEISIM_HOME/sandbox.log"
  }
}

# Stops node and sandbox, outermost first: the node drains while it still has its database and the outside world.
# True when both ended well.
stop_node() {
  local well=0 pid
  for pid in "${more_node_pids[@]}"; do
    stop_child "$pid" TERM 40 || well=1
  done
  more_node_pids=()
  if [ -n "$node_pid" ]; then
    stop_child "$node_pid" TERM 40 || well=1
    node_pid=
  fi
  if [ -n "$sandbox_pid" ]; then
    stop_child "$sandbox_pid" TERM 10 || well=1
    sandbox_pid=
  fi
  return $well
}

# The same, and then PostgreSQL.
stop_service() {
  local well=0
  stop_node || well=1
  pg_stop || well=1
  return $well
}

# ctl ..: meisimctl against the instance of this home.
ctl() {
  "$MEISIM_BUILD/bin/meisimctl" "$@"
}

# json_text NAME: the text value of the first field NAME of a JSON document on standard input.
json_text() {
  # An answer ends without a line break, and sed would leave its line without one too.
  { cat && echo; } | sed -n 's/.*"'"$1"'" *: *"\([^"]*\)".*/\1/p' | head -n 1
}
