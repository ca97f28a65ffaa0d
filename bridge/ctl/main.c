/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl: the command line of Inos, a D-Bus client like any other. */
#include "ctl.h"
#include "text.h"

#include "inos-config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INTERVAL_MIN = 100, INTERVAL_MAX = 3600000, INTERVAL_DEFAULT = 1000 };

void ctl_complain (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *clean = ctl_text_clean (text);
  g_printerr ("inosctl: %s\n", clean);
}

static void print_help (void)
{
  g_print (
    _ ("Usage: inosctl COMMAND [OPTION…]\n\nShows and steers an Inos session.\n\nCommands:\n"));
  for (size_t i = 0; i < ctl_n_commands; i++) {
    const struct ctl_command *command = &ctl_commands[i];
    g_autofree char *usage = g_strdup_printf ("%s %s", command->name, command->argument);
    g_print ("  %-32s %s\n", usage, _ (command->summary));
  }
  g_print ("  %-32s %s\n", "help COMMAND", _ ("show a command's help"));
  g_print (_ ("\nOptions:\n  --help     show this text, or a command's help\n"
              "  --version  show the version\n"
              "  --node PEER  before actors, logs or processes: of another node of the mesh\n\n"
              "Exit status: 0 done, 1 failed, 2 wrong usage, 3 service not on the bus, "
              "4 no such object.\n"));
}

static void print_command_help (const struct ctl_command *command)
{
  g_print (_ ("Usage: inosctl %s%s%s%s\n\n"), command->name,
           command->options != 0 ? _ (" [OPTION…]") : "", *command->argument != '\0' ? " " : "",
           command->argument);
  g_print ("%s\n", _ (command->summary));
  if (command->details != NULL)
    g_print ("%s\n", _ (command->details));
  if (command->more_help != NULL)
    command->more_help();
  g_print (_ ("\nOptions:\n"));
  if (command->options & CTL_OPT_JSON)
    g_print ("  --json         %s\n", _ ("print JSON"));
  if (command->options & CTL_OPT_WATCH) {
    g_print ("  --watch        %s\n", _ ("go on until Ctrl-C"));
    g_print ("  --interval MS  %s\n", _ ("how often with --watch: 100 to 3600000, else 1000"));
  }
  if (command->options & CTL_OPT_CHANGES)
    g_print ("  --watch        %s\n", _ ("go on until Ctrl-C"));
  if (command->options & CTL_OPT_FOLLOW)
    g_print ("  --follow       %s\n", _ ("trace: go on until Ctrl-C"));
  if (command->options & CTL_OPT_PATH)
    g_print ("  --path         %s\n", _ ("trace: what comes of the next message that WHO handles"));
  if (command->options & CTL_OPT_SORT)
    g_print ("  --sort KEY     %s\n", command->run == ctl_cmd_processes
                                        ? _ ("list: what comes first, else cpu")
                                        : _ ("top: by rate, depth or busy, else by rate"));
  if (command->options & CTL_OPT_FORCE)
    g_print ("  --force        %s\n", _ ("end the application: what it has not saved is lost"));
  if (command->options & CTL_OPT_RESEND) {
    g_print ("  --resend N     %s\n", _ ("dead-letters: send number N again"));
    g_print ("  --to WHO       %s\n", _ ("with --resend: to this actor"));
  }
  if (command->options & CTL_OPT_REASON)
    g_print ("  --reason TEXT  %s\n", _ ("what 'inosctl idle' says of it, else the command"));
  if (command->options & CTL_OPT_WAIT)
    g_print ("  --wait         %s\n", _ ("until every monitor shows the lock screen"));
  if (command->options & CTL_OPT_INVITE)
    g_print ("  --hours N        %s\n  --uses N         %s\n  --ask            %s\n",
             _ ("for how long an invitation counts, 24 where nothing is said"),
             _ ("how many may come with it, 1 where nothing is said"),
             _ ("have each wait to be accepted"));
  if (command->options & CTL_OPT_YES)
    g_print ("  --yes            %s\n", _ ("rotate, pass: do not ask whether to"));
  if (command->options & CTL_OPT_SYSTEM)
    g_print ("  --system       %s\n", _ ("of the node of the system, without a session"));
  if (command->options & CTL_OPT_NODE)
    g_print ("  --node PEER    %s\n",
             _ ("of another node of the mesh, by its peer id or name, which has to let this one"));
  if (command->options & CTL_OPT_LOG)
    ctl_logs_options_help();
  if (command->options & CTL_OPT_ALL)
    g_print ("  --all          %s\n", _ ("peers: also those that it is not connected to"));
  g_print ("  --help         %s\n", _ ("show this text"));
}

