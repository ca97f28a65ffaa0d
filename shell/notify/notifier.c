/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "notifier.h"

#include "../launcher.h"
#include "doorbell.h"
#include "full_screen.h"
#include "notify_service.h"
#include "picture.h"
#include "popups.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>

struct InosNotifier {
  InosNotifierHooks hooks;
  gpointer data;

  InosNotifySettings settings;
  InosNotes *notes;
  InosPictures *pictures;
  InosDoorbell *doorbell;
  InosNotifyService *service;
  InosPopups *popups;
  InosFullScreen *full_screen;

  gboolean active;
  gboolean fills_screen;
  gboolean locked;
  gboolean open; /* the history */
  guint update_source;
  guint tick_source;
};

static gint64 now (void)
{
  return g_get_monotonic_time();
}

/* What pages get */

static JsonNode *take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

JsonNode *inos_notifier_describe (InosNotifier *self)
{
  JsonObject *object = json_object_new();

  json_object_set_boolean_member (object, "active", self->active);
  json_object_set_boolean_member (object, "quiet", inos_notifier_is_quiet (self));
  json_object_set_boolean_member (object, "doNotDisturb", self->settings.do_not_disturb);
  json_object_set_int_member (object, "unseen", inos_notes_count_unseen (self->notes));
  return take_object (object);
}

static JsonArray *describe_notes (InosNotifier *self, gboolean up)
{
  GPtrArray *list = inos_notes_get_list (self->notes);
  JsonArray *array = json_array_new();

  for (guint i = 0; i < list->len; i++) {
    const InosNote *note = g_ptr_array_index (list, i);

    if (up ? note->up : !note->transient)
      json_array_add_element (array, inos_note_describe (note));
  }
  return array;
}

JsonNode *inos_notifier_describe_popups (InosNotifier *self)
{
  JsonObject *object = json_object_new();

  json_object_set_int_member (object, "serial", inos_popups_get_serial (self->popups));
  json_object_set_int_member (object, "waiting", inos_notes_count_waiting (self->notes));
  json_object_set_array_member (object, "notes", describe_notes (self, TRUE));
  return take_object (object);
}

JsonNode *inos_notifier_list (InosNotifier *self)
{
  JsonObject *object = json_object_new();
  JsonArray *muted = json_array_new();

  for (guint i = 0; i < self->settings.muted->len; i++)
    json_array_add_string_element (muted, g_ptr_array_index (self->settings.muted, i));
  json_object_set_int_member (object, "now", g_get_real_time() / 1000);
  json_object_set_boolean_member (object, "active", self->active);
  json_object_set_boolean_member (object, "doNotDisturb", self->settings.do_not_disturb);
  json_object_set_boolean_member (object, "fullScreen",
                                  self->settings.quiet_in_full_screen && self->fills_screen);
  json_object_set_array_member (object, "muted", muted);
  json_object_set_array_member (object, "notes", describe_notes (self, FALSE));
  return take_object (object);
}

/* Keeping up */

static gboolean has_popups (InosNotifier *self)
{
  GPtrArray *list = inos_notes_get_list (self->notes);

  for (guint i = 0; i < list->len && !self->open && !self->locked; i++) {
    if (((InosNote *)g_ptr_array_index (list, i))->up)
      return TRUE;
  }
  return FALSE;
}

static gboolean on_tick (gpointer data);

static void arm (InosNotifier *self)
{
  gint64 next = inos_notes_tick (self->notes, now());

  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (next > 0)
    self->tick_source =
      g_timeout_add ((guint)(MAX (next - now(), 0) / G_TIME_SPAN_MILLISECOND) + 1, on_tick, self);
}

static gboolean on_tick (gpointer data)
{
  InosNotifier *self = data;

  self->tick_source = 0;
  arm (self);
  return G_SOURCE_REMOVE;
}

static gboolean on_update (gpointer data)
{
  InosNotifier *self = data;
  gboolean popups;

  arm (self);
  self->update_source = 0;
  popups = has_popups (self);
  inos_popups_show (self->popups, popups ? inos_notifier_describe_popups (self) : NULL);
  /* Whatever was over it is over nothing now. */
  if (!popups && !self->open)
    inos_notes_hold (self->notes, INOS_NOTES_HELD_BY_POINTER, FALSE, now());
  inos_notify_service_update (self->service);
  self->hooks.changed (self->data);
  if (self->open)
    self->hooks.listed (self->data);
  return G_SOURCE_REMOVE;
}

