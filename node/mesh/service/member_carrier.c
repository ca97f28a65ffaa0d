/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/member_carrier.h"

#include "node/mesh/host/messenger.h"
#include "node/mesh/member/message.h"
#include "node/mesh/net/poller.h"
#include "node/mesh/net/udp.h"

#include <string.h>

#define ADDRESSES 8u                                          /* of one peer that are looked at */
#define ADDRESS_LIFE (1800 * G_GUINT64_CONSTANT (1000000000)) /* ns, of what its record says */

enum { AS_MESSAGE, AS_DATAGRAM };

/* A message that waits until there is a stream. */
struct waiting {
  struct inos_peer_id to;
  bool dialled;
  uint64_t since;
  size_t len;
  uint8_t bytes[]; /* with the byte that says how */
};

struct inos_member_carrier {
  struct inos_host *host;
  GMainContext *context;
  const struct inos_member_carrier_events *events;
  void *data;
  struct inos_udp *udp;
  struct inos_datagrams *datagrams;
  struct inos_messenger *messenger;
  struct inos_channel streams;
  GHashTable *up; /* struct inos_peer_id, owned: there is a stream to them */
  GQueue waiting; /* struct waiting, the oldest first */
  size_t waiting_bytes;
  GSource *dial; /* set while some of them have not been dialled */
  bool stopped;
};

static bool is_up (const struct inos_member_carrier *carrier, const struct inos_peer_id *peer)
{
  return g_hash_table_contains (carrier->up, peer);
}

/* Datagrams */

static void on_send (void *data, const struct inos_datagram_place *to, const void *bytes,
                     size_t len)
{
  inos_udp_send (((struct inos_member_carrier *)data)->udp, to, bytes, len);
}

static void on_datagram (void *data, const struct inos_peer_id *from, const void *bytes, size_t len)
{
  struct inos_member_carrier *carrier = data;

  carrier->events->datagram (carrier->data, from, bytes, len);
}

static enum inos_datagram_standing on_standing (void *data, const struct inos_peer_id *peer)
{
  struct inos_member_carrier *carrier = data;

  if (!inos_host_lets_in (carrier->host, peer))
    return INOS_DATAGRAM_REFUSED;
  return is_up (carrier, peer) || carrier->events->is_member (carrier->data, peer)
           ? INOS_DATAGRAM_KNOWN
           : INOS_DATAGRAM_STRANGER;
}

static unsigned on_locate (void *data, const struct inos_peer_id *peer,
                           struct inos_datagram_place places[INOS_DATAGRAMS_PLACES_MAX])
{
  struct inos_member_carrier *carrier = data;
  struct inos_multiaddr addresses[ADDRESSES];
  unsigned n = carrier->events->addresses (carrier->data, peer, addresses, ADDRESSES), found = 0;

  for (unsigned i = 0; i < n && found < INOS_DATAGRAMS_PLACES_MAX; i++)
    if (inos_datagram_place_read (&places[found], &addresses[i]))
      found++;
  return found;
}

static const struct inos_datagrams_events datagram_events = {on_send, on_datagram, on_standing,
                                                             on_locate};

static void on_udp (void *data, const struct inos_datagram_place *from, const uint8_t *bytes,
                    size_t len)
{
  inos_datagrams_take (((struct inos_member_carrier *)data)->datagrams, from, bytes, len);
}

/* Streams */

static bool send_on_stream (struct inos_member_carrier *carrier, const struct inos_peer_id *to,
                            uint8_t how, const void *bytes, size_t len)
{
  g_autofree uint8_t *message = g_malloc (len + 1);

  message[0] = how;
  memcpy (message + 1, bytes, len);
  return carrier->streams.send (carrier->streams.data, to, message, len + 1);
}

static void drop_waiting (struct inos_member_carrier *carrier, GList *node)
{
  struct waiting *waiting = node->data;

  carrier->waiting_bytes -= waiting->len;
  g_queue_delete_link (&carrier->waiting, node);
  g_free (waiting);
}

static void drop_old (struct inos_member_carrier *carrier, size_t coming)
{
  uint64_t now = inos_env_now (inos_host_env (carrier->host));

  while (carrier->waiting.head) {
    const struct waiting *oldest = carrier->waiting.head->data;
    if (now - oldest->since < INOS_CARRIER_WAITING_LIFE &&
        carrier->waiting.length < INOS_CARRIER_WAITING_MAX &&
        carrier->waiting_bytes + coming <= INOS_CARRIER_WAITING_BYTES)
      return;
    drop_waiting (carrier, carrier->waiting.head);
  }
}

