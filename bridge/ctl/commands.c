/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actors.h"
#include "desk.h"
#include "mesh.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

const struct ctl_command ctl_commands[] = {
  {"accessibility", "[SETTING VALUE]", N_ ("make the desk easier to see and keys easier to press"),
   N_ (
     "It holds until the settings are read anew; 'config set accessibility …' lasts. The pointer's "
     "size is 'config set cursor size N'."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_accessibility, ctl_accessibility_help},
  {"action", "[NAME [ARGUMENT]]", N_ ("do what a key binding can ask for"),
   N_ ("Without a name all actions are listed; '…' marks those that take an argument."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_action, NULL},
  {"actors", "[SUBCOMMAND] [WHO]", N_ ("show and steer the actors that the node is made of"),
   N_ ("WHO is an actor's id or its name. Without a subcommand it is 'tree'."),
   CTL_OPT_JSON | CTL_OPT_WATCH | CTL_OPT_FOLLOW | CTL_OPT_SORT | CTL_OPT_RESEND | CTL_OPT_PATH |
     CTL_OPT_NODE | CTL_OPT_SYSTEM | CTL_MANY,
   ctl_cmd_actors, ctl_actors_help},
  {"bindings", "[modes]", N_ ("list the key bindings"),
   N_ ("'modes' lists the modes that have bindings, and marks the one that is on."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_bindings, NULL},
  {"brightness", "[N|+N|-N]", N_ ("show or set how bright the screen is"),
   N_ ("In percent. 0 is the least at which something can be seen."), CTL_OPT_JSON | CTL_MANY,
   ctl_cmd_brightness, NULL},
  {"captures", "[stop ID]", N_ ("list who takes pictures of the screen"),
   N_ ("'stop' ends that: a program that copies single frames loses its connection."),
   CTL_OPT_JSON | CTL_OPT_CHANGES | CTL_MANY, ctl_cmd_captures, NULL},
  {"clipboard", "[SUBCOMMAND] [ID]", N_ ("show what was copied, and use it again"),
   N_ ("It is kept in memory until the session ends. Without a subcommand it is 'list'."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_clipboard, ctl_clipboard_help},
  {"close", "ID", N_ ("ask a window to close"),
   N_ ("ID is the number that 'inosctl windows' shows. The application may ask the person first."),
   CTL_OPT_FORCE, ctl_cmd_close, NULL},
  {"config", "[dump|get|set|reset|check|reload] …",
   N_ ("show, change and check the compositor's settings"),
   N_ ("'dump' prints all that hold, 'get GROUP KEY' one, 'set GROUP KEY VALUE' and 'reset GROUP "
       "KEY' "
       "change the file, 'check FILE' says whether another file would be taken, 'reload' reads the "
       "file again."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_config, NULL},
  {"files", "[FOLDER]", N_ ("show a folder in Files"),
   N_ ("The home folder where none is named; a file is shown in its folder."), CTL_MANY,
   ctl_cmd_files, NULL},
  {"focus", "ID", N_ ("give a window the keyboard"),
   N_ ("ID is the number that 'inosctl windows' shows. The window's workspace is shown."), 0,
   ctl_cmd_focus, NULL},
  {"idle", "[activity]", N_ ("show who keeps the screen awake, and whether it is locked"),
   N_ ("'activity' does as if somebody had touched a key."), CTL_OPT_JSON | CTL_MANY, ctl_cmd_idle,
   NULL},
  {"inhibit", "[COMMAND …]", N_ ("keep the screen awake while a command runs"),
   N_ ("Without a command until Ctrl-C. The exit status is the command's."),
   CTL_OPT_REASON | CTL_MANY | CTL_REST, ctl_cmd_inhibit, NULL},
  {"input", "ID VERB …", N_ ("set an input device up"),
   N_ ("ID is the number that 'inosctl inputs' shows. It holds until the settings are read anew."),
   CTL_MANY, ctl_cmd_input, desk_input_help},
  {"inputs", "", N_ ("list the input devices"), NULL, CTL_OPT_JSON, ctl_cmd_inputs, NULL},
  {"keyboard", "[on|off|show|hide]", N_ ("switch the on-screen keyboard, show or hide it"),
   N_ ("Without a word it says how it is. Switched on it comes up where a text can be typed."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_keyboard, NULL},
  {"launch", "DESKTOP-ID", N_ ("start an application"),
   N_ ("DESKTOP-ID is the name of its desktop file; '.desktop' may be left out."), 0,
   ctl_cmd_launch, NULL},
  {"layout", "[N|next]", N_ ("list the keyboard layouts, or type in another one"), NULL,
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_layout, NULL},
  {"lock", "", N_ ("lock the session"),
   N_ ("With the program that compositor.ini names as [lock] command, else with inos-lock."),
   CTL_OPT_WAIT, ctl_cmd_lock, NULL},
  {"logout", "", N_ ("end the session"),
   N_ ("Every program in the session is asked to stop, then stopped."), 0, ctl_cmd_logout, NULL},
  {"logs", "[SUBCOMMAND]", N_ ("show what programs, the system and Inos wrote"),
   N_ (
     "Of the journal, or where there is none of the files of Inos' parts. Without a subcommand it "
     "is 'list'. With --json an object a line."),
   CTL_OPT_JSON | CTL_OPT_LOG | CTL_OPT_NODE | CTL_MANY, ctl_cmd_logs, ctl_logs_help},
  {"media", "[SUBCOMMAND] [ID]", N_ ("show what plays, and steer it"),
   N_ ("Without an id the player that media keys are meant for. Without a subcommand it is "
       "'status'."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_media, ctl_media_help},
  {"mesh", "[SUBCOMMAND] …", N_ ("show and steer the mesh of nodes"),
   N_ ("PEER is a peer's id, WHOM that or an address such as /ip4/192.0.2.1/tcp/4630. Without a "
       "subcommand it is 'status'."),
   CTL_OPT_JSON | CTL_OPT_WATCH | CTL_OPT_ALL | CTL_OPT_INVITE | CTL_OPT_YES | CTL_OPT_SYSTEM |
     CTL_MANY,
   ctl_cmd_mesh, ctl_mesh_help},
  {"night-light", "[on|off|show|schedule] …", N_ ("make screens warmer at night"),
   N_ ("It is on or off until the settings are read anew. 'show KELVIN [SECONDS]' lasts for 10 "
       "seconds, 0 ends it. 'schedule times FROM TO', 'schedule sun LATITUDE LONGITUDE', 'schedule "
       "always' and 'schedule off' last."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_night_light, NULL},
  {"notifications", "[SUBCOMMAND] …", N_ ("show, answer and clear notifications"),
   N_ ("Without a subcommand it is 'list'."), CTL_OPT_JSON | CTL_MANY, ctl_cmd_notifications,
   ctl_notifications_help},
  {"output", "NAME VERB VALUE", N_ ("set an output up"),
   N_ ("It is remembered for this set of monitors, but for mirror, max-render-time and power."),
   CTL_MANY, ctl_cmd_output, desk_output_help},
  {"outputs", "[add WxH|remove NAME]", N_ ("list the outputs, add and remove virtual ones"), NULL,
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_outputs, NULL},
  {"overview", "[open|close|toggle]", N_ ("show, open or close the overview of the windows"),
   N_ ("Without a word it says whether it is open, and as JSON which window is chosen."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_overview, NULL},
  {"permissions", "[SUBCOMMAND] …",
   N_ ("show, grant and revoke what applications in a sandbox may do"),
   N_ ("APP is the application's id, as org.example.App. Without a subcommand it is 'list'."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_permissions, ctl_permissions_help},
  {"processes", "[SUBCOMMAND] …", N_ ("show, end and slow down what runs on this machine"),
   N_ (
     "PID is the number that 'inosctl processes' shows. Without a subcommand it is 'list'. --sort "
     "takes cpu, memory, name, nice, pid, started, state, threads, unit or user, and -cpu for the "
     "smallest first."),
   CTL_OPT_JSON | CTL_OPT_NODE | CTL_OPT_WATCH | CTL_OPT_SORT | CTL_MANY, ctl_cmd_processes,
   ctl_processes_help},
  {"profiles", "[save|forget ID]", N_ ("list the sets of monitors that are remembered"), NULL,
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_profiles, NULL},
  {"resources", "", N_ ("show what this machine is busy with"),
   N_ ("With --watch the figures follow the machine until Ctrl-C; with --json too, one object a "
       "line."),
   CTL_OPT_JSON | CTL_OPT_WATCH, ctl_cmd_resources, NULL},
  {"restart", "COMPONENT", N_ ("start a component of the session anew"),
   N_ ("Also one that has given up. 'inosctl status' lists the components."), 0, ctl_cmd_restart,
   NULL},
  {"rules", "[test APPLICATION TITLE]", N_ ("list the rules of windows"),
   N_ ("'test' lists those that fit such a window."), CTL_OPT_JSON | CTL_MANY, ctl_cmd_rules, NULL},
  {"screenshot", "FILE [WHAT]", N_ ("take a picture, as PNG"),
   N_ ("WHAT is 'window ID', 'output NAME' or 'region X,Y,WxH', else the whole desktop. Private "
       "windows are black. FILE may be - for standard output."),
   CTL_MANY, ctl_cmd_screenshot, NULL},
  {"seats", "", N_ ("list the seats and their devices"),
   N_ ("'inosctl input ID set seat NAME' gives a device to a seat, which is made where there is "
       "none."),
   CTL_OPT_JSON, ctl_cmd_seats, NULL},
  {"session", "[SUBCOMMAND]",
   N_ ("keep open windows and bring them back; the language of sessions"),
   N_ ("Their programs are started again, and the windows go where they were. Without a subcommand "
       "it is 'list'."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_session, ctl_session_help},
  {"sounds", "[ID N|+N|-N|mute|unmute]",
   N_ ("list what plays, and set how loud each application is"),
   N_ ("ID is the number that 'inosctl sounds' shows; N is in percent."), CTL_OPT_JSON | CTL_MANY,
   ctl_cmd_sounds, NULL},
  {"status", "", N_ ("show the session, its components and this node"), NULL,
   CTL_OPT_JSON | CTL_OPT_SYSTEM, ctl_cmd_status, NULL},
  {"terminals", "[SUBCOMMAND] …", N_ ("show, open and look on at the node's terminals"),
   N_ ("They go on when nobody looks on. Without a subcommand it is 'list'."),
   CTL_OPT_JSON | CTL_MANY, ctl_cmd_terminals, ctl_terminals_help},
  {"toggle", "clipboard|launcher|notifications|power|quick|shortcuts|tray",
   N_ ("open or close what was copied, the launcher, the notifications, the power menu, the quick "
       "settings, what the keys do or the items of programs"),
   NULL, 0, ctl_cmd_toggle, NULL},
  {"tray", "[SUBCOMMAND] [ID]", N_ ("list the items that programs have on the panel, and use them"),
   N_ ("Without a subcommand it is 'list'."), CTL_OPT_JSON | CTL_MANY, ctl_cmd_tray, ctl_tray_help},
  {"volume", "[N|+N|-N|mute|unmute]", N_ ("show or set how loud it is"),
   N_ ("In percent, of the output that is used."), CTL_OPT_JSON | CTL_MANY, ctl_cmd_volume, NULL},
  {"watch", "", N_ ("show what changes until Ctrl-C"), NULL, CTL_OPT_JSON, ctl_cmd_watch, NULL},
  {"welcome", "", N_ ("show the welcome of the first log-in again"), NULL, 0, ctl_cmd_welcome,
   NULL},
  {"window", "ID VERB [VALUE]", N_ ("do something with a window"),
   N_ ("ID is the number that 'inosctl windows' shows."), CTL_MANY, ctl_cmd_window,
   desk_window_help},
  {"windows", "", N_ ("list the windows"), NULL, CTL_OPT_JSON, ctl_cmd_windows, NULL},
  {"workspace", "N VERB [VALUE]", N_ ("do something with a workspace"),
   N_ ("N is the number that 'inosctl workspaces' shows."), CTL_MANY, ctl_cmd_workspace,
   desk_workspace_help},
  {"workspaces", "", N_ ("list the workspaces"), NULL, CTL_OPT_JSON, ctl_cmd_workspaces, NULL},
};
const size_t ctl_n_commands = G_N_ELEMENTS (ctl_commands);

static int compare (const void *name, const void *command)
{
  return strcmp (name, ((const struct ctl_command *)command)->name);
}

const struct ctl_command *ctl_command_find (const char *name)
{
  return bsearch (name, ctl_commands, ctl_n_commands, sizeof ctl_commands[0], compare);
}
