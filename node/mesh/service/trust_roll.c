/*
 * The roll among members: who is connected compares digests and sends what differs; what is new
 * goes to all at once; and each half minute one member is compared with, so that nothing stays
 * unknown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/trust-private.h"

#include "node/mesh/net/poller.h"

#include <string.h>

#define ROUND_MS 30000
#define REACH 4u                /* members that are dialled when there is news */
#define SEND_AGAIN TRUST_SECOND /* from one whole roll to the same peer to the next */

struct correspondent {
  struct inos_peer_id peer;
  uint64_t sent; /* ns, when it was sent the whole roll last; 0: never */
};

static void say (struct inos_trust *trust, const struct inos_peer_id *to, const void *bytes,
                 size_t len)
{
  trust->channel.send (trust->channel.data, to, bytes, len);
}

static void say_digest (struct inos_trust *trust, const struct inos_peer_id *to)
{
  struct inos_buffer message = {0};

  if (!inos_roll_mesh (trust->roll))
    return;
  inos_roll_message_digest (&message, trust->roll);
  say (trust, to, inos_buffer_data (&message), inos_buffer_len (&message));
  inos_buffer_clear (&message);
}

/* In messages that fit, and the digest at the end, so that the other sees whether it has more. */
static void say_all (struct inos_trust *trust, struct correspondent *to)
{
  uint64_t now = inos_env_now (trust->env);
  struct inos_buffer all = {0};
  size_t at = 0, len;

  if (to->sent > 0 && now - to->sent < SEND_AGAIN)
    return;
  to->sent = now;
  inos_roll_write (trust->roll, &all);
  const uint8_t *bytes = inos_buffer_data (&all);
  while ((len = inos_roll_message_next (bytes, inos_buffer_len (&all), &at)) > 0)
    say (trust, &to->peer, bytes + at - len, len);
  inos_buffer_clear (&all);
  say_digest (trust, &to->peer);
}

static bool differs (const struct inos_trust *trust, const struct inos_roll_message_result *result)
{
  uint8_t digest[INOS_ROLL_DIGEST_SIZE];

  inos_roll_digest (trust->roll, digest);
  return result->has_digest && memcmp (digest, result->digest, sizeof digest) != 0;
}

/* What the streams tell */

static void on_up (void *data, const struct inos_peer_id *peer, const char *protocol)
{
  struct inos_trust *trust = data;
  struct correspondent *to;

  to = g_new0 (struct correspondent, 1);
  to->peer = *peer;
  g_hash_table_replace (trust->up, &to->peer, to);
  if (trust_is_member (trust, peer))
    say_digest (trust, peer);
}

static void on_down (void *data, const struct inos_peer_id *peer)
{
  g_hash_table_remove (((struct inos_trust *)data)->up, peer);
}

static bool on_message (void *data, const struct inos_peer_id *peer, const uint8_t *message,
                        size_t len)
{
  struct inos_trust *trust = data;
  struct inos_roll_message_result result;
  struct inos_buffer news = {0};

  if (!inos_roll_mesh (trust->roll) || !trust_is_member (trust, peer))
    return true; /* one that does not know yet */
  bool right = inos_roll_message_take (trust->roll, message, len, &news, &result);
  inos_roll_settle (trust->roll);
  if (inos_buffer_len (&news) > 0) {
    trust_roll_spread (trust, &news, peer);
    trust_changed (trust);
  }
  struct correspondent *to = g_hash_table_lookup (trust->up, peer);
  if (right && to && differs (trust, &result))
    say_all (trust, to);
  inos_buffer_clear (&news);
  return right;
}

void trust_roll_meet (struct inos_trust *trust, const struct inos_peer_id *peer)
{
  if (g_hash_table_contains (trust->up, peer))
    say_digest (trust, peer);
}

/* Reaching others */

static bool can_be_asked (const struct inos_trust *trust, const struct inos_roll_entry *entry)
{
  return entry->standing == INOS_STANDING_MEMBER &&
         !inos_peer_id_equal (&entry->id, trust_self (trust));
}

