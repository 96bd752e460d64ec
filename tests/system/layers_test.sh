#!/bin/bash
# Shows that no include points the wrong way: neither from a layer to one above it, nor, within a layer, from a subject to
# a later one. docs/architecture.md shows the order.
#
#   layers_test.sh compiler COMPILER LAYER DIRECTORIES
#       a source of LAYER, whose include path is DIRECTORIES (separated by ;), can include the layers below, and no others
#   layers_test.sh subjects [ROOT]
#       every include in the source tree ROOT (.) keeps to the order
#   layers_test.sh self
#       wrong includes of both kinds are found in a tree made for that
set -euo pipefail

# What a layer may include beside itself.
declare -A below=(
  [protocols]=""
  [persistence]="protocols"
  [actors]="protocols persistence"
  [http]="protocols"
)
# The subjects of a layer, in order: a file includes from its own subject or an earlier one. Files at the top of a layer
# (protocols/interfaces.hpp) belong to no subject.
declare -A order=(
  [protocols]="base access notify verification supply orders money operators cluster"
  [persistence]="base access notify orders supply verification money operators cluster"
  [actors]="base access notify money orders supply verification operators cluster"
  [http]="server edge endpoints"
)
# A header of each layer that stays where it is.
declare -A header=(
  [protocols]=protocols/base/money.hpp
  [persistence]=persistence/base/session.hpp
  [actors]=actors/money/wallet.hpp
  [http]=http/server/server.hpp
)
# Includes that are still to be turned round: "FILE HEADER", one each.
exceptions=(
)

is_in() {
  [[ " $2 " = *" $1 "* ]]
}

check_compiler() {
  local compiler=$1 layer=$2 options=() directory other can should status=0
  while IFS= read -r -d ';' directory; do
    options+=(-I "$directory")
  done <<<"$3;"
  for other in "${!header[@]}"; do
    printf '#if !__has_include("%s")\n#error\n#endif\n' "${header[$other]}" |
      "$compiler" -E -x c++ "${options[@]}" - >/dev/null 2>&1 && can=yes || can=no
    is_in "$other" "$layer ${below[$layer]}" && should=yes || should=no
    [ "$can" = "$should" ] || {
      echo "$layer: can include ${header[$other]}: $can, should: $should"
      status=1
    }
  done
  return $status
}

# place SUBJECT LAYER: where it stands in the order, from 1; 0 if it does not.
place() {
  local subject number=0
  for subject in ${order[$2]}; do
    number=$((number + 1))
    [ "$subject" != "$1" ] || {
      echo "$number"
      return
    }
  done
  echo 0
}

# complaint FILE HEADER: what is wrong about FILE including HEADER; nothing if it may.
complaint() {
  local layer=${1%%/*} other=${2%%/*} from to
  [ -n "${order[$other]+known}" ] || return 0
  if [ "$layer" != "$other" ]; then
    is_in "$other" "${below[$layer]}" || echo "$other is no layer below $layer"
    return
  fi
  [[ $1 = */*/* && $2 = */*/* ]] || return 0
  from=${1#*/} to=${2#*/}
  from=${from%%/*} to=${to%%/*}
  [ "$from" != "$to" ] || return 0
  # A subject without a place would be found by no rule.
  if [ "$(place "$from" "$layer")" -eq 0 ]; then
    echo "$from is no subject of $layer"
  elif [ "$(place "$to" "$layer")" -eq 0 ]; then
    echo "$to is no subject of $layer"
  elif [ "$(place "$to" "$layer")" -gt "$(place "$from" "$layer")" ]; then
    echo "in $layer, $to comes after $from"
  fi
}

check_subjects() {
  local root=$1 status=0 file included said known=" ${exceptions[*]/%/;} "
  while IFS=: read -r file included; do
    said=$(complaint "$file" "$included")
    [ -n "$said" ] || continue
    [[ $known != *" $file $included; "* ]] || continue
    echo "$file includes $included: $said"
    status=1
  done < <(cd "$root" && grep -rE '^ *# *include *"' --include='*.[ch]pp' "${!order[@]}" |
    sed -E 's/^([^:]*):[^"]*"([^"]*)".*/\1:\2/' | sort)
  return $status
}

# made_tree FILE HEADER: a tree that is right but for FILE, which includes HEADER.
made_tree() {
  local layer
  for layer in "${!order[@]}"; do
    mkdir -p "$work/tree/$layer"
  done
  mkdir -p "$work/tree/${1%/*}" "$work/tree/actors/money"
  echo '#include "protocols/base/money.hpp"' >"$work/tree/actors/money/wallet.cpp"
  echo "#include \"$2\"" >"$work/tree/$1"
}

# expect WHAT FILE HEADER: that the check of such a tree fails, and says WHAT.
expect() {
  local said
  made_tree "$2" "$3"
  if said=$(check_subjects "$work/tree"); then
    echo "$2 includes $3, and the check says nothing"
    failed=1
  elif [ "$said" != "$2 includes $3: $1" ]; then
    echo "of $2 including $3 the check says: $said"
    failed=1
  fi
  rm -r "$work/tree"
}

check_itself() {
  work=$(mktemp -d)
  trap 'rm -rf -- "$work"' EXIT
  failed=0
  made_tree actors/orders/fulfilment.cpp actors/money/wallet.hpp
  check_subjects "$work/tree" || {
    echo "a tree is refused that is right"
    failed=1
  }
  rm -r "$work/tree"
  expect "actors is no layer below protocols" protocols/base/id.hpp actors/money/wallet.hpp
  expect "persistence is no layer below http" http/edge/routes.cpp persistence/base/session.hpp
  expect "in actors, cluster comes after base" actors/base/records.cpp actors/cluster/region.hpp
  expect "in http, edge comes after server" http/server/request.cpp http/edge/reply.hpp
  expect "billing is no subject of actors" actors/money/wallet.hpp actors/billing/invoice.hpp
  return $failed
}

case ${1:-} in
  compiler) check_compiler "${@:2}" ;;
  subjects) check_subjects "${2:-.}" ;;
  self) check_itself ;;
  *)
    echo "usage: layers_test.sh compiler COMPILER LAYER DIRECTORIES | subjects [ROOT] | self" >&2
    exit 2
    ;;
esac
