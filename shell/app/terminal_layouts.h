/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * What the windows of Terminal hold, in $XDG_RUNTIME_DIR/inos/terminal-windows: a file for each
 * window, which goes with it. One that is left is of a window that died with this program, or with
 * the compositor; the next window begins with it. It names terminals of the node by their ids, and
 * the page leaves out those that are gone.
 */
typedef struct InosTerminalLayout InosTerminalLayout;

/* The layout of a new window. `had` is set to what a dead one held, "" for nothing; to be freed. */
InosTerminalLayout *inos_terminal_layout_create (char **had);
/* The window was closed. */
void inos_terminal_layout_destroy (InosTerminalLayout *layout);

/* The window holds something else now. Where that cannot be written it is forgotten. */
void inos_terminal_layout_set (InosTerminalLayout *layout, const char *text);
