#!/bin/bash
# Runs a command in a network of its own. A browser drops what it is loading when an interface comes or goes, and other tests
# make networks. Where none can be made, the command runs in that of the machine.
#
#   in_own_network.sh COMMAND..
set -euo pipefail

own=(unshare --net)
[ "$(id -u)" -eq 0 ] || own+=(--user --map-current-user --keep-caps)

# A cable that leads nowhere: with the loopback alone, a browser would say that it is offline.
connect() {
  ip link set lo up
  ip link add one type veth peer name other
  ip address add 198.18.0.1/30 dev one
  ip link set one up
  ip link set other up
}

if [ "${1:-}" = --inside ]; then
  shift
  connect
  exec "$@"
elif "${own[@]}" ip link add one type veth peer name other 2>/dev/null; then
  exec "${own[@]}" bash "$0" --inside "$@"
fi
exec "$@"
