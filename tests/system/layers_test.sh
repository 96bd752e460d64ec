#!/bin/bash
# layers_test.sh COMPILER LAYER DIRECTORIES ALLOWED..: from LAYER, whose include path is DIRECTORIES (separated by ;), headers of
# the ALLOWED layers can be included and those of the others cannot.
set -u
compiler=$1 layer=$2 directories=$3
shift 3
declare -A header=(
  [protocols]=protocols/base/money.hpp [persistence]=persistence/base/session.hpp
  [actors]=actors/money/wallet.hpp [http]=http/server/server.hpp
)
options=()
while IFS= read -r -d ';' directory; do
  options+=(-I "$directory")
done <<<"$directories;"
status=0
for other in protocols persistence actors http; do
  printf '#if !__has_include("%s")\n#error\n#endif\n' "${header[$other]}" |
    "$compiler" -E -x c++ "${options[@]}" - >/dev/null 2>&1 && can=yes || can=no
  [[ " $* " = *" $other "* ]] && should=yes || should=no
  if [ $can != $should ]; then
    echo "$layer: can include ${header[$other]}: $can, should: $should"
    status=1
  fi
done
exit $status
