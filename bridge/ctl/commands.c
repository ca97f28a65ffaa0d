/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actors.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

const struct ctl_command ctl_commands[] = {
  {"actors", "[SUBCOMMAND] [WHO]", N_ ("show and steer the actors that the node is made of"),
   N_ ("WHO is an actor's id or its name. Without a subcommand it is 'tree'."),
   CTL_OPT_JSON | CTL_OPT_WATCH | CTL_OPT_FOLLOW | CTL_OPT_SORT | CTL_OPT_RESEND | CTL_OPT_PATH |
     CTL_MANY,
   ctl_cmd_actors, ctl_actors_help},
  {"close", "ID", N_ ("ask a window to close"),
   N_ ("ID is the number that 'inosctl windows' shows. The application may ask the person first."),
   CTL_OPT_FORCE, ctl_cmd_close, NULL},
  {"focus", "ID", N_ ("give a window the keyboard"),
   N_ ("ID is the number that 'inosctl windows' shows. The window's workspace is shown."), 0,
   ctl_cmd_focus, NULL},
  {"launch", "DESKTOP-ID", N_ ("start an application"),
   N_ ("DESKTOP-ID is the name of its desktop file; '.desktop' may be left out."), 0,
   ctl_cmd_launch, NULL},
  {"logout", "", N_ ("end the session"),
   N_ ("Every program in the session is asked to stop, then stopped."), 0, ctl_cmd_logout, NULL},
  {"outputs", "", N_ ("list the outputs"), NULL, CTL_OPT_JSON, ctl_cmd_outputs, NULL},
  {"resources", "", N_ ("show what this machine is busy with"),
   N_ ("With --watch the figures follow the machine until Ctrl-C; with --json too, one object a "
       "line."),
   CTL_OPT_JSON | CTL_OPT_WATCH, ctl_cmd_resources, NULL},
  {"restart", "COMPONENT", N_ ("start a component of the session anew"),
   N_ ("Also one that has given up. 'inosctl status' lists the components."), 0, ctl_cmd_restart,
   NULL},
  {"status", "", N_ ("show the session, its components and this node"), NULL, CTL_OPT_JSON,
   ctl_cmd_status, NULL},
  {"toggle", "launcher|power", N_ ("open or close the launcher or the power menu"), NULL, 0,
   ctl_cmd_toggle, NULL},
  {"windows", "", N_ ("list the windows"), NULL, CTL_OPT_JSON, ctl_cmd_windows, NULL},
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
