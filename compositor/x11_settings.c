#include "x11_settings.h"

#include <math.h>
#include <string.h>
#include <wlr/types/wlr_xcursor_manager.h>

#include "seat.h"
#include "x11_scale.h"

enum { DPI = 96, DPI_UNIT = 1024, RESOURCES_MOST = 65536 / 4 /* words */ };

struct inos_x11_settings {
  struct inos_x11_link *link;
  bool spoke;          /* of a scale that is not 1 */
  bool asked, manages; /* who has the settings; they are ours */
  uint32_t serial;
};

static void put16 (GByteArray *bytes, unsigned int value)
{
  uint16_t le = GUINT16_TO_LE ((uint16_t)value);
  g_byte_array_append (bytes, (const guint8 *)&le, sizeof le);
}

static void put32 (GByteArray *bytes, uint32_t value)
{
  uint32_t le = GUINT32_TO_LE (value);
  g_byte_array_append (bytes, (const guint8 *)&le, sizeof le);
}

/* A setting: its kind (0: a number), its name to a multiple of 4, when it changed, its value. */
static void put_number (GByteArray *bytes, const char *name, uint32_t serial, int value)
{
  size_t length = strlen (name);
  put16 (bytes, 0);
  put16 (bytes, (unsigned int)length);
  g_byte_array_append (bytes, (const guint8 *)name, (guint)length);
  g_byte_array_append (bytes, (const guint8[3]){0}, (guint)(-length & 3));
  put32 (bytes, serial);
  put32 (bytes, (uint32_t)value);
}

static int pointer_px (const struct inos_compositor *compositor)
{
  return inos_x11_px (compositor, compositor->seat->xcursor->size);
}

/* GTK enlarges by whole numbers: what is left goes to the letters. */
static void write_settings (struct inos_x11_settings *settings)
{
  struct inos_x11_link *link = settings->link;
  double scale = inos_x11_scale (link->compositor), whole = floor (scale);
  uint32_t serial = ++settings->serial;
  g_autoptr (GByteArray) bytes = g_byte_array_new();
  put32 (bytes, 0); /* the low byte of numbers comes first */
  put32 (bytes, serial);
  put32 (bytes, 4);
  put_number (bytes, "Gdk/WindowScalingFactor", serial, (int)whole);
  put_number (bytes, "Gdk/UnscaledDPI", serial, (int)lround (scale / whole * DPI * DPI_UNIT));
  put_number (bytes, "Xft/DPI", serial, (int)lround (scale * DPI * DPI_UNIT));
  put_number (bytes, "Gtk/CursorThemeSize", serial, pointer_px (link->compositor));
  xcb_change_property (link->connection, XCB_PROP_MODE_REPLACE, link->window,
                       link->atoms[INOS_X11_XSETTINGS_SETTINGS],
                       link->atoms[INOS_X11_XSETTINGS_SETTINGS], 8, bytes->len, bytes->data);
}

static void announce (struct inos_x11_settings *settings)
{
  struct inos_x11_link *link = settings->link;
  const xcb_client_message_event_t event = {
    .response_type = XCB_CLIENT_MESSAGE,
    .format = 32,
    .window = link->screen->root,
    .type = link->atoms[INOS_X11_MANAGER],
    .data.data32 = {XCB_CURRENT_TIME, link->atoms[INOS_X11_XSETTINGS_S0], link->window},
  };
  xcb_send_event (link->connection, 0, link->screen->root, XCB_EVENT_MASK_STRUCTURE_NOTIFY,
                  (const char *)&event);
}

/* Whose settings daemon runs already keeps it. */
static void on_owner (struct inos_x11_link *link, void *data, void *answer)
{
  struct inos_x11_settings *settings = data;
  const xcb_get_selection_owner_reply_t *reply = answer;
  if (!reply || reply->owner != XCB_WINDOW_NONE)
    return;
  settings->manages = true;
  write_settings (settings);
  xcb_set_selection_owner (link->connection, link->window, link->atoms[INOS_X11_XSETTINGS_S0],
                           XCB_CURRENT_TIME);
  announce (settings);
}

