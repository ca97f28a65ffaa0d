/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "player.h"

#include "../art.h"
#include "../notify/text.h"
#include "../stranger.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define PATH "/org/mpris/MediaPlayer2"
#define ROOT "org.mpris.MediaPlayer2"
#define PLAYER "org.mpris.MediaPlayer2.Player"
#define TIMEOUT_MS 3000

struct InosPlayer {
  GDBusConnection *bus;
  char *owner, *name;
  guint id;
  void (*changed) (gpointer data);
  gpointer data;
  InosStranger *root, *player; /* its two interfaces */
  InosArt *art;

  char *identity, *entry;
  InosTrack track;
  InosPlayerStatus status;
  gint64 position, position_at; /* µs; at which monotonic µs it was so */
  gint64 played;
};

static const char *const state_names[] = {"stopped", "paused", "playing"};

const char *inos_player_state_name (InosPlayerState state)
{
  return state_names[state];
}

/* Reading */

static InosPlayerState read_state (GVariant *value)
{
  const char *text = inos_stranger_string (value);

  if (g_str_equal (text, "Playing"))
    return INOS_PLAYER_PLAYING;
  return g_str_equal (text, "Paused") ? INOS_PLAYER_PAUSED : INOS_PLAYER_STOPPED;
}

static gint64 read_position (GVariant *value)
{
  gint64 position =
    g_variant_is_of_type (value, G_VARIANT_TYPE_INT64) ? g_variant_get_int64 (value) : 0;

  return CLAMP (position, 0, 365 * G_TIME_SPAN_DAY);
}

static double read_rate (GVariant *value)
{
  double rate =
    g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE) ? g_variant_get_double (value) : 1;

  return isfinite (rate) ? CLAMP (rate, 0, 16) : 1;
}

/* What was read, before it holds. */
typedef struct {
  InosPlayerStatus status;
  InosTrack track;
  gint64 position;
  gboolean can_control;
} Reading;

static void read_property (Reading *reading, const char *name, GVariant *value)
{
  InosPlayerStatus *status = &reading->status;

  if (g_str_equal (name, "PlaybackStatus"))
    status->state = read_state (value);
  else if (g_str_equal (name, "Metadata"))
    inos_track_read (&reading->track,
                     g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT) ? value : NULL);
  else if (g_str_equal (name, "Position"))
    reading->position = read_position (value);
  else if (g_str_equal (name, "Rate"))
    status->rate = read_rate (value);
  else if (g_str_equal (name, "CanControl"))
    reading->can_control = inos_stranger_boolean (value);
  else if (g_str_equal (name, "CanPlay"))
    status->can_play = inos_stranger_boolean (value);
  else if (g_str_equal (name, "CanPause"))
    status->can_pause = inos_stranger_boolean (value);
  else if (g_str_equal (name, "CanGoNext"))
    status->can_next = inos_stranger_boolean (value);
  else if (g_str_equal (name, "CanGoPrevious"))
    status->can_previous = inos_stranger_boolean (value);
  else if (g_str_equal (name, "CanSeek"))
    status->can_seek = inos_stranger_boolean (value);
}

static void each_of_player (gpointer data, const char *name, GVariant *value)
{
  read_property (data, name, value);
}

static gboolean status_equal (const InosPlayerStatus *a, const InosPlayerStatus *b)
{
  return a->state == b->state && a->rate >= b->rate && a->rate <= b->rate &&
         a->can_play == b->can_play && a->can_pause == b->can_pause && a->can_stop == b->can_stop &&
         a->can_next == b->can_next && a->can_previous == b->can_previous &&
         a->can_seek == b->can_seek && a->can_raise == b->can_raise;
}

/* Whether anything is another now. A position that is where it was expected is none. Takes what is
 * in reading. */
