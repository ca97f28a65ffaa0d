/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Everything a page of the desktop can ask for.
 */

#include "application.h"
#include "dispatch.h"
#include "surface.h"

/* What a command gets. */
typedef struct {
  InosApplication *application;
  InosSurface *surface;
} InosCommandContext;

extern const InosCommandTable inos_commands;
