/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl processes: what runs on this machine, and what its disks and interfaces do. */
#include "bus.h"
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define MACHINE "org.inos.Node1.Machine"
#define PROCESSES "a(utussusdtuisbs)"
#define ROWS_SHOWN 40u
#define ROWS_MOST 2048u
/* After so long there are rates, ms; a look before that says nothing of them. */
#define SECOND_LOOK 700

static GVariant *call (struct ctl *ctl, const char *method, GVariant *parameters, const char *type,
                       const char *what, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    ctl_bus_call (ctl, CTL_NODE, ctl_service_path (CTL_NODE), MACHINE, method, parameters, &error);

  if (reply != NULL)
    return ctl_bus_of_type (g_steal_pointer (&reply), type, what, status);
  *status = ctl_bus_is_missing (error) ? CTL_NO_OBJECT : CTL_FAILED;
  int said = ctl_bus_fail (ctl, CTL_NODE, error, what);
  if (said == CTL_NO_SERVICE)
    *status = said;
  return NULL;
}

/* Cells */

static void add_share (CtlTable *table, double share)
{
  if (share < 0)
    ctl_table_cell (table, CTL_DIM, "–");
  else
    ctl_table_cellf (table, share < 0.005 ? CTL_DIM : CTL_PLAIN, "%.1f %%", share * 100);
}

static void add_bytes (CtlTable *table, guint64 bytes)
{
  g_autofree char *text = ctl_text_bytes (bytes);

  ctl_table_cell (table, CTL_PLAIN, text);
}

static void add_rate (CtlTable *table, double rate)
{
  g_autofree char *bytes = rate < 0 ? NULL : ctl_text_bytes ((guint64)rate);
  g_autofree char *text = rate < 0 ? g_strdup ("–") : g_strdup_printf ("%s/s", bytes);

  ctl_table_cell (table, rate < 1 ? CTL_DIM : CTL_PLAIN, text);
}

static const char *state_text (const char *state)
{
  static const struct {
    const char *name, *text;
  } texts[] = {
    {"running", N_ ("running")},
    {"sleeping", N_ ("sleeping")},
    {"waiting", N_ ("waits for a disk")},
    {"stopped", N_ ("stopped")},
    {"traced", N_ ("is debugged")},
    {"zombie", N_ ("has ended")},
    {"idle", N_ ("idle")},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (texts[i].name, state) == 0)
      return _ (texts[i].text);
  return state;
}

/* Lists */

static void add_process (CtlTable *table, GVariant *row)
{
  const char *name, *user, *state, *unit, *command;
  guint pid, threads;
  guint64 memory;
  double share;
  gint nice;

  g_variant_get (row, "(utu&s&su&sdtui&sb&s)", &pid, NULL, NULL, &name, &user, NULL, &state, &share,
                 &memory, &threads, &nice, &unit, NULL, &command);
  ctl_table_cellf (table, CTL_PLAIN, "%u", pid);
  ctl_table_cell (table, CTL_BOLD, name);
  ctl_table_cell (table, CTL_PLAIN, user);
  add_share (table, share);
  add_bytes (table, memory);
  ctl_table_cell (table, CTL_PLAIN, state_text (state));
  ctl_table_cellf (table, nice == 0 ? CTL_DIM : CTL_PLAIN, "%d", nice);
  ctl_table_cell (table, CTL_PLAIN, unit);
  ctl_table_cell (table, CTL_DIM, command);
}

struct look {
  char *search;
  const char *order;
  guint limit;
  int lines;
};

/* Of type "(@ROWS)". The first look of somebody says nothing of shares. */
static GVariant *look (struct ctl *ctl, const struct look *asked, int *status)
{
  const char *what = _ ("cannot list the processes");
  double seconds = 0;

  for (int i = 0; i < 2; i++) {
    g_autoptr (GVariant) reply =
      call (ctl, "ListProcesses",
            g_variant_new ("(ssbu)", asked->search, asked->order, FALSE, asked->limit),
            "(uud" PROCESSES ")", what, status);
    if (reply == NULL)
      return NULL;
    g_variant_get_child (reply, 2, "d", &seconds);
    if (seconds > 0 || i == 1) {
      g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 3);
      return g_variant_ref_sink (g_variant_new ("(@" PROCESSES ")", rows));
    }
    g_usleep (SECOND_LOOK * 1000);
  }
  return NULL;
}

