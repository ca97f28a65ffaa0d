/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl captures: who takes pictures of the screen at this moment. */
#include "desk.h"
#include "props.h"
#include "table.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

#define TYPE "a(ususo)"

struct watch {
  struct ctl *ctl;
  GMainLoop *loop;
  int status;
};

static void print_json (GVariant *captures, bool one_line)
{
  static const char *const names[] = {"id", "program", "pid", "kind", "path", NULL};
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (captures); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (captures, i);
    json_builder_begin_object (json);
    json_add_fields (json, row, names);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  json_print (json, one_line);
}

static void print_table (struct ctl *ctl, GVariant *captures)
{
  const struct ctl_column columns[] = {{_ ("ID"), true, false},
                                       {_ ("PROGRAM"), false, true},
                                       {_ ("PROCESS"), true, false},
                                       {_ ("OF"), false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;
  for (gsize i = 0; i < g_variant_n_children (captures); i++) {
    const char *program, *kind, *path;
    guint32 id, pid;
    g_variant_get_child (captures, i, "(u&su&s&o)", &id, &program, &pid, &kind, &path);
    ctl_table_cellf (table, CTL_PLAIN, "%u", id);
    ctl_table_cell (table, CTL_BOLD, program);
    ctl_table_cellf (table, CTL_PLAIN, "%u", pid);
    ctl_table_cellf (table, CTL_PLAIN, "%s %s", kind, strrchr (path, '/') + 1);
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

static int print (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) props = desk_properties (ctl, DESK_CAPTURE, &error);
  if (props == NULL)
    return desk_fail (ctl, error, _ ("cannot ask who takes pictures"));
  g_autoptr (GVariant) captures = props_value (props, "Captures", TYPE);
  if (ctl->json)
    print_json (captures, ctl->watch);
  else if (g_variant_n_children (captures) == 0)
    g_print (_ ("Nobody takes pictures of the screen.\n"));
  else
    print_table (ctl, captures);
  return CTL_OK;
}

static void on_changed (GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *name, GVariant *parameters, void *data)
{
  struct watch *watch = data;
  watch->status = print (watch->ctl);
  if (watch->status != CTL_OK)
    g_main_loop_quit (watch->loop);
}

static gboolean on_end (void *data)
{
  g_main_loop_quit (((struct watch *)data)->loop);
  return G_SOURCE_CONTINUE;
}

static void on_vanished (GDBusConnection *bus, const char *name, void *data)
{
  struct watch *watch = data;
  ctl_complain (_ ("%s is not on this bus"), name);
  watch->status = CTL_NO_SERVICE;
  g_main_loop_quit (watch->loop);
}

/* Listens first, so that nothing is missed between the list and its first change. */
static int follow (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  const char *name = ctl_service_name (CTL_COMPOSITOR);
  g_autofree char *interface = g_strconcat (name, DESK_CAPTURE, NULL);
  if (!ctl_bus_connect (ctl, &error))
    return desk_fail (ctl, error, _ ("cannot ask who takes pictures"));
  struct watch watch = {ctl, g_main_loop_new (NULL, FALSE), CTL_OK};
  guint changes = g_dbus_connection_signal_subscribe (
    ctl->bus, name, "org.freedesktop.DBus.Properties", "PropertiesChanged",
    ctl_service_path (CTL_COMPOSITOR), interface, G_DBUS_SIGNAL_FLAGS_NONE, on_changed, &watch,
    NULL);
  watch.status = print (ctl);
  guint owner = g_bus_watch_name_on_connection (ctl->bus, name, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                                on_vanished, &watch, NULL);
  guint ends[] = {g_unix_signal_add (SIGINT, on_end, &watch),
                  g_unix_signal_add (SIGTERM, on_end, &watch),
                  g_unix_signal_add (SIGHUP, on_end, &watch)};
  if (watch.status == CTL_OK)
    g_main_loop_run (watch.loop);
  for (size_t i = 0; i < G_N_ELEMENTS (ends); i++)
    g_source_remove (ends[i]);
  g_bus_unwatch_name (owner);
  g_dbus_connection_signal_unsubscribe (ctl->bus, changes);
  g_main_loop_unref (watch.loop);
  return watch.status;
}

static int stop (struct ctl *ctl, guint32 id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    desk_call (ctl, DESK_CAPTURE, "Stop", g_variant_new ("(u)", id), &error);
  return reply != NULL ? CTL_OK : desk_fail (ctl, error, _ ("not stopped"));
}

int ctl_cmd_captures (struct ctl *ctl)
{
  guint64 id;
  if (desk_count (ctl) == 0)
    return ctl->watch ? follow (ctl) : print (ctl);
  if (desk_count (ctl) == 2 && strcmp (ctl->arguments[0], "stop") == 0 && !ctl->json &&
      !ctl->watch && desk_number (ctl->arguments[1], 1, G_MAXUINT32, &id))
    return stop (ctl, (guint32)id);
  return ctl_usage ("captures", _ ("it takes 'stop ID' or nothing"));
}
