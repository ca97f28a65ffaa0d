/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What plays, application by application, and how loud each is. Who plays says its name itself:
 * names are cleaned and cut, and of many streams only so many are known.
 */

#include "audio_link.h"

#include <json-glib/json-glib.h>

#define INOS_AUDIO_STREAMS_MAX 32

typedef struct InosAudioStreams InosAudioStreams;

/* link: borrowed. changed: something of them is another. */
InosAudioStreams *inos_audio_streams_create (InosAudioLink *link, void (*changed) (gpointer data),
                                             gpointer data);
void inos_audio_streams_destroy (InosAudioStreams *self); /* self may be NULL */

/* Something is played, or not any more, or the server came or went. They are read a moment later:
 * who changes its stream all the time costs no more than that. */
void inos_audio_streams_update (InosAudioStreams *self);

/* For pages; see lib/quick.ts. */
JsonArray *inos_audio_streams_describe (InosAudioStreams *self);
/* a(ussub): number, name of the application, what it plays, percent, whether it is muted. Floating.
 */
GVariant *inos_audio_streams_list (InosAudioStreams *self);

/* FALSE where there is none of that number. More than before ends muting. */
gboolean inos_audio_streams_set_volume (InosAudioStreams *self, guint32 id, guint percent);
gboolean inos_audio_streams_set_muted (InosAudioStreams *self, guint32 id, gboolean muted);