/* What waits for @peer, in order, as far as it goes. */
static void send_waiting (struct inos_member_carrier *carrier, const struct inos_peer_id *peer)
{
  GList *next;

  for (GList *at = carrier->waiting.head; at; at = next) {
    const struct waiting *waiting = at->data;
    next = at->next;
    if (!inos_peer_id_equal (&waiting->to, peer))
      continue;
    if (!carrier->streams.send (carrier->streams.data, peer, waiting->bytes, waiting->len))
      return;
    drop_waiting (carrier, at);
  }
}

/* Where its record says that it listens, which is signed, is for everybody to know. */
void inos_member_carrier_learn (struct inos_member_carrier *carrier, const struct inos_peer_id *id)
{
  struct inos_multiaddr addresses[ADDRESSES];
  unsigned n = carrier->events->addresses (carrier->data, id, addresses, ADDRESSES);
  uint64_t now = inos_env_now (inos_host_env (carrier->host));

  if (n == 0)
    return;
  struct inos_peer *peer = inos_peer_book_get (inos_host_book (carrier->host), id, now);
  for (unsigned i = 0; i < n; i++)
    if (inos_multiaddr_has (&addresses[i], INOS_MULTIADDR_TCP))
      inos_peer_learn (peer, &addresses[i], INOS_ADDRESS_CERTIFIED, now + ADDRESS_LIFE);
}

/* One peer a turn: the list may change meanwhile. */
static gboolean on_dial (gpointer data)
{
  struct inos_member_carrier *carrier = data;

  for (GList *at = carrier->waiting.head; at; at = at->next) {
    struct waiting *waiting = at->data;
    if (waiting->dialled)
      continue;
    waiting->dialled = true;
    if (is_up (carrier, &waiting->to))
      continue;
    struct inos_peer_id to = waiting->to;
    inos_member_carrier_learn (carrier, &to);
    inos_host_connect (carrier->host, &to, NULL, 0, NULL, NULL);
    return G_SOURCE_CONTINUE;
  }
  inos_timer_clear (&carrier->dial);
  return G_SOURCE_REMOVE;
}

/* Later, and not from inside the core. */
static void dial_soon (struct inos_member_carrier *carrier)
{
  if (!carrier->dial)
    inos_timer_set (&carrier->dial, carrier->context, 0, on_dial, carrier);
}

static void wait_for_stream (struct inos_member_carrier *carrier, const struct inos_peer_id *to,
                             const void *bytes, size_t len)
{
  drop_old (carrier, len + 1);
  struct waiting *waiting = g_malloc (sizeof *waiting + len + 1);
  waiting->to = *to;
  waiting->dialled = false;
  waiting->since = inos_env_now (inos_host_env (carrier->host));
  waiting->len = len + 1;
  waiting->bytes[0] = AS_MESSAGE;
  memcpy (waiting->bytes + 1, bytes, len);
  carrier->waiting_bytes += waiting->len;
  g_queue_push_tail (&carrier->waiting, waiting);
  dial_soon (carrier);
}

static bool is_waited_for (const struct inos_member_carrier *carrier, const struct inos_peer_id *to)
{
  for (const GList *at = carrier->waiting.head; at; at = at->next)
    if (inos_peer_id_equal (&((const struct waiting *)at->data)->to, to))
      return true;
  return false;
}

static void on_up (void *data, const struct inos_peer_id *peer, const char *protocol)
{
  struct inos_member_carrier *carrier = data;

  if (carrier->stopped)
    return;
  g_hash_table_add (carrier->up, g_memdup2 (peer, sizeof *peer));
  send_waiting (carrier, peer);
  carrier->events->met (carrier->data, peer);
}

static void on_down (void *data, const struct inos_peer_id *peer)
{
  g_hash_table_remove (((struct inos_member_carrier *)data)->up, peer);
}

static void on_room (void *data, const struct inos_peer_id *peer)
{
  send_waiting (data, peer);
}

static bool on_stream (void *data, const struct inos_peer_id *peer, const uint8_t *message,
                       size_t len)
{
  struct inos_member_carrier *carrier = data;

  if (carrier->stopped || !inos_host_lets_in (carrier->host, peer))
    return true; /* or it is about to be hung up on */
  if (len < 1 || message[0] > AS_DATAGRAM ||
      (message[0] == AS_DATAGRAM && len > 1 + INOS_MEMBER_DATAGRAM_MAX))
    return false;
  if (message[0] == AS_DATAGRAM)
    carrier->events->datagram (carrier->data, peer, message + 1, len - 1);
  else
    carrier->events->message (carrier->data, peer, message + 1, len - 1);
  return true;
}

