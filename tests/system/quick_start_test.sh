#!/bin/bash
# Runs what README.md and docs/try-it.md print to be copied and pasted, on an instance of its own (with_instance.sh). What a
# reader has to fill in (ids of answers) is filled in from the answers before.
#
# shellcheck disable=SC2016 # What the pages print is expanded when it is run.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

hook_port='' receiver_pid=''
free_ports hook_port
trap '[ -z "$receiver_pid" ] || kill "$receiver_pid" 2>/dev/null || true' EXIT
answer=$MEISIM_HOME/answer batch=$MEISIM_HOME/batch short=$MEISIM_HOME/short

# As the reader's, but a refusal is a failure, and the answer is kept.
curl() {
  command curl -sS --fail-with-body "$@" >"$answer" || die "$(cat "$answer") is the answer to: curl $*"
  cat "$answer"
  echo
  ! grep -q '"batch_id"' "$answer" || json_text batch_id <"$answer" >"$batch"
  ! grep -q '"shortId"' "$answer" || json_text shortId <"$answer" >"$short"
}

# retry COMMAND..: until it succeeds, for what happens behind an answer.
retry() {
  local i
  for ((i = 0; i < 100; i++)); do
    "$@" 2>/dev/null && return
    sleep 0.1
  done
  "$@"
}

# has_mail TEXT: a mail with this text has come.
has_mail() {
  grep -rqE -- "$1" "$MEISIM_HOME/mail"
}

# has_order STATUS: an order of the reader's is in this state.
has_order() {
  command curl -sS "http://127.0.0.1:$MEISIM_PORT/api/v1/orders" -H "x-dealer-key: $KEY" | grep -q "\"$1\""
}

# blocks PAGE FIRST_HEADING [LAST_HEADING]: its commands, for this instance.
blocks() {
  awk -v from="$2" -v to="${3:-}" '
    /^#/ { if (!is_code) { if ($0 == from) is_in = 1; else if (to != "" && $0 == to) is_in = 0 } }
    /^```/ { is_code = /^```sh/ && is_in; next }
    is_code' "$1" |
    sed -e "s|127\.0\.0\.1:8080|127.0.0.1:$MEISIM_PORT|g; s|127\.0\.0\.1:8090|127.0.0.1:$MEISIM_SANDBOX_PORT|g" \
      -e "s|var/mail|$MEISIM_HOME/mail|g; s|var/answer|$MEISIM_HOME/said|g" \
      -e 's|cs_test_…|$(grep -o "cs_test_[A-Za-z0-9_]*" "$answer" \| head -n 1)|' \
      -e 's|<batch_id>|$(cat "$batch")|; s|<shortId>|$(cat "$short")|' \
      -e "s|127\.0\.0\.1:9000|127.0.0.1:$hook_port|; s|listen(9000)' &|listen($hook_port)' \& receiver_pid=\$!|" \
      -e 's|^scripts/ctl|retry scripts/ctl|'
}

echo "--- README.md"
eval "$(blocks README.md '## First order' '## How it works')"
retry has_order completed
retry has_mail 'To: .*end@example.com'

echo "--- docs/try-it.md"
eval "$(blocks docs/try-it.md '# More to try')"
ctl ledger check
