#!/bin/bash
# Shows that no file is forgotten: each source, statement, migration, part of the API's document and mail template stands in
# a CMakeLists.txt above it, and each script of tests is run by one. What is not listed is not compiled, or never runs, and
# nothing else would tell.
#
#   listed_test.sh SOURCE
set -euo pipefail
cd "$1"
status=0

# list_of FILE: the nearest CMakeLists.txt above it.
list_of() {
  local folder=${1%/*}
  until [ -e "$folder/CMakeLists.txt" ]; do
    folder=${folder%/*}
  done
  echo "$folder/CMakeLists.txt"
}

while IFS= read -r file; do
  list=$(list_of "$file")
  name=${file#"${list%/*}"/}
  # A fuzz target is listed by its name alone.
  [ "${file%/*}" != tests/fuzz ] || name=${name%.cpp}
  grep -qwF -- "$name" "$list" || {
    echo "$list: $name is missing"
    status=1
  }
done < <(
  find protocols persistence actors http apps tests -name node_modules -prune -o -name '*.cpp' -print
  find persistence -name '*.sql'
  find http/openapi -name '*.json'
  find http/docs actors/notify/mail -type f
  find tests -name node_modules -prune -o -name '*_test.sh' -print
)
exit $status
