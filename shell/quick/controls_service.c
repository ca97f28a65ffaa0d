/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "controls_service.h"

#include "../exported.h"
#include "inos-shell-dbus.h"

#define PATH "/org/inos/Shell1"
#define MOST 100 /* percent */

struct InosControlsService {
  InosQuick *quick;
  InosDBusShell1Controls *object;
};

static void finish (InosControlsService *self, GDBusMethodInvocation *invocation, gboolean ok,
                    const char *missing)
{
  if (ok)
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s",
                                           missing);
  inos_controls_service_update (self);
}

static gboolean refuses (GDBusMethodInvocation *invocation, guint percent)
{
  if (percent <= MOST)
    return FALSE;
  g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                         "%u is not 0 to %d percent", percent, MOST);
  return TRUE;
}

#define NO_OUTPUT "no server of sounds is there, or it has no output"
#define NO_INPUT "no server of sounds is there, or it has no microphone"
#define NOT_PLAYED "nothing of that number plays"
#define NO_SCREEN "no screen of this machine has a brightness that logind can set"

static gboolean on_volume (InosDBusShell1Controls *object, GDBusMethodInvocation *invocation,
                           guint percent, gpointer data)
{
  InosControlsService *self = data;

  if (!refuses (invocation, percent))
    finish (self, invocation,
            inos_audio_set_volume (inos_quick_get_audio (self->quick), INOS_AUDIO_OUTPUT, percent),
            NO_OUTPUT);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_muted (InosDBusShell1Controls *object, GDBusMethodInvocation *invocation,
                          gboolean muted, gpointer data)
{
  InosControlsService *self = data;

  finish (self, invocation,
          inos_audio_set_muted (inos_quick_get_audio (self->quick), INOS_AUDIO_OUTPUT, muted),
          NO_OUTPUT);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_microphone (InosDBusShell1Controls *object, GDBusMethodInvocation *invocation,
                               guint percent, gpointer data)
{
  InosControlsService *self = data;

  if (!refuses (invocation, percent))
    finish (self, invocation,
            inos_audio_set_volume (inos_quick_get_audio (self->quick), INOS_AUDIO_INPUT, percent),
            NO_INPUT);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_microphone_muted (InosDBusShell1Controls *object,
                                     GDBusMethodInvocation *invocation, gboolean muted,
                                     gpointer data)
{
  InosControlsService *self = data;

  finish (self, invocation,
          inos_audio_set_muted (inos_quick_get_audio (self->quick), INOS_AUDIO_INPUT, muted),
          NO_INPUT);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static InosAudioStreams *streams_of (InosControlsService *self)
{
  return inos_audio_get_streams (inos_quick_get_audio (self->quick));
}

static gboolean on_playing_volume (InosDBusShell1Controls *object,
                                   GDBusMethodInvocation *invocation, guint id, guint percent,
                                   gpointer data)
{
  InosControlsService *self = data;

  if (!refuses (invocation, percent))
    finish (self, invocation, inos_audio_streams_set_volume (streams_of (self), id, percent),
            NOT_PLAYED);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_playing_muted (InosDBusShell1Controls *object, GDBusMethodInvocation *invocation,
                                  guint id, gboolean muted, gpointer data)
{
  InosControlsService *self = data;

  finish (self, invocation, inos_audio_streams_set_muted (streams_of (self), id, muted),
          NOT_PLAYED);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_brightness (InosDBusShell1Controls *object, GDBusMethodInvocation *invocation,
                               guint percent, gpointer data)
{
  InosControlsService *self = data;

  if (!refuses (invocation, percent))
    finish (self, invocation,
            inos_brightness_set (inos_quick_get_brightness (self->quick), percent), NO_SCREEN);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void inos_controls_service_update (InosControlsService *self)
{
  InosAudio *audio = self ? inos_quick_get_audio (self->quick) : NULL;

  if (!self)
    return;
  inos_dbus_shell1_controls_set_volume (self->object,
                                        inos_audio_get_volume (audio, INOS_AUDIO_OUTPUT));
  inos_dbus_shell1_controls_set_muted (self->object,
                                       inos_audio_get_muted (audio, INOS_AUDIO_OUTPUT));
  inos_dbus_shell1_controls_set_microphone (self->object,
                                            inos_audio_get_volume (audio, INOS_AUDIO_INPUT));
  inos_dbus_shell1_controls_set_microphone_muted (self->object,
                                                  inos_audio_get_muted (audio, INOS_AUDIO_INPUT));
  inos_dbus_shell1_controls_set_playing (self->object, inos_audio_streams_list (streams_of (self)));
  inos_dbus_shell1_controls_set_brightness (
    self->object, inos_brightness_get (inos_quick_get_brightness (self->quick)));
  inos_dbus_shell1_controls_set_on_screen (self->object,
                                           inos_osd_get_kind (inos_quick_get_osd (self->quick)));
}

InosControlsService *inos_controls_service_create (GDBusConnection *bus, InosQuick *quick)
{
  InosControlsService *self = g_new0 (InosControlsService, 1);

  self->quick = quick;
  self->object = inos_dbus_shell1_controls_skeleton_new();
  g_signal_connect (self->object, "handle-set-volume", G_CALLBACK (on_volume), self);
  g_signal_connect (self->object, "handle-set-muted", G_CALLBACK (on_muted), self);
  g_signal_connect (self->object, "handle-set-microphone", G_CALLBACK (on_microphone), self);
  g_signal_connect (self->object, "handle-set-microphone-muted", G_CALLBACK (on_microphone_muted),
                    self);
  g_signal_connect (self->object, "handle-set-playing-volume", G_CALLBACK (on_playing_volume),
                    self);
  g_signal_connect (self->object, "handle-set-playing-muted", G_CALLBACK (on_playing_muted), self);
  g_signal_connect (self->object, "handle-set-brightness", G_CALLBACK (on_brightness), self);
  inos_controls_service_update (self);
  inos_exported_show (self->object, bus, PATH);
  return self;
}

void inos_controls_service_destroy (InosControlsService *self)
{
  if (!self)
    return;
  inos_exported_hide (self->object, self);
  g_free (self);
}
