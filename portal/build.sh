#!/bin/bash
# Builds the pages into the folder OUTPUT: installs the packages that package-lock.json names, unless they are there, and
# calls `npm run build`. Without OUTPUT it only installs. Several build trees of one checkout wait for each other here.
#
#   portal/build.sh [OUTPUT]
set -euo pipefail
output=${1:+$(realpath -m -- "$1")}
cd "$(dirname "${BASH_SOURCE[0]}")"

mkdir -p ../build
export npm_config_cache=$PWD/../build/npm npm_config_update_notifier=false
exec {lock}>../build/portal.lock
flock "$lock"
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --prefer-offline >&2
fi
[ -n "$output" ] || exit 0
# What Vite says goes wrong matters, and nothing else.
rm -rf -- "$output"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
MEISIM_PORTAL_OUTPUT=$output npm run --silent build >"$log" 2>&1 || {
  cat "$log" >&2
  exit 1
}
