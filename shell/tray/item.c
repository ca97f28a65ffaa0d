/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "item.h"

#include "../art.h"
#include "../notify/markup.h"
#include "../notify/text.h"
#include "../stranger.h"
#include "pixmap.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <string.h>

#define INTERFACE "org.kde.StatusNotifierItem"
/* A menu that opens later takes the keys of somebody who has gone on. */
#define PATIENCE (700 * 1000) /* µs */
#define TIMEOUT_MS 3000
/* How often one that has never answered is asked, and how long after it failed to. */
#define TRIES 5
#define RETRY_SECONDS 2
#define MAX_PATH 1024
#define MAX_ICON_NAME 255
#define ICON_SIDE 40 /* pixels of its picture: 16 on the panel, and two and a half of them */

struct InosTrayItem {
  GDBusConnection *bus;
  char *owner, *registrar, *name, *path;
  guint id;
  void (*changed) (gpointer data);
  gpointer data;
  InosStranger *object;
  InosArt *art;

  gboolean known;
  guint failures; /* before it was */
  guint retry;    /* source, or 0 */
  InosTrayStatus status;
  gboolean is_menu;
  gboolean is_idle;      /* it knows no click */
  char *title, *tooltip; /* never NULL */
  char *menu;            /* or NULL */
  char *icon;            /* a name of the theme, or "" */
};

/* As it was sent; strings belong to the properties. */
typedef struct {
  const char *id, *title, *status, *menu, *theme, *name, *attention_name;
  GVariant *pixels, *attention_pixels, *tooltip; /* or NULL */
  gboolean is_menu;
} Reading;

static const char *const status_names[] = {"passive", "active", "attention"};

const char *inos_tray_status_name (InosTrayStatus status)
{
  return status_names[status];
}

static void keep (GVariant **place, GVariant *value)
{
  g_clear_pointer (place, g_variant_unref);
  *place = g_variant_ref (value);
}

static void read_property (gpointer data, const char *name, GVariant *value)
{
  const char *text = inos_stranger_string (value);
  Reading *reading = data;

  if (g_str_equal (name, "Id"))
    reading->id = text;
  else if (g_str_equal (name, "Title"))
    reading->title = text;
  else if (g_str_equal (name, "Status"))
    reading->status = text;
  else if (g_str_equal (name, "Menu"))
    reading->menu = text;
  else if (g_str_equal (name, "ItemIsMenu"))
    reading->is_menu = inos_stranger_boolean (value);
  else if (g_str_equal (name, "IconThemePath"))
    reading->theme = text;
  else if (g_str_equal (name, "IconName"))
    reading->name = text;
  else if (g_str_equal (name, "AttentionIconName"))
    reading->attention_name = text;
  else if (g_str_equal (name, "IconPixmap"))
    keep (&reading->pixels, value);
  else if (g_str_equal (name, "AttentionIconPixmap"))
    keep (&reading->attention_pixels, value);
  else if (g_str_equal (name, "ToolTip"))
    keep (&reading->tooltip, value);
}

/* Its title and its text, which has markup, as one line. */
static char *read_tooltip (GVariant *tooltip)
{
  g_autofree char *text = NULL;
  g_autofree char *both = NULL;
  const char *title, *body;

  if (!tooltip || !g_variant_is_of_type (tooltip, G_VARIANT_TYPE ("(sa(iiay)ss)")))
    return g_strdup ("");
  g_variant_get_child (tooltip, 2, "&s", &title);
  g_variant_get_child (tooltip, 3, "&s", &body);
  {
    g_autofree char *few = inos_text_clean (body, 8 * INOS_TRAY_MAX_TEXT, FALSE);

    text = inos_markup_to_text (few);
  }
  both = inos_text_clean (title, INOS_TRAY_MAX_TEXT, FALSE);
  if (*text) {
    g_autofree char *joined = g_strdup_printf ("%s%s%s", both, *both ? " – " : "", text);

    return inos_text_clean (joined, INOS_TRAY_MAX_TEXT, FALSE);
  }
  return g_steal_pointer (&both);
}

static gboolean theme_has (const char *name)
{
  GdkDisplay *display = gdk_display_get_default();

  return display && gtk_icon_theme_has_icon (gtk_icon_theme_get_for_display (display), name);
}

