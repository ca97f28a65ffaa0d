/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The desktop ids ("foot.desktop") of the programs of these windows (struct inos_desk_window), in
 * their order: one for each process that had some. What a window calls itself is looked up among
 * the installed applications, and is nothing more than a name; where none has it, the program is
 * left out.
 */
GPtrArray *inos_desk_programs (GPtrArray *windows);
