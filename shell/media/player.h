/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A program that plays, as MPRIS lets it be seen and steered: one connection on the session bus, at
 * /org/mpris/MediaPlayer2. What it says is read whole (track.h), at most so often however often it
 * says that something has changed; one that does not stop saying so is not listened to for a while.
 * Nothing waits for it.
 */

#include "../reply.h"
#include "../thumbs.h"
#include "track.h"

#include <gio/gio.h>

#define INOS_PLAYER_MAX_NAME 96 /* bytes of its name */

typedef struct InosPlayer InosPlayer;

typedef enum { INOS_PLAYER_STOPPED, INOS_PLAYER_PAUSED, INOS_PLAYER_PLAYING } InosPlayerState;

typedef struct {
  InosPlayerState state;
  double rate; /* how fast its position moves while it plays */
  gboolean can_play, can_pause, can_stop, can_next, can_previous, can_seek, can_raise;
} InosPlayerStatus;

/* owner: the unique name of its connection; name: org.mpris.MediaPlayer2.SOMETHING. changed: any of
 * what follows is another; not called within a call. */
InosPlayer *inos_player_create (GDBusConnection *bus, const char *owner, const char *name, guint id,
                                InosThumbs *thumbs, void (*changed) (gpointer data), gpointer data);
void inos_player_destroy (InosPlayer *self); /* self may be NULL */

guint inos_player_get_id (const InosPlayer *self);
const char *inos_player_get_owner (const InosPlayer *self);
const char *inos_player_get_bus_name (const InosPlayer *self);
/* How it calls itself; never NULL. */
const char *inos_player_get_identity (const InosPlayer *self);
/* Its desktop entry without ".desktop", or "". */
const char *inos_player_get_entry (const InosPlayer *self);
const InosTrack *inos_player_get_track (const InosPlayer *self);
const InosPlayerStatus *inos_player_get_status (const InosPlayer *self);
/* In µs, as far as it has come by now. */
gint64 inos_player_get_position (const InosPlayer *self);
/* When it last began to play, monotonic µs; 0: not since it is known. */
gint64 inos_player_get_played (const InosPlayer *self);
/* Number of its picture, or 0; see thumbs.h. */
guint inos_player_get_picture (const InosPlayer *self);

/* Reads it anew. */
void inos_player_refresh (InosPlayer *self);
/* "next", "pause", "play", "play-pause", "previous", "raise" or "stop". */
void inos_player_do (InosPlayer *self, const char *action, InosReply *reply);
/* Plays on from position, µs. */
void inos_player_seek (InosPlayer *self, gint64 position, InosReply *reply);

/* "stopped", "paused" or "playing". */
const char *inos_player_state_name (InosPlayerState state);
