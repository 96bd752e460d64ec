# The sandbox and the nodes of an instance. A part of lib.sh, which sources it.

sandbox_pid=
node_pid=
more_node_pids=()
several_nodes=

# wait_until_answers PID URL SECONDS: until URL answers with success; fails when PID ends before.
wait_until_answers() {
  local pid=$1 url=$2 seconds=$3 i
  for ((i = 0; i < seconds * 10; i++)); do
    kill -0 "$pid" 2>/dev/null || return 1
    curl -fso /dev/null --max-time 2 "$url" 2>/dev/null && return 0
    sleep 0.1
  done
  return 1
}

# Allows as many open files as there may be: each client is one.
raise_file_limit() {
  ulimit -S -n "$(ulimit -H -n)" 2>/dev/null || true
}

# make_secret FILE PREFIX: writes a secret that only the caller can read, once.
make_secret() {
  [ -s "$1" ] || (umask 077 && printf '%s%s\n' "$2" "$(random_word)" >"$1")
}

# start_sandbox [OPTION..]: starts the outside world on MEISIM_SANDBOX_PORT; sets sandbox_pid.
# shellcheck disable=SC2120 # Not every caller has options for it.
start_sandbox() {
  # The secrets that the service shares with the Stripe that the sandbox plays.
  make_secret "$MEISIM_HOME/stripe.key" sk_test_
  make_secret "$MEISIM_HOME/stripe-webhook.secret" whsec_
  (leave_instance && raise_file_limit && exec "${as_child[@]}" "$MEISIM_BUILD/bin/meisim-sandbox" \
    --port "$MEISIM_SANDBOX_PORT" --webhook-url "http://127.0.0.1:$MEISIM_PORT/stripe/webhook" \
    "$@") >>"$MEISIM_HOME/sandbox.log" 2>&1 </dev/null &
  sandbox_pid=$!
}

# name_demo_providers: sets demo_providers to the options by which a node sells from the providers that the sandbox plays as
# well, unless the environment names others.
# shellcheck disable=SC2034 # Its callers read it.
name_demo_providers() {
  local sandbox=http://127.0.0.1:$MEISIM_SANDBOX_PORT
  demo_providers=()
  [ -z "${MEISIM_PROVIDER:-}" ] || return 0
  # DT One's is a name and a password, which travel with each call.
  make_secret "$MEISIM_HOME/provider-p9.key" sandbox:
  demo_providers=(--provider "p5=esim-go@$sandbox/esim-go-api" --provider "p6=esim-access@$sandbox/esim-access-api"
    --provider "p7=airalo@$sandbox/airalo-api" --provider "p8=reloadly@$sandbox/reloadly-api"
    --provider "p9=dt-one@$sandbox/dt-one-api")
}

# start_node [OPTION..]: starts a node on the private PostgreSQL and the sandbox; sets node_pid.
start_node() {
  local log=${node_log:-$MEISIM_HOME/node.log}
  export MEISIM_DATABASE=$pg_service MEISIM_DATABASE_OWNER=$pg_owner MEISIM_PROVIDER_URL="http://127.0.0.1:$MEISIM_SANDBOX_PORT"
  # Whoever tries it comes from this machine.
  export MEISIM_MOST_CONNECTIONS_PER_ADDRESS=${MEISIM_MOST_CONNECTIONS_PER_ADDRESS:-8000}
  export MEISIM_STRIPE_URL=${MEISIM_STRIPE_URL:-"http://127.0.0.1:$MEISIM_SANDBOX_PORT"}
  # Whoever has paid by card comes back to the pages.
  local wallet=http://127.0.0.1:$MEISIM_PORT/portal/wallet
  export MEISIM_STRIPE_SUCCESS_URL=${MEISIM_STRIPE_SUCCESS_URL:-"$wallet?topup={CHECKOUT_SESSION_ID}"}
  export MEISIM_STRIPE_CANCEL_URL=${MEISIM_STRIPE_CANCEL_URL:-$wallet}
  export MEISIM_STRIPE_PUBLISHABLE_KEY=${MEISIM_STRIPE_PUBLISHABLE_KEY:-pk_test_sandbox}
  local certificates=$MEISIM_HOME/certs name=${MEISIM_NODE:-node-0}
  if [ -n "${several_nodes:-}" ]; then
    export MEISIM_CLUSTER_CERTIFICATE=$certificates/$name.pem MEISIM_CLUSTER_KEY=$certificates/$name.key
    export MEISIM_CLUSTER_CA=$certificates/ca.pem
    # Certificates that were made before there were lists have none.
    [ ! -s "$certificates/revoked.pem" ] || export MEISIM_CLUSTER_REVOKED=$certificates/revoked.pem
  fi
  (leave_instance && raise_file_limit && exec "${as_child[@]}" "$MEISIM_BUILD/bin/meisimd" "$@") \
    >>"$log" 2>&1 </dev/null &
  node_pid=$!
}

