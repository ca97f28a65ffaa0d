/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/remote_list.h"

#include "node/mesh/host/error.h"
#include "node/mesh/host/questions.h"
#include "node/mesh/wire/proto.h"

#include <string.h>

#define PROTOCOL "/inos/actors/1.0.0"
#define ANSWER_MAX (INOS_REMOTE_ACL_ACTORS_MAX * (INOS_REMOTE_NAME_MAX + 4u) + 16u)
#define PATIENCE (10000 * UINT64_C (1000000))
#define VERSION 1u

struct waiting {
  inos_remote_listed listed;
  void *data;
};

struct inos_remote_lister {
  const struct inos_remote_acl *acl;
  struct inos_questions *questions;
  GHashTable *waiting; /* ticket → struct waiting */
  uint64_t last;
};

static bool on_question (void *data, const struct inos_peer_id *peer, const uint8_t *question,
                         size_t len, struct inos_buffer *answer)
{
  struct inos_remote_lister *lister = data;
  g_auto (GStrv) names = inos_remote_acl_names (lister->acl, peer);

  inos_proto_put_number (answer, 1, VERSION);
  for (char **name = names; *name; name++)
    inos_proto_put_string (answer, 2, *name);
  return true;
}

/* (transfer full) (nullable) */
static char **read_names (const uint8_t *answer, size_t len)
{
  struct inos_proto reader = inos_proto_begin (answer, len);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new();
  struct inos_proto_field field;
  unsigned n = 0;

  while (inos_proto_next (&reader, &field)) {
    if (field.number != 2)
      continue;
    if (!inos_proto_is_bytes (&field, 2, 1, INOS_REMOTE_NAME_MAX) ||
        ++n > INOS_REMOTE_ACL_ACTORS_MAX)
      return NULL;
    g_autofree char *name = g_strndup ((const char *)field.bytes, field.len);
    if (strlen (name) != field.len || !inos_remote_name_is_right (name))
      return NULL;
    g_strv_builder_add (names, name);
  }
  return reader.bad ? NULL : g_strv_builder_end (names);
}

static void on_answered (void *data, uint64_t ticket, const uint8_t *answer, size_t len,
                         const GError *why)
{
  struct inos_remote_lister *lister = data;
  g_autoptr (GError) wrong = NULL;
  const struct waiting *found = g_hash_table_lookup (lister->waiting, &ticket);
  g_auto (GStrv) names = answer ? read_names (answer, len) : NULL;

  if (!found)
    return;
  struct waiting waiting = *found;
  g_hash_table_remove (lister->waiting, &ticket);
  if (!names && !why)
    wrong = g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_CLOSED,
                                 "What the peer says is no list of actors.");
  waiting.listed (waiting.data, (const char *const *)names, wrong ? wrong : why);
}

void inos_remote_lister_ask (struct inos_remote_lister *lister, const struct inos_peer_id *peer,
                             inos_remote_listed listed, void *data)
{
  struct waiting waiting = {listed, data};
  uint64_t ticket = ++lister->last;

  g_hash_table_insert (lister->waiting, g_memdup2 (&ticket, sizeof ticket),
                       g_memdup2 (&waiting, sizeof waiting));
  inos_questions_ask (lister->questions, peer, "\x08\x01", 2, true, PATIENCE, ticket);
}

struct inos_remote_lister *inos_remote_lister_new (struct inos_host *host,
                                                   const struct inos_remote_acl *acl)
{
  struct inos_remote_lister *lister = g_new0 (struct inos_remote_lister, 1);

  lister->acl = acl;
  lister->waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  lister->questions = inos_questions_new (
    host, &(struct inos_questions_setup){.name = PROTOCOL,
                                         .message_max = ANSWER_MAX,
                                         .streams_max = 4,
                                         .serve = true,
                                         .open = true, /* to each its own list */
                                         .answer = on_question,
                                         .answered = on_answered,
                                         .data = lister});
  return lister;
}

void inos_remote_lister_free (struct inos_remote_lister *lister)
{
  inos_questions_free (lister->questions);
  g_hash_table_unref (lister->waiting);
  g_free (lister);
}

uint64_t inos_remote_lister_deadline (const struct inos_remote_lister *lister)
{
  return inos_questions_deadline (lister->questions);
}

void inos_remote_lister_tick (struct inos_remote_lister *lister)
{
  inos_questions_tick (lister->questions);
}
