#!/bin/bash
# Puts the pages into the folder OUTPUT. Installs the packages that package-lock.json names, and calls `npm run build`,
# unless that has been done since anything changed: all build trees of a checkout share the pages, and wait for each other
# here. Without OUTPUT it only installs.
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
pages=$(realpath -m ../build/pages)
if [ ! -e "$pages.made" ] ||
  [ -n "$(find . ../http/openapi -mindepth 1 -path ./node_modules -prune -o -newer "$pages.made" -print -quit)" ]; then
  # Only what Vite reports as wrong matters.
  rm -rf -- "$pages" "$pages.made"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  MEISIM_PORTAL_OUTPUT=$pages npm run --silent build >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
  }
  touch "$pages.made"
fi
rm -rf -- "$output"
mkdir -p "${output%/*}"
cp -r "$pages" "$output"
