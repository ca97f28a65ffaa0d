#include "look.h"

#include <gio/gio.h>

#include "window_frame.h"
#include "view.h"

struct inos_look {
  struct inos_compositor *compositor;
  GSettings *interface; /* NULL where the schema is not installed */
  bool dark, moves;
};

static void update (struct inos_look *look)
{
  look->dark = false;
  look->moves = true;
  if (!look->interface)
    return;
  g_autofree char *scheme = g_settings_get_string (look->interface, "color-scheme");
  look->dark = g_str_equal (scheme, "prefer-dark");
  look->moves = g_settings_get_boolean (look->interface, "enable-animations");
}

static void on_changed (GSettings *settings, const char *key, void *data)
{
  struct inos_look *look = data;
  update (look);
  struct inos_view *view;
  wl_list_for_each (view, &look->compositor->views, link)
    inos_frame_update (view);
}

static struct inos_look *look_of (struct inos_compositor *compositor)
{
  if (compositor->look)
    return compositor->look;
  struct inos_look *look = compositor->look = g_new0 (struct inos_look, 1);
  look->compositor = compositor;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE) : NULL;
  if (schema && g_settings_schema_has_key (schema, "color-scheme") &&
      g_settings_schema_has_key (schema, "enable-animations"))
    look->interface = g_settings_new ("org.gnome.desktop.interface");
  if (look->interface)
    g_signal_connect (look->interface, "changed", G_CALLBACK (on_changed), look);
  update (look);
  return look;
}

bool inos_look_is_dark (struct inos_compositor *compositor)
{
  return look_of (compositor)->dark;
}

bool inos_look_moves (struct inos_compositor *compositor)
{
  return look_of (compositor)->moves && !compositor->saves_power;
}

void inos_look_destroy (struct inos_look *look)
{
  if (!look)
    return;
  if (look->interface)
    g_signal_handlers_disconnect_by_data (look->interface, look);
  g_clear_object (&look->interface);
  g_free (look);
}
