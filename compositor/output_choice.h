/* What a person chose over the bus where compositor.ini says something else: which output an output
 * mirrors, how long before a blank it is drawn, and when its refresh rate varies. It is kept with
 * the set of monitors, and holds until the file says another thing than it did then. */
#pragma once

#include "output.h"

/* Writes the output's choices into the group, under names that begin with the key. */
void inos_output_choice_write (struct inos_output *output, GKeyFile *file, const char *group,
                               const char *key);
/* Takes them from there. Returns false where one was there that the file ended: it is gone from the
 * group. */
bool inos_output_choice_read (struct inos_output *output, GKeyFile *file, const char *group,
                              const char *key);
