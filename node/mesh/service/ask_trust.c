/*
 * Who is a member, and who becomes one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"
#include "node/mesh/host/error.h"

#include <string.h>

#define HOUR_MS INT64_C (3600000)
#define HOURS_MAX 720u
#define ROWS 2048u
#define AUDIT_ROWS 4096u
#define NS_PER_MS UINT64_C (1000000)

static struct inos_trust *trust_of (struct inos_ask *ask)
{
  return inos_ask_parts (ask)->trust;
}

void inos_ask_invite (struct inos_ask *ask)
{
  g_autoptr (GError) error = NULL;
  char code[INOS_CODE_TEXT_MAX];
  guint32 hours, uses;
  gboolean asks;
  int64_t expires;

  g_variant_get (inos_ask_parameters (ask), "(uub)", &hours, &uses, &asks);
  if (hours == 0 || hours > HOURS_MAX || uses == 0 || uses > INOS_INVITATION_USES_MAX)
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                     "An invitation counts for 1 to 720 hours, and for 1 to 1000 who come.");
  else if (!inos_trust_invite (trust_of (ask), hours * HOUR_MS, uses, asks, code, &expires, &error))
    inos_ask_refuse_error (ask, error);
  else
    inos_ask_answer (ask, g_variant_new ("(sx)", code, (gint64)expires));
}

static void on_joined (void *data, bool member, const GError *error)
{
  if (error)
    inos_ask_refuse_error (data, error);
  else
    inos_ask_answer (data, g_variant_new ("(s)", member ? "member" : "waiting"));
}

void inos_ask_join (struct inos_ask *ask)
{
  const char *whom;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &whom);
  inos_trust_join (trust_of (ask), whom, on_joined, ask);
}

void inos_ask_requests (struct inos_ask *ask)
{
  struct inos_host *host = inos_ask_parts (ask)->host;
  const GPtrArray *requests = inos_requests_list (inos_trust_requests (trust_of (ask)));
  uint64_t now = inos_env_now (inos_host_env (host));
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_REQUEST_ROWS_TYPE));
  for (guint i = 0; i < requests->len; i++) {
    const struct inos_request *request = requests->pdata[i];
    const struct inos_peer_id *peer = &request->consent.subject;
    struct inos_multiaddr address = {0};
    char id[INOS_PEER_TEXT_MAX];
    inos_peer_id_text (peer, id);
    inos_host_peer_address (host, peer, &address);
    g_autofree char *text = inos_multiaddr_text (&address);
    g_variant_builder_add (&rows, "(sssbtb)", id, request->consent.name, text,
                           request->state == INOS_REQUEST_WAITING,
                           (now - request->since) / NS_PER_MS, request->invited);
  }
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_REQUEST_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}

static void answer_done (struct inos_ask *ask, bool done, const GError *error)
{
  if (done)
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse_error (ask, error);
}

void inos_ask_decide (struct inos_ask *ask)
{
  g_autoptr (GError) error = NULL;
  struct inos_peer_id peer;
  gboolean accept;

  if (!inos_ask_peer (ask, &peer))
    return;
  g_variant_get_child (inos_ask_parameters (ask), 1, "b", &accept);
  bool done = inos_trust_decide (trust_of (ask), &peer, accept, &error);
  answer_done (ask, done, error);
}

void inos_ask_revoke (struct inos_ask *ask)
{
  g_autoptr (GError) error = NULL;
  struct inos_peer_id peer;

  if (!inos_ask_peer (ask, &peer))
    return;
  bool done = inos_trust_revoke (trust_of (ask), &peer, &error);
  answer_done (ask, done, error);
}

void inos_ask_leave (struct inos_ask *ask)
{
  g_autoptr (GError) error = NULL;

  bool done = inos_trust_leave (trust_of (ask), &error);

  answer_done (ask, done, error);
}

static void on_rotated (void *data, const struct inos_peer_id *next, const GError *error)
{
  char id[INOS_PEER_TEXT_MAX];

  if (error) {
    inos_ask_refuse (data, INOS_API_ERROR_FAILED, "%s", error->message);
    return;
  }
  inos_peer_id_text (next, id);
  inos_ask_answer (data, g_variant_new ("(s)", id));
}

void inos_ask_rotate (struct inos_ask *ask)
{
  inos_trust_rotate (trust_of (ask), on_rotated, ask);
}

static void add_entry (GVariantBuilder *rows, const struct inos_roll_entry *entry)
{
  char id[INOS_PEER_TEXT_MAX], by[INOS_PEER_TEXT_MAX] = "";
  bool replaced = entry->standing == INOS_STANDING_REPLACED;

  inos_peer_id_text (&entry->id, id);
  if (replaced || inos_peer_id_is_set (&entry->by))
    inos_peer_id_text (replaced ? &entry->next : &entry->by, by);
  g_variant_builder_add (rows, "(ssssxu)", id, entry->name, inos_trust_standing (entry->standing),
                         by, (gint64)entry->since,
                         entry->standing == INOS_STANDING_MEMBER ? entry->rank : 0);
}

static char *mesh_text (const struct inos_roll *roll)
{
  const struct inos_mesh_id *mesh = inos_roll_mesh (roll);
  GString *text = g_string_new (NULL);

  for (unsigned i = 0; mesh && i < INOS_MESH_ID_SIZE; i++)
    g_string_append_printf (text, "%02x", mesh->bytes[i]);
  return g_string_free (text, FALSE);
}

void inos_ask_roll (struct inos_ask *ask)
{
  struct inos_trust *trust = trust_of (ask);
  const struct inos_roll *roll = inos_trust_roll (trust);
  g_autoptr (GPtrArray) entries = inos_roll_entries (roll);
  g_autofree char *mesh = mesh_text (roll);
  const struct inos_peer_id *self = inos_host_id (inos_ask_parts (ask)->host);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_ROLL_ROWS_TYPE));
  for (guint i = 0, n = 0; i < entries->len && n < ROWS; i++) {
    const struct inos_roll_entry *entry = entries->pdata[i];
    if (entry->standing == INOS_STANDING_STRANGER)
      continue;
    add_entry (&rows, entry);
    n++;
  }
  inos_ask_answer (ask, g_variant_new ("(sss@" INOS_MESH_ROLL_ROWS_TYPE ")", mesh,
                                       inos_trust_is_closed (trust) ? "members" : "open",
                                       inos_trust_standing (inos_roll_standing (roll, self)),
                                       g_variant_builder_end (&rows)));
}

/* A line of the audit log: time, what, peer, more. */
static void add_line (GVariantBuilder *rows, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 4);

  if (g_strv_length (words) >= 3)
    g_variant_builder_add (rows, "(ssss)", words[0], words[1],
                           strcmp (words[2], "-") == 0 ? "" : words[2], words[3] ? words[3] : "");
}

void inos_ask_audit (struct inos_ask *ask)
{
  GVariantBuilder rows;
  guint32 limit;

  g_variant_get (inos_ask_parameters (ask), "(u)", &limit);
  g_autoptr (GPtrArray) lines = inos_trust_audit (trust_of (ask), MIN (limit, AUDIT_ROWS));
  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_AUDIT_ROWS_TYPE));
  for (guint i = 0; i < lines->len; i++)
    add_line (&rows, lines->pdata[i]);
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_AUDIT_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}
