# What happens to the machines of the database, how each case ends, and what is measured. A part of tests/failover/run.

now() {
  date +%s.%3N
}

# since A B: seconds between two times.
since() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b - a }'
}

# play CASE: one round. The cluster is whole before and after it.
play() {
  local case=$1 primary standby before begin promoted=- waited=- flow=- from
  primary=$(is_writable db1 db2)
  standby=$(other_of "$primary")
  before=$(promotions "$standby" | wc -l)
  begin=$(now)
  from=$begin
  "fail_$case"
  if [ -n "${is_replaced[$case]:-}" ]; then
    wait_until 120 "$standby is not promoted" was_promoted "$standby" "$before"
    promoted=$(promoted_at "$standby")
    waited=$(since "$begin" "$promoted")
    from=$promoted
  fi
  wait_until 120 "no orders" verdict again "$acknowledged" "$from" "$nodes"
  [ "$from" = "$begin" ] || flow=$(verdict again "$acknowledged" "$from" "$nodes")
  "mend_$case"
  wait_until 240 "no synchronous standby" has_standby
  # What its return has cost counts too.
  sleep 2
  wait_until 60 "no orders" verdict again "$acknowledged" "$(now)" "$nodes"
  echo "$case $nodes $waited $flow $(verdict pause "$acknowledged" "$begin")" | tee -a "$figures" >&2
}

# Where another machine takes over.
declare -A is_replaced=([kill]=yes [switchover]=yes [off]=yes [freeze]=yes [wal]=yes)

fail_kill() {
  signal_processes "$primary" KILL '/usr/bin/patroni|^postgres|bin/postgres'
}

mend_kill() {
  start_patroni "$primary"
}

fail_switchover() {
  patroni_control switchover meisim --leader "$primary" --candidate "$standby" --force >>"$work/control.log" 2>&1
}

mend_switchover() {
  :
}

fail_off() {
  machine_off "$primary"
}

mend_off() {
  machine_start "$primary"
}

fail_freeze() {
  signal_processes "$primary" STOP
}

# What the watchdog of a real machine does (deploy/patroni/patroni.yml). If it went on instead, its Patroni could take the
# key back, and what was acknowledged meanwhile would be thrown away.
mend_freeze() {
  machine_off "$primary"
  machine_start "$primary"
}

fail_standby() {
  signal_processes "$standby" KILL '/usr/bin/patroni|^postgres|bin/postgres'
}

mend_standby() {
  start_patroni "$standby"
}

# Commits wait meanwhile. It is too short for anybody to take the standby out.
fail_lag() {
  signal_processes "$standby" STOP walreceiver
  sleep 5
  signal_processes "$standby" CONT walreceiver
  from=$(now)
}

mend_lag() {
  :
}

# fill FOLDER: to the last byte.
fill() {
  at_machine "$primary" dd if=/dev/zero of="$1/filler" bs=64k status=none 2>/dev/null || true
}

unfill() {
  at_machine "$primary" rm -f "$1/filler"
}

# Long enough for the tables to need more space.
fail_disk() {
  fill "$patroni_work/$primary/data"
  sleep 10
  unfill "$patroni_work/$primary/data"
  from=$(now)
}

mend_disk() {
  :
}

fail_wal() {
  fill "$patroni_work/$primary/wal"
}

mend_wal() {
  unfill "$patroni_work/$primary/wal"
}