/* From an idle callback, so that many changes are one. */
static void update (InosNotifier *self)
{
  if (!self->update_source)
    self->update_source = g_idle_add (on_update, self);
}

static void on_notes_changed (gpointer data)
{
  InosNotifier *self = data;

  if (self->open)
    inos_notes_see (self->notes);
  update (self);
}

static void on_note_closed (const InosNote *note, InosNoteReason reason, gpointer data)
{
  InosNotifier *self = data;

  inos_doorbell_tell_closed (self->doorbell, note, reason);
}

static void on_note_gone (const InosNote *note, gpointer data)
{
  InosNotifier *self = data;

  inos_pictures_drop (self->pictures, note->picture);
  inos_notify_service_tell (self->service, "Removed", note->id);
}

/* What programs do */

static void on_picture (guint64 number, guint id, gpointer data)
{
  InosNotifier *self = data;
  InosNote *note = inos_notes_find (self->notes, id);

  if (note)
    inos_pictures_drop (self->pictures, note->picture);
  else
    inos_pictures_drop (self->pictures, number);
  if (note)
    inos_notes_set_picture (self->notes, note, number);
}

/* A path, as "file:///…" or as it is; NULL for the name of an icon. */
static char *path_of (const char *name)
{
  if (g_str_has_prefix (name, "file://"))
    return g_filename_from_uri (name, NULL, NULL);
  return g_path_is_absolute (name) ? g_strdup (name) : NULL;
}

static void make_picture (InosNotifier *self, InosNote *note, GVariant *hints, const char *app_icon)
{
  g_autoptr (GVariant) pixels = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  inos_note_find_picture (hints, app_icon, &pixels, &name);
  path = name ? path_of (name) : NULL;
  if (!pixels && !path && note->picture > 0) {
    inos_pictures_drop (self->pictures, note->picture);
    inos_notes_set_picture (self->notes, note, 0);
  }
  inos_pictures_make (self->pictures, pixels, path, note->id, on_picture, self);
}

static gboolean is_silent (InosNotifier *self, const InosNote *note)
{
  if (inos_notify_settings_mutes (&self->settings, inos_note_get_source (note)))
    return TRUE;
  return note->urgency != INOS_NOTE_CRITICAL && (self->open || inos_notifier_is_quiet (self));
}

static guint on_notify (InosNote *note, guint replaces, GVariant *hints, const char *app_icon,
                        gpointer data)
{
  InosNotifier *self = data;
  guint id = inos_notes_add (self->notes, note, replaces, is_silent (self, note), now());

  make_picture (self, note, hints, app_icon);
  inos_notify_service_tell (self->service, "Added", id);
  return id;
}

static gboolean on_close (guint id, const char *sender, gpointer data)
{
  InosNotifier *self = data;
  const InosNote *note = inos_notes_find (self->notes, id);

  return note && inos_note_belongs_to (note, sender) &&
         inos_notes_close (self->notes, id, INOS_NOTE_CLOSED);
}

static void on_left (const char *sender, gpointer data)
{
  inos_notes_sender_left (((InosNotifier *)data)->notes, sender);
}

static void on_active (gboolean active, gpointer data)
{
  InosNotifier *self = data;

  self->active = active;
  update (self);
}

/* What a person does */

static InosNote *find (InosNotifier *self, guint id, GError **error)
{
  InosNote *note = inos_notes_find (self->notes, id);

  if (!note)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is no notification with the number %u any more."), id);
  return note;
}

static InosNote *find_acting (InosNotifier *self, guint id, const char *key, GError **error)
{
  InosNote *note = find (self, id, error);

  if (note && (!inos_note_can_act (note) || !inos_note_has_action (note, key))) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                 _ ("The program that sent this does not wait for an answer any more."));
    return NULL;
  }
  return note;
}

