/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A seat's keyboard: layouts, dead keys, repetition. */
#pragma once

#include "seat.h"

/* The seat has a keyboard. */
void inos_keys_take (struct inos_seat *seat);
/* It has none any more; one without may be. */
void inos_keys_drop (struct inos_seat *seat);
