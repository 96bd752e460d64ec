#!/bin/bash
# Drives the real lpac, with pcscd and virtual cards, against the sandbox's SM-DP+ (tests/cards). It asks for lpac, which
# Debian 12 does not have, by MEISIM_LPAC=/path/to/lpac, and is skipped without.
#
#   real_lpac_test.sh BUILD [CASE..]    all cases, or some: OneCard, Checks.test_all_verdicts
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
source tests/fixtures/instance.sh

skip() {
  echo "skipped: $*"
  exit 77
}
[ -n "${MEISIM_LPAC:-}" ] || skip "MEISIM_LPAC names no lpac"
[ -x "$MEISIM_LPAC" ] || die "MEISIM_LPAC is $MEISIM_LPAC, which cannot be run"
command -v pcscd >/dev/null || skip "the real lpac needs Debian's package pcscd"
[ -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so ] || skip "the virtual cards need Debian's package vsmartcard-vpcd"
# pcscd has one socket, which stands in /run; this one's is to be its own.
unshare --mount true 2>/dev/null || skip "a private pcscd needs the right to make mount namespaces (CAP_SYS_ADMIN)"

MEISIM_BUILD=$1
shift
own_instance MEISIM_PORT MEISIM_ADMIN_PORT MEISIM_SANDBOX_PORT MEISIM_READER_PORT
export MEISIM_SMDP_PORT=$((MEISIM_SANDBOX_PORT + 1)) MEISIM_READER_PORT

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=Test CI' \
  -keyout "$MEISIM_HOME/ci.key" -out "$MEISIM_HOME/ci.pem" 2>/dev/null
openssl req -x509 -CA "$MEISIM_HOME/ci.pem" -CAkey "$MEISIM_HOME/ci.key" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
  -nodes -days 2 -subj /CN=example.com -addext 'subjectAltName=DNS:*.example.com' -addext basicConstraints=CA:FALSE \
  -keyout "$MEISIM_HOME/smdp.key" -out "$MEISIM_HOME/smdp.pem" 2>/dev/null

pg_start "$MEISIM_HOME/pg"
start_sandbox --smdp-port "$MEISIM_SMDP_PORT" --smdp-certificate "$MEISIM_HOME/smdp.pem" --smdp-key "$MEISIM_HOME/smdp.key"
sandbox=http://127.0.0.1:$MEISIM_SANDBOX_PORT
wait_until_answers "$sandbox_pid" "$sandbox/test/smdp" 20 || die "the sandbox does not start, see $MEISIM_HOME/sandbox.log"
export MEISIM_DATABASE=$pg_service MEISIM_DATABASE_OWNER=$pg_owner MEISIM_PROVIDER_URL=$sandbox MEISIM_STRIPE_URL=$sandbox
(leave_instance && exec python3 -B tests/cards/real_lpac.py "$@") || {
  # What is not about requests.
  grep '"message"' "$MEISIM_HOME/node.log" | tail -n 40
  tail -n 20 "$MEISIM_HOME/pcscd.log"
  exit 1
}
