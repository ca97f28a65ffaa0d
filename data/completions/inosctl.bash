# Completion of inosctl for bash.

_inosctl_members() {
  inosctl mesh roll --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p'
}

_inosctl_actors() {
  local subcommands='tree top inspect trace cycles stop restart dead-letters send ask wait receive answer close reachable allow'
  if [ "$COMP_CWORD" -eq 2 ]; then
    printf '%s' "$subcommands --json --node --system --help"
    return
  fi
  case ${COMP_WORDS[COMP_CWORD - 1]} in
    --node) _inosctl_members && return ;;
    --sort) printf 'rate depth busy' && return ;;
    inspect | trace | stop | restart | send | ask | wait | allow | --to) inosctl actors --json 2>/dev/null | sed -n 's/.*"name" : "\([^"]*\)".*/\1/p' && return ;;
  esac
  case ${COMP_WORDS[2]} in
    top) printf '%s' '--watch --interval --sort --json --node --system --help' ;;
    trace) printf '%s' '--path --follow --interval --json --node --system --help' ;;
    receive) printf '%s' '--follow --json --system --help' ;;
    allow) printf '%s' 'public members nobody' ;;
    dead-letters) printf '%s' '--resend --to --json --node --system --help' ;;
    *) printf '%s' '--json --system --help' ;;
  esac
}

_inosctl_mesh() {
  local subcommands='status peers members bandwidth limits limit save invite join requests accept refuse reputation roll revoke pass rotate leave audit manage managers inspect why-not-direct connect disconnect ping perf topics subscribe unsubscribe publish nodes states state state-set state-unset state-add state-take state-count state-open state-close state-share groups group-join group-leave group-resign services find-service offers offer withdraw put get provide unprovide providers find'
  if [ "$COMP_CWORD" -eq 2 ]; then
    printf '%s' "$subcommands --json --system --help"
    return
  fi
  case ${COMP_WORDS[2]} in
    peers) printf '%s' '--all --watch --interval --json --system --help' ;;
    bandwidth | members | nodes | groups) printf '%s' '--watch --interval --json --system --help' ;;
    save) printf '%s' 'auto yes no' ;;
    limit) printf '%s' 'total peer' ;;
    manage)
      if [ "$COMP_CWORD" -eq 3 ]; then _inosctl_members; else printf '%s' 'look all none'; fi
      ;;
    invite) printf '%s' '--hours --uses --ask --json --system --help' ;;
    rotate) printf '%s' '--yes --json --system --help' ;;
    accept | refuse) inosctl mesh requests --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p' ;;
    pass)
      printf '%s' '--yes --help '
      inosctl mesh roll --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p'
      ;;
    reputation)
      printf '%s' 'forget --json --help '
      inosctl mesh reputation --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p'
      ;;
    revoke) inosctl mesh roll --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p' ;;
    connect | find | why-not-direct) inosctl mesh peers --all --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p' ;;
    inspect | disconnect | ping | perf) inosctl mesh peers --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p' ;;
    state | state-*) inosctl mesh states --json 2>/dev/null | sed -n 's/.*"name" : "\([^"]*\)".*/\1/p' ;;
    find-service) inosctl mesh services --json 2>/dev/null | sed -n 's/.*"service" : "\([^"]*\)".*/\1/p' ;;
    withdraw) inosctl mesh offers --json 2>/dev/null | sed -n 's/.*"service" : "\([^"]*\)".*/\1/p' ;;
    unsubscribe | publish) inosctl mesh topics --json 2>/dev/null | sed -n 's/.*"topic" : "\([^"]*\)".*/\1/p' ;;
    *) printf '%s' '--json --system --help' ;;
  esac
}

# What "inosctl COMMAND WHICH VERB VALUE" may go on with.
_inosctl_steer() {
  local on_off=' below enabled fullscreen maximize minimize on-top power private sticky urgent '
  case $COMP_CWORD in
    2)
      case $1 in
        output) inosctl outputs --json 2>/dev/null | sed -n 's/.*"name" : "\([^"]*\)".*/\1/p' ;;
        workspace) inosctl workspaces --json 2>/dev/null | sed -n 's/.*"number"[^0-9]*\([0-9]*\).*/\1/p' ;;
        *) inosctl "$1s" --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p' ;;
      esac
      ;;
    3) LC_ALL=C inosctl "$1" --help | sed -n '/^Verbs:$/,/^$/s/^  \([a-z-]*\).*/\1/p' ;;
    4)
      [[ $on_off == *" ${COMP_WORDS[3]} "* ]] && printf 'on off'
      [ "${COMP_WORDS[3]}" != vrr ] || printf 'off on on-demand content'
      ;;
  esac
}