static int show (struct ctl *ctl, void *data)
{
  static const char *const names[] = {"pid",  "start", "parent", "name",    "user",
                                      "uid",  "state", "cpu",    "memory",  "threads",
                                      "nice", "unit",  "mine",   "command", NULL};
  const struct ctl_column columns[] = {
    {_ ("PID"), true, false},  {_ ("NAME"), false, true},   {_ ("USER"), false, true},
    {_ ("CPU"), true, false},  {_ ("MEMORY"), true, false}, {_ ("STATE"), false, false},
    {_ ("NICE"), true, false}, {_ ("UNIT"), false, true},   {_ ("COMMAND"), false, true},
  };
  const struct ctl_mesh_list list = {.key = "processes",
                                     .names = names,
                                     .columns = columns,
                                     .n_columns = G_N_ELEMENTS (columns),
                                     .add_row = add_process};
  struct look *asked = data;
  int status;
  g_autoptr (GVariant) reply = look (ctl, asked, &status);

  if (reply == NULL)
    return status;
  ctl_mesh_show (ctl, &list, reply, ctl->watch ? &asked->lines : NULL);
  return CTL_OK;
}

static int list (struct ctl *ctl, char **words)
{
  struct look asked = {.search = g_strjoinv (" ", words),
                       .order = ctl->sort != NULL ? ctl->sort : "cpu",
                       .limit = ctl->json || *words != NULL ? ROWS_MOST : ROWS_SHOWN};
  int status = ctl->watch ? ctl_actors_repeat (ctl, show, &asked) : show (ctl, &asked);

  g_free (asked.search);
  return status;
}

static void add_unit (CtlTable *table, GVariant *row)
{
  gint64 memory, processes;
  double share, in, out;
  const char *path;

  g_variant_get (row, "(&s&sdxxdd)", &path, NULL, &share, &memory, &processes, &in, &out);
  ctl_table_cell (table, CTL_BOLD, path);
  add_share (table, share);
  if (memory >= 0)
    add_bytes (table, (guint64)memory);
  else
    ctl_table_cell (table, CTL_DIM, "–");
  ctl_table_cellf (table, CTL_PLAIN, "%" G_GINT64_FORMAT, MAX (processes, 0));
  add_rate (table, in);
  add_rate (table, out);
}

static void add_disk (CtlTable *table, GVariant *row)
{
  const char *mount, *type, *device;
  guint64 total, used, available;
  double in, out, busy;

  g_variant_get (row, "(&s&s&stttddd)", &mount, &type, &device, &total, &used, &available, &in,
                 &out, &busy);
  ctl_table_cell (table, CTL_BOLD, mount);
  ctl_table_cell (table, CTL_PLAIN, type);
  ctl_table_cell (table, CTL_PLAIN, device);
  add_bytes (table, total);
  add_bytes (table, used);
  add_bytes (table, available);
  add_rate (table, in);
  add_rate (table, out);
  add_share (table, busy);
}

static void add_interface (CtlTable *table, GVariant *row)
{
  g_autofree const char **addresses = NULL;
  guint64 rx, tx, errors, drops;
  double in, out;
  const char *name;
  gint64 speed;
  gboolean up;

  g_variant_get (row, "(&sbttttttddx^a&s)", &name, &up, &rx, &tx, NULL, NULL, &errors, &drops, &in,
                 &out, &speed, &addresses);
  g_autofree char *all = g_strjoinv (" ", (char **)addresses);
  ctl_table_cell (table, CTL_BOLD, name);
  ctl_table_cell (table, up ? CTL_GREEN : CTL_DIM, up ? _ ("up") : _ ("down"));
  add_rate (table, in);
  add_rate (table, out);
  add_bytes (table, rx);
  add_bytes (table, tx);
  ctl_table_cellf (table, errors + drops > 0 ? CTL_YELLOW : CTL_DIM, "%" G_GUINT64_FORMAT,
                   errors + drops);
  ctl_table_cell (table, CTL_PLAIN, all);
}

