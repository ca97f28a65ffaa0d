# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for inosctl; a test holds it against `inosctl --list-commands`.

_inosctl() {
  local current=${COMP_WORDS[COMP_CWORD]} commands words
  commands='close focus launch logout outputs resources restart status toggle windows'
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands help --help --version" -- "$current")
    return
  fi
  case ${COMP_WORDS[1]} in
    help) words=$commands ;;
    close | focus) words="$(inosctl windows --json 2>/dev/null | sed -n 's/.*"id" : \([0-9]*\),.*/\1/p') --help" ;;
    launch | logout) words='--help' ;;
    restart) words='compositor node bridge shell --help' ;;
    toggle) words='launcher power --help' ;;
    outputs | status | windows) words='--json --help' ;;
    resources) words='--json --watch --interval --help' ;;
    *) words='' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _inosctl inosctl
