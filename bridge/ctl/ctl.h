/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of inosctl: what the caller asked for and where the answer goes. A command is a row of
 * the table in commands.c and has one file; help, completions and the dispatch are derived from
 * that table. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

enum ctl_exit {
  CTL_OK = 0,
  CTL_FAILED = 1,     /* the service refused or the operation failed */
  CTL_USAGE = 2,      /* the command line makes no sense */
  CTL_NO_SERVICE = 3, /* no bus, or the service is not on it */
  CTL_NO_OBJECT = 4,  /* there is no such window, component, application */
};

enum ctl_option {
  CTL_OPT_JSON = 1 << 0,
  CTL_OPT_WATCH = 1 << 1, /* --watch and --interval */
  CTL_OPT_FOLLOW = 1 << 2,
  CTL_OPT_SORT = 1 << 3,
  CTL_OPT_RESEND = 1 << 4, /* --resend and --to */
  CTL_OPT_PATH = 1 << 5,
  CTL_OPT_FORCE = 1 << 7,
  CTL_OPT_REASON = 1 << 8,
  CTL_OPT_WAIT = 1 << 9,
  CTL_MANY = 1 << 6, /* no option: the command looks at its arguments itself */
  CTL_OPT_ALL = 1 << 11,
  CTL_OPT_INVITE = 1 << 12, /* --hours, --uses and --ask */
  CTL_OPT_YES = 1 << 13,
  CTL_OPT_CHANGES = 1 << 14, /* --watch: what changes, without an interval */
  CTL_OPT_SYSTEM = 1 << 15,
  CTL_OPT_LOG = 1 << 16,  /* what is read of logs: struct ctl_log_options, and --follow */
  CTL_OPT_NODE = 1 << 17, /* --node: of another node of the mesh */
  CTL_REST = 1 << 10,     /* likewise: nothing after the first argument is an option */
};

/* NULL and 0 where they were not given. */
struct ctl_log_options {
  char *unit, *priority, *since, *boot, *grep, *source;
  int lines;
};

struct ctl {
  GDBusConnection *bus; /* connected at first use; may be NULL */
  char *argument;       /* the command's one argument; NULL where it takes none */
  char **arguments;     /* all of them; NULL where there are none */
  unsigned given;       /* enum ctl_option */
  bool json;
  bool watch;
  bool follow, path, force, wait, all;
  unsigned interval; /* ms */
  int hours, uses;   /* 0 where they were not given */
  bool ask, yes;
  bool system; /* the node of the system is meant */
  char *node;  /* of the mesh, which is meant in place of this machine's: a peer's id, or a name */
  char *sort, *resend, *to, *reason; /* NULL where they were not given */
  struct ctl_log_options log;
  bool terminal; /* standard output is one */
  bool color;
};

struct ctl_command {
  const char *name;
  const char *argument; /* how help names it, "" where there is none */
  const char *summary;  /* one line, marked with N_() */
  const char *details;  /* more lines, marked with N_(); may be NULL */
  unsigned options;     /* enum ctl_option */
  int (*run) (struct ctl *ctl);
  void (*more_help) (void); /* prints what help says besides; may be NULL */
};

/* The table, sorted by name. */
extern const struct ctl_command ctl_commands[];
extern const size_t ctl_n_commands;

/* NULL where there is no such command. */
const struct ctl_command *ctl_command_find (const char *name);

int ctl_cmd_accessibility (struct ctl *ctl);
void ctl_accessibility_help (void);
int ctl_cmd_action (struct ctl *ctl);
int ctl_cmd_actors (struct ctl *ctl);
int ctl_cmd_bindings (struct ctl *ctl);
int ctl_cmd_brightness (struct ctl *ctl);
int ctl_cmd_captures (struct ctl *ctl);
int ctl_cmd_close (struct ctl *ctl);
int ctl_cmd_config (struct ctl *ctl);
int ctl_cmd_files (struct ctl *ctl);
int ctl_cmd_focus (struct ctl *ctl);
int ctl_cmd_idle (struct ctl *ctl);
int ctl_cmd_inhibit (struct ctl *ctl);
int ctl_cmd_input (struct ctl *ctl);
int ctl_cmd_inputs (struct ctl *ctl);
int ctl_cmd_keyboard (struct ctl *ctl);
int ctl_cmd_launch (struct ctl *ctl);
int ctl_cmd_layout (struct ctl *ctl);
int ctl_cmd_lock (struct ctl *ctl);
int ctl_cmd_logs (struct ctl *ctl);
void ctl_logs_help (void);
void ctl_logs_options_help (void);
int ctl_cmd_overview (struct ctl *ctl);
int ctl_cmd_logout (struct ctl *ctl);
int ctl_cmd_media (struct ctl *ctl);
void ctl_media_help (void);
int ctl_cmd_session (struct ctl *ctl);
int ctl_cmd_sounds (struct ctl *ctl);
void ctl_session_help (void);
int ctl_cmd_mesh (struct ctl *ctl);
int ctl_cmd_output (struct ctl *ctl);
int ctl_cmd_night_light (struct ctl *ctl);
/* night-light schedule …, in the settings' file. */
int ctl_night_schedule (struct ctl *ctl);
int ctl_cmd_notifications (struct ctl *ctl);
void ctl_notifications_help (void);
int ctl_cmd_outputs (struct ctl *ctl);
int ctl_cmd_permissions (struct ctl *ctl);
void ctl_permissions_help (void);
int ctl_cmd_processes (struct ctl *ctl);
void ctl_processes_help (void);
int ctl_cmd_profiles (struct ctl *ctl);
int ctl_cmd_resources (struct ctl *ctl);
int ctl_cmd_restart (struct ctl *ctl);
int ctl_cmd_rules (struct ctl *ctl);
int ctl_cmd_screenshot (struct ctl *ctl);
int ctl_cmd_seats (struct ctl *ctl);
int ctl_cmd_status (struct ctl *ctl);
int ctl_cmd_terminals (struct ctl *ctl);
int ctl_cmd_toggle (struct ctl *ctl);
void ctl_terminals_help (void);
int ctl_cmd_clipboard (struct ctl *ctl);
void ctl_clipboard_help (void);
int ctl_cmd_tray (struct ctl *ctl);
void ctl_tray_help (void);
int ctl_cmd_volume (struct ctl *ctl);
int ctl_cmd_watch (struct ctl *ctl);
int ctl_cmd_welcome (struct ctl *ctl);
int ctl_cmd_window (struct ctl *ctl);
int ctl_cmd_windows (struct ctl *ctl);
int ctl_cmd_workspace (struct ctl *ctl);
int ctl_cmd_workspaces (struct ctl *ctl);

/* Says what is wrong with the command line; returns CTL_USAGE. */
int ctl_usage (const char *command, const char *message);

/* Prints "inosctl: …" to standard error; the text is made safe for a terminal. */
void ctl_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);