/* The options, and of which group each is. */
static const struct {
  const char *name;
  unsigned option;
} long_options[] = {
  {"json", CTL_OPT_JSON},      {"watch", CTL_OPT_WATCH | CTL_OPT_CHANGES},
  {"interval", CTL_OPT_WATCH}, {"follow", CTL_OPT_FOLLOW | CTL_OPT_LOG},
  {"sort", CTL_OPT_SORT},      {"resend", CTL_OPT_RESEND},
  {"to", CTL_OPT_RESEND},      {"path", CTL_OPT_PATH},
  {"force", CTL_OPT_FORCE},    {"reason", CTL_OPT_REASON},
  {"wait", CTL_OPT_WAIT},      {"all", CTL_OPT_ALL},
  {"hours", CTL_OPT_INVITE},   {"uses", CTL_OPT_INVITE},
  {"ask", CTL_OPT_INVITE},     {"yes", CTL_OPT_YES},
  {"system", CTL_OPT_SYSTEM},  {"unit", CTL_OPT_LOG},
  {"priority", CTL_OPT_LOG},   {"since", CTL_OPT_LOG},
  {"boot", CTL_OPT_LOG},       {"grep", CTL_OPT_LOG},
  {"lines", CTL_OPT_LOG},      {"source", CTL_OPT_LOG},
  {"node", CTL_OPT_NODE},
};

/* For the completions and their test: a command a line, with its options. */
static void list_commands (void)
{
  for (size_t i = 0; i < ctl_n_commands; i++) {
    g_print ("%s", ctl_commands[i].name);
    for (size_t k = 0; k < G_N_ELEMENTS (long_options); k++)
      if (ctl_commands[i].options & long_options[k].option)
        g_print (" --%s", long_options[k].name);
    g_print (" --help\n");
  }
}

static int usage_error (const struct ctl_command *command, const char *message)
{
  if (command != NULL)
    ctl_complain (_ ("%s; see 'inosctl help %s'"), message, command->name);
  else
    ctl_complain (_ ("%s; see 'inosctl --help'"), message);
  return CTL_USAGE;
}

int ctl_usage (const char *command, const char *message)
{
  return usage_error (ctl_command_find (command), message);
}

static bool all_utf8 (char **arguments)
{
  for (char **argument = arguments; argument != NULL && *argument != NULL; argument++)
    if (!g_utf8_validate (*argument, -1, NULL))
      return false;
  return true;
}

/* Checks what the options and arguments of a command say together; NULL where all is well. */
static char *check (const struct ctl_command *command, const struct ctl *ctl, char **arguments,
                    int interval)
{
  guint given = arguments != NULL ? g_strv_length (arguments) : 0;
  bool wanted = *command->argument != '\0';

  /* A command's arguments are its own business. */
  if (!(command->options & CTL_REST) && !all_utf8 (arguments))
    return g_strdup (_ ("the argument is not UTF-8"));
  if (!wanted && given > 0)
    return g_strdup_printf (_ ("'%s' takes no argument, '%s' is one"), command->name, arguments[0]);
  if (wanted && given != 1 && !(command->options & CTL_MANY))
    return g_strdup_printf (_ ("'%s' takes one argument, %s"), command->name, command->argument);
  if (interval != 0 && (interval < INTERVAL_MIN || interval > INTERVAL_MAX))
    return g_strdup_printf (_ ("the interval %d is not between %d and %d ms"), interval,
                            INTERVAL_MIN, INTERVAL_MAX);
  if (interval != 0 && !ctl->watch && !ctl->follow)
    return g_strdup (_ ("--interval goes with --watch"));
  if (ctl->system && ctl->node != NULL)
    return g_strdup (_ ("--node and --system are different nodes: give one of them"));
  return NULL;
}

static unsigned group_of (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (long_options); i++)
    if (strcmp (long_options[i].name, name) == 0)
      return long_options[i].option;
  return 0;
}

static void add_options (GOptionContext *context, unsigned options, const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++) {
    GOptionEntry one[] = {*entry, G_OPTION_ENTRY_NULL};
    unsigned group = group_of (entry->long_name);
    if (group == 0 || options & group)
      g_option_context_add_main_entries (context, one, NULL);
  }
}

/* Whether it is a number below zero, or a place that begins with one, and no option. */
static bool is_negative (const char *text)
{
  return text[0] == '-' && (g_ascii_isdigit (text[1]) || text[1] == '.');
}

/* The same arguments, with "--" before the first number below zero, so that it is taken for none of
 * the options; the strings are those of argv. */
