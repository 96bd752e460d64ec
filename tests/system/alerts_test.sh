#!/bin/bash
# Holds the alerts against promtool, whose unit tests stand beside them, and against docs/alerts.md, which has a section for
# each and for no other.
#
#   alerts_test.sh SOURCE
set -euo pipefail
cd "$1"
command -v promtool >/dev/null || {
  echo "promtool is missing (Debian's package prometheus)"
  exit 1
}
promtool check rules deploy/prometheus/rules.yml
(cd deploy/prometheus && promtool test rules rules_test.yml)
diff <(sed -nE 's/^ +- alert: //p' deploy/prometheus/rules.yml) <(sed -nE 's/^## //p' docs/alerts.md) || {
  echo "docs/alerts.md and the rules have other alerts, or in another order"
  exit 1
}
# Each alert is fired and kept silent.
while IFS= read -r alert; do
  [ "$(grep -cxE " +alertname: $alert" deploy/prometheus/rules_test.yml)" -ge 2 ] || {
    echo "$alert is not tested"
    exit 1
  }
done < <(sed -nE 's/^ +- alert: //p' deploy/prometheus/rules.yml)