/* What has rates: looked at twice, where nobody has lately. */
static int list_rates (struct ctl *ctl, const struct ctl_mesh_list *shown, const char *what)
{
  double seconds = 0;
  int status;

  for (int i = 0;; i++) {
    g_autoptr (GVariant) reply = call (ctl, shown->method, NULL, shown->type, what, &status);
    if (reply == NULL)
      return status;
    g_variant_get_child (reply, 0, "d", &seconds);
    if (seconds > 0 || i == 1) {
      g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 1);
      g_autoptr (GVariant) only = g_variant_ref_sink (g_variant_new_tuple (&rows, 1));
      ctl_mesh_show (ctl, shown, only, NULL);
      return CTL_OK;
    }
    g_usleep (SECOND_LOOK * 1000);
  }
}

static int units (struct ctl *ctl)
{
  static const char *const names[] = {"path",      "kind", "cpu",     "memory",
                                      "processes", "read", "written", NULL};
  const struct ctl_column columns[] = {
    {_ ("UNIT"), false, true},      {_ ("CPU"), true, false},  {_ ("MEMORY"), true, false},
    {_ ("PROCESSES"), true, false}, {_ ("READ"), true, false}, {_ ("WRITTEN"), true, false},
  };
  const struct ctl_mesh_list shown = {"ListUnits", "(da(ssdxxdd))",        "units", names,
                                      columns,     G_N_ELEMENTS (columns), add_unit};

  return list_rates (ctl, &shown, _ ("cannot list the units"));
}

static int disks (struct ctl *ctl)
{
  static const char *const names[] = {"mount",     "type", "device",  "total", "used",
                                      "available", "read", "written", "busy",  NULL};
  const struct ctl_column columns[] = {
    {_ ("MOUNT"), false, true}, {_ ("TYPE"), false, false},   {_ ("DEVICE"), false, true},
    {_ ("SIZE"), true, false},  {_ ("USED"), true, false},    {_ ("AVAILABLE"), true, false},
    {_ ("READ"), true, false},  {_ ("WRITTEN"), true, false}, {_ ("BUSY"), true, false},
  };
  const struct ctl_mesh_list shown = {"ListDisks", "(da(ssstttddd))",      "disks", names,
                                      columns,     G_N_ELEMENTS (columns), add_disk};

  return list_rates (ctl, &shown, _ ("cannot list the disks"));
}

static int interfaces (struct ctl *ctl)
{
  static const char *const names[] = {
    "name",         "up",        "received", "sent",         "packets-received",
    "packets-sent", "errors",    "dropped",  "receive-rate", "send-rate",
    "speed",        "addresses", NULL};
  const struct ctl_column columns[] = {
    {_ ("INTERFACE"), false, false}, {_ ("STATE"), false, false},    {_ ("RECEIVES"), true, false},
    {_ ("SENDS"), true, false},      {_ ("RECEIVED"), true, false},  {_ ("SENT"), true, false},
    {_ ("FAULTS"), true, false},     {_ ("ADDRESSES"), false, true},
  };
  const struct ctl_mesh_list shown = {"ListInterfaces", "(da(sbttttttddxas))",  "interfaces", names,
                                      columns,          G_N_ELEMENTS (columns), add_interface};

  return list_rates (ctl, &shown, _ ("cannot list the interfaces"));
}

/* One */

static GVariant *inspect (struct ctl *ctl, guint pid, int *status)
{
  return call (ctl, "InspectProcess", g_variant_new ("(ut)", pid, (guint64)0), "(a{sv})",
               _ ("cannot look at the process"), status);
}

static int show_one (struct ctl *ctl, guint pid)
{
  int status;
  g_autoptr (GVariant) reply = inspect (ctl, pid, &status);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) details = g_variant_get_child_value (reply, 0);
  if (ctl->json) {
    ctl_mesh_print_json (details);
    return CTL_OK;
  }
  const struct ctl_column columns[] = {{NULL, false, false}, {NULL, false, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) text = g_string_new (NULL);
  g_variant_iter_init (&iter, details);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value)) {
    g_autofree char *printed = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
                                 ? g_variant_dup_string (value, NULL)
                                 : g_variant_print (value, FALSE);
    ctl_table_cell (table, CTL_DIM, key);
    ctl_table_cell (table, CTL_PLAIN, printed);
    g_variant_unref (value);
  }
  ctl_table_print (table, text, 0, 0, ctl->color);
  g_print ("%s", text->str);
  return CTL_OK;
}

