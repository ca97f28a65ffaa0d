/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl media: what plays on this machine, and to steer it. */
#include "bus.h"
#include "desk.h"
#include "mesh.h"
#include "props.h"
#include "shell.h"

#include <glib/gi18n.h>
#include <string.h>

#define MEDIA "org.inos.Shell1.Media"
#define ROWS "a(ussssssxxas)"
#define MAX_SECONDS (365 * 24 * 3600)

static const char *const words[] = {"play",     "pause", "play-pause", "next",
                                    "previous", "raise", "stop",       NULL};

void ctl_media_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-27s  %s\n", "status", _ ("who plays what; '*' is whom the keys are meant for"));
  g_print ("  %-27s  %s\n", "play|pause|play-pause [ID]", _ ("go on, or stop for a while"));
  g_print ("  %-27s  %s\n", "next|previous [ID]", _ ("another track"));
  g_print ("  %-27s  %s\n", "stop [ID]", _ ("end playing"));
  g_print ("  %-27s  %s\n", "seek [+|-]SECONDS [ID]", _ ("go on from there"));
  g_print ("  %-27s  %s\n", "raise [ID]", _ ("show the player's window"));
}

/* status */

/* "3:07", "1:02:03". */
static char *time_text (gint64 us)
{
  gint64 s = us / G_USEC_PER_SEC;

  if (s >= 3600)
    return g_strdup_printf ("%d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
  return g_strdup_printf ("%d:%02d", (int)(s / 60), (int)(s % 60));
}

static char *place_text (gint64 position, gint64 length)
{
  g_autofree char *now = time_text (position);
  g_autofree char *all = time_text (length);

  return length > 0 ? g_strdup_printf ("%s / %s", now, all) : g_steal_pointer (&now);
}

static const char *state_text (const char *state)
{
  if (strcmp (state, "playing") == 0)
    return _ ("playing");
  return strcmp (state, "paused") == 0 ? _ ("paused") : _ ("stopped");
}

/* Marked by the first field, which was put before what the shell says. */
static void add_row (CtlTable *table, GVariant *row)
{
  const char *name, *state, *title, *artist;
  gint64 length, position;
  gboolean current;
  guint id;

  g_variant_get (row, "(b(u&s&s&s&s&s&sxx@as))", &current, &id, &name, NULL, &state, &title,
                 &artist, NULL, &length, &position, NULL);
  g_autofree char *place = place_text (position, length);
  ctl_table_cellf (table, CTL_PLAIN, "%s%u", current ? "*" : "", id);
  ctl_table_cell (table, current ? CTL_BOLD : CTL_PLAIN, name);
  ctl_table_cell (table, strcmp (state, "playing") == 0 ? CTL_GREEN : CTL_PLAIN,
                  state_text (state));
  ctl_table_cell (table, CTL_BOLD, title);
  ctl_table_cell (table, CTL_PLAIN, artist);
  ctl_table_cell (table, CTL_PLAIN, place);
}

static void add_json (JsonBuilder *json, GVariant *row, guint32 current)
{
  static const char *const names[] = {"id",     "name",  "desktop_entry", "state",    "title",
                                      "artist", "album", "length",        "position", NULL};
  g_autoptr (GPtrArray) basic = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  g_autoptr (GVariant) can = g_variant_get_child_value (row, G_N_ELEMENTS (names) - 1);
  g_autoptr (GVariant) tuple = NULL;
  guint32 id;

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (basic, g_variant_get_child_value (row, i));
  id = g_variant_get_uint32 (basic->pdata[0]);
  tuple = g_variant_ref_sink (g_variant_new_tuple ((GVariant *const *)basic->pdata, basic->len));
  json_builder_begin_object (json);
  json_add_fields (json, tuple, names);
  json_add_bool (json, "current", id == current);
  json_builder_set_member_name (json, "can");
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (can); i++) {
    const char *word;
    g_variant_get_child (can, i, "&s", &word);
    json_builder_add_string_value (json, word);
  }
  json_builder_end_array (json);
  json_builder_end_object (json);
}

static void print_json (GVariant *rows, guint32 current)
{
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "players");
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    add_json (json, row, current);
  }
  json_builder_end_array (json);
  json_builder_end_object (json);
  json_print (json, false);
}

