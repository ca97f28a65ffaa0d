/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wall clock: tells when its minute changes, and when somebody sets it or the machine wakes up.
 */
#pragma once

#include <glib.h>

struct inos_clock;

/* ticked: is called at each of these; not at once. */
struct inos_clock *inos_clock_create (void (*ticked) (void *data), void *data);
/* NULL does nothing. */
void inos_clock_destroy (struct inos_clock *clock);