/* Returns: (transfer full): members in an order of chance. */
static GPtrArray *shuffled (struct inos_trust *trust)
{
  g_autoptr (GPtrArray) entries = inos_roll_entries (trust->roll);
  GPtrArray *members = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < entries->len; i++) {
    const struct inos_roll_entry *entry = entries->pdata[i];
    if (can_be_asked (trust, entry))
      g_ptr_array_add (members, g_memdup2 (&entry->id, sizeof entry->id));
  }
  for (guint i = members->len; i > 1; i--) {
    guint j = inos_env_below (trust->env, i);
    gpointer held = members->pdata[i - 1];
    members->pdata[i - 1] = members->pdata[j];
    members->pdata[j] = held;
  }
  return members;
}

static bool may_dial (struct inos_trust *trust, const struct inos_peer_id *peer)
{
  struct inos_host *host = trust->setup.host;

  if (trust->membership)
    inos_membership_learn (trust->membership, peer);
  const struct inos_peer *known = inos_peer_book_find (inos_host_book (host), peer);
  return known && known->links->len == 0 &&
         inos_peer_may_be_dialled (known, inos_env_now (trust->env));
}

static void reach_out (struct inos_trust *trust, unsigned n)
{
  g_autoptr (GPtrArray) members = shuffled (trust);

  for (guint i = 0; i < members->len && n > 0; i++)
    if (may_dial (trust, members->pdata[i])) {
      inos_host_connect (trust->setup.host, members->pdata[i], NULL, 0, NULL, NULL);
      n--;
    }
}

static gboolean on_round (gpointer data)
{
  struct inos_trust *trust = data;
  g_autoptr (GPtrArray) members = shuffled (trust);

  for (guint i = 0; i < members->len; i++)
    if (g_hash_table_contains (trust->up, members->pdata[i])) {
      say_digest (trust, members->pdata[i]);
      break;
    }
  reach_out (trust, 1);
  return G_SOURCE_CONTINUE;
}

/* Whoever has been a member hears that it is none any more. */
static bool may_hear (const struct inos_trust *trust, const struct inos_peer_id *peer)
{
  return inos_roll_standing (trust->roll, peer) != INOS_STANDING_STRANGER;
}

void trust_roll_spread (struct inos_trust *trust, const struct inos_buffer *news,
                        const struct inos_peer_id *from)
{
  g_autoptr (GPtrArray) up = g_hash_table_get_keys_as_ptr_array (trust->up);
  size_t at = 0, len;
  const uint8_t *bytes = inos_buffer_data (news);

  while ((len = inos_roll_message_next (bytes, inos_buffer_len (news), &at)) > 0)
    for (guint i = 0; i < up->len; i++)
      if (may_hear (trust, up->pdata[i]) && !(from && inos_peer_id_equal (up->pdata[i], from)))
        say (trust, up->pdata[i], bytes + at - len, len);
  reach_out (trust, REACH);
}

/* Members meet */

static void on_identified (void *data, const struct inos_peer_id *peer)
{
  trust_show (data, peer);
}

static void on_connected (void *data, const struct inos_peer_id *peer)
{
}

static void on_disconnected (void *data, const struct inos_peer_id *peer)
{
  g_hash_table_remove (((struct inos_trust *)data)->shown, peer);
}

void trust_roll_start (struct inos_trust *trust)
{
  static const char *const names[] = {INOS_ROLL_PROTOCOL};
  static const struct inos_messenger_events messenger_events = {
    .up = on_up, .down = on_down, .message = on_message};
  static const struct inos_host_events events = {
    .connected = on_connected, .disconnected = on_disconnected, .identified = on_identified};

  trust->up = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, g_free);
  trust->messenger = inos_messenger_new (
    trust->setup.host, &(struct inos_messenger_setup){.names = names,
                                                      .n_names = G_N_ELEMENTS (names),
                                                      .message_max = INOS_ROLL_MESSAGE_MAX,
                                                      .relayed = true,
                                                      .events = &messenger_events,
                                                      .data = trust});
  trust->channel = inos_messenger_channel (trust->messenger);
  inos_host_watch (trust->setup.host, &events, trust);
  inos_timer_set (&trust->rounds, trust->setup.context, ROUND_MS, on_round, trust);
}
