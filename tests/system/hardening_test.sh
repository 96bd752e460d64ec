#!/bin/bash
# hardening_test.sh CONFIG BUILD PROGRAM..: what ships is hardened and can be debugged, as readelf and the compiler's commands
# show. Skipped for other builds than Release.
set -u
[ "$1" = Release ] || { echo "skipped: a $1 build is not hardened"; exit 77; }
commands=$2/compile_commands.json
shift 2
status=0

# must TEXT PATTERN WHAT: PATTERN is found in TEXT.
must() {
  grep -qE -- "$2" <<<"$1" && return
  echo "$program: $3"
  status=1
}

for program in "$@"; do
  headers=$(readelf --wide --file-header --program-headers --notes "$program")
  dynamic=$(readelf --wide --dynamic "$program")
  symbols=$(readelf --wide --dyn-syms "$program")
  sections=$(readelf --wide --sections "$program")
  must "$headers" '^ *Type: *DYN' "not position independent"
  must "$dynamic" 'FLAGS_1.*PIE' "not marked as position independent"
  must "$headers" 'GNU_RELRO' "no RELRO"
  must "$dynamic" 'BIND_NOW|FLAGS.*NOW' "RELRO is partial: addresses are bound late"
  must "$headers" 'GNU_STACK.* RW ' "the stack can be run"
  must "$symbols" '__stack_chk_fail' "no stack protector"
  # meisimctl calls nothing that could be checked.
  [ "${program##*/}" = meisimctl ] || must "$symbols" '_chk@' "_FORTIFY_SOURCE had nothing to check"
  must "$symbols" '__glibcxx_assert_fail' "no _GLIBCXX_ASSERTIONS"
  must "$headers" 'Build ID: [0-9a-f]{8}' "no build id: its debug symbols cannot be found"
  must "$sections" '\.debug_line' "no debug information"
done

# All of our sources but the tests, which do not ship.
ours=$(grep '"command":' "$commands" | grep -E -- "-o (protocols|persistence|actors|http|apps)/")
must "$ours" 'apps/.*meisimctl' "there is no command that compiles it"
plain=$(grep -vE -- '-D_FORTIFY_SOURCE=2 .*-D_GLIBCXX_ASSERTIONS' <<<"$ours" | grep -oE -- '-c [^ "]+')
[ -z "$plain" ] || {
  printf 'compiled without _FORTIFY_SOURCE or _GLIBCXX_ASSERTIONS:\n%s\n' "$plain"
  status=1
}
exit $status
