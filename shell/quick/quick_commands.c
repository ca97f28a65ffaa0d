/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "quick_commands.h"

#include "../commands.h"
#include "../message.h"

#include <glib/gi18n.h>

#define MAX_PATH 255
#define MAX_PROFILE 32

static InosQuick *quick_of (gpointer context)
{
  return inos_application_get_quick (((const InosCommandContext *)context)->application);
}

/* "on"; answers where it is missing. */
static gboolean get_on (JsonObject *args, gboolean *on, InosReply *reply)
{
  g_autoptr (GError) error = NULL;

  if (inos_args_get_boolean (args, "on", on, &error))
    return TRUE;
  inos_reply_fail (reply, "%s", error->message);
  return FALSE;
}

static const char *get_text (JsonObject *args, const char *name, gsize most, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *text = inos_args_get_string (args, name, most, &error);

  if (!text)
    inos_reply_fail (reply, "%s", error->message);
  return text;
}

/* What is called as a path in a message has to be one. */
static const char *get_path (JsonObject *args, InosReply *reply)
{
  const char *path = get_text (args, "id", MAX_PATH, reply);

  if (!path || g_variant_is_object_path (path))
    return path;
  inos_reply_fail (reply, "'id' is not an object path");
  return NULL;
}

static gboolean get_percent (JsonObject *args, guint *percent, InosReply *reply)
{
  g_autoptr (GError) error = NULL;

  if (inos_args_get_uint (args, "percent", 100, percent, &error))
    return TRUE;
  inos_reply_fail (reply, "%s", error->message);
  return FALSE;
}

static InosAudioWay get_way (JsonObject *args)
{
  return json_object_get_boolean_member_with_default (args, "input", FALSE) ? INOS_AUDIO_INPUT
                                                                            : INOS_AUDIO_OUTPUT;
}

/* The number of what plays. */
static gboolean get_playing (JsonObject *args, guint *id, InosReply *reply)
{
  g_autoptr (GError) error = NULL;

  if (inos_args_get_uint (args, "playing", G_MAXUINT32, id, &error))
    return TRUE;
  inos_reply_fail (reply, "%s", error->message);
  return FALSE;
}

static void finish_playing (InosReply *reply, gboolean ok)
{
  if (ok)
    inos_reply_ok (reply, NULL);
  else
    inos_reply_fail (reply, "%s", _ ("This application does not play any more."));
}

static InosAudioStreams *streams_of (gpointer context)
{
  return inos_audio_get_streams (inos_quick_get_audio (quick_of (context)));
}

static void finish_sound (InosReply *reply, gboolean ok)
{
  if (ok)
    inos_reply_ok (reply, NULL);
  else
    inos_reply_fail (reply, "%s", _ ("This sound device is not there any more."));
}

void inos_quick_run_bluetooth (gpointer context, JsonObject *args, InosReply *reply)
{
  gboolean on;

  if (get_on (args, &on, reply))
    inos_bluetooth_set_on (inos_quick_get_bluetooth (quick_of (context)), on, reply);
}

void inos_quick_run_brightness (gpointer context, JsonObject *args, InosReply *reply)
{
  guint percent;

  if (!get_percent (args, &percent, reply))
    return;
  if (inos_brightness_set (inos_quick_get_brightness (quick_of (context)), percent))
    inos_reply_ok (reply, NULL);
  else
    inos_reply_fail (reply, "%s", _ ("No screen of this computer can be made darker from here."));
}

void inos_quick_run_connect (gpointer context, JsonObject *args, InosReply *reply)
{
  const char *path = get_path (args, reply);
  const char *password = NULL;

  if (!path)
    return;
  if (json_object_has_member (args, "password")) {
    password = get_text (args, "password", INOS_NETWORK_MAX_PASSWORD, reply);
    if (!password)
      return;
  }
  inos_network_connect (inos_quick_get_network (quick_of (context)), path, password, reply);
}

void inos_quick_run_dark (gpointer context, JsonObject *args, InosReply *reply)
{
  gboolean on;

  if (!get_on (args, &on, reply))
    return;
  inos_quick_set_dark (quick_of (context), on);
  inos_reply_ok (reply, NULL);
}

void inos_quick_run_device (gpointer context, JsonObject *args, InosReply *reply)
{
  const char *path = get_path (args, reply);
  gboolean on;

  if (path && get_on (args, &on, reply))
    inos_bluetooth_set_connected (inos_quick_get_bluetooth (quick_of (context)), path, on, reply);
}

void inos_quick_run_disconnect (gpointer context, JsonObject *args, InosReply *reply)
{
  const char *path = get_path (args, reply);

  if (path)
    inos_network_disconnect (inos_quick_get_network (quick_of (context)), path, reply);
}

void inos_quick_run_mute (gpointer context, JsonObject *args, InosReply *reply)
{
  gboolean on;

  if (get_on (args, &on, reply))
    finish_sound (
      reply, inos_audio_set_muted (inos_quick_get_audio (quick_of (context)), get_way (args), on));
}

void inos_quick_run_night (gpointer context, JsonObject *args, InosReply *reply)
{
  gboolean on;

  if (get_on (args, &on, reply))
    inos_quick_set_night_light (quick_of (context), on, reply);
}

void inos_quick_run_quieten (gpointer context, JsonObject *args, InosReply *reply)
{
  gboolean on;
  guint id;

  if (get_playing (args, &id, reply) && get_on (args, &on, reply))
    finish_playing (reply, inos_audio_streams_set_muted (streams_of (context), id, on));
}

void inos_quick_run_loudness (gpointer context, JsonObject *args, InosReply *reply)
{
  guint id, percent;

  if (get_playing (args, &id, reply) && get_percent (args, &percent, reply))
    finish_playing (reply, inos_audio_streams_set_volume (streams_of (context), id, percent));
}

void inos_quick_run_profile (gpointer context, JsonObject *args, InosReply *reply)
{
  const char *name = get_text (args, "name", MAX_PROFILE, reply);

  if (name)
    inos_profile_set (inos_quick_get_profile (quick_of (context)), name, reply);
}

void inos_quick_run_scan (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_network_scan (inos_quick_get_network (quick_of (context)), reply);
}

void inos_quick_run_sound (gpointer context, JsonObject *args, InosReply *reply)
{
  const char *id = get_text (args, "id", INOS_AUDIO_MAX_ID, reply);

  if (id)
    finish_sound (
      reply, inos_audio_choose (inos_quick_get_audio (quick_of (context)), get_way (args), id));
}

void inos_quick_run_volume (gpointer context, JsonObject *args, InosReply *reply)
{
  guint percent;

  if (get_percent (args, &percent, reply))
    finish_sound (reply, inos_audio_set_volume (inos_quick_get_audio (quick_of (context)),
                                                get_way (args), percent));
}

void inos_quick_run_wifi (gpointer context, JsonObject *args, InosReply *reply)
{
  gboolean on;

  if (get_on (args, &on, reply))
    inos_network_set_wifi (inos_quick_get_network (quick_of (context)), on, reply);
}
