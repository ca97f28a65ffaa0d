/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The connection to the server of sounds, PulseAudio or PipeWire: made when its socket is there,
 * made anew when it has gone. Nothing here waits, and no timer runs while there is none.
 */

#include <glib.h>
#include <pulse/pulseaudio.h>

typedef struct InosAudioLink InosAudioLink;

/* changed: it is connected now, or not any more, or the server says that something of its devices
 * is another. played: or of what is played. */
InosAudioLink *inos_audio_link_create (void (*changed) (gpointer data),
                                       void (*played) (gpointer data), gpointer data);
void inos_audio_link_destroy (InosAudioLink *self); /* self may be NULL */

/* NULL while there is none. */
pa_context *inos_audio_link_get (InosAudioLink *self);
/* Forgets an operation, which goes on. operation may be NULL. */
void inos_audio_link_let_go (pa_operation *operation);