# make_certificates COUNT: makes the certificates of node-0.., once. Nodes that are started from now on use them.
make_certificates() {
  local i missing=()
  for ((i = 0; i < $1; i++)); do
    [ -s "$MEISIM_HOME/certs/node-$i.pem" ] || missing+=("node-$i")
  done
  [ ${#missing[@]} -eq 0 ] || scripts/cluster-certs "$MEISIM_HOME/certs" "${missing[@]}" >/dev/null
  several_nodes=yes
}

# start_more_nodes COUNT [OPTION..]: starts node-1.. beside the first node, and waits until they are ready. The ports of
# each node are one higher than those of the node before.
start_more_nodes() {
  local count=$1 i first=$node_pid
  shift
  for ((i = 1; i <= count; i++)); do
    MEISIM_NODE=node-$i MEISIM_PORT=$((MEISIM_PORT + i)) MEISIM_ADMIN_PORT=$((MEISIM_ADMIN_PORT + i)) \
      node_log=$MEISIM_HOME/node-$i.log start_node "$@"
    more_node_pids+=("$node_pid")
  done
  node_pid=$first
  for ((i = 1; i <= count; i++)); do
    wait_until_answers "${more_node_pids[i - 1]}" "http://127.0.0.1:$((MEISIM_ADMIN_PORT + i))/readyz" 60 || {
      tail -n 20 "$MEISIM_HOME/node-$i.log" >&2
      die "node-$i does not get ready, see $MEISIM_HOME/node-$i.log"
    }
  done
}

# wait_for_members COUNT: waits until so many nodes know of each other.
wait_for_members() {
  local i
  for ((i = 0; i < 100; i++)); do
    [ "$(ctl node list --json | grep -o '"state" *: *"up"' | wc -l)" -lt "$1" ] || return 0
    sleep 0.1
  done
  die "not all nodes have joined, see the logs in $MEISIM_HOME"
}

# lose_node PID: one of several nodes has ended by itself. If it was the first, the next one is.
lose_node() {
  local left=() pid
  for pid in "$node_pid" "${more_node_pids[@]}"; do
    [ "$pid" = "$1" ] || left+=("$pid")
  done
  node_pid=${left[0]:-}
  more_node_pids=("${left[@]:1}")
}

# Waits until the node and the sandbox answer.
wait_for_service() {
  wait_until_answers "$node_pid" "http://127.0.0.1:$MEISIM_ADMIN_PORT/readyz" 60 || {
    tail -n 20 "$MEISIM_HOME/node.log" >&2
    die "the node does not get ready, see $MEISIM_HOME/node.log"
  }
  kill -0 "$sandbox_pid" 2>/dev/null || {
    tail -n 20 "$MEISIM_HOME/sandbox.log" >&2
    die "the sandbox has ended, see $MEISIM_HOME/sandbox.log"
  }
}

# Stops node and sandbox, outermost first: the node drains while it still has its database and the outside world.
# True when both ended well.
stop_node() {
  local well=0 pid
  for pid in "${more_node_pids[@]}"; do
    stop_child "$pid" TERM 40 || well=1
  done
  more_node_pids=()
  if [ -n "$node_pid" ]; then
    stop_child "$node_pid" TERM 40 || well=1
    node_pid=
  fi
  if [ -n "$sandbox_pid" ]; then
    stop_child "$sandbox_pid" TERM 10 || well=1
    sandbox_pid=
  fi
  return $well
}

# Stops all that, and then PostgreSQL.
stop_service() {
  local well=0
  stop_node || well=1
  pg_stop || well=1
  return $well
}

# ctl ..: runs meisimctl against the instance of this home.
ctl() {
  "$MEISIM_BUILD/bin/meisimctl" "$@"
}

# json_text NAME: prints the text value of the first field NAME of a JSON document on standard input.
json_text() {
  # An answer ends without a line break, and sed would leave its line without one too.
  { cat && echo; } | sed -n 's/.*"'"$1"'" *: *"\([^"]*\)".*/\1/p' | head -n 1
}
