#!/bin/bash
# Writes the part of meisimctl's page of the manual that lists its commands, for help2man's --include, from what the program
# says of each.
set -euo pipefail
program=$1

# subcommands WORD..: the names below a command, which stand in groups behind its options.
subcommands() {
  "$program" "$@" --help | sed -n '/^Options:$/,$s/^  \([a-z][a-z-]*\) .*/\1/p'
}

echo "[COMMANDS]"
for group in $(subcommands); do
  for command in $(subcommands "$group"); do
    printf '.SS "%s %s"\n.nf\n' "$group" "$command"
    # Without the help about help.
    "$program" "$group" "$command" --help | sed -e '/^  -h,--help /d' \
      -e 's/\\/\\e/g' -e "s/^\([.']\)/\\\\\&\1/" -e 's/-/\\-/g'
    echo .fi
  done
done
