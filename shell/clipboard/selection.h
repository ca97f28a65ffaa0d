/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The seat's clipboard as the compositor shows it to the desktop (ext-data-control-v1): what is
 * copied is read, and something can be put there. Programs on the other end of a pipe are
 * strangers: what they send is bounded in size and time, and who does not read what is sent is
 * given up.
 */

#include <glib.h>

typedef struct InosSelection InosSelection;

typedef struct {
  /* Something was copied, by whom does not matter: a PNG, or a text in UTF-8 as it claims. */
  void (*copied) (GBytes *bytes, gboolean picture, gpointer data);
} InosSelectionHooks;

InosSelection *inos_selection_create (const InosSelectionHooks *hooks, gpointer data);
void inos_selection_destroy (InosSelection *self); /* self may be NULL */

/* FALSE where the compositor does not have the protocol, and until it has said that it has. */
gboolean inos_selection_is_there (const InosSelection *self);
/* Nothing is read while it does not listen. */
void inos_selection_listen (InosSelection *self, gboolean on);
/* data: not taken. */
void inos_selection_offer (InosSelection *self, GBytes *data, gboolean picture);