static const struct inos_messenger_events stream_events = {
  .up = on_up, .down = on_down, .room = on_room, .message = on_stream};

/* Channels */

static bool send_datagram (void *data, const struct inos_peer_id *to, const void *message,
                           size_t len)
{
  struct inos_member_carrier *carrier = data;
  bool other_way = is_up (carrier, to);

  if (carrier->stopped || !inos_host_lets_in (carrier->host, to))
    return false;
  if (inos_datagrams_send (carrier->datagrams, to, message, len, !other_way) != INOS_DATAGRAM_NOWAY)
    return true;
  return other_way && send_on_stream (carrier, to, AS_DATAGRAM, message, len);
}

static bool send_message (void *data, const struct inos_peer_id *to, const void *message,
                          size_t len)
{
  struct inos_member_carrier *carrier = data;

  if (carrier->stopped || !inos_host_lets_in (carrier->host, to))
    return false;
  if (!is_waited_for (carrier, to) && send_on_stream (carrier, to, AS_MESSAGE, message, len))
    return true;
  wait_for_stream (carrier, to, message, len);
  return true;
}

struct inos_channel inos_member_carrier_datagrams (struct inos_member_carrier *carrier)
{
  return (struct inos_channel){carrier, send_datagram};
}

struct inos_channel inos_member_carrier_messages (struct inos_member_carrier *carrier)
{
  return (struct inos_channel){carrier, send_message};
}

/* Life cycle */

struct inos_member_carrier *
inos_member_carrier_new (struct inos_host *host, const struct inos_identity *identity,
                         const uint8_t *psk, GMainContext *context,
                         const struct inos_member_carrier_events *events, void *data)
{
  static const char *const names[] = {INOS_MEMBER_PROTOCOL};
  struct inos_member_carrier *carrier = g_new0 (struct inos_member_carrier, 1);

  carrier->host = host;
  carrier->context = context;
  carrier->events = events;
  carrier->data = data;
  carrier->up = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, g_free, NULL);
  g_queue_init (&carrier->waiting);
  carrier->udp = inos_udp_new (context, on_udp, carrier);
  carrier->datagrams =
    inos_datagrams_new (&(struct inos_datagrams_setup){.env = inos_host_env (host),
                                                       .identity = identity,
                                                       .network = psk,
                                                       .events = &datagram_events,
                                                       .data = carrier});
  carrier->messenger = inos_messenger_new (
    host, &(struct inos_messenger_setup){.names = names,
                                         .n_names = G_N_ELEMENTS (names),
                                         .message_max = 1 + INOS_MEMBER_MESSAGE_MAX,
                                         .relayed = true,
                                         .events = &stream_events,
                                         .data = carrier});
  carrier->streams = inos_messenger_channel (carrier->messenger);
  return carrier;
}

void inos_member_carrier_stop (struct inos_member_carrier *carrier)
{
  carrier->stopped = true;
  inos_timer_clear (&carrier->dial);
  g_clear_pointer (&carrier->udp, inos_udp_free);
}

void inos_member_carrier_free (struct inos_member_carrier *carrier)
{
  if (!carrier)
    return;
  inos_member_carrier_stop (carrier);
  while (carrier->waiting.head)
    drop_waiting (carrier, carrier->waiting.head);
  inos_messenger_free (carrier->messenger);
  inos_datagrams_free (carrier->datagrams);
  g_hash_table_unref (carrier->up);
  g_free (carrier);
}

void inos_member_carrier_listen (struct inos_member_carrier *carrier,
                                 const struct inos_multiaddr *address)
{
  g_autoptr (GError) error = NULL;

  if (inos_udp_listen (carrier->udp, address, &error))
    return;
  g_autofree char *text = inos_multiaddr_text (address);
  g_message ("Members are not heard by datagrams at %s, only on connections: %s.", text,
             error->message);
}

bool inos_member_carrier_at (const struct inos_member_carrier *carrier,
                             const struct inos_multiaddr *tcp, struct inos_multiaddr *udp)
{
  return inos_udp_at (carrier->udp, tcp, udp);
}

const struct inos_datagrams_stats *
inos_member_carrier_stats (const struct inos_member_carrier *carrier)
{
  return inos_datagrams_stats (carrier->datagrams);
}
