#!/bin/bash
# Runs a command beside an instance of its own: a private PostgreSQL, the sandbox, and a node with the demonstration that may
# call webhooks on this machine. The command has the instance's environment (scripts/lib.sh), and in MEISIM_URL and
# MEISIM_DEALER_KEY what a dealer needs to call it. Ends as the command does.
#
#   with_instance.sh BUILD COMMAND..
#
# shellcheck disable=SC2119 # The sandbox's options are not ours.
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
source tests/fixtures/instance.sh

MEISIM_BUILD=$1
shift
own_instance MEISIM_PORT MEISIM_ADMIN_PORT MEISIM_SANDBOX_PORT
export MEISIM_PUBLIC_URL=http://127.0.0.1:$MEISIM_PORT
pg_start "$MEISIM_HOME/pg"
start_sandbox
name_demo_providers
# The command may start a second node: its certificate and the ports behind these are there.
make_certificates 2
# An order that gets no further is stuck while one waits for it.
start_node --seed-demo --simulated-devices 2 --simulated-latency-ms 10 --webhook-any-address --stuck-after-seconds 1 \
  "${demo_providers[@]}"
wait_for_service

export MEISIM_URL=http://127.0.0.1:$MEISIM_PORT MEISIM_DEALER_KEY
MEISIM_DEALER_KEY=$(ctl dealer key demo@meisim.test --json | json_text apiKey)
(leave_instance && exec "$@")