static gboolean hold (InosPlayer *self, Reading *reading)
{
  gint64 expected = inos_player_get_position (self);
  InosPlayerStatus *status = &reading->status;
  gboolean other;

  status->can_raise = self->status.can_raise;
  status->can_stop = reading->can_control;
  status->can_play &= reading->can_control;
  status->can_pause &= reading->can_control;
  status->can_next &= reading->can_control;
  status->can_previous &= reading->can_control;
  status->can_seek &= reading->can_control;
  other = !status_equal (status, &self->status) ||
          !inos_track_equal (&reading->track, &self->track) ||
          ABS (expected - reading->position) > G_TIME_SPAN_SECOND;
  if (status->state == INOS_PLAYER_PLAYING && self->status.state != INOS_PLAYER_PLAYING)
    self->played = g_get_monotonic_time();
  self->status = *status;
  self->position = reading->position;
  self->position_at = g_get_monotonic_time();
  inos_track_clear (&self->track);
  self->track = reading->track;
  inos_art_set (self->art, self->track.art, NULL);
  return other;
}

static void on_read (GVariant *properties, gpointer data)
{
  Reading reading = {.status = {.rate = 1}};
  InosPlayer *self = data;

  inos_track_read (&reading.track, NULL);
  inos_stranger_for_each (properties, each_of_player, &reading);
  if (hold (self, &reading))
    self->changed (self->data);
}

void inos_player_refresh (InosPlayer *self)
{
  inos_stranger_refresh (self->player);
}

static void each_of_root (gpointer data, const char *name, GVariant *value)
{
  InosPlayer *self = data;
  const char *text = inos_stranger_string (value);

  if (g_str_equal (name, "Identity") && *text) {
    g_autofree char *identity = inos_text_clean (text, INOS_PLAYER_MAX_NAME, FALSE);

    if (*identity) {
      g_free (self->identity);
      self->identity = g_steal_pointer (&identity);
    }
  } else if (g_str_equal (name, "DesktopEntry")) {
    g_free (self->entry);
    self->entry = g_strdup (strlen (text) <= INOS_PLAYER_MAX_NAME ? text : "");
  } else if (g_str_equal (name, "CanRaise"))
    self->status.can_raise = inos_stranger_boolean (value);
}

static void on_root_read (GVariant *properties, gpointer data)
{
  InosPlayer *self = data;

  inos_stranger_for_each (properties, each_of_root, self);
  self->changed (self->data);
}

/* Steering */

#define CAN(what) offsetof (InosPlayerStatus, what)

static const struct {
  const char *action, *interface, *method;
  size_t can, other; /* offsets of gbooleans in InosPlayerStatus, of which one is enough */
} actions[] = {
  {"next", PLAYER, "Next", CAN (can_next), CAN (can_next)},
  {"pause", PLAYER, "Pause", CAN (can_pause), CAN (can_pause)},
  {"play", PLAYER, "Play", CAN (can_play), CAN (can_play)},
  {"play-pause", PLAYER, "PlayPause", CAN (can_play), CAN (can_pause)},
  {"previous", PLAYER, "Previous", CAN (can_previous), CAN (can_previous)},
  {"raise", ROOT, "Raise", CAN (can_raise), CAN (can_raise)},
  {"stop", PLAYER, "Stop", CAN (can_stop), CAN (can_stop)},
};

/* What is asked of a player that may be gone when it answers. */
typedef struct {
  char *identity;
  InosReply *reply;
} Question;

static void on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  Question *question = data;

  if (answer)
    inos_reply_ok (question->reply, NULL);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    inos_reply_fail (question->reply, _ ("%s does not answer."), question->identity);
  else {
    g_autofree char *words = NULL;

    g_dbus_error_strip_remote_error (error);
    words = inos_text_clean (error->message, INOS_TRACK_MAX_TEXT, FALSE);
    /* The first is the name of a player, the second what it says itself. */
    inos_reply_fail (question->reply, _ ("%s refused: %s"), question->identity, words);
  }
  g_free (question->identity);
  g_free (question);
}

/* arguments: floating, or NULL. */
static void call (InosPlayer *self, const char *interface, const char *method, GVariant *arguments,
                  InosReply *reply)
{
  Question *question = g_new0 (Question, 1);

  *question = (Question){g_strdup (self->identity), reply};
  g_dbus_connection_call (self->bus, self->owner, PATH, interface, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, NULL, on_done, question);
}

