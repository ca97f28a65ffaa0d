# Completion of inosctl for fish.

function __inosctl_windows
    inosctl windows --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p'
end

function __inosctl_actors
    inosctl actors --json 2>/dev/null | sed -n 's/.*"name" : "\([^"]*\)".*/\1/p'
end

function __inosctl_rows
    inosctl mesh $argv --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p'
end
function __inosctl_peers
    inosctl mesh peers $argv --json 2>/dev/null | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p'
end

complete -c inosctl -f
complete -c inosctl -n __fish_use_subcommand -a accessibility -d 'make the desk easier to see and keys easier to press'
complete -c inosctl -n __fish_use_subcommand -a action -d 'do what a key binding can ask for'
complete -c inosctl -n __fish_use_subcommand -a actors -d 'show and steer the actors that the node is made of'
complete -c inosctl -n __fish_use_subcommand -a bindings -d 'list the key bindings'
complete -c inosctl -n __fish_use_subcommand -a brightness -d 'show or set how bright the screen is'
complete -c inosctl -n __fish_use_subcommand -a captures -d 'list who takes pictures of the screen'
complete -c inosctl -n __fish_use_subcommand -a clipboard -d 'show what was copied, and use it again'
complete -c inosctl -n __fish_use_subcommand -a close -d 'ask a window to close'
complete -c inosctl -n __fish_use_subcommand -a config -d "show, change and check the compositor's settings"
complete -c inosctl -n __fish_use_subcommand -a files -d 'show a folder in Files'
complete -c inosctl -n __fish_use_subcommand -a focus -d 'give a window the keyboard'
complete -c inosctl -n __fish_use_subcommand -a help -d "show a command's help"
complete -c inosctl -n __fish_use_subcommand -a idle -d 'show who keeps the screen awake, and whether it is locked'
complete -c inosctl -n __fish_use_subcommand -a inhibit -d 'keep the screen awake while a command runs'
complete -c inosctl -n __fish_use_subcommand -a input -d 'set an input device up'
complete -c inosctl -n __fish_use_subcommand -a inputs -d 'list the input devices'
complete -c inosctl -n __fish_use_subcommand -a keyboard -d 'switch the on-screen keyboard, show or hide it'
complete -c inosctl -n __fish_use_subcommand -a launch -d 'start an application'
complete -c inosctl -n __fish_use_subcommand -a layout -d 'list the keyboard layouts, or type in another one'
complete -c inosctl -n __fish_use_subcommand -a lock -d 'lock the session'
complete -c inosctl -n __fish_use_subcommand -a logout -d 'end the session'
complete -c inosctl -n __fish_use_subcommand -a logs -d 'show what programs, the system and Inos wrote'
complete -c inosctl -n __fish_use_subcommand -a media -d 'show what plays, and steer it'
complete -c inosctl -n __fish_use_subcommand -a mesh -d 'show and steer the mesh of nodes'
complete -c inosctl -n __fish_use_subcommand -a night-light -d 'make screens warmer at night'
complete -c inosctl -n __fish_use_subcommand -a notifications -d 'show, answer and clear notifications'
complete -c inosctl -n __fish_use_subcommand -a output -d 'set an output up'
complete -c inosctl -n __fish_use_subcommand -a outputs -d 'list the outputs, add and remove virtual ones'
complete -c inosctl -n __fish_use_subcommand -a overview -d 'show, open or close the overview of the windows'
complete -c inosctl -n __fish_use_subcommand -a permissions -d 'show, grant and revoke what applications in a sandbox may do'
complete -c inosctl -n __fish_use_subcommand -a processes -d 'show, end and slow down what runs on this machine'
complete -c inosctl -n __fish_use_subcommand -a profiles -d 'list the sets of monitors that are remembered'
complete -c inosctl -n __fish_use_subcommand -a resources -d 'show what this machine is busy with'
complete -c inosctl -n __fish_use_subcommand -a restart -d 'start a component of the session anew'
complete -c inosctl -n __fish_use_subcommand -a rules -d 'list the rules of windows'
complete -c inosctl -n __fish_use_subcommand -a screenshot -d 'take a picture, as PNG'
complete -c inosctl -n __fish_use_subcommand -a seats -d 'list the seats and their devices'
complete -c inosctl -n __fish_use_subcommand -a session -d 'keep open windows and bring them back; the language of sessions'
complete -c inosctl -n __fish_use_subcommand -a sounds -d 'list what plays, and set how loud each application is'
complete -c inosctl -n __fish_use_subcommand -a status -d 'show the session, its components and this node'
complete -c inosctl -n __fish_use_subcommand -a terminals -d 'show, open and look on at the node\'s terminals'
complete -c inosctl -n __fish_use_subcommand -a toggle -d 'open or close the launcher, the notifications, the power menu, the quick settings, what the keys do or the items of programs'
complete -c inosctl -n __fish_use_subcommand -a tray -d 'list the items that programs have on the panel, and use them'
complete -c inosctl -n __fish_use_subcommand -a volume -d 'show or set how loud it is'
complete -c inosctl -n __fish_use_subcommand -a watch -d 'show what changes until Ctrl-C'
complete -c inosctl -n __fish_use_subcommand -a welcome -d 'show the welcome of the first log-in again'
complete -c inosctl -n __fish_use_subcommand -a window -d 'do something with a window'
complete -c inosctl -n __fish_use_subcommand -a windows -d 'list the windows'
complete -c inosctl -n __fish_use_subcommand -a workspace -d 'do something with a workspace'
complete -c inosctl -n __fish_use_subcommand -a workspaces -d 'list the workspaces'
complete -c inosctl -n '__fish_seen_subcommand_from close focus' -a '(__inosctl_windows)'
complete -c inosctl -n '__fish_seen_subcommand_from close' -l force -d 'end the application'
complete -c inosctl -n '__fish_seen_subcommand_from accessibility action bindings brightness captures clipboard config idle inputs keyboard layout logs media night-light notifications outputs overview permissions processes profiles resources rules seats session sounds status terminals tray volume watch windows workspaces' -l json -d 'print JSON'
complete -c inosctl -n '__fish_seen_subcommand_from keyboard' -a 'on off show hide'
complete -c inosctl -n '__fish_seen_subcommand_from overview' -a 'open close toggle'
complete -c inosctl -n '__fish_seen_subcommand_from session' -a 'list save restore forget when never crash always language system'
complete -c inosctl -n '__fish_seen_subcommand_from captures processes resources' -l watch -d 'go on until Ctrl-C'
complete -c inosctl -n '__fish_seen_subcommand_from processes resources' -l interval -x -d 'how often, in ms'
complete -c inosctl -n '__fish_seen_subcommand_from restart; and not __fish_seen_subcommand_from actors' -a 'compositor node bridge shell'
complete -c inosctl -n '__fish_seen_subcommand_from status; and not __fish_seen_subcommand_from actors mesh' -l system -d 'of the node of the system'
complete -c inosctl -n '__fish_seen_subcommand_from files' -F
complete -c inosctl -n '__fish_seen_subcommand_from toggle' -a 'clipboard launcher notifications power quick shortcuts tray'
complete -c inosctl -n '__fish_seen_subcommand_from clipboard; and not __fish_seen_subcommand_from list show choose keep release remove clear undo on off' -a 'list show choose keep release remove clear undo on off'
complete -c inosctl -n '__fish_seen_subcommand_from tray; and not __fish_seen_subcommand_from list activate secondary menu' -a 'list activate secondary menu'
complete -c inosctl -n '__fish_seen_subcommand_from media; and not __fish_seen_subcommand_from status play pause play-pause next previous stop seek raise' -a 'status play pause play-pause next previous stop seek raise'
complete -c inosctl -n '__fish_seen_subcommand_from sounds volume' -a 'mute unmute'
set -l inosctl_actors tree top inspect trace cycles stop restart dead-letters send ask wait receive answer close reachable allow
set -l inosctl_in_actors '__fish_seen_subcommand_from actors'
complete -c inosctl -n "$inosctl_in_actors; and not __fish_seen_subcommand_from $inosctl_actors" -a "$inosctl_actors"
complete -c inosctl -n "$inosctl_in_actors" -l json -d 'print JSON'
complete -c inosctl -n "$inosctl_in_actors" -l system -d 'of the node of the system'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from inspect trace stop restart send ask wait allow" -a '(__inosctl_actors)'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from top" -l watch -d 'go on until Ctrl-C'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from top" -l sort -x -a 'rate depth busy' -d 'what comes first'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from trace" -l path -d 'what comes of the next message'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from trace receive" -l follow -d 'go on until Ctrl-C'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from top trace" -l interval -x -d 'how often, in ms'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from dead-letters" -l resend -x -d 'send this number again'
complete -c inosctl -n "$inosctl_in_actors; and __fish_seen_subcommand_from dead-letters" -l to -x -a '(__inosctl_actors)' -d 'to this actor'
set -l inosctl_mesh status peers members bandwidth limits limit save invite join requests accept refuse reputation roll revoke pass rotate leave audit manage managers inspect why-not-direct connect disconnect ping perf topics subscribe unsubscribe publish nodes states state state-set state-unset state-add state-take state-count state-open state-close state-share groups group-join group-leave group-resign services find-service offers offer withdraw put get provide unprovide providers find
set -l inosctl_in_mesh '__fish_seen_subcommand_from mesh'
complete -c inosctl -n "$inosctl_in_mesh; and not __fish_seen_subcommand_from $inosctl_mesh" -a "$inosctl_mesh"
complete -c inosctl -n "$inosctl_in_mesh" -l json -d 'print JSON'
complete -c inosctl -n "$inosctl_in_mesh" -l system -d 'of the node of the system'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from connect find why-not-direct" -a '(__inosctl_peers --all)'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from inspect disconnect ping perf" -a '(__inosctl_peers)'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from accept refuse" -a '(__inosctl_rows requests)'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from reputation" -a 'forget (__inosctl_rows reputation)'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from revoke pass" -a '(__inosctl_rows roll)'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from manage" -a 'look all none (__inosctl_rows roll)'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from save" -a 'auto yes no'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from limit" -a 'total peer'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from invite" -l hours -x -d 'for how long it counts, 24 where nothing is said'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from invite" -l uses -x -d 'how many may come with it, 1 where nothing is said'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from invite" -l ask -d 'have each wait to be accepted'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from rotate pass" -l yes -d 'do not ask whether to'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from peers" -l all -d 'also those that it is not connected to'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from bandwidth groups members nodes peers" -l watch -d 'go on until Ctrl-C'
complete -c inosctl -n "$inosctl_in_mesh; and __fish_seen_subcommand_from bandwidth groups members nodes peers" -l interval -x -d 'how often, in ms'
complete -c inosctl -n '__fish_seen_subcommand_from action' -a "(inosctl action 2>/dev/null | sed 's/ .*//')"
complete -c inosctl -n '__fish_seen_subcommand_from config' -a 'dump get set reset check reload'
complete -c inosctl -n '__fish_seen_subcommand_from accessibility' -a 'sticky-keys mouse-keys slow-keys bounce-keys magnifier invert-colours high-contrast-pointer'
complete -c inosctl -n '__fish_seen_subcommand_from bindings' -a modes
complete -c inosctl -n '__fish_seen_subcommand_from captures' -a stop
complete -c inosctl -n '__fish_seen_subcommand_from outputs' -a 'add remove'
complete -c inosctl -n '__fish_seen_subcommand_from idle' -a activity
complete -c inosctl -n '__fish_seen_subcommand_from inhibit' -l reason -x -d 'what is said of it'
complete -c inosctl -n '__fish_seen_subcommand_from inhibit' -x -a '(__fish_complete_subcommand --fcs-skip=2)'
complete -c inosctl -n '__fish_seen_subcommand_from layout' -a next
complete -c inosctl -n '__fish_seen_subcommand_from lock' -l wait -d 'until every monitor shows the lock screen'
complete -c inosctl -n '__fish_seen_subcommand_from night-light' -a 'on off show schedule'
set -l inosctl_notes list dismiss clear undo action dnd mute unmute
complete -c inosctl -n "__fish_seen_subcommand_from notifications; and not __fish_seen_subcommand_from $inosctl_notes" -a "$inosctl_notes"
complete -c inosctl -n '__fish_seen_subcommand_from dnd' -a 'on off'
set -l inosctl_permissions list capabilities grant revoke reset audit
complete -c inosctl -n "__fish_seen_subcommand_from permissions; and not __fish_seen_subcommand_from $inosctl_permissions" -a "$inosctl_permissions"
complete -c inosctl -n '__fish_seen_subcommand_from processes; and not __fish_seen_subcommand_from list inspect end kill priority units disks interfaces' -a 'list inspect end kill priority units disks interfaces'
complete -c inosctl -n '__fish_seen_subcommand_from logs; and not __fish_seen_subcommand_from list inspect sources' -a 'list inspect sources'
complete -c inosctl -n '__fish_seen_subcommand_from logs' -l follow -d 'go on until Ctrl-C'
complete -c inosctl -n '__fish_seen_subcommand_from logs' -l unit -x -d 'of this unit or program alone'
complete -c inosctl -n '__fish_seen_subcommand_from logs' -l priority -x -a 'emerg alert crit err warning notice info debug' -d 'this bad or worse'
complete -c inosctl -n '__fish_seen_subcommand_from logs' -l since -x -a 'today 10min 1h 1d' -d 'not before'
complete -c inosctl -n '__fish_seen_subcommand_from logs' -l boot -x -a 'this' -d 'of this boot'
complete -c inosctl -n '__fish_seen_subcommand_from logs' -l grep -x -d 'with all these words'
complete -c inosctl -n '__fish_seen_subcommand_from logs' -l lines -x -d 'the last so many'
complete -c inosctl -n '__fish_seen_subcommand_from logs' -l source -x -a 'journal inos' -d 'which log'
complete -c inosctl -n '__fish_seen_subcommand_from processes' -l sort -x -a 'cpu memory name nice pid started state threads unit user' -d 'what comes first'
complete -c inosctl -n '__fish_seen_subcommand_from profiles' -a 'save forget'
complete -c inosctl -n '__fish_seen_subcommand_from rules' -a test
complete -c inosctl -n '__fish_seen_subcommand_from screenshot' -F -a 'window output region'
complete -c inosctl -n '__fish_seen_subcommand_from terminals; and not __fish_seen_subcommand_from list open attach close' -a 'list open attach close'

