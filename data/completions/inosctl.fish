# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for inosctl; a test holds it against `inosctl --list-commands`.

function __inosctl_windows
    inosctl windows --json 2>/dev/null | string match -rg '"id" : ([0-9]+),'
end

set -l commands close focus launch logout outputs resources restart status toggle windows
complete -c inosctl -f
complete -c inosctl -n __fish_use_subcommand -l version -d 'Show the version'
complete -c inosctl -l help -d 'Show help'
complete -c inosctl -n __fish_use_subcommand -a help -d "Show a command's help"
complete -c inosctl -n __fish_use_subcommand -a close -d 'Ask a window to close'
complete -c inosctl -n __fish_use_subcommand -a focus -d 'Give a window the keyboard'
complete -c inosctl -n __fish_use_subcommand -a launch -d 'Start an application'
complete -c inosctl -n __fish_use_subcommand -a logout -d 'End the session'
complete -c inosctl -n __fish_use_subcommand -a outputs -d 'List the outputs'
complete -c inosctl -n __fish_use_subcommand -a resources -d 'Show what this machine is busy with'
complete -c inosctl -n __fish_use_subcommand -a restart -d 'Start a component of the session anew'
complete -c inosctl -n __fish_use_subcommand -a status -d 'Show the session, its components and this node'
complete -c inosctl -n __fish_use_subcommand -a toggle -d 'Open or close the launcher or the power menu'
complete -c inosctl -n __fish_use_subcommand -a windows -d 'List the windows'
complete -c inosctl -n '__fish_seen_subcommand_from help' -a "$commands"
complete -c inosctl -n '__fish_seen_subcommand_from close focus' -a '(__inosctl_windows)'
complete -c inosctl -n '__fish_seen_subcommand_from restart' -a 'compositor node bridge shell'
complete -c inosctl -n '__fish_seen_subcommand_from toggle' -a 'launcher power'
complete -c inosctl -n '__fish_seen_subcommand_from outputs resources status windows' -l json -d 'Print JSON'
complete -c inosctl -n '__fish_seen_subcommand_from resources' -l watch -d 'Go on until Ctrl-C'
complete -c inosctl -n '__fish_seen_subcommand_from resources' -l interval -x -d 'How often, in ms'
