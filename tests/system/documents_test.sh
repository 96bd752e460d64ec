#!/bin/bash
# Holds the documents against the tree: links, anchors, paths, endpoints, options and metrics that they name are there, and
# no webhook's event and no metric is missing.
#
#   documents_test.sh SOURCE
#
# shellcheck disable=SC2016 # The backticks are those of the pages.
set -euo pipefail
cd "$1"
status=0

fail() {
  echo "$1: $2"
  status=1
}

ours=(. \( -name .git -o -name node_modules -o -path ./build -o -path ./var \) -prune -o -type f)
mapfile -t pages < <(find "${ours[@]}" -name '*.md' -printf '%P\n' | sort)

# anchors PAGE: what its headings can be reached by.
anchors() {
  awk '/^```/ { is_code = !is_code } !is_code && /^#+ / { sub(/^#+ /, ""); print tolower($0) }' "$1" |
    sed -E 's/\[([^]]*)\]\([^)]*\)/\1/g; s/[^[:alnum:] _-]//g; s/ /-/g'
}

# prose PAGE: without its blocks of code.
prose() {
  awk '/^```/ { is_code = !is_code; next } !is_code' "$1"
}

# Links.
for page in "${pages[@]}"; do
  while IFS= read -r link; do
    [[ $link =~ ^[a-z]+: ]] && continue
    target=${link%%#*}
    file=$page
    [ -z "$target" ] || file=$(realpath -m --relative-to=. -- "$(dirname "$page")/$target")
    if [ ! -e "$file" ]; then
      fail "$page" "the link $link leads nowhere"
    elif [[ $link = *'#'* && $file = *.md ]] && ! anchors "$file" | grep -qxF -- "${link#*#}"; then
      fail "$page" "the link $link names no heading of $file"
    fi
  done < <(prose "$page" | grep -oE '\]\([^) ]+\)' | sed 's/^](//; s/)$//')
done

# Paths between backticks, and pages that comments name.
folders='protocols|persistence|actors|http|apps|tests|scripts|cmake|deploy|docs|\.ci'
for page in "${pages[@]}"; do
  while IFS= read -r path; do
    [ -e "$path" ] || [ -e "$(dirname "$page")/$path" ] || fail "$page" "there is no $path"
  done < <(prose "$page" | grep -oE '`('"$folders"')/[A-Za-z0-9_./-]*[` ]' | tr -d '` ')
done
while IFS=: read -r file page; do
  [ -e "$page" ] || fail "$file" "there is no $page"
done < <(find "${ours[@]}" ! -name '*.md' -print0 | xargs -0 grep -oIE '\bdocs/[a-z0-9/-]+\.md' | sed 's/^\.\///')

# Whatever is relied on stands in the repository.
while IFS= read -r line; do
  fail "${line%%:*}" "a page is cited that is not in the repository: ${line#*:}"
done < <(find "${ours[@]}" -print0 | xargs -0 grep -nIE '\b(DESIG[N]|CONTRAC[T]|HOUS[E]) §|\b(DESIG[N]|CONTRAC[T]|HOUS[E])\.md|dealer-ap[i]')

# Endpoints that examples call.
known=$(grep -hoE '^ *"/[^"]*": *\{' http/openapi/*.json | sed -E 's/^ *"//; s/".*//; s/\{[^}]*\}/[^\/]+/g')
for page in "${pages[@]}"; do
  while IFS= read -r path; do
    grep -qxE -f <(echo "$known") <<<"$path" || fail "$page" "an example calls $path, which /openapi.json does not know"
  done < <(grep -oE '127\.0\.0\.1:8080/[^ "?#`)]+' "$page" | sed 's/^[^/]*//')
done

# Events of webhooks.
while IFS= read -r event; do
  grep -qF -- "\`$event\`" docs/webhooks.md || fail docs/webhooks.md "the event $event is missing"
done < <(grep -oE '^    "[a-z]+\.[a-z_]+"' http/openapi/webhook_events.json | tr -d ' "')

# Options, metrics and functions of CMake.
for page in "${pages[@]}"; do
  while IFS= read -r name; do
    grep -rqE -- "[\"-]$name\\b" apps scripts .ci tests/CMakeLists.txt || fail "$page" "no program or script knows --$name"
  done < <(prose "$page" | grep -oE '`[^`]*`' | grep -oE -- '(^|[^[:alnum:]])--[a-z][a-z-]+[a-z]' | sed 's/^[^-]*--//' | sort -u)
  while IFS= read -r name; do
    grep -rqF -- "$name" apps actors http protocols cmake scripts packaging clients/python/pyproject.toml || fail "$page" "nothing is called $name"
  done < <(grep -ohE '\bmeisim_[a-z_]+' "$page" | sort -u)
done
while IFS= read -r name; do
  grep -qF -- "\`$name" docs/*.md || fail docs/operating.md "the metric $name is missing"
done < <(grep -rhoE '"meisim_[a-z_]+"' actors http apps | tr -d '"' | sort -u)
exit $status
