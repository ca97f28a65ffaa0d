/* Variable refresh rate as [output NAME] vrr says: on, off, or only while something fills the
 * screen that gains from it. */
#pragma once

#include "output.h"
#include "output_config.h"

/* Whether the next picture is to switch it: 1 on, 0 off, -1 neither. */
int inos_adaptive_sync_due (struct inos_output *output);
/* The output did not take that; it is not asked again until something else is wanted. */
void inos_adaptive_sync_refused (struct inos_output *output, int wanted);

/* A person or a program decided when it is to be: that holds until the settings say another thing.
 */
void inos_adaptive_sync_choose (struct inos_output *output, enum inos_vrr when);
/* When it is to be, by whoever said so last: never INOS_VRR_DEFAULT. */
enum inos_vrr inos_adaptive_sync_setting (struct inos_output *output);
