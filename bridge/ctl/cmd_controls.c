/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl volume, sounds, brightness: how loud this machine and each of its applications is, and
 * how bright. */
#include "bus.h"
#include "desk.h"
#include "mesh.h"
#include "props.h"
#include "shell.h"

#include <glib/gi18n.h>
#include <string.h>

#define CONTROLS "org.inos.Shell1.Controls"
#define MOST 100 /* percent */

/* "40", "+5", "-5" of what it is now. */
static bool parse (const char *text, int now, int *percent)
{
  bool relative = *text == '+' || *text == '-';
  guint64 number;

  if (!desk_number (relative ? text + 1 : text, 0, MOST, &number))
    return false;
  *percent = (int)number;
  if (relative)
    *percent = CLAMP (*text == '+' ? now + (int)number : now - (int)number, 0, MOST);
  return true;
}

static int print (struct ctl *ctl, GVariant *props, const char *property, const char *key,
                  bool mutes, const char *none)
{
  int percent = props_int32 (props, property);
  bool muted = mutes && props_bool (props, "Muted");

  if (percent < 0) {
    ctl_complain ("%s", none);
    return CTL_NO_OBJECT;
  }
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_add_int (json, key, percent);
    if (mutes)
      json_add_bool (json, "muted", muted);
    json_builder_end_object (json);
    json_print (json, true);
  } else if (muted)
    g_print (_ ("%d%% (muted)\n"), percent);
  else
    g_print (_ ("%d%%\n"), percent);
  return CTL_OK;
}

int ctl_cmd_volume (struct ctl *ctl)
{
  const char *what = _ ("cannot set the volume");
  const char *none = _ ("there is no server of sounds, or it has no output");
  const char *word = desk_count (ctl) > 0 ? ctl->arguments[0] : NULL;
  int percent = 0, status;

  if (desk_count (ctl) > 1 || (word != NULL && ctl->json))
    return ctl_usage ("volume", _ ("it takes a number, 'mute', 'unmute' or nothing"));
  if (word != NULL && (strcmp (word, "mute") == 0 || strcmp (word, "unmute") == 0))
    return ctl_shell_do (ctl, CONTROLS, "SetMuted",
                         g_variant_new ("(b)", strcmp (word, "mute") == 0), "()", what);
  if (word != NULL && !parse (word, 0, &percent))
    return ctl_usage ("volume", _ ("it takes a number, 'mute', 'unmute' or nothing"));
  g_autoptr (GVariant) props = ctl_shell_get_all (ctl, CONTROLS, what, &status);
  if (props == NULL)
    return status;
  if (word == NULL || props_int32 (props, "Volume") < 0)
    return print (ctl, props, "Volume", "volume", true, none);
  parse (word, props_int32 (props, "Volume"), &percent);
  return ctl_shell_do (ctl, CONTROLS, "SetVolume", g_variant_new ("(u)", (guint32)percent), "()",
                       what);
}

/* sounds */

#define PLAYING "a(ussub)"

static void add_sound (CtlTable *table, GVariant *row)
{
  const char *name, *played;
  guint32 id, percent;
  gboolean muted;

  g_variant_get (row, "(u&s&sub)", &id, &name, &played, &percent, &muted);
  ctl_table_cellf (table, CTL_PLAIN, "%u", id);
  ctl_table_cell (table, CTL_BOLD, name);
  ctl_table_cell (table, CTL_PLAIN, played);
  ctl_table_cellf (table, CTL_PLAIN, muted ? _ ("%u%% (muted)") : _ ("%u%%"), percent);
}

/* value: as Playing has them. */
static int print_sounds (struct ctl *ctl, GVariant *value)
{
  static const char *const names[] = {"id", "application", "plays", "volume", "muted", NULL};
  const struct ctl_column columns[] = {
    {_ ("ID"), true, false},
    {_ ("APPLICATION"), false, true},
    {_ ("PLAYS"), false, true},
    {_ ("VOLUME"), true, false},
  };
  const struct ctl_mesh_list list = {.key = "sounds",
                                     .names = names,
                                     .columns = columns,
                                     .n_columns = G_N_ELEMENTS (columns),
                                     .add_row = add_sound};
  g_autoptr (GVariant) reply = g_variant_ref_sink (g_variant_new_tuple (&value, 1));

  ctl_mesh_show (ctl, &list, reply, NULL);
  return CTL_OK;
}

/* Percent of that number, -1 where there is none. */
static int percent_of_sound (GVariant *rows, guint32 wanted)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    guint32 id, percent;
    g_variant_get_child (rows, i, "(u&s&sub)", &id, NULL, NULL, &percent, NULL);
    if (id == wanted)
      return (int)MIN (percent, (guint32)G_MAXINT);
  }
  return -1;
}

static int refuse_sounds (void)
{
  return ctl_usage ("sounds", _ ("it takes nothing, or an ID and a number, 'mute' or 'unmute'"));
}

static int set_sound (struct ctl *ctl, guint32 id, const char *word, const char *what)
{
  int percent = 0, now, status;

  if (strcmp (word, "mute") == 0 || strcmp (word, "unmute") == 0)
    return ctl_shell_do (ctl, CONTROLS, "SetPlayingMuted",
                         g_variant_new ("(ub)", id, strcmp (word, "mute") == 0), "()", what);
  if (!parse (word, 0, &percent))
    return refuse_sounds();
  g_autoptr (GVariant) rows = ctl_shell_get (ctl, CONTROLS, "Playing", PLAYING, what, &status);
  if (rows == NULL)
    return status;
  now = percent_of_sound (rows, id);
  if (now < 0) {
    ctl_complain (_ ("nothing of the number %u plays; see 'inosctl sounds'"), id);
    return CTL_NO_OBJECT;
  }
  parse (word, now, &percent);
  return ctl_shell_do (ctl, CONTROLS, "SetPlayingVolume",
                       g_variant_new ("(uu)", id, (guint32)percent), "()", what);
}

int ctl_cmd_sounds (struct ctl *ctl)
{
  unsigned count = desk_count (ctl);
  guint64 id;
  int status;

  if (count == 2 && !ctl->json && desk_number (ctl->arguments[0], 0, G_MAXUINT32, &id))
    return set_sound (ctl, (guint32)id, ctl->arguments[1], _ ("cannot set the volume"));
  if (count > 0)
    return refuse_sounds();
  g_autoptr (GVariant) rows =
    ctl_shell_get (ctl, CONTROLS, "Playing", PLAYING, _ ("cannot tell what plays"), &status);
  return rows != NULL ? print_sounds (ctl, rows) : status;
}

int ctl_cmd_brightness (struct ctl *ctl)
{
  const char *what = _ ("cannot set the brightness");
  const char *none = _ ("no screen of this machine has a brightness that logind can set");
  const char *word = desk_count (ctl) > 0 ? ctl->arguments[0] : NULL;
  int percent = 0, status;

  if (desk_count (ctl) > 1 || (word != NULL && (ctl->json || !parse (word, 0, &percent))))
    return ctl_usage ("brightness", _ ("it takes a number or nothing"));
  g_autoptr (GVariant) props = ctl_shell_get_all (ctl, CONTROLS, what, &status);
  if (props == NULL)
    return status;
  if (word == NULL || props_int32 (props, "Brightness") < 0)
    return print (ctl, props, "Brightness", "brightness", false, none);
  parse (word, props_int32 (props, "Brightness"), &percent);
  return ctl_shell_do (ctl, CONTROLS, "SetBrightness", g_variant_new ("(u)", (guint32)percent),
                       "()", what);
}
