/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/permit/capabilities.h"

#include <glib/gi18n.h>

static const struct inos_grantable table[] = {
  {"device.camera", N_ ("see what your camera sees"), false, "devices", "camera"},
  {"device.location", N_ ("know where you are"), false, "location", "location"},
  {"device.microphone", N_ ("hear what your microphone hears"), false, "devices", "microphone"},
  {"device.speakers", N_ ("play sound"), false, "devices", "speakers"},
  {"node.actors", N_ ("see the node's actors and the letters between them"), false, NULL, NULL},
  {"node.actors.control", N_ ("steer the node's actors, and read and write their letters"), false,
   NULL, NULL},
  {"node.logs", N_ ("read what programs and the system wrote in this machine's logs"), false, NULL,
   NULL},
  {"node.mesh", N_ ("see who is in the mesh and what they share"), false, NULL, NULL},
  {"node.mesh.control",
   N_ ("act in the mesh in your name: connect, publish, share, invite and put out"), false, NULL,
   NULL},
  {"node.processes", N_ ("see what programs run on this machine"), false, NULL, NULL},
  {"node.processes.control", N_ ("end your programs and change how much they get of the processor"),
   false, NULL, NULL},
  {"node.remote", N_ ("see the actors, programs and logs of other computers that let this one"),
   false, NULL, NULL},
  {"node.remote.control",
   N_ ("steer other computers that let this one, and say which of them may look at this one and "
       "steer it"),
   false, NULL, NULL},
  {"node.resources", N_ ("see how busy this machine is"), false, NULL, NULL},
  {"node.terminals", N_ ("see what runs in your terminals"), false, NULL, NULL},
  {"node.terminals.control", N_ ("run any program as you, and type in your terminals"), true, NULL,
   NULL},
  {"screen.capture", N_ ("take pictures of your screen"), false, NULL, NULL},
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

bool inos_grantable_is_portals (const struct inos_grantable *row)
{
  return !g_str_has_prefix (row->name, "node.");
}