_inosctl() {
  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-}
  local commands='accessibility action actors bindings brightness captures clipboard close config files focus help idle inhibit input inputs keyboard launch layout lock logout logs media mesh night-light notifications output outputs overview permissions processes profiles resources restart rules screenshot seats session sounds status terminals toggle tray volume watch welcome window windows workspace workspaces'
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands --help --version --system --node" -- "$word")
    return
  fi
  if [ "$command" = --node ]; then
    [ "$COMP_CWORD" -eq 2 ] && mapfile -t COMPREPLY < <(compgen -W "$(_inosctl_members)" -- "$word")
    [ "$COMP_CWORD" -eq 3 ] && mapfile -t COMPREPLY < <(compgen -W 'actors logs processes' -- "$word")
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
    status) words='--json --system --help' ;;
    inputs | seats | watch | windows | workspaces) words='--json --help' ;;
    lock) words='--wait --help' ;;
    logout) words=--help ;;
    mesh) words=$(_inosctl_mesh) ;;
    action) words="$(inosctl action 2>/dev/null | sed 's/ .*//') --json --help" ;;
    accessibility)
      words='sticky-keys mouse-keys slow-keys bounce-keys magnifier invert-colours high-contrast-pointer --json --help'
      [ "$COMP_CWORD" -ne 3 ] || words='on off'
      ;;
    bindings) words='modes --json --help' ;;
    captures) words='stop --json --watch --help' ;;
    outputs) words='add remove --json --help' ;;
    config)
      words='dump get set reset check reload --json --help'
      if [ "$COMP_CWORD" -eq 3 ] && [ "${COMP_WORDS[2]}" = check ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
      fi
      ;;
    idle) words='activity --json --help' ;;
    inhibit)
      if [ "$COMP_CWORD" -eq 2 ]; then
        mapfile -t COMPREPLY < <(compgen -c -W '--reason --help' -- "$word")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
      fi
      return
      ;;
    keyboard) words='on off show hide --json --help' ;;
    layout) words='next --json --help' ;;
    night-light)
      words='on off show schedule --json --help'
      [ "$COMP_CWORD:${COMP_WORDS[2]}" != 3:schedule ] || words='times sun always off'
      ;;
    overview) words='open close toggle --json --help' ;;
    media) words='status play pause play-pause next previous stop seek raise --json --help' ;;
    session) words='list save restore forget when never crash always language system --json --help' ;;
    notifications)
      words='list dismiss clear undo action dnd mute unmute --json --help'
      case $COMP_CWORD:${COMP_WORDS[2]} in
        3:dnd) words='on off' ;;
        3:dismiss | 3:action) words="$(inosctl notifications list --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p')" ;;
      esac
      ;;
    logs)
      words='list inspect sources --json --follow --unit --priority --since --boot --grep --lines --source --node --help'
      case ${COMP_WORDS[COMP_CWORD - 1]} in
        --priority) words='emerg alert crit err warning notice info debug' ;;
        --source) words='journal inos' ;;
        --boot) words='this' ;;
        --node) words=$(_inosctl_members) ;;
        --since) words='today 10min 1h 1d' ;;
        --unit | --grep | --lines) words='' ;;
      esac
      ;;
    permissions)
      words='list capabilities grant revoke reset audit --json --help'
      case $COMP_CWORD:${COMP_WORDS[2]} in
        3:revoke) words="$(inosctl permissions list --json 2>/dev/null | sed -n 's/.*"app"[^"]*"\([^"]*\)".*/\1/p' | sort -u)" ;;
        4:grant | 4:revoke) words='device.camera device.location device.microphone device.speakers node.actors node.actors.control node.logs node.mesh node.mesh.control node.processes node.processes.control node.remote node.remote.control node.resources node.terminals node.terminals.control screen.capture' ;;
      esac
      ;;
    processes)
      words='list inspect end kill priority units disks interfaces --json --watch --interval --sort --node --help'
      case $COMP_CWORD:${COMP_WORDS[2]} in
        3:inspect | 3:end | 3:kill | 3:priority) words="$(inosctl processes list --json 2>/dev/null | sed -n 's/.*"pid"[^0-9]*\([0-9]*\).*/\1/p')" ;;
      esac
      [ "${COMP_WORDS[COMP_CWORD - 1]}" != --node ] || words=$(_inosctl_members)
      [ "${COMP_WORDS[COMP_CWORD - 1]}" != --sort ] || words='cpu memory name nice pid started state threads unit user'
      ;;
    profiles) words='save forget --json --help' ;;
    rules) words='test --json --help' ;;
    screenshot)
      if [ "$COMP_CWORD" -eq 2 ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
      fi
      words='window output region'
      ;;
    input | output | window | workspace) words=$(_inosctl_steer "$command") ;;
    resources) words='--json --watch --interval --help' ;;
    restart) words='compositor node bridge shell' ;;
    terminals)
      words='list open attach close --json --help'
      case $COMP_CWORD:${COMP_WORDS[2]} in
        3:attach | 3:close) words="$(inosctl terminals list --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p')" ;;
      esac
      ;;
    clipboard) words='list show choose keep release remove clear undo on off --json --help' ;;
    files) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    toggle) words='clipboard launcher notifications power quick shortcuts tray' ;;
    tray) words='list activate secondary menu --json --help' ;;
    sounds)
      words='mute unmute --json --help'
      [ $COMP_CWORD -ne 2 ] || words="--json --help $(inosctl sounds --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p')"
      ;;
    volume) words='mute unmute --json --help' ;;
    brightness) words='--json --help' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _inosctl inosctl
