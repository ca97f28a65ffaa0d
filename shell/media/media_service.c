/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "media_service.h"

#include "../exported.h"
#include "inos-shell-dbus.h"

#define PATH "/org/inos/Shell1"

struct InosMediaService {
  InosMedia *media;
  InosDBusShell1Media *object;
};

static void add_can (GVariantBuilder *builder, gboolean can, const char *action)
{
  if (can)
    g_variant_builder_add (builder, "s", action);
}

static GVariant *list_can (const InosPlayerStatus *status)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  add_can (&builder, status->can_next, "next");
  add_can (&builder, status->can_pause, "pause");
  add_can (&builder, status->can_play, "play");
  add_can (&builder, status->can_previous, "previous");
  add_can (&builder, status->can_raise, "raise");
  add_can (&builder, status->can_seek, "seek");
  add_can (&builder, status->can_stop, "stop");
  return g_variant_builder_end (&builder);
}

static GVariant *row_of (InosPlayer *player)
{
  const InosPlayerStatus *status = inos_player_get_status (player);
  const InosTrack *track = inos_player_get_track (player);

  return g_variant_new ("(ussssssxx@as)", inos_player_get_id (player),
                        inos_player_get_identity (player), inos_player_get_entry (player),
                        inos_player_state_name (status->state), track->title, track->artist,
                        track->album, track->length, inos_player_get_position (player),
                        list_can (status));
}

static gboolean on_list (InosDBusShell1Media *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  InosMediaService *self = data;
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ussssssxxas)"));

  for (guint i = 0; i < inos_media_get_n_players (self->media); i++)
    g_variant_builder_add_value (&builder, row_of (inos_media_get_player (self->media, i)));
  inos_dbus_shell1_media_complete_list (object, invocation, g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean is_missing (InosMediaService *self, GDBusMethodInvocation *invocation, guint player)
{
  if (inos_media_has (self->media, player))
    return FALSE;
  if (player > 0)
    g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                           "there is no player %u", player);
  else
    g_dbus_method_invocation_return_error_literal (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                                   "no program plays anything");
  return TRUE;
}

static gboolean on_do (InosDBusShell1Media *object, GDBusMethodInvocation *invocation, guint player,
                       const char *action, gpointer data)
{
  InosMediaService *self = data;

  if (!is_missing (self, invocation, player))
    inos_media_do (self->media, player, action, inos_exported_reply (invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_seek (InosDBusShell1Media *object, GDBusMethodInvocation *invocation,
                         guint player, gint64 position, gpointer data)
{
  InosMediaService *self = data;

  if (!is_missing (self, invocation, player))
    inos_media_seek (self->media, player, position, inos_exported_reply (invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void inos_media_service_update (InosMediaService *self)
{
  InosPlayer *current = self ? inos_media_get_current (self->media) : NULL;

  if (!self)
    return;
  inos_dbus_shell1_media_set_current (self->object, current ? inos_player_get_id (current) : 0);
}

InosMediaService *inos_media_service_create (GDBusConnection *bus, InosMedia *media)
{
  InosMediaService *self = g_new0 (InosMediaService, 1);

  self->media = media;
  self->object = inos_dbus_shell1_media_skeleton_new();
  g_signal_connect (self->object, "handle-list", G_CALLBACK (on_list), self);
  g_signal_connect (self->object, "handle-do", G_CALLBACK (on_do), self);
  g_signal_connect (self->object, "handle-seek", G_CALLBACK (on_seek), self);
  inos_media_service_update (self);
  inos_exported_show (self->object, bus, PATH);
  return self;
}

void inos_media_service_destroy (InosMediaService *self)
{
  if (!self)
    return;
  inos_exported_hide (self->object, self);
  g_free (self);
}