/* With it the program may take the keyboard. NULL where the compositor gives none. */
static char *make_token (const InosNote *note)
{
  GAppLaunchContext *context =
    G_APP_LAUNCH_CONTEXT (gdk_display_get_app_launch_context (gdk_display_get_default()));
  g_autofree char *file = g_strconcat (note->entry, ".desktop", NULL);
  g_autoptr (GAppInfo) info = NULL;
  char *token;

  if (*note->entry)
    info = (GAppInfo *)g_desktop_app_info_new (file);
  if (!info)
    info = g_app_info_create_from_commandline ("true", NULL, G_APP_INFO_CREATE_NONE, NULL);
  token = info ? g_app_launch_context_get_startup_notify_id (context, info, NULL) : NULL;
  g_object_unref (context);
  return token;
}

gboolean inos_notifier_act (InosNotifier *self, guint id, const char *key, GError **error)
{
  InosNote *note = find_acting (self, id, key, error);
  g_autofree char *token = note ? make_token (note) : NULL;

  if (!note)
    return FALSE;
  inos_doorbell_tell_action (self->doorbell, note, key, token);
  inos_notes_answered (self->notes, note);
  return TRUE;
}

gboolean inos_notifier_reply (InosNotifier *self, guint id, const char *text, GError **error)
{
  InosNote *note = find_acting (self, id, INOS_NOTE_REPLY_ACTION, error);
  g_autofree char *token = note ? make_token (note) : NULL;

  if (!note)
    return FALSE;
  inos_doorbell_tell_reply (self->doorbell, note, text, token);
  inos_notes_answered (self->notes, note);
  return TRUE;
}

gboolean inos_notifier_open_link (InosNotifier *self, guint id, const char *href, GError **error)
{
  InosNote *note = find (self, id, error);
  g_autoptr (GdkAppLaunchContext) context = NULL;

  if (!note)
    return FALSE;
  if (!inos_note_has_link (note, href)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 _ ("The notification has no such link."));
    return FALSE;
  }
  context = gdk_display_get_app_launch_context (gdk_display_get_default());
  inos_launcher_clean_environment (G_APP_LAUNCH_CONTEXT (context));
  return g_app_info_launch_default_for_uri (href, G_APP_LAUNCH_CONTEXT (context), error);
}

gboolean inos_notifier_dismiss (InosNotifier *self, guint id, GError **error)
{
  return find (self, id, error) && inos_notes_close (self->notes, id, INOS_NOTE_DISMISSED);
}

guint inos_notifier_clear (InosNotifier *self, guint id, const char *source)
{
  return inos_notes_clear (self->notes, id, source, now());
}

gboolean inos_notifier_undo (InosNotifier *self)
{
  return inos_notes_undo (self->notes, now());
}

void inos_notifier_set_busy (InosNotifier *self, gboolean busy)
{
  inos_notes_hold (self->notes, INOS_NOTES_HELD_BY_POINTER, busy, now());
}

void inos_notifier_forget_page (InosNotifier *self)
{
  inos_notifier_set_busy (self, FALSE);
  inos_popups_set_keyboard (self->popups, FALSE);
}

void inos_notifier_lose_surface (InosNotifier *self)
{
  inos_popups_lose (self->popups);
  inos_notifier_set_busy (self, FALSE);
  update (self);
}

void inos_notifier_send (InosNotifier *self, const char *name, JsonNode *value)
{
  inos_popups_send (self->popups, name, value);
}

void inos_notifier_fit (InosNotifier *self, guint height)
{
  inos_popups_fit (self->popups, height);
}

void inos_notifier_painted (InosNotifier *self, guint serial)
{
  inos_popups_painted (self->popups, serial);
}

void inos_notifier_set_keyboard (InosNotifier *self, gboolean on)
{
  inos_popups_set_keyboard (self->popups, on);
}

/* Where the desktop is */

void inos_notifier_set_locked (InosNotifier *self, gboolean locked)
{
  if (self->locked == locked)
    return;
  self->locked = locked;
  inos_notes_hold (self->notes, INOS_NOTES_HELD_BY_LOCK, locked, now());
  update (self);
}

void inos_notifier_set_window (InosNotifier *self, const char *path)
{
  inos_full_screen_set_window (self->full_screen, path);
}

/* What is quiet now does not stay up. */
static void settle (InosNotifier *self)
{
  if (inos_notifier_is_quiet (self))
    inos_notes_hush (self->notes);
  update (self);
}