/* A name of the theme, a file, or pixels: the first that there is, and can be read. */
static void choose_icon (InosTrayItem *self, const char *theme, const char *name, GVariant *pixels)
{
  g_autoptr (GVariant) chosen = NULL;
  g_autofree char *file = NULL;

  g_clear_pointer (&self->icon, g_free);
  if (strlen (name) > MAX_ICON_NAME || strlen (theme) > MAX_PATH)
    name = "";
  if (*name == '/')
    file = g_strdup (name);
  else if (*name && !strchr (name, '/') && theme_has (name))
    self->icon = g_strdup (name);
  else if (*name && !strchr (name, '/') && g_path_is_absolute (theme))
    file = g_build_filename (theme, name, NULL);
  if (!self->icon)
    chosen = inos_pixmap_choose (pixels, ICON_SIDE);
  if (!self->icon)
    self->icon = g_strdup ("");
  inos_art_set (self->art, file, chosen);
}

static char *read_title (const Reading *reading)
{
  const char *title = *reading->title ? reading->title : reading->id;
  char *text = inos_text_clean (title, INOS_TRAY_MAX_TEXT, FALSE);

  if (*text)
    return text;
  g_free (text);
  return g_strdup (_ ("Program without a name"));
}

static void hold (InosTrayItem *self, const Reading *reading)
{
  gboolean attention = g_str_equal (reading->status, "NeedsAttention");

  g_free (self->title);
  g_free (self->tooltip);
  g_free (self->menu);
  self->known = TRUE;
  self->title = read_title (reading);
  self->tooltip = read_tooltip (reading->tooltip);
  /* Some say this where they have none. */
  self->menu = g_variant_is_object_path (reading->menu) && strlen (reading->menu) <= MAX_PATH &&
                   !g_str_equal (reading->menu, "/NO_DBUSMENU") && !g_str_equal (reading->menu, "/")
                 ? g_strdup (reading->menu)
                 : NULL;
  self->is_menu = reading->is_menu;
  self->status = attention                                  ? INOS_TRAY_ATTENTION
                 : g_str_equal (reading->status, "Passive") ? INOS_TRAY_PASSIVE
                                                            : INOS_TRAY_ACTIVE;
  if (attention && (*reading->attention_name || reading->attention_pixels))
    choose_icon (self, reading->theme, reading->attention_name, reading->attention_pixels);
  else
    choose_icon (self, reading->theme, reading->name, reading->pixels);
}

static void on_read (GVariant *properties, gpointer data)
{
  Reading reading = {
    .id = "", .title = "", .status = "", .menu = "", .theme = "", .name = "", .attention_name = ""};
  InosTrayItem *self = data;

  inos_stranger_for_each (properties, read_property, &reading);
  hold (self, &reading);
  g_clear_pointer (&reading.pixels, g_variant_unref);
  g_clear_pointer (&reading.attention_pixels, g_variant_unref);
  g_clear_pointer (&reading.tooltip, g_variant_unref);
  self->changed (self->data);
}

static gboolean on_retry (gpointer data)
{
  InosTrayItem *self = data;

  self->retry = 0;
  inos_stranger_refresh (self->object);
  return G_SOURCE_REMOVE;
}

/* Some register an item before they have it. */
static void on_unread (const GError *error, gpointer data)
{
  InosTrayItem *self = data;

  if (self->known || self->retry || self->failures >= TRIES)
    return;
  if (++self->failures >= TRIES)
    self->changed (self->data);
  else
    self->retry = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
}

JsonNode *inos_tray_item_describe (const InosTrayItem *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "id", self->id);
  json_object_set_string_member (object, "title", self->title);
  json_object_set_string_member (object, "tooltip", self->tooltip);
  json_object_set_string_member (object, "status", inos_tray_status_name (self->status));
  json_object_set_string_member (object, "icon", self->icon);
  json_object_set_int_member (object, "picture", inos_art_get (self->art));
  json_node_take_object (node, object);
  return node;
}

/* What a person does */

/* What is asked of an item that may be gone when it answers. */
typedef struct {
  guint id;
  char *title;
  gint64 asked; /* monotonic µs */
  InosReply *reply;
  InosTrayMissing missing; /* or NULL */
  gpointer data;
} Question;

static void on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  Question *question = data;

  if (answer)
    inos_reply_ok (question->reply, NULL);
  else if (question->missing &&
           (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
            g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED)))
    question->missing (question->id, g_get_monotonic_time() - question->asked > PATIENCE,
                       question->reply, question->data);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    inos_reply_fail (question->reply, _ ("%s does not answer."), question->title);
  else {
    g_autofree char *words = NULL;

    g_dbus_error_strip_remote_error (error);
    words = inos_text_clean (error->message, INOS_TRAY_MAX_TEXT, FALSE);
    inos_reply_fail (question->reply, _ ("%s refused: %s"), question->title, words);
  }
  g_free (question->title);
  g_free (question);
}

