#!/bin/bash
# Runs a command in a network of its own, which has the loopback alone. A browser drops what it is loading when an interface
# comes or goes, and other tests make networks. Where no such network can be made, the command runs in that of the machine.
#
#   in_own_network.sh COMMAND..
set -euo pipefail

own=(unshare --net)
[ "$(id -u)" -eq 0 ] || own+=(--user --map-current-user --keep-caps)
if "${own[@]}" ip link set lo up 2>/dev/null; then
  exec "${own[@]}" bash -c 'ip link set lo up && exec "$@"' in_own_network "$@"
fi
exec "$@"