static void on_full_screen (gboolean on, gpointer data)
{
  InosNotifier *self = data;

  self->fills_screen = on;
  settle (self);
}

void inos_notifier_set_open (InosNotifier *self, gboolean open)
{
  if (self->open == open)
    return;
  self->open = open;
  inos_notes_hold (self->notes, INOS_NOTES_HELD_BY_CENTRE, open, now());
  if (open) {
    inos_notes_hush (self->notes);
    inos_notes_see (self->notes);
  }
  update (self);
}

/* Settings */

InosNotifySettings *inos_notifier_get_settings (InosNotifier *self)
{
  return &self->settings;
}

void inos_notifier_apply (InosNotifier *self)
{
  inos_notify_settings_save (&self->settings);
  settle (self);
}

gboolean inos_notifier_is_quiet (InosNotifier *self)
{
  return self->settings.do_not_disturb ||
         (self->settings.quiet_in_full_screen && self->fills_screen);
}

gboolean inos_notifier_is_active (InosNotifier *self)
{
  return self->active;
}

InosNotes *inos_notifier_get_notes (InosNotifier *self)
{
  return self->notes;
}

/* Life */

GBytes *inos_notifier_get_picture (InosNotifier *self, guint64 number)
{
  return inos_pictures_get (self->pictures, number);
}

static char *state_path (const char *name)
{
  return g_build_filename (g_get_user_state_dir(), "inos", name, NULL);
}

static char *bus_id (GDBusConnection *bus)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId", NULL,
    G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  const char *id = "";

  if (answer)
    g_variant_get (answer, "(&s)", &id);
  return g_strcanon (g_strdup (id), "0123456789abcdef", '0');
}

static void load (InosNotifier *self, GDBusConnection *bus)
{
  static const InosNotesHooks hooks = {
    .changed = on_notes_changed, .closed = on_note_closed, .gone = on_note_gone};
  g_autofree char *settings =
    g_build_filename (g_get_user_config_dir(), "inos", "notifications.json", NULL);
  g_autofree char *journal = state_path ("notifications.journal");
  g_autofree char *folder = state_path ("notifications");
  g_autofree char *id = bus_id (bus);
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (guint64));
  GPtrArray *list;

  inos_notify_settings_init (&self->settings, settings);
  self->pictures = inos_pictures_create (folder);
  self->notes = inos_notes_create (journal, id, &hooks, self);
  list = inos_notes_get_list (self->notes);
  for (guint i = 0; i < list->len; i++)
    g_array_append_val (pictures, ((InosNote *)g_ptr_array_index (list, i))->picture);
  inos_pictures_keep (self->pictures, pictures);
}

/* Who sent what is there may have left meanwhile. */
static void watch_senders (InosNotifier *self)
{
  GPtrArray *list = inos_notes_get_list (self->notes);

  for (guint i = 0; i < list->len; i++) {
    const InosNote *note = g_ptr_array_index (list, i);

    if (note->sender)
      inos_doorbell_watch (self->doorbell, note->sender);
  }
}

InosNotifier *inos_notifier_create (GDBusConnection *bus, InosWeb *web,
                                    const InosSurfaceHooks *surface_hooks,
                                    const InosNotifierHooks *hooks, gpointer data)
{
  static const InosDoorbellHooks doorbell_hooks = {
    .notify = on_notify, .close = on_close, .left = on_left, .active = on_active};
  InosNotifier *self = g_new0 (InosNotifier, 1);

  self->hooks = *hooks;
  self->data = data;
  load (self, bus);
  self->popups = inos_popups_create (web, surface_hooks, data);
  self->full_screen = inos_full_screen_create (bus, on_full_screen, self);
  self->doorbell = inos_doorbell_create (bus, &doorbell_hooks, self);
  self->service = inos_notify_service_create (bus, self);
  watch_senders (self);
  update (self);
  return self;
}

void inos_notifier_destroy (InosNotifier *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  inos_notify_service_destroy (self->service);
  inos_doorbell_destroy (self->doorbell);
  inos_full_screen_destroy (self->full_screen);
  inos_popups_destroy (self->popups);
  inos_notes_destroy (self->notes);
  inos_pictures_destroy (self->pictures);
  inos_notify_settings_finish (&self->settings);
  g_free (self);
}
