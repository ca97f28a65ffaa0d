/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Terminal: the terminals of this machine's node (org.inos.Node1.Terminals), a window's worth of
 * them.
 */

#include "app.h"

extern const InosAppKind inos_terminal_app;