void inos_player_do (InosPlayer *self, const char *action, InosReply *reply)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (!g_str_equal (actions[i].action, action))
      continue;
    if (G_STRUCT_MEMBER (gboolean, &self->status, actions[i].can) ||
        G_STRUCT_MEMBER (gboolean, &self->status, actions[i].other))
      call (self, actions[i].interface, actions[i].method, NULL, reply);
    else
      inos_reply_fail (reply, _ ("%s cannot do that now."), self->identity);
    return;
  }
  inos_reply_fail (reply, "There is no action '%s' of a player.", action);
}

void inos_player_seek (InosPlayer *self, gint64 position, InosReply *reply)
{
  gint64 most = self->track.length > 0 ? self->track.length : G_MAXINT64;
  gint64 to = CLAMP (position, 0, most);

  if (!self->status.can_seek)
    inos_reply_fail (reply, _ ("%s cannot do that now."), self->identity);
  else if (self->track.id)
    call (self, PLAYER, "SetPosition", g_variant_new ("(ox)", self->track.id, to), reply);
  else
    call (self, PLAYER, "Seek", g_variant_new ("(x)", to - inos_player_get_position (self)), reply);
}

/* Life */

static void on_art (gpointer data)
{
  InosPlayer *self = data;

  self->changed (self->data);
}

InosPlayer *inos_player_create (GDBusConnection *bus, const char *owner, const char *name, guint id,
                                InosThumbs *thumbs, void (*changed) (gpointer data), gpointer data)
{
  static const InosStrangerHooks root_hooks = {.read = on_root_read};
  static const InosStrangerHooks player_hooks = {.read = on_read};
  const InosStrangerAddress root = {owner, PATH, ROOT}, player = {owner, PATH, PLAYER};
  InosPlayer *self = g_new0 (InosPlayer, 1);

  *self = (InosPlayer){.bus = g_object_ref (bus),
                       .owner = g_strdup (owner),
                       .name = g_strdup (name),
                       .id = id,
                       .changed = changed,
                       .data = data,
                       .entry = g_strdup (""),
                       .status = {.rate = 1}};
  self->identity = inos_text_clean (name + strlen (ROOT "."), INOS_PLAYER_MAX_NAME, FALSE);
  self->art = inos_art_create (thumbs, on_art, self);
  inos_track_read (&self->track, NULL);
  self->root = inos_stranger_create (bus, &root, &root_hooks, self);
  self->player = inos_stranger_create (bus, &player, &player_hooks, self);
  return self;
}

void inos_player_destroy (InosPlayer *self)
{
  if (!self)
    return;
  inos_stranger_destroy (self->root);
  inos_stranger_destroy (self->player);
  inos_art_destroy (self->art);
  inos_track_clear (&self->track);
  g_free (self->identity);
  g_free (self->entry);
  g_free (self->owner);
  g_free (self->name);
  g_object_unref (self->bus);
  g_free (self);
}

guint inos_player_get_id (const InosPlayer *self)
{
  return self->id;
}

const char *inos_player_get_owner (const InosPlayer *self)
{
  return self->owner;
}

const char *inos_player_get_bus_name (const InosPlayer *self)
{
  return self->name;
}

const char *inos_player_get_identity (const InosPlayer *self)
{
  return self->identity;
}

const char *inos_player_get_entry (const InosPlayer *self)
{
  return self->entry;
}

const InosTrack *inos_player_get_track (const InosPlayer *self)
{
  return &self->track;
}

const InosPlayerStatus *inos_player_get_status (const InosPlayer *self)
{
  return &self->status;
}

gint64 inos_player_get_position (const InosPlayer *self)
{
  gint64 position = self->position;

  if (self->status.state == INOS_PLAYER_PLAYING)
    position += (gint64)((double)(g_get_monotonic_time() - self->position_at) * self->status.rate);
  return self->track.length > 0 ? MIN (position, self->track.length) : position;
}

gint64 inos_player_get_played (const InosPlayer *self)
{
  return self->played;
}

guint inos_player_get_picture (const InosPlayer *self)
{
  return inos_art_get (self->art);
}
