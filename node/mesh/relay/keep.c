/*
 * A place at a relay, and how it is kept: asked for, asked for again before it expires, and, when
 * it was refused or the connection broke, after a pause that doubles from 5 s to 5 min.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/client-private.h"

#include "node/mesh/host/error.h"
#include "node/mesh/host/frames.h"

#define TAG "our relay"
#define PAUSE (5 * RELAY_SECOND)
#define PAUSE_MAX (300 * RELAY_SECOND)
#define ANSWER_TIMEOUT (15 * RELAY_SECOND)
#define LIFE_MIN (60 * RELAY_SECOND) /* what is said to last less lasts so long for us */
#define LIFE_MAX (24 * 3600 * RELAY_SECOND)

static const char *const hop_names[] = {INOS_RELAY_HOP};

static uint64_t now_of (const struct keep *keep)
{
  return inos_env_now (inos_host_env (keep->client->host));
}

/* Where it is found */

static void forget_addresses (struct keep *keep)
{
  struct inos_host *host = keep->client->host;

  while (keep->addresses->len > 0) {
    struct inos_multiaddr address = g_array_index (keep->addresses, struct inos_multiaddr, 0);
    g_array_remove_index (keep->addresses, 0);
    inos_host_listening (host, &address, false);
  }
}

/* @address: of the relay, with or without its id. */
static void add_address (struct keep *keep, GArray *list, const struct inos_multiaddr *address)
{
  struct inos_multiaddr whole;
  struct inos_peer_id named;

  inos_multiaddr_without_peer (address, &whole);
  if (whole.len == 0 || inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT) ||
      (inos_multiaddr_peer (address, &named) && !inos_peer_id_equal (&named, &keep->relay)) ||
      !inos_multiaddr_append (&whole, INOS_MULTIADDR_P2P, keep->relay.bytes, keep->relay.len) ||
      !inos_multiaddr_append (&whole, INOS_MULTIADDR_P2P_CIRCUIT, NULL, 0))
    return;
  for (guint i = 0; i < list->len; i++)
    if (inos_multiaddr_equal (&g_array_index (list, struct inos_multiaddr, i), &whole))
      return;
  g_array_append_val (list, whole);
}

static bool has (const GArray *list, const struct inos_multiaddr *address)
{
  for (guint i = 0; i < list->len; i++)
    if (inos_multiaddr_equal (&g_array_index (list, struct inos_multiaddr, i), address))
      return true;
  return false;
}

/* Tells only what has changed. */
static void set_addresses (struct keep *keep, GArray *fresh)
{
  struct inos_host *host = keep->client->host;
  g_autoptr (GArray) old = keep->addresses;

  keep->addresses = g_array_ref (fresh);
  for (guint i = 0; i < old->len; i++)
    if (!has (fresh, &g_array_index (old, struct inos_multiaddr, i)))
      inos_host_listening (host, &g_array_index (old, struct inos_multiaddr, i), false);
  for (guint i = 0; i < fresh->len; i++)
    inos_host_listening (host, &g_array_index (fresh, struct inos_multiaddr, i), true);
}

static void note_addresses (struct keep *keep, const struct inos_relay_message *answer)
{
  g_autoptr (GArray) fresh = g_array_new (FALSE, FALSE, sizeof (struct inos_multiaddr));
  struct inos_multiaddr at;

  for (unsigned i = 0; i < answer->n_addresses; i++)
    add_address (keep, fresh, &answer->addresses[i]);
  if (fresh->len == 0 && inos_host_peer_address (keep->client->host, &keep->relay, &at))
    add_address (keep, fresh, &at);
  set_addresses (keep, fresh);
}

/* What becomes of it */

static void lose_place (struct keep *keep)
{
  if (!keep->held)
    return;
  keep->held = false;
  inos_host_value (keep->client->host, &keep->relay, TAG, 0);
  forget_addresses (keep);
}

static void wait_and_retry (struct keep *keep, const char *why)
{
  uint64_t pause = PAUSE << MIN (keep->failures, 6);

  keep->state = KEEP_WAITING;
  keep->failures++;
  keep->next = now_of (keep) + MIN (pause, PAUSE_MAX);
  g_free (keep->why);
  keep->why = g_strdup (why);
}

static void free_when_done (struct keep *keep)
{
  if (keep->client || keep->state == KEEP_CONNECTING || keep->stream)
    return;
  inos_opening_clear (&keep->opening);
  g_array_unref (keep->addresses);
  g_free (keep->why);
  g_free (keep);
}

static void hold_place (struct keep *keep, const struct inos_relay_message *answer)
{
  struct inos_host *host = keep->client->host;
  uint64_t now = now_of (keep);
  uint64_t wall = (uint64_t)MAX (inos_env_wall (inos_host_env (host)), 0) / 1000;
  uint64_t left = answer->expires > wall ? answer->expires - wall : 0;
  uint64_t life = CLAMP (MIN (left, LIFE_MAX / RELAY_SECOND) * RELAY_SECOND, LIFE_MIN, LIFE_MAX);

  keep->state = KEEP_WAITING;
  keep->failures = 0;
  keep->held = true;
  keep->expires = now + life;
  keep->next = now + life / 4 * 3;
  g_clear_pointer (&keep->why, g_free);
  inos_host_value (host, &keep->relay, TAG, G_MAXUINT);
  note_addresses (keep, answer);
}

