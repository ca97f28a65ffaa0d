/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "output.h"
#include "reaper.h"

/*
 * Shows on the screen which components were given up, with the program inos-rescue: one window at
 * a time, for all of them. One that a person closed comes back only for a new failure.
 */
struct inos_rescue_starter;

struct inos_rescue_starter *inos_rescue_starter_new (struct inos_reaper *reaper,
                                                     const char *program,
                                                     struct inos_output *output /* may be NULL */);
void inos_rescue_starter_free (struct inos_rescue_starter *starter);

/* `components` is of struct inos_component; those that have failed are shown. */
void inos_rescue_starter_show (struct inos_rescue_starter *starter, GPtrArray *components,
                               char *const *envp);
