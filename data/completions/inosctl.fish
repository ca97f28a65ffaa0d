# Completion of inosctl for fish.

function __inosctl_windows
    inosctl windows --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p'
end

function __inosctl_actors
    inosctl actors --json 2>/dev/null | sed -n 's/.*"name" : "\([^"]*\)".*/\1/p'
end

complete -c inosctl -f
complete -c inosctl -n __fish_use_subcommand -a actors -d 'show and steer the actors that the node is made of'
complete -c inosctl -n __fish_use_subcommand -a close -d 'ask a window to close'
complete -c inosctl -n __fish_use_subcommand -a focus -d 'give a window the keyboard'
complete -c inosctl -n __fish_use_subcommand -a help -d "show a command's help"
complete -c inosctl -n __fish_use_subcommand -a launch -d 'start an application'
complete -c inosctl -n __fish_use_subcommand -a logout -d 'end the session'
complete -c inosctl -n __fish_use_subcommand -a outputs -d 'list the outputs'
complete -c inosctl -n __fish_use_subcommand -a resources -d 'show what this machine is busy with'
complete -c inosctl -n __fish_use_subcommand -a restart -d 'start a component of the session anew'
complete -c inosctl -n __fish_use_subcommand -a status -d 'show the session, its components and this node'
complete -c inosctl -n __fish_use_subcommand -a toggle -d 'open or close the launcher or the power menu'
complete -c inosctl -n __fish_use_subcommand -a windows -d 'list the windows'
complete -c inosctl -n '__fish_seen_subcommand_from close focus' -a '(__inosctl_windows)'
complete -c inosctl -n '__fish_seen_subcommand_from close' -l force -d 'end the application'
complete -c inosctl -n '__fish_seen_subcommand_from outputs resources status windows' -l json -d 'print JSON'
complete -c inosctl -n '__fish_seen_subcommand_from resources' -l watch -d 'go on until Ctrl-C'
complete -c inosctl -n '__fish_seen_subcommand_from resources' -l interval -x -d 'how often, in ms'
complete -c inosctl -n '__fish_seen_subcommand_from restart; and not __fish_seen_subcommand_from actors' -a 'compositor node bridge shell'
complete -c inosctl -n '__fish_seen_subcommand_from toggle' -a 'launcher power'
set -l inosctl_actors tree top inspect trace cycles stop restart dead-letters
set -l inosctl_in_actors '__fish_seen_subcommand_from actors'
complete -c inosctl -n "$inosctl_in_actors; and not __fish_seen_subcommand_from $inosctl_actors" -a "$inosctl_actors"
complete -c inosctl -n "$inosctl_in_actors" -l json -d 'print JSON'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from inspect trace stop restart" -a '(__inosctl_actors)'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from top" -l watch -d 'go on until Ctrl-C'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from top" -l sort -x -a 'rate depth busy' -d 'what comes first'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from trace" -l path -d 'what comes of the next message'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from trace" -l follow -d 'go on until Ctrl-C'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from top trace" -l interval -x -d 'how often, in ms'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from dead-letters" -l resend -x -d 'send this number again'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from dead-letters" -l to -x -a '(__inosctl_actors)' -d 'to this actor'
