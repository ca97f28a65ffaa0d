/* Variable refresh rate as [output NAME] vrr says: on, off, or only while something fills the
 * screen that gains from it. */
#pragma once

#include "output.h"

/* Whether the next picture is to switch it: 1 on, 0 off, -1 neither. */
int inos_adaptive_sync_due (struct inos_output *output);
/* The output did not take that; it is not asked again until something else is wanted. */
void inos_adaptive_sync_refused (struct inos_output *output, int wanted);

/* A person or a program switched it: that holds until the settings say another thing. */
void inos_adaptive_sync_chosen (struct inos_output *output);
