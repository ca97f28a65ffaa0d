/*
 * Another key for this node. What proves that it takes over from the old one is on the disk before
 * the key changes its name, which is one step: whenever the power goes, the node is who it was, and
 * forgets what it had begun, or is the new one, and has all that it needs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/trust-private.h"

#include "node/mesh/host/error.h"
#include "node/mesh/net/poller.h"
#include "node/mesh/wire/proto.h"

#define SPREAD_MS 300 /* from the hand-over, for those who are connected to hear of it */

struct rotating {
  struct inos_peer_id next;
  GArray *known; /* whom it is connected to: they hang up on the old one */
  inos_trust_rotated done;
  void *data;
  GSource *timer;
};

static bool refuse (GError **error, const char *why)
{
  g_set_error_literal (error, INOS_MESH_ERROR, INOS_MESH_ERROR_REFUSED, why);
  return false;
}

static void sign_next (void *data, const void *bytes, size_t len,
                       uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  inos_identity_sign (data, bytes, len, signature);
}

/* Of no mesh: it says who follows, and counts in none. */
static void hand_over_alone (struct inos_trust *trust, const struct inos_peer_id *next,
                             const struct inos_statement_trust *signer, struct inos_buffer *said)
{
  const struct inos_statement statement = {.kind = INOS_STATEMENT_ROTATE,
                                           .author = *trust_self (trust),
                                           .subject = *next,
                                           .era = 1,
                                           .time = inos_env_wall (trust->env)};
  struct inos_buffer bytes = {0};

  inos_statement_write_rotation (&bytes, &statement, &trust->signer, signer);
  inos_roll_message_add (said, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

static bool hand_over (struct inos_trust *trust, const struct inos_identity *next,
                       struct inos_buffer *said, GError **error)
{
  const struct inos_statement_trust signer = {(void *)next, sign_next, trust->signer.verify};
  struct inos_peer_id id = inos_peer_id_of_key (inos_identity_key (next));

  if (!inos_roll_mesh (trust->roll))
    hand_over_alone (trust, &id, &signer, said);
  else if (!trust_is_member (trust, trust_self (trust)))
    return refuse (error, "This node is no member of its mesh any more. Leave it to begin anew.");
  else if (!inos_roll_rotate (trust->roll, &id, &signer, said))
    return refuse (error, "There were too many hand-overs in this mesh: its members have to be "
                          "invited anew.");
  if (!trust_save_handover (trust, said))
    return refuse (error, "The hand-over cannot be kept on the disk. Give the node's state "
                          "directory space.");
  return inos_identity_take_next (trust->setup.state_dir, trust->setup.identity, error);
}

/* Whom the new identity finds again. */
static GArray *acquaintances (struct inos_trust *trust)
{
  g_autoptr (GPtrArray) peers = inos_peer_book_list (inos_host_book (trust->setup.host));
  GArray *known = g_array_new (FALSE, FALSE, sizeof (struct inos_multiaddr));

  for (guint i = 0; i < peers->len; i++) {
    const struct inos_peer *peer = peers->pdata[i];
    for (guint j = 0; j < peer->addresses->len; j++) {
      const struct inos_known_address *known_at =
        &g_array_index (peer->addresses, struct inos_known_address, j);
      struct inos_multiaddr at = known_at->address;
      if ((peer->links->len > 0 || known_at->source == INOS_ADDRESS_CONFIGURED) &&
          inos_multiaddr_append (&at, INOS_MULTIADDR_P2P, peer->id.bytes, peer->id.len))
        g_array_append_val (known, at);
    }
  }
  return known;
}

static void end (struct inos_trust *trust)
{
  g_autofree struct rotating *rotating = g_steal_pointer (&trust->rotating);

  inos_timer_clear (&rotating->timer);
  trust->setup.on_rotated (trust->setup.data, rotating->known);
  rotating->done (rotating->data, &rotating->next, NULL);
}

static gboolean on_spread (gpointer data)
{
  end (data);
  return G_SOURCE_REMOVE;
}

static void begin (struct inos_trust *trust, const struct inos_identity *next,
                   const struct inos_buffer *said, inos_trust_rotated done, void *data)
{
  struct inos_peer_id id = inos_peer_id_of_key (inos_identity_key (next));

  trust->rotating = g_new0 (struct rotating, 1);
  *trust->rotating =
    (struct rotating){.next = id, .known = acquaintances (trust), .done = done, .data = data};
  inos_invitations_clear (trust->invitations); /* their codes name the old one */
  trust_save_invitations (trust);
  inos_trust_note (trust, "rotated", &id, "was %s", inos_identity_peer_id (trust->setup.identity));
  if (inos_roll_mesh (trust->roll))
    trust_roll_spread (trust, said, NULL);
  inos_timer_set (&trust->rotating->timer, trust->setup.context, SPREAD_MS, on_spread, trust);
}

void inos_trust_rotate (struct inos_trust *trust, inos_trust_rotated done, void *data)
{
  g_autoptr (GError) error = NULL;
  struct inos_identity *next = NULL;
  struct inos_buffer said = {0};

  if (!trust->dir)
    refuse (&error, "This node remembers nothing, and is another one at each start.");
  else if (trust_is_going (trust))
    refuse (&error, TRUST_GOING);
  else if (trust->damaged)
    refuse (&error, "The roll of the mesh is damaged. Leave the mesh, and join it again.");
  else
    next = inos_identity_make_next (trust->setup.state_dir, &error);
  if (next && hand_over (trust, next, &said, &error))
    begin (trust, next, &said, done, data);
  else
    done (data, NULL, error);
  inos_identity_free (next);
  inos_buffer_clear (&said);
}

/* Whose key is another one on the disk already is not served any longer. */
void trust_rotate_stop (struct inos_trust *trust)
{
  if (trust->rotating)
    end (trust);
}

/* At the next start */

/* Whether the last statement, which is the hand-over, is to us. */
static bool is_ours (const struct inos_trust *trust, GBytes *bytes)
{
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);
  struct inos_proto reader = inos_proto_begin (data, len);
  struct inos_proto_field field;
  struct inos_statement last = {0};
  bool right = true;

  while (right && inos_proto_next (&reader, &field))
    right = field.kind == INOS_PROTO_BYTES && inos_statement_read (&last, field.bytes, field.len);
  return right && !reader.bad && last.kind == INOS_STATEMENT_ROTATE &&
         inos_peer_id_equal (&last.subject, trust_self (trust)) &&
         inos_statement_is_right (&last, &trust->signer);
}

void trust_take_handover (struct inos_trust *trust)
{
  g_autoptr (GBytes) bytes = trust_read_handover (trust);
  struct inos_roll_message_result result;
  gsize len;

  if (!bytes)
    return;
  if (!is_ours (trust, bytes)) { /* begun, and not ended */
    trust_forget_handover (trust);
    return;
  }
  const void *data = g_bytes_get_data (bytes, &len);
  if (!inos_roll_mesh (trust->roll))
    return;
  inos_roll_message_take (trust->roll, data, len, NULL, &result);
  inos_roll_settle (trust->roll);
  if (result.taken > 0)
    trust_save_roll (trust);
}

void trust_tell_successions (struct inos_trust *trust)
{
  g_autoptr (GPtrArray) entries = inos_roll_entries (trust->roll);

  for (guint i = 0; i < entries->len; i++) {
    const struct inos_roll_entry *entry = entries->pdata[i];
    const struct inos_peer_id *latest = inos_roll_latest (trust->roll, &entry->id);
    if (!inos_peer_id_equal (latest, &entry->id))
      inos_host_succeed (trust->setup.host, &entry->id, latest);
  }
}