static void manage (struct inos_x11_settings *settings)
{
  struct inos_x11_link *link = settings->link;
  if (settings->manages) {
    write_settings (settings);
  } else if (!settings->asked) {
    settings->asked = true;
    inos_x11_ask (
      link, xcb_get_selection_owner (link->connection, link->atoms[INOS_X11_XSETTINGS_S0]).sequence,
      on_owner, settings);
  }
}

/* Of all resources only these lines are ours. */
static bool is_ours (const char *line)
{
  return g_str_has_prefix (line, "Xft.dpi:") || g_str_has_prefix (line, "Xcursor.size:");
}

static void add_ours (const struct inos_compositor *compositor, GString *all)
{
  g_string_append_printf (all, "Xft.dpi:\t%ld\nXcursor.size:\t%d\n",
                          lround (inos_x11_scale (compositor) * DPI), pointer_px (compositor));
}

static void write_resources (xcb_connection_t *connection, const GString *all)
{
  xcb_window_t root = xcb_setup_roots_iterator (xcb_get_setup (connection)).data->root;
  xcb_change_property (connection, XCB_PROP_MODE_REPLACE, root, XCB_ATOM_RESOURCE_MANAGER,
                       XCB_ATOM_STRING, 8, (uint32_t)all->len, all->str);
}

static void on_resources (struct inos_x11_link *link, void *data, void *answer)
{
  const xcb_get_property_reply_t *reply = answer;
  if (!reply || reply->bytes_after > 0 || (reply->type != XCB_ATOM_NONE && reply->format != 8))
    return;
  g_autofree char *text =
    g_strndup (xcb_get_property_value (reply), (gsize)xcb_get_property_value_length (reply));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) all = g_string_new (NULL);
  for (char **line = lines; *line; line++) {
    if (**line && !is_ours (*line))
      g_string_append_printf (all, "%s\n", *line);
  }
  add_ours (link->compositor, all);
  write_resources (link->connection, all);
}

void inos_x11_settings_begin (struct inos_compositor *compositor, xcb_connection_t *connection)
{
  g_autoptr (GString) all = g_string_new (NULL);
  if (inos_x11_scale (compositor) == 1 || !connection)
    return;
  add_ours (compositor, all);
  write_resources (connection, all);
  xcb_flush (connection);
}

void inos_x11_settings_update (struct inos_x11_settings *settings)
{
  struct inos_x11_link *link = settings->link;
  if (inos_x11_scale (link->compositor) == 1 && !settings->spoke)
    return;
  settings->spoke = true;
  manage (settings);
  inos_x11_ask (link,
                xcb_get_property (link->connection, 0, link->screen->root,
                                  XCB_ATOM_RESOURCE_MANAGER, XCB_ATOM_STRING, 0, RESOURCES_MOST)
                  .sequence,
                on_resources, settings);
  inos_x11_flush (link);
}

void inos_x11_settings_event (struct inos_x11_settings *settings, const xcb_generic_event_t *event)
{
  const xcb_selection_clear_event_t *lost = (const xcb_selection_clear_event_t *)event;
  if ((event->response_type & ~0x80) == XCB_SELECTION_CLEAR &&
      lost->selection == settings->link->atoms[INOS_X11_XSETTINGS_S0])
    settings->manages = false;
}

struct inos_x11_settings *inos_x11_settings_create (struct inos_x11_link *link)
{
  struct inos_x11_settings *settings = g_new0 (struct inos_x11_settings, 1);
  settings->link = link;
  inos_x11_settings_update (settings);
  return settings;
}

void inos_x11_settings_destroy (struct inos_x11_settings *settings)
{
  g_free (settings);
}
