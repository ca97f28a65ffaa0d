/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Presses keys: a virtual keyboard at the seat. What it holds is let go when it goes, and when
 * nobody has said for a while that it is still held: no key stays down that no finger is on.
 */

#include "keys.h"

/* A key that is held is to be pressed again before this is over. */
#define INOS_TYPIST_HOLD_MS 2500

typedef struct InosTypist InosTypist;

InosTypist *inos_typist_create (void);
void inos_typist_destroy (InosTypist *self); /* self may be NULL */

/* What is held is let go. keymap: stays the caller's; may be NULL, and nothing can be typed. */
void inos_typist_set_keymap (InosTypist *self, struct xkb_keymap *keymap);
void inos_typist_set_layout (InosTypist *self, guint layout);

/* FALSE where it cannot: there is no such key, too many are held, or the compositor has no virtual
 * keyboards. modifiers: of InosKeysModifier, for this key. */
gboolean inos_typist_press (InosTypist *self, guint code, guint modifiers);
void inos_typist_release (InosTypist *self, guint code);
void inos_typist_release_all (InosTypist *self);
