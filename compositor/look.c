#include "look.h"

#include <gio/gio.h>
#include <math.h>

#include "accent.h"
#include "overview_show.h"
#include "window_frame.h"
#include "view.h"

#define INTERFACE "org.gnome.desktop.interface"
#define ACCESS "org.gnome.desktop.a11y.interface"

enum { TEXT_LEAST = 50, TEXT_MOST = 300 }; /* hundredths */

struct inos_look {
  struct inos_compositor *compositor;
  GSettings *interface, *access; /* NULL where the schema is not installed */
  bool dark, contrast, moves;
  struct inos_colour accent;
  int text;
};

static void read_interface (struct inos_look *look)
{
  look->dark = false;
  look->moves = true;
  look->text = 100;
  if (!look->interface)
    return;
  g_autofree char *scheme = g_settings_get_string (look->interface, "color-scheme");
  look->dark = g_str_equal (scheme, "prefer-dark");
  look->moves = g_settings_get_boolean (look->interface, "enable-animations");
  double text = g_settings_get_double (look->interface, "text-scaling-factor");
  look->text = (int)lround (CLAMP (text * 100, TEXT_LEAST, TEXT_MOST));
}

static void update (struct inos_look *look)
{
  read_interface (look);
  look->contrast = look->access && g_settings_get_boolean (look->access, "high-contrast");
  look->accent = inos_accent_of (look->interface, look->dark, look->contrast);
}

static void on_changed (GSettings *settings, const char *key, void *data)
{
  struct inos_look *look = data;
  update (look);
  struct inos_view *view;
  wl_list_for_each (view, &look->compositor->views, link)
    inos_frame_update (view);
  inos_overview_redraw (look->compositor);
}

/* NULL where the schema, or one of its keys, is not installed. */
static GSettings *open_settings (struct inos_look *look, const char *name, const char *const *keys)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, name, TRUE) : NULL;
  if (!schema)
    return NULL;
  for (; *keys; keys++) {
    if (!g_settings_schema_has_key (schema, *keys))
      return NULL;
  }
  GSettings *settings = g_settings_new (name);
  g_signal_connect (settings, "changed", G_CALLBACK (on_changed), look);
  return settings;
}

static void close_settings (struct inos_look *look, GSettings **settings)
{
  if (*settings)
    g_signal_handlers_disconnect_by_data (*settings, look);
  g_clear_object (settings);
}

static struct inos_look *look_of (struct inos_compositor *compositor)
{
  if (compositor->look)
    return compositor->look;
  static const char *const interface[] = {"color-scheme", "enable-animations",
                                          "text-scaling-factor", NULL};
  static const char *const access[] = {"high-contrast", NULL};
  struct inos_look *look = compositor->look = g_new0 (struct inos_look, 1);
  look->compositor = compositor;
  look->interface = open_settings (look, INTERFACE, interface);
  look->access = open_settings (look, ACCESS, access);
  update (look);
  return look;
}

bool inos_look_is_dark (struct inos_compositor *compositor)
{
  return look_of (compositor)->dark;
}

bool inos_look_is_contrast (struct inos_compositor *compositor)
{
  return look_of (compositor)->contrast;
}

struct inos_colour inos_look_accent (struct inos_compositor *compositor)
{
  return look_of (compositor)->accent;
}

int inos_look_text (struct inos_compositor *compositor)
{
  return look_of (compositor)->text;
}

bool inos_look_moves (struct inos_compositor *compositor)
{
  return look_of (compositor)->moves && !compositor->saves_power;
}

void inos_look_destroy (struct inos_look *look)
{
  if (!look)
    return;
  close_settings (look, &look->interface);
  close_settings (look, &look->access);
  g_free (look);
}
