# Completion of inosctl for bash.

_inosctl_actors() {
  local subcommands='tree top inspect trace cycles stop restart dead-letters'
  if [ "$COMP_CWORD" -eq 2 ]; then
    printf '%s' "$subcommands --json --help"
    return
  fi
  case ${COMP_WORDS[COMP_CWORD - 1]} in
    --sort) printf 'rate depth busy' && return ;;
    inspect | trace | stop | restart | --to) inosctl actors --json 2>/dev/null | sed -n 's/.*"name" : "\([^"]*\)".*/\1/p' && return ;;
  esac
  case ${COMP_WORDS[2]} in
    top) printf '%s' '--watch --interval --sort --json --help' ;;
    trace) printf '%s' '--path --follow --interval --json --help' ;;
    dead-letters) printf '%s' '--resend --to --json --help' ;;
    *) printf '%s' '--json --help' ;;
  esac
}

_inosctl() {
  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-}
  local commands='actors close focus help launch logout outputs resources restart status toggle windows'
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word")
    return
  fi
  local words=--help
  case $command in
    actors) words=$(_inosctl_actors) ;;
    close | focus)
      words="$(inosctl windows --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p')"
      [ "$command" = focus ] || words="$words --force --help"
      ;;
    help) words=$commands ;;
    outputs | status | windows) words='--json --help' ;;
    resources) words='--json --watch --interval --help' ;;
    restart) words='compositor node bridge shell' ;;
    toggle) words='launcher power' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _inosctl inosctl
