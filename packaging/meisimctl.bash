# Completes meisimctl's commands and options in bash. They are what --help lists, so all are known here.
# shellcheck shell=bash

# What stands in groups behind the options.
_meisimctl_commands() {
  sed -n '/^Options:$/,$s/^  \([a-z][a-z-]*\) .*/\1/p'
}

_meisimctl_options() {
  sed -n 's/^  \(-h,\)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

_meisimctl() {
  local current=${COMP_WORDS[COMP_CWORD]} said typed words
  local path=()
  said=$("$1" --help 2>/dev/null) || return 0
  # Of what was typed, the commands alone matter: what they take may be anything.
  for typed in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    _meisimctl_commands <<<"$said" | grep -qxFe "$typed" || continue
    path+=("$typed")
    said=$("$1" "${path[@]}" --help 2>/dev/null) || return 0
  done
  words=$(_meisimctl_commands <<<"$said")
  [[ $current != -* && -n $words ]] || words=$(_meisimctl_options <<<"$said")
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

# Where nothing fits, a file may be meant.
complete -o default -F _meisimctl meisimctl