/* Asking */

static void on_open (struct inos_stream *stream, void *data)
{
  struct inos_relay_message wish = {.type = INOS_RELAY_RESERVE};
  struct inos_buffer bytes = {0};

  inos_hop_write (&wish, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

/* Vouchers are good for nothing yet, as nobody asks for them; but one that is for somebody else
 * says that the relay is confused. */
static bool is_for_us (const struct keep *keep, const struct inos_relay_message *answer)
{
  struct inos_relay_voucher voucher;

  return !answer->voucher ||
         !inos_relay_voucher_open (answer->voucher, answer->voucher_len, &voucher) ||
         (inos_peer_id_equal (&voucher.peer, inos_host_id (keep->client->host)) &&
          inos_peer_id_equal (&voucher.relay, &keep->relay));
}

static void take_answer (struct keep *keep)
{
  struct inos_relay_message answer;
  size_t len;
  const uint8_t *bytes = inos_opening_message (&keep->opening, &len);

  if (!inos_hop_read (&answer, bytes, len) || answer.type != INOS_RELAY_STATUS)
    wait_and_retry (keep, "what it answers is not understood");
  else if (answer.status != INOS_RELAY_OK)
    wait_and_retry (keep, inos_relay_status_text (answer.status));
  else if (!is_for_us (keep, &answer))
    wait_and_retry (keep, "its voucher is for somebody else");
  else
    hold_place (keep, &answer);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct keep *keep = data;
  size_t used;

  if (!keep->client || keep->state != KEEP_ASKING) {
    inos_stream_reset (stream);
    return;
  }
  enum inos_opening_state state =
    inos_opening_feed (&keep->opening, INOS_RELAY_MESSAGE_MAX, bytes, len, &used);
  if (state == INOS_OPENING_MORE)
    return;
  if (state == INOS_OPENING_WHOLE)
    take_answer (keep);
  else
    wait_and_retry (keep, "it talks nonsense");
  inos_stream_finish (stream);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct keep *keep = data;

  keep->stream = NULL;
  if (keep->client && keep->state == KEEP_ASKING)
    wait_and_retry (keep, why == INOS_STREAM_UNSUPPORTED ? "it is no relay"
                                                         : "it ended without an answer");
  free_when_done (keep);
}

static const struct inos_stream_handler handler = {
  .open = on_open, .bytes = on_bytes, .finish = on_finish, .gone = on_gone};

static void ask (struct keep *keep)
{
  inos_opening_clear (&keep->opening);
  keep->state = KEEP_ASKING;
  keep->next = now_of (keep) + ANSWER_TIMEOUT;
  keep->stream = inos_host_open (keep->client->host, &keep->relay, hop_names, 1, &handler, keep);
  if (!keep->stream)
    wait_and_retry (keep, "too many streams wait for it");
}

static void on_connected (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct keep *keep = data;

  keep->state = KEEP_WAITING;
  if (keep->client && error)
    wait_and_retry (keep, error->message);
  else if (keep->client)
    ask (keep);
  free_when_done (keep);
}

static void connect_to (struct keep *keep)
{
  keep->state = KEEP_CONNECTING;
  inos_host_connect_direct (keep->client->host, &keep->relay, &keep->address,
                            keep->address.len > 0 ? 1 : 0, on_connected, keep);
}

/* Its life */

struct keep *keep_new (struct inos_relay_client *client, const struct inos_peer_id *relay,
                       const struct inos_multiaddr *address)
{
  struct keep *keep = g_new0 (struct keep, 1);

  keep->client = client;
  keep->relay = *relay;
  if (address)
    keep->address = *address;
  keep->addresses = g_array_new (FALSE, FALSE, sizeof (struct inos_multiaddr));
  keep->next = now_of (keep);
  return keep;
}

void keep_lost (struct keep *keep)
{
  bool had = keep->held;

  lose_place (keep);
  if (had && keep->state == KEEP_WAITING)
    wait_and_retry (keep, "the connection to it ended");
}

void keep_stop (struct keep *keep)
{
  struct inos_stream *stream = keep->stream;

  lose_place (keep);
  keep->client = NULL;
  if (stream)
    inos_stream_reset (stream); /* which frees it */
  else
    free_when_done (keep);
}

void keep_tick (struct keep *keep, uint64_t now)
{
  if (keep->held && keep->expires <= now)
    lose_place (keep);
  if (keep->next > now || keep->state == KEEP_CONNECTING)
    return;
  if (keep->stream) {
    keep->next = now + ANSWER_TIMEOUT;
    inos_stream_reset (keep->stream); /* it does not answer */
  } else {
    connect_to (keep);
  }
}
