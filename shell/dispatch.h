/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Tables of what pages can ask for, one row a command. A command runs only where the page's
 * capability file declares it.
 */

#include "capability.h"
#include "reply.h"

typedef struct {
  const char *name;
  /* What it amounts to in the words of org.inos.Capability; "page" is the page's own life. */
  const char *capability;
  void (*run) (gpointer context, JsonObject *args, InosReply *reply);
} InosCommand;

typedef struct {
  const InosCommand *commands; /* sorted by name */
  gsize n_commands;
} InosCommandTable;

/* NULL where there is none. */
const InosCommand *inos_command_find (const InosCommandTable *table, const char *name);

/* Validates a message and runs it with context, or refuses it: an error for the page and a warning
 * in the log. */
void inos_command_dispatch (const InosCommandTable *table, gpointer context,
                            const InosCapability *capability, const char *text, gsize length,
                            InosReply *reply);

/* A number of args, 0 to max. FALSE: it is none, and that has been answered. */
gboolean inos_command_take (JsonObject *args, const char *name, guint max, guint *value,
                            InosReply *reply);
/* Answers null, or the error's message. */
void inos_command_finish (InosReply *reply, gboolean ok, const GError *error);

/* The page's capability file; where there is none it may do nothing, which the log says. */
InosCapability *inos_command_load_capability (const char *page);
