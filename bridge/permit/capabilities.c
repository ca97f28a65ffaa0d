/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/permit/capabilities.h"

#include <glib/gi18n.h>

static const struct inos_grantable table[] = {
  {"node.actors", N_ ("see the node's actors and the letters between them"), false},
  {"node.actors.control", N_ ("steer the node's actors, and read and write their letters"), false},
  {"node.mesh", N_ ("see who is in the mesh and what they share"), false},
  {"node.mesh.control",
   N_ ("act in the mesh in your name: connect, publish, share, invite and put out"), false},
  {"node.resources", N_ ("see how busy this machine is"), false},
  {"node.terminals", N_ ("see what runs in your terminals"), false},
  {"node.terminals.control", N_ ("run any program as you, and type in your terminals"), true},
};

const struct inos_grantable *inos_grantable_table (gsize *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}

const struct inos_grantable *inos_grantable_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_strcmp0 (table[i].name, name) == 0)
      return &table[i];
  return NULL;
}