void inos_tray_item_call (InosTrayItem *self, const char *method, InosReply *reply,
                          InosTrayMissing missing, gpointer data)
{
  Question *question = g_new0 (Question, 1);

  *question = (Question){.id = self->id,
                         .title = g_strdup (self->title),
                         .asked = g_get_monotonic_time(),
                         .reply = reply,
                         .missing = missing,
                         .data = data};
  /* Where it was clicked is nobody's to know on Wayland. */
  g_dbus_connection_call (self->bus, self->owner, self->path, INTERFACE, method,
                          g_variant_new ("(ii)", 0, 0), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          TIMEOUT_MS, NULL, on_done, question);
}

void inos_tray_item_scroll (InosTrayItem *self, int delta, gboolean horizontal)
{
  g_dbus_connection_call (self->bus, self->owner, self->path, INTERFACE, "Scroll",
                          g_variant_new ("(is)", delta, horizontal ? "horizontal" : "vertical"),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, NULL, NULL, NULL);
}

/* Life */

static void on_art (gpointer data)
{
  InosTrayItem *self = data;

  self->changed (self->data);
}

InosTrayItem *inos_tray_item_create (GDBusConnection *bus, const InosTrayOrigin *origin, guint id,
                                     InosThumbs *thumbs, void (*changed) (gpointer data),
                                     gpointer data)
{
  static const InosStrangerHooks hooks = {.read = on_read, .failed = on_unread};
  const InosStrangerAddress address = {origin->owner, origin->path, INTERFACE};
  InosTrayItem *self = g_new0 (InosTrayItem, 1);

  *self = (InosTrayItem){.bus = g_object_ref (bus),
                         .owner = g_strdup (origin->owner),
                         .registrar = g_strdup (origin->registrar),
                         .name = g_strdup (origin->name),
                         .path = g_strdup (origin->path),
                         .id = id,
                         .changed = changed,
                         .data = data,
                         .title = g_strdup (""),
                         .tooltip = g_strdup (""),
                         .icon = g_strdup ("")};
  self->art = inos_art_create (thumbs, on_art, self);
  self->object = inos_stranger_create (bus, &address, &hooks, self);
  return self;
}

void inos_tray_item_destroy (InosTrayItem *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->retry, g_source_remove);
  inos_stranger_destroy (self->object);
  inos_art_destroy (self->art);
  g_free (self->title);
  g_free (self->tooltip);
  g_free (self->menu);
  g_free (self->icon);
  g_free (self->owner);
  g_free (self->registrar);
  g_free (self->name);
  g_free (self->path);
  g_object_unref (self->bus);
  g_free (self);
}

guint inos_tray_item_get_id (const InosTrayItem *self)
{
  return self->id;
}

const char *inos_tray_item_get_owner (const InosTrayItem *self)
{
  return self->owner;
}

void inos_tray_item_take (InosTrayItem *self)
{
  g_set_str (&self->registrar, self->owner);
}

const char *inos_tray_item_get_registrar (const InosTrayItem *self)
{
  return self->registrar;
}

const char *inos_tray_item_get_name (const InosTrayItem *self)
{
  return self->name;
}

const char *inos_tray_item_get_path (const InosTrayItem *self)
{
  return self->path;
}

const char *inos_tray_item_get_title (const InosTrayItem *self)
{
  return self->title;
}

const char *inos_tray_item_get_tooltip (const InosTrayItem *self)
{
  return self->tooltip;
}

InosTrayStatus inos_tray_item_get_status (const InosTrayItem *self)
{
  return self->status;
}

const char *inos_tray_item_get_menu (const InosTrayItem *self)
{
  return self->menu;
}

gboolean inos_tray_item_is_menu (const InosTrayItem *self)
{
  return self->is_menu || self->is_idle;
}

void inos_tray_item_set_idle (InosTrayItem *self)
{
  self->is_idle = TRUE;
}

gboolean inos_tray_item_is_known (const InosTrayItem *self)
{
  return self->known;
}

gboolean inos_tray_item_is_mute (const InosTrayItem *self)
{
  return !self->known && self->failures >= TRIES;
}
