# Shared by the scripts beside it; to be sourced, with bash.
#
# Sets the environment of an instance, builds, and starts children; lib/postgres.sh keeps a private PostgreSQL,
# lib/service.sh the nodes and the sandbox. Everything that is started is a child of the calling script. When that
# script dies in any way, the kernel tells the child to stop.

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

# absolute PATH: prints it as an absolute path; a relative one starts at the project's root.
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

# build PRESET DIRECTORY [TARGET..]: builds the programs if no target is named. Whoever watches sees how far it is.
build() {
  local preset=$1 directory=$2 watched=(--quiet)
  shift 2
  [ ! -t 2 ] || watched=()
  if [ ! -e "$directory/build.ninja" ]; then
    note "building in $directory, which takes many minutes the first time"
    mkdir -p "$(dirname "$directory")"
    cmake --preset "$preset" -B "$directory" >"$directory.log" 2>&1 || {
      cat "$directory.log" >&2
      die "cannot configure $directory"
    }
    rm -f "$directory.log"
  elif [ ! -d "$directory/tests" ] && [ -d /usr/include/boost/test ]; then
    # What the tests need has come since.
    cmake "$directory" >/dev/null
  fi
  # Two instances may share a build tree: one builds, the other waits.
  flock "$directory" cmake --build "$directory" ${1:+--target "$@"} -- "${watched[@]}" >&2 || die "the build failed"
}

# node_packages DIRECTORY: installs what its package-lock.json names, unless it is there. No script of a package is run.
node_packages() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return 0
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --cache "$project/build/npm" >&2) ||
    die "cannot install the packages of $1"
}

# --- Children -----------------------------------------------------------------------------------------------------

# The prefix of a command that becomes a child, started with `exec` in a subshell. The child has a session of its own, so a
# Ctrl-C on the terminal reaches only the script, which then stops its children in order. The child gets TERM when the
# script is gone.
as_child=(setsid setpriv --pdeathsig TERM)

# Makes the caller the only one that runs in this home, until the caller ends. Call it once.
claim_instance() {
  mkdir -p -- "$MEISIM_HOME"
  # PostgreSQL does not run as root, and has to get through this folder to its own.
  chmod 0700 "$MEISIM_HOME"
  [ "$(id -u)" -ne 0 ] || chmod 0711 "$MEISIM_HOME"
  exec {instance_lock}>"$MEISIM_HOME/instance.lock"
  flock --nonblock "$instance_lock" || die "another instance runs in $MEISIM_HOME"
}

# A child calls this: the claim is its parent's.
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

# port_is_free PORT: true if nobody listens there on the loopback.
port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Prints a free port below those that the kernel hands out for outgoing connections, and above those of the tests' programs
# (tests/fixtures/free_port.hpp) and those of free_ports.
free_port() {
  local port
  while :; do
    port=$((32000 + RANDOM % 500))
    port_is_free "$port" && break
  done
  echo "$port"
}

# free_ports NAME..: sets each of these variables to a free port of its own, with two free ones behind it for further nodes.
free_ports() {
  local each=3 first i name
  while :; do
    first=$((30000 + each * (RANDOM % 500)))
    for ((i = 0; i < each * $#; i++)); do
      port_is_free $((first + i)) || continue 2
    done
    break
  done
  for name in "$@"; do
    printf -v "$name" %d "$first"
    first=$((first + each))
  done
}

random_word() {
  openssl rand -hex 20
}

source scripts/lib/postgres.sh
source scripts/lib/service.sh
