/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "clipboard.h"

#include "selection.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#define SCHEMA "org.inos.desktop"
#define KEY "keep-clipboard"
#define UNDO_TIME 10000 /* ms */

struct InosClipboard {
  InosClipboardHooks hooks;
  gpointer data;
  InosClips *clips;
  InosSelection *selection;
  GSettings *settings; /* NULL where Inos is not installed whole */
  gboolean keeps;
  guint timer; /* until nothing can be brought back */
};

static void changed (InosClipboard *self)
{
  self->hooks.changed (self->data);
}

static void on_copied (GBytes *bytes, gboolean picture, gpointer data)
{
  InosClipboard *self = data;

  if (inos_clips_add (self->clips, bytes, picture))
    changed (self);
}

/* Bringing back */

static gboolean on_time_over (gpointer data)
{
  InosClipboard *self = data;

  self->timer = 0;
  inos_clips_forget (self->clips);
  return G_SOURCE_REMOVE;
}

static void begin_undo_time (InosClipboard *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (UNDO_TIME, on_time_over, self);
}

gboolean inos_clipboard_undo (InosClipboard *self, GError **error)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (!inos_clips_undo (self->clips)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("There is nothing to bring back any more."));
    return FALSE;
  }
  changed (self);
  return TRUE;
}

/* What a person does */

static void set_missing (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("This is not kept any more."));
}

gboolean inos_clipboard_choose (InosClipboard *self, guint id, GError **error)
{
  const InosClip *clip = inos_clips_find (self->clips, id);

  if (!clip) {
    set_missing (error);
    return FALSE;
  }
  if (!inos_selection_is_there (self->selection)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("What is copied cannot be seen"));
    return FALSE;
  }
  inos_clips_add (self->clips, clip->data, clip->picture);
  inos_selection_offer (self->selection, clip->data, clip->picture);
  changed (self);
  return TRUE;
}

gboolean inos_clipboard_keep (InosClipboard *self, guint id, gboolean keep, GError **error)
{
  if (!inos_clips_find (self->clips, id)) {
    set_missing (error);
    return FALSE;
  }
  if (!inos_clips_keep (self->clips, id, keep)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 _ ("No more than %d can be kept; let one of them go first."), INOS_CLIPS_MAX_KEPT);
    return FALSE;
  }
  changed (self);
  return TRUE;
}

gboolean inos_clipboard_remove (InosClipboard *self, guint id, GError **error)
{
  if (!inos_clips_remove (self->clips, id)) {
    set_missing (error);
    return FALSE;
  }
  begin_undo_time (self);
  changed (self);
  return TRUE;
}

guint inos_clipboard_clear (InosClipboard *self)
{
  guint n = inos_clips_clear (self->clips);

  begin_undo_time (self);
  changed (self);
  return n;
}

/* The setting */

gboolean inos_clipboard_is_there (const InosClipboard *self)
{
  return inos_selection_is_there (self->selection);
}

gboolean inos_clipboard_keeps (const InosClipboard *self)
{
  return self->keeps;
}

const InosClips *inos_clipboard_get_clips (const InosClipboard *self)
{
  return self->clips;
}

static void apply (InosClipboard *self, gboolean keeps)
{
  if (self->keeps == keeps)
    return;
  self->keeps = keeps;
  inos_selection_listen (self->selection, keeps);
  if (!keeps) {
    inos_clips_clear (self->clips);
    inos_clips_forget (self->clips);
  }
  changed (self);
}

static void on_setting (GSettings *settings, const char *key, gpointer data)
{
  apply (data, g_settings_get_boolean (settings, KEY));
}

gboolean inos_clipboard_set_keeps (InosClipboard *self, gboolean keeps, GError **error)
{
  gboolean ok = self->settings && g_settings_set_boolean (self->settings, KEY, keeps);

  apply (self, keeps);
  if (!ok)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                         _ ("This cannot be saved, and holds until you log out."));
  return ok;
}

static GSettings *open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, SCHEMA, TRUE) : NULL;

  return schema && g_settings_schema_has_key (schema, KEY) ? g_settings_new (SCHEMA) : NULL;
}

JsonNode *inos_clipboard_describe (InosClipboard *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_boolean_member (object, "there", inos_selection_is_there (self->selection));
  json_object_set_boolean_member (object, "keeps", self->keeps);
  json_object_set_int_member (object, "now", g_get_real_time() / 1000);
  json_object_set_member (object, "clips", inos_clips_describe (self->clips));
  json_node_take_object (node, object);
  return node;
}

/* Life */

InosClipboard *inos_clipboard_create (InosThumbs *thumbs, const InosClipboardHooks *hooks,
                                      gpointer data)
{
  static const InosSelectionHooks selection_hooks = {.copied = on_copied};
  InosClipboard *self = g_new0 (InosClipboard, 1);

  self->hooks = *hooks;
  self->data = data;
  self->clips = inos_clips_create (thumbs);
  self->settings = open_settings();
  self->keeps = !self->settings || g_settings_get_boolean (self->settings, KEY);
  if (self->settings)
    g_signal_connect (self->settings, "changed::" KEY, G_CALLBACK (on_setting), self);
  self->selection = inos_selection_create (&selection_hooks, self);
  inos_selection_listen (self->selection, self->keeps);
  return self;
}

void inos_clipboard_destroy (InosClipboard *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  inos_selection_destroy (self->selection);
  inos_clips_destroy (self->clips);
  g_free (self);
}
