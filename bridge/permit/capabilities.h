/*
 * The capabilities that a person can grant to an application in a sandbox, in plain words. What is
 * not in this table no such application gets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct inos_grantable {
  const char *name;  /* as in bridge/policy.c */
  const char *words; /* marked with N_(): what the application may do then */
  bool escapes;      /* with it, its sandbox keeps it from nothing */
};

/** inos_grantable_table: all, sorted by name; @count: (out). */
const struct inos_grantable *inos_grantable_table (gsize *count);

/** inos_grantable_find: Returns: (nullable): its row; NULL where nobody can grant it. */
const struct inos_grantable *inos_grantable_find (const char *name);
