/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl window, workspace, output, input: COMMAND WHICH VERB [VALUE], by one table. */
#include "desk.h"
#include "props.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum kind { WINDOW, WORKSPACE, OUTPUT, INPUT };

static const struct {
  const char *command, *part; /* the interface of its objects */
} kinds[] = {
  [WINDOW] = {"window", ".Window"},
  [WORKSPACE] = {"workspace", ""},
  [OUTPUT] = {"output", ".Output"},
  [INPUT] = {"input", ".Device"},
};

/* How a value is written, and what becomes of it. */
struct value {
  const char *text; /* as help has it */
  GVariant *(*read) (const char *text, const char *more);
};

static GVariant *read_switch (const char *text, const char *more)
{
  bool on = strcmp (text, "on") == 0;
  return on || strcmp (text, "off") == 0 ? g_variant_new ("(b)", on) : NULL;
}

/* Two whole numbers with `between` in the middle. */
static GVariant *read_pair (const char *text, const char *between)
{
  g_auto (GStrv) parts = g_strsplit (text, between, 3);
  gint64 a, b;
  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_signed (parts[0], 10, G_MININT32, G_MAXINT32, &a, NULL) ||
      !g_ascii_string_to_signed (parts[1], 10, G_MININT32, G_MAXINT32, &b, NULL))
    return NULL;
  return g_variant_new ("(ii)", (gint32)a, (gint32)b);
}

static GVariant *read_place (const char *text, const char *more)
{
  return read_pair (text, ",");
}

static GVariant *read_size (const char *text, const char *more)
{
  return read_pair (text, "x");
}

static GVariant *read_mode (const char *text, const char *more)
{
  g_auto (GStrv) parts = g_strsplit (text, "@", 2);
  g_autoptr (GVariant) size = read_pair (parts[0] != NULL ? parts[0] : "", "x");
  gint32 width, height;
  double rate = 0;
  char *end = NULL;
  if (size != NULL)
    g_variant_ref_sink (size);
  if (parts[0] != NULL && parts[1] != NULL)
    rate = g_ascii_strtod (parts[1], &end);
  if (size == NULL || (end != NULL && (end == parts[1] || *end != '\0')) || !(rate >= 0) ||
      rate > 10000)
    return NULL;
  g_variant_get (size, "(ii)", &width, &height);
  return g_variant_new ("(iii)", width, height, (gint32)lround (rate * 1000));
}

static GVariant *read_scale (const char *text, const char *more)
{
  char *end;
  double scale = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (scale) ? g_variant_new ("(d)", scale) : NULL;
}

static GVariant *read_transform (const char *text, const char *more)
{
  static const char *const names[] = {"normal",  "90",         "180",         "270",
                                      "flipped", "flipped-90", "flipped-180", "flipped-270"};
  for (int i = 0; i < (int)G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], text) == 0)
      return g_variant_new ("(i)", i);
  return NULL;
}

/* People count from 1. */
static GVariant *read_workspace (const char *text, const char *more)
{
  guint64 number;
  return desk_number (text, 1, 1000, &number) ? g_variant_new ("(u)", (guint32)number - 1) : NULL;
}

static GVariant *read_text (const char *text, const char *more)
{
  return g_variant_new ("(s)", text);
}

/* An output is called none by nobody. */
static GVariant *read_output (const char *text, const char *more)
{
  return g_variant_new ("(s)", strcmp (text, "none") == 0 ? "" : text);
}

static GVariant *read_setting (const char *text, const char *more)
{
  return more != NULL ? g_variant_new ("(ss)", text, more) : NULL;
}

static const struct value on_off = {"on|off", read_switch}, place = {"X,Y", read_place},
                          size = {"WxH", read_size}, mode = {"WxH[@HZ]", read_mode},
                          factor = {"FACTOR", read_scale},
                          turn = {"normal|90|180|270|flipped…", read_transform},
                          workspace = {"N", read_workspace}, edge = {"PLACE", read_text},
                          name = {"NAME", read_text}, other = {"NAME|none", read_output},
                          deadline = {"auto|off|MS", read_text},
                          when = {"off|on|on-demand|content", read_text},
                          layout = {"floating|dwindle|scroll", read_text},
                          setting = {"SETTING VALUE", read_setting};

static const struct verb {
  enum kind kind;
  const char *name;
  const struct value *value; /* NULL: it takes none */
  const char *method;
} verbs[] = {
  {WINDOW, "below", &on_off, "SetBelow"},
  {WINDOW, "close", NULL, "Close"},
  {WINDOW, "focus", NULL, "Focus"},
  {WINDOW, "fullscreen", &on_off, "SetFullscreen"},
  {WINDOW, "maximize", &on_off, "SetMaximized"},
  {WINDOW, "minimize", &on_off, "SetMinimized"},
  {WINDOW, "move", &place, "Move"},
  {WINDOW, "on-top", &on_off, "SetOnTop"},
  {WINDOW, "private", &on_off, "SetPrivate"},
  {WINDOW, "resize", &size, "Resize"},
  {WINDOW, "snap", &edge, "Snap"},
  {WINDOW, "sticky", &on_off, "SetSticky"},
  {WINDOW, "urgent", &on_off, "SetUrgent"},
  {WINDOW, "workspace", &workspace, "MoveToWorkspace"},
  {WORKSPACE, "layout", &layout, "SetWorkspaceLayout"},
  {WORKSPACE, "move", &workspace, "MoveWorkspace"},
  {WORKSPACE, "output", &name, "MoveWorkspaceToOutput"},
  {WORKSPACE, "rename", &name, "RenameWorkspace"},
  {WORKSPACE, "switch", NULL, "SwitchWorkspace"},
  {OUTPUT, "enabled", &on_off, "SetEnabled"},
  {OUTPUT, "max-render-time", &deadline, "SetMaxRenderTime"},
  {OUTPUT, "mirror", &other, "SetMirror"},
  {OUTPUT, "mode", &mode, "SetMode"},
  {OUTPUT, "position", &place, "SetPosition"},
  {OUTPUT, "power", &on_off, "SetPower"},
  {OUTPUT, "scale", &factor, "SetScale"},
  {OUTPUT, "transform", &turn, "SetTransform"},
  {OUTPUT, "vrr", &when, "SetVariableRefresh"},
  {INPUT, "set", &setting, "Set"},
};