static char **shield_numbers (int *argc, char **argv)
{
  GPtrArray *shielded = g_ptr_array_new();
  bool done = false;
  for (int i = 0; i < *argc; i++) {
    done |= g_str_equal (argv[i], "--");
    if (!done && i > 0 && is_negative (argv[i]) && !g_str_has_prefix (argv[i - 1], "--")) {
      g_ptr_array_add (shielded, (char *)"--");
      done = true;
    }
    g_ptr_array_add (shielded, argv[i]);
  }
  *argc = (int)shielded->len;
  g_ptr_array_add (shielded, NULL);
  return (char **)g_ptr_array_free (shielded, FALSE);
}

/* They are the parser's to write. */
static void clear_log_options (struct ctl_log_options *log)
{
  char **texts[] = {&log->unit, &log->priority, &log->since, &log->boot, &log->grep, &log->source};

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_clear_pointer (texts[i], g_free);
}

static int run_command (struct ctl *ctl, const struct ctl_command *command, int argc, char **argv)
{
  gboolean json = FALSE, watch = FALSE, follow = FALSE, path = FALSE, force = FALSE, help = FALSE;
  gboolean wait = FALSE, all = FALSE, ask = FALSE, yes = FALSE, system = FALSE;
  g_auto (GStrv) arguments = NULL;
  g_autofree char *sort = NULL, *resend = NULL, *to = NULL, *reason = NULL, *node = NULL;
  int interval = 0, hours = 0, uses = 0;
  const GOptionEntry entries[] = {
    {"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL},
    {"watch", 0, 0, G_OPTION_ARG_NONE, &watch, NULL, NULL},
    {"interval", 0, 0, G_OPTION_ARG_INT, &interval, NULL, NULL},
    {"follow", 0, 0, G_OPTION_ARG_NONE, &follow, NULL, NULL},
    {"path", 0, 0, G_OPTION_ARG_NONE, &path, NULL, NULL},
    {"force", 0, 0, G_OPTION_ARG_NONE, &force, NULL, NULL},
    {"sort", 0, 0, G_OPTION_ARG_STRING, &sort, NULL, NULL},
    {"resend", 0, 0, G_OPTION_ARG_STRING, &resend, NULL, NULL},
    {"to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, NULL},
    {"reason", 0, 0, G_OPTION_ARG_STRING, &reason, NULL, NULL},
    {"wait", 0, 0, G_OPTION_ARG_NONE, &wait, NULL, NULL},
    {"all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL},
    {"hours", 0, 0, G_OPTION_ARG_INT, &hours, NULL, NULL},
    {"uses", 0, 0, G_OPTION_ARG_INT, &uses, NULL, NULL},
    {"ask", 0, 0, G_OPTION_ARG_NONE, &ask, NULL, NULL},
    {"yes", 0, 0, G_OPTION_ARG_NONE, &yes, NULL, NULL},
    {"system", 0, 0, G_OPTION_ARG_NONE, &system, NULL, NULL},
    {"unit", 0, 0, G_OPTION_ARG_STRING, &ctl->log.unit, NULL, NULL},
    {"priority", 0, 0, G_OPTION_ARG_STRING, &ctl->log.priority, NULL, NULL},
    {"since", 0, 0, G_OPTION_ARG_STRING, &ctl->log.since, NULL, NULL},
    {"boot", 0, 0, G_OPTION_ARG_STRING, &ctl->log.boot, NULL, NULL},
    {"grep", 0, 0, G_OPTION_ARG_STRING, &ctl->log.grep, NULL, NULL},
    {"lines", 0, 0, G_OPTION_ARG_INT, &ctl->log.lines, NULL, NULL},
    {"source", 0, 0, G_OPTION_ARG_STRING, &ctl->log.source, NULL, NULL},
    {"node", 0, 0, G_OPTION_ARG_STRING, &node, NULL, NULL},
    {"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, (command->options & CTL_REST) != 0);
  add_options (context, command->options, entries);
  g_autofree char **shielded = shield_numbers (&argc, argv);
  char **parsed = shielded;
  if (!g_option_context_parse (context, &argc, &parsed, &error))
    return usage_error (command, error->message);
  if (help) {
    print_command_help (command);
    return CTL_OK;
  }
  ctl->json = json;
  ctl->watch = watch;
  ctl->follow = follow;
  ctl->path = path;
  ctl->force = force;
  ctl->sort = sort;
  ctl->node = node;
  ctl->resend = resend;
  ctl->to = to;
  ctl->reason = reason;
  ctl->wait = wait;
  ctl->all = all;
  ctl->hours = hours;
  ctl->uses = uses;
  ctl->ask = ask;
  ctl->yes = yes;
  ctl->system = system;
  ctl->given =
    (json ? CTL_OPT_JSON : 0u) | (watch ? CTL_OPT_WATCH : 0u) | (follow ? CTL_OPT_FOLLOW : 0u) |
    (sort != NULL ? CTL_OPT_SORT : 0u) | (path ? CTL_OPT_PATH : 0u) | (force ? CTL_OPT_FORCE : 0u) |
    (reason != NULL ? CTL_OPT_REASON : 0u) | (wait ? CTL_OPT_WAIT : 0u) | (all ? CTL_OPT_ALL : 0u) |
    (hours || uses || ask ? CTL_OPT_INVITE : 0u) | (yes ? CTL_OPT_YES : 0u) |
    (system ? CTL_OPT_SYSTEM : 0u) | (node != NULL ? CTL_OPT_NODE : 0u) |
    (resend != NULL || to != NULL ? CTL_OPT_RESEND : 0u);
  ctl->interval = interval != 0 ? (unsigned)interval : INTERVAL_DEFAULT;
  problem = check (command, ctl, arguments, interval);
  if (problem != NULL)
    return usage_error (command, problem);
  ctl->arguments = arguments;
  ctl->argument = arguments != NULL ? arguments[0] : NULL;
  int status = command->run (ctl);
  ctl->argument = ctl->sort = ctl->resend = ctl->to = ctl->reason = ctl->node = NULL;
  ctl->arguments = NULL;
  return status;
}

static int run_help (const char *name)
{
  const struct ctl_command *command = name != NULL ? ctl_command_find (name) : NULL;

  if (name != NULL && command == NULL) {
    g_autofree char *message = g_strdup_printf (_ ("there is no command '%s'"), name);
    return usage_error (NULL, message);
  }
  if (command != NULL)
    print_command_help (command);
  else
    print_help();
  return CTL_OK;
}

/* (transfer container) (nullable): the same arguments, where --node PEER, or --node=PEER, comes
 * before the command, with that behind it. */
static char **move_node (int argc, char **argv)
{
  int words = argc > 3 && strcmp (argv[1], "--node") == 0         ? 2
              : argc > 2 && g_str_has_prefix (argv[1], "--node=") ? 1
                                                                  : 0;
  char **moved = words > 0 ? g_new0 (char *, argc + 1) : NULL;

  for (int i = 0; moved != NULL && i < argc; i++)
    moved[i] = i == 0 ? argv[0] : i == 1 ? argv[1 + words] : i <= 1 + words ? argv[i - 1] : argv[i];
  return moved;
}

static int run (struct ctl *ctl, int argc, char **argv)
{
  g_autofree char **moved = move_node (argc, argv);

  if (moved != NULL)
    argv = moved;
  /* Before a command or after it. */
  if (argc > 2 && strcmp (argv[1], "--system") == 0) {
    argv[1] = argv[2];
    argv[2] = (char *)"--system";
  }
  const char *name = argc > 1 ? argv[1] : NULL;
  const struct ctl_command *command;

  if (name == NULL)
    return usage_error (NULL, _ ("a command is missing"));
  if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0 || strcmp (name, "help") == 0)
    return run_help (argc > 2 ? argv[2] : NULL);
  if (strcmp (name, "--version") == 0) {
    g_print ("inosctl %s\n", INOS_VERSION);
    return CTL_OK;
  }
  if (strcmp (name, "--list-commands") == 0) {
    list_commands();
    return CTL_OK;
  }
  command = ctl_command_find (name);
  if (command == NULL) {
    g_autofree char *message = g_strdup_printf (
      name[0] == '-' ? _ ("there is no option '%s'") : _ ("there is no command '%s'"), name);
    return usage_error (NULL, message);
  }
  if (moved != NULL && !(command->options & CTL_OPT_NODE)) {
    g_autofree char *message =
      g_strdup_printf (_ ("'%s' is about this computer alone: --node does not go with it"), name);
    return usage_error (command, message);
  }
  return run_command (ctl, command, argc - 1, argv + 1);
}

int main (int argc, char **argv)
{
  struct ctl ctl = {0};
  const char *no_color = g_getenv ("NO_COLOR");
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("inosctl");
  ctl.terminal = isatty (STDOUT_FILENO);
  ctl.color = ctl.terminal && (no_color == NULL || *no_color == '\0') &&
              g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
  status = run (&ctl, argc, argv);
  clear_log_options (&ctl.log);
  g_clear_object (&ctl.bus);
  return status;
}
