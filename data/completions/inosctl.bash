# Completion of inosctl for bash.

_inosctl() {
  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-}
  local commands='close focus help launch logout outputs resources restart status toggle windows'
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word")
    return
  fi
  local words=--help
  case $command in
    close | focus) words="$(inosctl windows --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p')" ;;
    help) words=$commands ;;
    outputs | status | windows) words='--json --help' ;;
    resources) words='--json --watch --interval --help' ;;
    restart) words='compositor node bridge shell' ;;
    toggle) words='launcher power' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _inosctl inosctl
