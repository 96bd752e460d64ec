#!/bin/bash
# Holds the units of deploy/ against systemd's own judgement, and their options against those that MEISIMD knows.
#
#   units_test.sh MEISIMD DEPLOY
set -euo pipefail
meisimd=$1
deploy=$2

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
status=0
known=$("$meisimd" --help)
for unit in "$deploy"/*.service; do
  # Installed elsewhere than here.
  sed "s|/usr/bin/meisimd|$meisimd|" "$unit" >"$work/${unit##*/}"
  while read -r option; do
    grep -qE -- " $option( |,|\$)" <<<"$known" || {
      echo "${unit##*/}: meisimd has no option $option"
      status=1
    }
  done < <(grep -v '^#' "$unit" | grep -oE -- ' --[a-z-]+')
done
[ $status -eq 0 ] || exit $status
command -v systemd-analyze >/dev/null || {
  echo "skipped: there is no systemd-analyze here (Debian's package systemd) to verify the units by"
  exit 77
}
for unit in "$work"/*.service; do
  # Ten times the level that systemd shows: 3.0 is what the units keep below (docs/security.md).
  systemd-analyze security --offline=true --threshold=30 --no-pager "$unit" >"$work/exposure" || {
    tail -n 1 "$work/exposure"
    status=1
  }
done
# It may be content and still have something to say.
said=$(systemd-analyze verify --man=no "$work"/*.service 2>&1) || status=1
[ -z "$said" ] || {
  echo "$said"
  status=1
}
exit $status
