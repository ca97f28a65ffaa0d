/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "other_node.h"

#include "bridge/ask_node.h"
#include "bus.h"

#include <glib/gi18n.h>
#include <string.h>

#define NODE "org.inos.Node1"
#define MACHINE "org.inos.Node1.Machine"
#define MESH "org.inos.Node1.Mesh"

enum { PATIENCE_MS = 160000 }; /* the network, and a password for the machine's node */

bool ctl_other_node_is_meant (const struct ctl *ctl, const char *interface)
{
  return ctl->node != NULL && (strcmp (interface, NODE) == 0 || strcmp (interface, MACHINE) == 0);
}

static GVariant *ask_mesh (struct ctl *ctl, const char *method, GVariant *parameters,
                           const char *type, GError **error)
{
  if (!ctl_bus_connect (ctl, error))
    return NULL;
  return g_dbus_connection_call_sync (
    ctl->bus, ctl_service_name (CTL_NODE), ctl_service_path (CTL_NODE), MESH, method, parameters,
    G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE_MS, NULL, error);
}

/* (transfer full): the id of the one member of that name; what is said where there is none, or are
 * several, is an error. */
static char *id_of (struct ctl *ctl, const char *name, GError **error)
{
  g_autoptr (GVariant) reply = ask_mesh (ctl, "ReadRoll", NULL, "(sssa(ssssxu))", error);
  g_autofree char *found = NULL;
  const char *id, *called, *standing;
  GVariantIter *rows;
  guint same = 0;

  if (reply == NULL)
    return NULL;
  g_variant_get (reply, "(sssa(ssssxu))", NULL, NULL, NULL, &rows);
  while (g_variant_iter_loop (rows, "(&s&s&s&sxu)", &id, &called, &standing, NULL, NULL, NULL))
    if (strcmp (standing, "member") == 0 && strcmp (called, name) == 0 && same++ == 0)
      found = g_strdup (id);
  g_variant_iter_free (rows);
  if (same == 1)
    return g_steal_pointer (&found);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               same == 0 ? _ ("no member of the mesh is called '%s': see 'inosctl mesh roll'")
                         : _ ("several members are called '%s': give the peer's id"),
               name);
  return NULL;
}

/* Ids of peers begin so; no name that a computer has does. */
static bool is_id (const char *node)
{
  return g_str_has_prefix (node, "12D3KooW") || g_str_has_prefix (node, "Qm");
}

GVariant *ctl_other_node_call (struct ctl *ctl, const char *method, GVariant *parameters,
                               GError **error)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (parameters ? parameters : g_variant_new ("()"));
  g_autofree char *peer = is_id (ctl->node) ? g_strdup (ctl->node) : id_of (ctl, ctl->node, error);

  if (peer == NULL)
    return NULL;
  g_autoptr (GVariant) reply =
    ask_mesh (ctl, inos_ask_node_method (method),
              g_variant_new ("(ss@av)", peer, method, inos_ask_node_pack (sunk)), "(av)", error);
  if (reply == NULL)
    return NULL;
  g_autoptr (GVariant) members = g_variant_get_child_value (reply, 0);
  return g_variant_ref_sink (inos_ask_node_unpack (members));
}