static void help (enum kind kind)
{
  g_print (_ ("\nVerbs:\n"));
  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (verbs[i].kind == kind)
      g_print ("  %s%s%s\n", verbs[i].name, verbs[i].value != NULL ? " " : "",
               verbs[i].value != NULL ? verbs[i].value->text : "");
}

void desk_window_help (void)
{
  help (WINDOW);
}

void desk_workspace_help (void)
{
  help (WORKSPACE);
}

void desk_output_help (void)
{
  help (OUTPUT);
}

void desk_input_help (void)
{
  help (INPUT);
}

static const struct verb *find (enum kind kind, const char *text)
{
  for (size_t i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (verbs[i].kind == kind && strcmp (verbs[i].name, text) == 0)
      return &verbs[i];
  return NULL;
}

static char *path_of (enum kind kind, const char *which)
{
  const char *root = ctl_service_path (CTL_COMPOSITOR);
  guint64 id;
  if (kind == WORKSPACE)
    return desk_number (which, 1, 1000, &id) ? g_strdup (root) : NULL;
  if (kind == OUTPUT)
    return desk_output_path (which);
  return desk_number (which, 0, G_MAXUINT32, &id)
           ? g_strdup_printf ("%s/%s/%u", root, kind == WINDOW ? "window" : "device", (unsigned)id)
           : NULL;
}

/* The workspace's index goes in front of the rest. */
static GVariant *parameters_of (enum kind kind, const char *which, GVariant *value)
{
  guint64 number;
  if (kind != WORKSPACE || !desk_number (which, 1, 1000, &number))
    return value;
  g_autoptr (GVariant) sunk = value != NULL ? g_variant_ref_sink (value) : NULL;
  GVariant *index = g_variant_new_uint32 ((guint32)number - 1);
  GVariant *both[] = {index, NULL};
  if (sunk != NULL)
    both[1] = g_variant_get_child_value (sunk, 0);
  GVariant *tuple = g_variant_new_tuple (both, sunk != NULL ? 2 : 1);
  if (both[1] != NULL)
    g_variant_unref (both[1]);
  return tuple;
}

static int wrong (enum kind kind, const char *format, const char *text, const char *expected)
{
  g_autofree char *message =
    expected != NULL ? g_strdup_printf (format, text, expected) : g_strdup_printf (format, text);
  return ctl_usage (kinds[kind].command, message);
}

static int run (struct ctl *ctl, enum kind kind)
{
  unsigned count = desk_count (ctl);
  const struct verb *verb = count > 1 ? find (kind, ctl->arguments[1]) : NULL;
  if (count < 2)
    return ctl_usage (kinds[kind].command, _ ("it takes an object and a verb"));
  if (verb == NULL)
    return wrong (kind, _ ("there is no verb '%s'"), ctl->arguments[1], NULL);
  unsigned wanted = verb->value == NULL ? 2 : verb->value == &setting ? 4 : 3;
  g_autofree char *path = path_of (kind, ctl->arguments[0]);
  if (path == NULL)
    return wrong (kind, _ ("'%s' is no number of one"), ctl->arguments[0], NULL);
  if (count != wanted)
    return wrong (kind, _ ("'%s' takes this value: %s"), verb->name,
                  verb->value != NULL ? verb->value->text : _ ("none"));
  GVariant *value = NULL;
  if (verb->value != NULL) {
    value = verb->value->read (ctl->arguments[2], count > 3 ? ctl->arguments[3] : NULL);
    if (value == NULL)
      return wrong (kind, _ ("'%s' is not of the form %s"), ctl->arguments[2], verb->value->text);
  }
  g_autoptr (GError) error = NULL;
  g_autofree char *interface =
    g_strconcat (ctl_service_name (CTL_COMPOSITOR), kinds[kind].part, NULL);
  g_autoptr (GVariant) reply =
    ctl_bus_call (ctl, CTL_COMPOSITOR, path, interface, verb->method,
                  parameters_of (kind, ctl->arguments[0], value), &error);
  if (reply != NULL)
    return CTL_OK;
  if (ctl_bus_is_missing (error)) {
    ctl_complain (_ ("there is no %s '%s': see 'inosctl %ss'"), kinds[kind].command,
                  ctl->arguments[0], kinds[kind].command);
    return CTL_NO_OBJECT;
  }
  g_autofree char *what =
    g_strdup_printf ("%s %s %s", kinds[kind].command, ctl->arguments[0], verb->name);
  return desk_fail (ctl, error, what);
}

int ctl_cmd_window (struct ctl *ctl)
{
  return run (ctl, WINDOW);
}

int ctl_cmd_workspace (struct ctl *ctl)
{
  return run (ctl, WORKSPACE);
}

int ctl_cmd_output (struct ctl *ctl)
{
  return run (ctl, OUTPUT);
}

int ctl_cmd_input (struct ctl *ctl)
{
  return run (ctl, INPUT);
}
