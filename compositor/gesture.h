/* Gestures of touchpads: swipes, pinches and holds. Those that are bindings are done,
 * and the others go to the client under the pointer. */
#pragma once

#include "seat.h"

/* The seat's gestures: made and freed with the seat, after its cursor and before it. */
void inos_gestures_init (struct inos_seat *seat);
void inos_gestures_finish (struct inos_seat *seat);

/* The device goes, or something else takes over: whoever saw a gesture begin sees it end. */
void inos_gestures_cancel (struct inos_seat *seat);