static GVariant *list (struct ctl *ctl, const char *what, int *status)
{
  g_autoptr (GVariant) reply =
    ctl_bus_ask_shell (ctl, MEDIA, "List", NULL, "(" ROWS ")", what, status);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

static bool get_current (struct ctl *ctl, const char *what, guint32 *current, int *status)
{
  g_autoptr (GVariant) number = ctl_shell_get (ctl, MEDIA, "Current", "u", what, status);

  *current = number != NULL ? g_variant_get_uint32 (number) : 0;
  return number != NULL;
}

static int print_status (struct ctl *ctl)
{
  const struct ctl_column columns[] = {
    {_ ("ID"), true, false},    {_ ("PLAYER"), false, true}, {_ ("STATE"), false, false},
    {_ ("TITLE"), false, true}, {_ ("ARTIST"), false, true}, {_ ("PLACE"), true, false},
  };
  const char *what = _ ("cannot tell what plays");
  int status, lines = 0;
  guint32 current;
  g_autoptr (GVariant) rows = list (ctl, what, &status);

  if (rows == NULL || !get_current (ctl, what, &current, &status))
    return status;
  if (ctl->json) {
    print_json (rows, current);
    return CTL_OK;
  }
  GVariantBuilder marked = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(b(ussssssxxas))"));
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    guint32 id;
    g_variant_get_child (row, 0, "u", &id);
    g_variant_builder_add (&marked, "(b@(ussssssxxas))", id == current, row);
  }
  g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_builder_end (&marked));
  g_autofree char *text = ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), all, add_row);
  ctl_mesh_draw (ctl, text, &lines);
  return CTL_OK;
}

/* Steering */

static int do_it (struct ctl *ctl, const char *word, guint32 id)
{
  return ctl_shell_do (ctl, MEDIA, "Do", g_variant_new ("(us)", id, word), "()",
                       _ ("cannot steer the player"));
}

/* µs; -1 where there is no such player. id 0: the one that keys are meant for. */
static gint64 position_of (GVariant *rows, guint32 id)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    gint64 position;
    guint32 each;
    g_variant_get_child (row, 0, "u", &each);
    g_variant_get_child (row, 8, "x", &position);
    if (each == id)
      return position;
  }
  return -1;
}

static int seek (struct ctl *ctl, const char *text, guint32 id)
{
  const char *what = _ ("cannot go to another place of what plays");
  bool relative = *text == '+' || *text == '-';
  gint64 position = 0;
  guint64 seconds;
  int status;

  if (!desk_number (relative ? text + 1 : text, 0, MAX_SECONDS, &seconds))
    return ctl_usage ("media", _ ("give seconds, as 90, +10 or -10"));
  if (relative) {
    guint32 current = id;
    g_autoptr (GVariant) rows = list (ctl, what, &status);
    if (rows == NULL || (id == 0 && !get_current (ctl, what, &current, &status)))
      return status;
    position = MAX (position_of (rows, current), 0);
  }
  gint64 by = (gint64)seconds * G_USEC_PER_SEC;
  position = MAX (*text == '-' ? position - by : position + by, 0);
  return ctl_shell_do (ctl, MEDIA, "Seek", g_variant_new ("(ux)", id, position), "()", what);
}

int ctl_cmd_media (struct ctl *ctl)
{
  unsigned given = desk_count (ctl);
  const char *word = given > 0 ? ctl->arguments[0] : "status";
  bool seeks = strcmp (word, "seek") == 0;
  unsigned at = seeks ? 2 : 1; /* where an id would be */
  guint64 id = 0;

  if (strcmp (word, "status") == 0 && given <= 1)
    return print_status (ctl);
  if (ctl->json || given > at + 1 || (seeks && given < 2) ||
      (!seeks && !g_strv_contains (words, word)))
    return ctl_usage ("media", _ ("there are status, play, pause, play-pause, next, previous, "
                                  "stop, seek and raise"));
  if (given > at && !desk_number (ctl->arguments[at], 1, G_MAXUINT32, &id))
    return ctl_usage ("media", _ ("give the id that 'inosctl media' shows"));
  return seeks ? seek (ctl, ctl->arguments[1], (guint32)id) : do_it (ctl, word, (guint32)id);
}