# What "inosctl COMMAND WHICH VERB VALUE" may go on with.
function __inosctl_steer
    set -l words (commandline -opc)
    set -l command $words[2]
    switch (count $words)
        case 2
            switch $command
                case output
                    inosctl outputs --json 2>/dev/null | sed -n 's/.*"name" : "\([^"]*\)".*/\1/p'
                case workspace
                    inosctl workspaces --json 2>/dev/null | sed -n 's/.*"number"[^0-9]*\([0-9]*\).*/\1/p'
                case '*'
                    inosctl {$command}s --json 2>/dev/null | sed -n 's/.*"id"[^0-9]*\([0-9]*\).*/\1/p'
            end
        case 3
            LC_ALL=C inosctl $command --help | sed -n '/^Verbs:$/,/^$/s/^  \([a-z-]*\).*/\1/p'
        case 4
            if contains -- $words[4] below fullscreen maximize minimize on-top power private sticky urgent vrr
                printf 'on\noff\n'
            end
    end
end
complete -c inosctl -n '__fish_seen_subcommand_from input output window workspace' -a '(__inosctl_steer)'
complete -c inosctl -n '__fish_use_subcommand; or __fish_seen_subcommand_from actors logs processes' -l node -x -a '(__inosctl_rows roll)' -d 'of another node of the mesh'
