/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "other_node.h"

#include "bus.h"

#include <glib/gi18n.h>
#include <string.h>

#define NODE "org.inos.Node1"
#define MACHINE "org.inos.Node1.Machine"
#define MESH "org.inos.Node1.Mesh"

enum { PATIENCE_MS = 160000 }; /* the network, and a password for the machine's node */

/* What only who may do more than look is answered. */
static const char *const deeds[] = {"EndPath",      "EndProcess",  "ResendDeadLetter",
                                    "RestartActor", "SetPriority", "StopActor",
                                    "TraceActor",   "TracePath",   NULL};

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

/* (transfer full): what is in the variants of "(av)". */
static GVariant *tuple_of (GVariant *reply)
{
  GVariantBuilder tuple = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);
  GVariantIter *members;
  GVariant *member;

  g_variant_get (reply, "(av)", &members);
  while (g_variant_iter_loop (members, "v", &member))
    g_variant_builder_add_value (&tuple, member);
  g_variant_iter_free (members);
  return g_variant_ref_sink (g_variant_builder_end (&tuple));
}

GVariant *ctl_other_node_call (struct ctl *ctl, const char *method, GVariant *parameters,
                               GError **error)
{
  g_autoptr (GVariant) sunk = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  g_autofree char *peer = is_id (ctl->node) ? g_strdup (ctl->node) : id_of (ctl, ctl->node, error);

  if (peer == NULL)
    return NULL;
  GVariantBuilder arguments = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  for (gsize i = 0; sunk != NULL && i < g_variant_n_children (sunk); i++) {
    g_autoptr (GVariant) argument = g_variant_get_child_value (sunk, i);
    g_variant_builder_add (&arguments, "v", argument);
  }
  g_autoptr (GVariant) reply =
    ask_mesh (ctl, g_strv_contains (deeds, method) ? "SteerNode" : "AskNode",
              g_variant_new ("(ssav)", peer, method, &arguments), "(av)", error);
  return reply != NULL ? tuple_of (reply) : NULL;
}
