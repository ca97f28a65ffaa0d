/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "clipboard_service.h"

#include "../exported.h"
#include "inos-shell-dbus.h"

#include <glib/gi18n.h>

#define PATH "/org/inos/Shell1"

struct InosClipboardService {
  InosClipboard *clipboard;
  InosDBusShell1Clipboard *object;
};

static gboolean on_list (InosDBusShell1Clipboard *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  const InosClipboardService *self = data;
  const InosClips *clips = inos_clipboard_get_clips (self->clipboard);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(uxsbts)"));

  for (guint i = 0; i < inos_clips_get_n (clips); i++) {
    const InosClip *clip = inos_clips_get (clips, i);
    g_autofree char *words = inos_clip_words (clip);

    g_variant_builder_add (&builder, "(uxsbts)", clip->id, clip->time / 1000,
                           clip->picture ? "picture" : "text", clip->kept,
                           (guint64)g_bytes_get_size (clip->data), words);
  }
  inos_dbus_shell1_clipboard_complete_list (object, invocation, g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_read (InosDBusShell1Clipboard *object, GDBusMethodInvocation *invocation,
                         guint id, gpointer data)
{
  const InosClipboardService *self = data;
  const InosClip *clip = inos_clips_find (inos_clipboard_get_clips (self->clipboard), id);

  if (clip)
    inos_dbus_shell1_clipboard_complete_read (
      object, invocation, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, clip->data, TRUE));
  else
    g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                                   _ ("This is not kept any more."));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* The invocation is answered, and error freed. */
static gboolean answer (GDBusMethodInvocation *invocation, gboolean ok, GError *error)
{
  if (ok)
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    g_dbus_method_invocation_take_error (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_choose (InosDBusShell1Clipboard *object, GDBusMethodInvocation *invocation,
                           guint id, gpointer data)
{
  GError *error = NULL;
  gboolean ok = inos_clipboard_choose (((InosClipboardService *)data)->clipboard, id, &error);

  return answer (invocation, ok, error);
}

static gboolean on_keep (InosDBusShell1Clipboard *object, GDBusMethodInvocation *invocation,
                         guint id, gboolean keep, gpointer data)
{
  GError *error = NULL;
  gboolean ok = inos_clipboard_keep (((InosClipboardService *)data)->clipboard, id, keep, &error);

  return answer (invocation, ok, error);
}

static gboolean on_remove (InosDBusShell1Clipboard *object, GDBusMethodInvocation *invocation,
                           guint id, gpointer data)
{
  GError *error = NULL;
  gboolean ok = inos_clipboard_remove (((InosClipboardService *)data)->clipboard, id, &error);

  return answer (invocation, ok, error);
}

static gboolean on_clear (InosDBusShell1Clipboard *object, GDBusMethodInvocation *invocation,
                          gpointer data)
{
  guint n = inos_clipboard_clear (((InosClipboardService *)data)->clipboard);

  inos_dbus_shell1_clipboard_complete_clear (object, invocation, n);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_undo (InosDBusShell1Clipboard *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  GError *error = NULL;
  gboolean ok = inos_clipboard_undo (((InosClipboardService *)data)->clipboard, &error);

  return answer (invocation, ok, error);
}

/* A client has set it, or we have: then there is nothing to do. */
static void on_keeps (GObject *object, GParamSpec *property, gpointer data)
{
  InosClipboardService *self = data;
  g_autoptr (GError) error = NULL;
  gboolean keeps = inos_dbus_shell1_clipboard_get_keeps (self->object);

  if (keeps != inos_clipboard_keeps (self->clipboard) &&
      !inos_clipboard_set_keeps (self->clipboard, keeps, &error))
    g_warning ("the setting of the clipboard holds for this session alone: %s", error->message);
}

void inos_clipboard_service_update (InosClipboardService *self)
{
  if (!self)
    return;
  inos_dbus_shell1_clipboard_set_keeps (self->object, inos_clipboard_keeps (self->clipboard));
  inos_dbus_shell1_clipboard_emit_changed (self->object);
}

InosClipboardService *inos_clipboard_service_create (GDBusConnection *bus, InosClipboard *clipboard)
{
  InosClipboardService *self = g_new0 (InosClipboardService, 1);

  self->clipboard = clipboard;
  self->object = inos_dbus_shell1_clipboard_skeleton_new();
  inos_dbus_shell1_clipboard_set_keeps (self->object, inos_clipboard_keeps (clipboard));
  g_signal_connect (self->object, "handle-list", G_CALLBACK (on_list), self);
  g_signal_connect (self->object, "handle-read", G_CALLBACK (on_read), self);
  g_signal_connect (self->object, "handle-choose", G_CALLBACK (on_choose), self);
  g_signal_connect (self->object, "handle-keep", G_CALLBACK (on_keep), self);
  g_signal_connect (self->object, "handle-remove", G_CALLBACK (on_remove), self);
  g_signal_connect (self->object, "handle-clear", G_CALLBACK (on_clear), self);
  g_signal_connect (self->object, "handle-undo", G_CALLBACK (on_undo), self);
  g_signal_connect (self->object, "notify::keeps", G_CALLBACK (on_keeps), self);
  inos_exported_show (self->object, bus, PATH);
  return self;
}

void inos_clipboard_service_destroy (InosClipboardService *self)
{
  if (!self)
    return;
  inos_exported_hide (self->object, self);
  g_free (self);
}
