/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl resources: once, or with --watch as often as the node says something new. The bridge
 * forgets us when we leave the bus, so that being killed is as good as Unsubscribe. */
#include "bus.h"
#include "resources_view.h"
#include "text.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>

struct watch {
  struct ctl *ctl;
  GMainLoop *loop;
  GDBusProxy *proxy;
  int lines; /* of the frame that is on the terminal */
  int status;
};

static void print_once (struct ctl *ctl, GVariant *props)
{
  int columns, rows;
  g_autofree char *text = NULL;

  if (ctl->json) {
    ctl_resources_json (props, false);
    return;
  }
  ctl_text_terminal_size (&columns, &rows);
  text = ctl_resources_text (props, columns, ctl->color);
  g_print ("%s", text);
}

/* The properties that the proxy knows, as one a{sv}. */
static GVariant *cached (GDBusProxy *proxy)
{
  g_auto (GStrv) names = g_dbus_proxy_get_cached_property_names (proxy);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  for (char **name = names; name != NULL && *name != NULL; name++) {
    g_autoptr (GVariant) value = g_dbus_proxy_get_cached_property (proxy, *name);
    g_variant_dict_insert_value (&dict, *name, value);
  }
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void show (struct watch *watch)
{
  g_autoptr (GVariant) props = cached (watch->proxy);
  g_autofree char *text = NULL;
  int columns, rows;

  if (watch->ctl->json) {
    ctl_resources_json (props, true);
    return;
  }
  ctl_text_terminal_size (&columns, &rows);
  text = ctl_resources_text (props, columns, watch->ctl->color);
  if (watch->ctl->terminal)
    watch->lines = ctl_text_draw_over (text, watch->lines);
  else
    g_print ("%s\n", text);
  fflush (stdout);
}

static bool subscribe (struct watch *watch, GError **error)
{
  g_autoptr (GVariant) reply =
    g_dbus_proxy_call_sync (watch->proxy, "Subscribe", g_variant_new ("(u)", watch->ctl->interval),
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, error);
  return reply != NULL;
}

static void on_properties_changed (GDBusProxy *proxy, GVariant *changed, char **invalidated,
                                   void *data)
{
  show (data);
}

static void on_owner_changed (GDBusProxy *proxy, GParamSpec *pspec, void *data)
{
  struct watch *watch = data;
  g_autofree char *owner = g_dbus_proxy_get_name_owner (proxy);
  g_autoptr (GError) error = NULL;

  watch->lines = 0;
  if (owner == NULL) {
    ctl_complain (_ ("the bridge left the bus; waiting for it"));
    return;
  }
  if (!subscribe (watch, &error)) {
    watch->status = ctl_bus_fail (watch->ctl, CTL_NODE, error, _ ("cannot follow the resources"));
    g_main_loop_quit (watch->loop);
  }
}

static gboolean on_end (void *data)
{
  struct watch *watch = data;
  g_main_loop_quit (watch->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean on_resize (void *data)
{
  struct watch *watch = data;
  if (watch->ctl->terminal && !watch->ctl->json) {
    g_print ("\033[H\033[2J");
    watch->lines = 0;
    show (watch);
  }
  return G_SOURCE_CONTINUE;
}

static void on_closed (GDBusConnection *bus, gboolean remote, GError *error, void *data)
{
  struct watch *watch = data;

  ctl_complain (_ ("the session bus is gone"));
  watch->status = CTL_NO_SERVICE;
  g_main_loop_quit (watch->loop);
}

static void follow (struct watch *watch)
{
  bool terminal = watch->ctl->terminal && !watch->ctl->json;
  guint sources[] = {
    g_unix_signal_add (SIGINT, on_end, watch),
    g_unix_signal_add (SIGTERM, on_end, watch),
    g_unix_signal_add (SIGHUP, on_end, watch),
    g_unix_signal_add (SIGWINCH, on_resize, watch),
  };
  gulong closed = g_signal_connect (watch->ctl->bus, "closed", G_CALLBACK (on_closed), watch);

  g_signal_connect (watch->proxy, "g-properties-changed", G_CALLBACK (on_properties_changed),
                    watch);
  g_signal_connect (watch->proxy, "notify::g-name-owner", G_CALLBACK (on_owner_changed), watch);
  if (terminal)
    g_print ("\033[?25l"); /* no cursor while frames are drawn over each other */
  show (watch);
  g_main_loop_run (watch->loop);
  if (terminal)
    g_print ("\033[?25h");
  g_signal_handler_disconnect (watch->ctl->bus, closed);
  g_signal_handlers_disconnect_by_data (watch->proxy, watch);
  for (size_t i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
}

static int run_watch (struct ctl *ctl)
{
  struct watch watch = {.ctl = ctl, .status = CTL_OK};
  g_autoptr (GError) error = NULL;

  watch.proxy = g_dbus_proxy_new_sync (ctl->bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL,
                                       ctl_service_name (CTL_NODE), ctl_service_path (CTL_NODE),
                                       ctl_service_name (CTL_NODE), NULL, &error);
  if (watch.proxy == NULL || !subscribe (&watch, &error)) {
    g_clear_object (&watch.proxy);
    return ctl_bus_fail (ctl, CTL_NODE, error, _ ("cannot follow the resources"));
  }
  watch.loop = g_main_loop_new (NULL, FALSE);
  follow (&watch);
  if (watch.status == CTL_OK) {
    g_autoptr (GVariant) reply =
      g_dbus_proxy_call_sync (watch.proxy, "Unsubscribe", NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                              1000, NULL, NULL); /* leaving the bus says the same */
  }
  g_main_loop_unref (watch.loop);
  g_object_unref (watch.proxy);
  return watch.status;
}

int ctl_cmd_resources (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) props = ctl_bus_properties (ctl, CTL_NODE, &error);

  if (props == NULL)
    return ctl_bus_fail (ctl, CTL_NODE, error, _ ("cannot read the resources"));
  if (ctl->watch)
    return run_watch (ctl);
  print_once (ctl, props);
  return CTL_OK;
}
