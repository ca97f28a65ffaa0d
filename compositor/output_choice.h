/* What a person chose over the bus where compositor.ini says something else: how an output is set
 * up, which one it mirrors, how long before a blank it is drawn, and when its refresh rate varies.
 * It is kept with the set of monitors, and holds until the file says another thing than it did
 * then. */
#pragma once

#include "output.h"
#include "output_settings.h"

/* Writes the output's choices into the group, under names that begin with the key. */
void inos_output_choice_write (struct inos_output *output, GKeyFile *file, const char *group,
                               const char *key);
/* Takes them from there. Returns false where one was there that the file ended: it is gone from the
 * group. */
bool inos_output_choice_read (struct inos_output *output, GKeyFile *file, const char *group,
                              const char *key);

/* The same of how the output is set up, as it is now, beside which it is to be kept: which words of
 * the file made it so, and where a person chose it which ones it was chosen instead of. */
void inos_output_choice_write_words (struct inos_output *output, GKeyFile *file, const char *group,
                                     const char *key, bool chosen);

/* How the output is to be set up: what the file says of it, but for what a person chose instead;
 * where the file speaks no more of what it set when the group was written, as the output is of
 * itself. settings: what the group says, or how the output is; group: may not be in the file.
 * Returns false as above. */
bool inos_output_choice_lay (struct inos_output *output, GKeyFile *file, const char *group,
                             const char *key, struct inos_output_settings *settings);
