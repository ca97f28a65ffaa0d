/* Where windows go. */
#pragma once

#include "view.h"

/* Finds a place for a view that has just got its first content. */
void inos_placement_open (struct inos_view *view);
