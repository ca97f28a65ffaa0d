/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What can lie over the desktop, one row an overlay, and where its card is.
 */

#include "surface.h"

typedef struct {
  const char *name;
  InosCard card;
  gboolean fits; /* the card is as high as what its page says */
} InosOverlay;

/* Their names as a sentence has them; to be freed. */
char *inos_overlay_list (void);
/* "" is none of them; NULL where there is no such. */
const InosOverlay *inos_overlay_find (const char *name);
