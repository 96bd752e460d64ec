# Machines for the database: each has processes and a network of its own (namespaces), so that it can be switched off as
# one, without a word to anybody. A part of tests/failover/run, which sources it.
#
# The caller has namespaces of its own too, and with them the addresses that deploy/patroni names: all of it ends with it.

# The process that a machine stands or falls with, by the machine's name.
declare -A machine_init=()

# make_network: the bridge that all machines are at. This side is 10.0.0.1.
make_network() {
  ip link set lo up
  ip link add meisim type bridge
  ip address add 10.0.0.1/24 dev meisim
  ip address add 10.0.0.33/24 dev meisim
  ip link set meisim up
}

# machine_on NAME ADDRESS..: its first process is a shell, which takes leave of processes that have lost their parent.
machine_on() {
  local name=$1 launcher address
  shift
  (cd / && exec "${as_child[@]}" unshare --net --mount --pid --fork --kill-child --mount-proc \
    bash -c 'sleep infinity & wait') </dev/null 2>>"$work/machines.log" &
  launcher=$!
  disown
  until machine_init[$name]=$(pgrep --parent "$launcher" --exact bash); do
    kill -0 "$launcher" || die "$name cannot be made"
    sleep 0.02
  done
  ip link add "$name" type veth peer name eth0 netns "${machine_init[$name]}"
  ip link set "$name" master meisim up
  at_machine "$name" ip link set lo up
  for address; do
    at_machine "$name" ip address add "$address/24" dev eth0
  done
  at_machine "$name" ip link set eth0 up
}

# enter_machine NAME: sets the array at, the prefix of a command that runs there.
enter_machine() {
  at=(nsenter --target "${machine_init[$1]}" --net --mount --pid --)
}

# at_machine NAME COMMAND..
at_machine() {
  local at
  enter_machine "$1"
  shift
  "${at[@]}" "$@"
}

# machine_off NAME: its cable first, so that nobody hears of its end.
machine_off() {
  ip link set "$1" down
  kill -KILL "${machine_init[$1]}"
  unset "machine_init[$1]"
  # Its network goes a moment after its last process.
  while ip link show "$1" >/dev/null 2>&1; do
    ip link delete "$1" 2>/dev/null || sleep 0.1
  done
}

# processes_of MACHINE [PATTERN]: all of them, or those whose command line matches.
processes_of() {
  pgrep --ns "${machine_init[$1]}" --nslist pid ${2:+--full "$2"} | grep -vx "${machine_init[$1]}" || true
}

# signal_processes MACHINE SIGNAL [PATTERN]
signal_processes() {
  local found
  mapfile -t found < <(processes_of "$1" "${3:-}")
  [ ${#found[@]} -eq 0 ] || kill -s "$2" "${found[@]}" 2>/dev/null || true
}
