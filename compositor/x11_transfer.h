/* What X11 programs offer in a selection, read into pipes, whole or in pieces (INCR), at the pace
 * of the reader. */
#pragma once

#include "x11_link.h"

struct inos_x11_transfers;

struct inos_x11_transfers *inos_x11_transfers_create (struct inos_x11_link *link);
/* Those that are under way end. NULL does nothing. */
void inos_x11_transfers_destroy (struct inos_x11_transfers *transfers);

/* Has the owner of a selection write it as `target` into `fd`, which is closed when all is there,
 * or when nothing comes any more. time: of what a person did to get it. */
void inos_x11_transfers_start (struct inos_x11_transfers *transfers, xcb_atom_t selection,
                               xcb_atom_t target, xcb_timestamp_t time, int fd);

/* Whether something is under way. */
bool inos_x11_transfers_busy (const struct inos_x11_transfers *transfers);

void inos_x11_transfers_event (struct inos_x11_transfers *transfers,
                               const xcb_generic_event_t *event);
