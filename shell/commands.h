/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Everything a page can ask for, one row a command. A command runs only where the page's capability
 * file declares it.
 */

#include "capability.h"
#include "application.h"
#include "reply.h"
#include "surface.h"

typedef struct {
  InosApplication *application;
  InosSurface *surface;
} InosCommandContext;

typedef struct {
  const char *name;
  /* What it amounts to in the words of org.inos.Capability; "page" is the page's own life. */
  const char *capability;
  void (*run) (const InosCommandContext *context, JsonObject *args, InosReply *reply);
} InosCommand;

/* The table, sorted by name. */
const InosCommand *inos_commands_get_all (gsize *n_commands);
/* NULL where there is none. */
const InosCommand *inos_commands_find (const char *name);

/* Validates a message and runs it, or refuses it: an error for the page and a warning in the log.
 */
void inos_commands_dispatch (const InosCommandContext *context, const InosCapability *capability,
                             const char *text, gsize length, InosReply *reply);
