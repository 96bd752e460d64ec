#!/bin/bash
# Has bash complete command lines of MEISIMCTL, and asks its page of the manual for the same commands.
#
#   completion_test.sh MEISIMCTL PACKAGING
set -euo pipefail
meisimctl=$1
packaging=$2
status=0

# shellcheck source-path=SCRIPTDIR/../../packaging source=meisimctl.bash
source "$packaging/meisimctl.bash"

# completes LINE WORD..: what bash offers at the end of a line is these words, in whatever order.
completes() {
  local line=$1 COMP_CWORD COMPREPLY=() COMP_WORDS=()
  shift
  read -ra COMP_WORDS <<<"$line"
  [[ $line != *' ' ]] || COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _meisimctl "$meisimctl"
  [ "$(printf '%s\n' "${COMPREPLY[@]}" | sort)" = "$(printf '%s\n' "$@" | sort)" ] || {
    echo "\"$line\" is completed by: ${COMPREPLY[*]}"
    status=1
  }
}

completes "meisimctl ord" order
completes "meisimctl help ord" order
completes "meisimctl --json order re" resend retry
completes "meisimctl dealer er" erase-customer
completes "meisimctl bundle map " add list propose remove
# What was given for an option is no command.
completes "meisimctl order list --dealer order --st" --status --stuck
completes "meisimctl operator token add --ro" --role
completes "meisimctl nonsense order sh" show

page=$(bash "$packaging/commands_page.sh" "$meisimctl")
for heading in '"order show"' '"dealer erase-customer"' '"bundle map"'; do
  grep -qF -- ".SS $heading" <<<"$page" || {
    echo "the page of the manual lacks $heading"
    status=1
  }
done
exit $status
