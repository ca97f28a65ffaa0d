/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is heard and what listens, through PulseAudio's protocol, which PipeWire speaks too. Names
 * of devices are what the hardware says of itself.
 */

#include "../reply.h"
#include "audio_streams.h"

typedef struct InosAudio InosAudio;

typedef enum { INOS_AUDIO_OUTPUT, INOS_AUDIO_INPUT } InosAudioWay;

#define INOS_AUDIO_MAX_ID 255

typedef struct {
  /* Something is another than it was. */
  void (*changed) (gpointer data);
  /* The device in use is louder, softer, muted or heard again, whoever did it. */
  void (*heard) (InosAudioWay way, gpointer data);
} InosAudioHooks;

InosAudio *inos_audio_create (const InosAudioHooks *hooks, gpointer data);
void inos_audio_destroy (InosAudio *self); /* self may be NULL */

/* NULL where no server of sounds is there, or it has no output; see lib/quick.ts. */
JsonNode *inos_audio_describe (InosAudio *self);

/* Percent of the device in use; -1 where there is none. */
int inos_audio_get_volume (InosAudio *self, InosAudioWay way);
gboolean inos_audio_get_muted (InosAudio *self, InosAudioWay way);
/* Of the device in use. FALSE where there is none. More than nothing ends muting. */
gboolean inos_audio_set_volume (InosAudio *self, InosAudioWay way, guint percent);
gboolean inos_audio_set_muted (InosAudio *self, InosAudioWay way, gboolean muted);
/* Uses another device from now on, one that describe() listed as id. */
gboolean inos_audio_choose (InosAudio *self, InosAudioWay way, const char *id);

/* What plays; borrowed. */
InosAudioStreams *inos_audio_get_streams (InosAudio *self);
