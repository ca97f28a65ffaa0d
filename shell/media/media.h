/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The programs on the session bus that play (org.mpris.MediaPlayer2.*), and the one of them that
 * keys are meant for: of those that play the one that began last, else the one that played last,
 * else the newest. At most so many are known, one for each connection; the others are looked for
 * when one of them goes.
 */

#include "player.h"

#define INOS_MEDIA_MAX_PLAYERS 16

typedef struct InosMedia InosMedia;

/* changed: something is another, as often as players can say so; see player.h. thumbs: belongs to
 * the caller, and outlives this. */
InosMedia *inos_media_create (GDBusConnection *bus, InosThumbs *thumbs,
                              void (*changed) (gpointer data), gpointer data);
void inos_media_destroy (InosMedia *self); /* self may be NULL */

/* For pages, the one that keys are meant for first; see lib/media.ts. NULL where none plays.
 * Transfer full. */
JsonNode *inos_media_describe (InosMedia *self);

guint inos_media_get_n_players (InosMedia *self);
/* In the order in which they came; the player belongs to self. */
InosPlayer *inos_media_get_player (InosMedia *self, guint index);
/* NULL where there is none. */
InosPlayer *inos_media_get_current (InosMedia *self);

/* Whether there is such a player; 0: the one that keys are meant for. */
gboolean inos_media_has (InosMedia *self, guint id);

/* Positions that are shown are to be true. */
void inos_media_refresh (InosMedia *self);
/* See inos_player_do() and inos_player_seek(). id 0: the one that keys are meant for. */
void inos_media_do (InosMedia *self, guint id, const char *action, InosReply *reply);
void inos_media_seek (InosMedia *self, guint id, gint64 position, InosReply *reply);
/* "media-next" and so on, an action of the compositor's bindings; FALSE where it is none. */
gboolean inos_media_act (InosMedia *self, const char *action);
