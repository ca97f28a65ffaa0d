/*
 * The capabilities that a person can grant to an application in a sandbox, in plain words. What is
 * not in this table no such application gets. Those of the node ("node.…") are asked for by calls
 * of its methods, the others by the desktop's portals, in the application's name.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct inos_grantable {
  const char *name;  /* of the node's: as in bridge/policy.c */
  const char *words; /* marked with N_(): what the application may do then */
  bool escapes;      /* with it, its sandbox keeps it from nothing */
  /* Where xdg-desktop-portal keeps for good what was answered, also a denial, and asks no more (see
   * portal_store.h); NULL: it does not. */
  const char *table, *entry;
};

/** inos_grantable_table: all, sorted by name; @count: (out). */
const struct inos_grantable *inos_grantable_table (gsize *count);

/** inos_grantable_find: Returns: (nullable): its row; NULL where nobody can grant it. */
const struct inos_grantable *inos_grantable_find (const char *name);

/** inos_grantable_is_portals: Returns: whether a portal may ask for it. */
bool inos_grantable_is_portals (const struct inos_grantable *row);
