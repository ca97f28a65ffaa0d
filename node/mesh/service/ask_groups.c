/*
 * Groups, as the rest of the node uses them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"
#include "node/mesh/service/groups.h"

#define NS_PER_MS UINT64_C (1000000)

static void add_row (GVariantBuilder *rows, struct inos_groups *groups,
                     const struct inos_group_view *view)
{
  char id[INOS_PEER_TEXT_MAX] = "";
  GVariantBuilder members;

  g_variant_builder_init (&members, G_VARIANT_TYPE ("a(ss)"));
  for (unsigned i = 0; i < view->kept->n_members; i++) {
    inos_peer_id_text (&view->kept->members[i], id);
    g_variant_builder_add (&members, "(ss)", id,
                           inos_groups_state (groups, &view->kept->members[i]));
  }
  id[0] = '\0';
  if (inos_peer_id_is_set (&view->primary))
    inos_peer_id_text (&view->primary, id);
  g_variant_builder_add (rows, "(ssttta(ss))", view->kept->name, id, view->epoch, view->token,
                         view->lease / NS_PER_MS, &members);
}

void inos_ask_groups (struct inos_ask *ask)
{
  struct inos_groups *groups = inos_ask_parts (ask)->groups;
  struct inos_group_view view;
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_GROUP_ROWS_TYPE));
  for (unsigned i = 0; inos_groups_at (groups, i, &view); i++)
    add_row (&rows, groups, &view);
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_GROUP_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}

static void finish (struct inos_ask *ask, bool done, const GError *error)
{
  if (done)
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse (ask, (enum inos_api_error)error->code, "%s", error->message);
}

void inos_ask_group_join (struct inos_ask *ask)
{
  struct inos_peer_id members[INOS_ELECTION_MEMBERS_MAX + 1];
  g_autoptr (GVariantIter) ids = NULL;
  g_autoptr (GError) error = NULL;
  const char *name, *id;
  unsigned n = 0;

  g_variant_get (inos_ask_parameters (ask), "(&sas)", &name, &ids);
  while (n < G_N_ELEMENTS (members) && g_variant_iter_next (ids, "&s", &id))
    if (!inos_peer_id_parse (&members[n++], id)) {
      inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                       "“%.80s” is no peer id, which looks like “12D3KooW…”.", id);
      return;
    }
  bool done = inos_groups_join (inos_ask_parts (ask)->groups, name, members, n, &error);
  finish (ask, done, error);
}

void inos_ask_group_leave (struct inos_ask *ask)
{
  g_autoptr (GError) error = NULL;
  const char *name;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &name);
  bool done = inos_groups_leave (inos_ask_parts (ask)->groups, name, &error);
  finish (ask, done, error);
}

void inos_ask_group_resign (struct inos_ask *ask)
{
  g_autoptr (GError) error = NULL;
  const char *name;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &name);
  bool done = inos_groups_resign (inos_ask_parts (ask)->groups, name, &error);
  finish (ask, done, error);
}