/* A person knows the number alone: whoever has it now is meant. */
static bool start_of (struct ctl *ctl, guint pid, guint64 *start, int *status)
{
  g_autoptr (GVariant) reply = inspect (ctl, pid, status);

  if (reply == NULL)
    return false;
  g_autoptr (GVariant) details = g_variant_get_child_value (reply, 0);
  return g_variant_lookup (details, "start", "t", start);
}

static int end (struct ctl *ctl, guint pid, bool force)
{
  int status = CTL_FAILED;
  guint64 start;

  if (!start_of (ctl, pid, &start, &status))
    return status;
  g_autoptr (GVariant) reply = call (ctl, "EndProcess", g_variant_new ("(utb)", pid, start, force),
                                     "()", _ ("cannot end the process"), &status);
  return reply != NULL ? CTL_OK : status;
}

static int set_priority (struct ctl *ctl, guint pid, const char *word)
{
  int status = CTL_FAILED;
  guint64 start;
  gint64 nice;

  if (!g_ascii_string_to_signed (word, 10, -20, 19, &nice, NULL))
    return ctl_usage ("processes", _ ("a priority is a number from -20 to 19"));
  if (!start_of (ctl, pid, &start, &status))
    return status;
  g_autoptr (GVariant) reply =
    call (ctl, "SetPriority", g_variant_new ("(uti)", pid, start, (gint)nice), "()",
          _ ("cannot change the priority"), &status);
  return reply != NULL ? CTL_OK : status;
}

void ctl_processes_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-23s  %s\n", "list [WORDS]",
           _ ("those that have all these words in name, command, unit or user"));
  g_print ("  %-23s  %s\n", "inspect PID", _ ("all there is to know of one"));
  g_print ("  %-23s  %s\n", "end PID", _ ("ask it to end (SIGTERM)"));
  g_print ("  %-23s  %s\n", "kill PID", _ ("end it; what it has not saved is lost (SIGKILL)"));
  g_print ("  %-23s  %s\n", "priority PID N",
           _ ("-20 gets the most of the processor, 19 the least"));
  g_print ("  %-23s  %s\n", "units", _ ("what each unit of systemd uses"));
  g_print ("  %-23s  %s\n", "disks", _ ("how full disks are, and what goes in and out"));
  g_print ("  %-23s  %s\n", "interfaces", _ ("network interfaces, and what goes in and out"));
}

static int run_one (struct ctl *ctl, const char *word, guint given)
{
  bool priority = strcmp (word, "priority") == 0;
  guint64 pid;

  if (given != (priority ? 3 : 2) ||
      !g_ascii_string_to_unsigned (ctl->arguments[1], 10, 1, G_MAXINT32, &pid, NULL))
    return ctl_usage ("processes", priority ? _ ("'priority' takes a process' number and -20 to 19")
                                            : _ ("give the number that 'inosctl processes' shows"));
  if (priority)
    return set_priority (ctl, (guint)pid, ctl->arguments[2]);
  if (strcmp (word, "inspect") == 0)
    return show_one (ctl, (guint)pid);
  return end (ctl, (guint)pid, strcmp (word, "kill") == 0);
}

int ctl_cmd_processes (struct ctl *ctl)
{
  static const char *const ones[] = {"inspect", "end", "kill", "priority", NULL};
  static char *none[] = {NULL};
  guint given = ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
  const char *word = given > 0 ? ctl->arguments[0] : "list";

  if (strcmp (word, "list") == 0)
    return list (ctl, given > 0 ? ctl->arguments + 1 : none);
  if (g_strv_contains (ones, word))
    return run_one (ctl, word, given);
  if (given == 1 && strcmp (word, "units") == 0)
    return units (ctl);
  if (given == 1 && strcmp (word, "disks") == 0)
    return disks (ctl);
  if (given == 1 && strcmp (word, "interfaces") == 0)
    return interfaces (ctl);
  return ctl_usage ("processes", _ ("there are list, inspect, end, kill, priority, units, disks "
                                    "and interfaces"));
}
