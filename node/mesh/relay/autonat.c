/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/autonat.h"

#include "node/mesh/host/frames.h"
#include "node/mesh/relay/autonat_message.h"
#include "node/mesh/relay/autonat_server.h"
#include "node/mesh/relay/own_place.h"

#include <string.h>

#define SECONDS(n) ((uint64_t)(n) * G_GUINT64_CONSTANT (1000000000))
#define PAUSE SECONDS (15)       /* between questions */
#define FRESH SECONDS (900)      /* that a verdict needs no other */
#define ASK_TIMEOUT SECONDS (90) /* for paying, dialling and the answer */
#define VOTERS 2u                /* that see us at an address that we do not listen at */
#define STREAMS_MAX 4u           /* inbound of one peer: dial backs */

static const char *const ask_names[] = {INOS_AUTONAT_DIAL_REQUEST};

enum outcome {
  NOTHING, /* it was asked, and said neither */
  COULD,
  COULD_NOT,
};

struct verdict {
  struct inos_peer_id by;
  enum outcome outcome;
  uint64_t when; /* ns; 0: none */
};

struct tested {
  struct inos_multiaddr address;
  struct verdict verdicts[INOS_AUTONAT_VERDICTS];
};

struct inos_autonat {
  struct inos_host *host;
  bool anywhere;
  struct inos_protocol_offer offer;
  unsigned n_tested;
  struct tested tested[INOS_AUTONAT_TESTED_MAX];
  uint64_t next; /* ns, when to ask, or to give up asking */

  /* the question that is open */
  struct inos_stream *stream; /* NULL: none */
  struct inos_frames frames;
  struct inos_multiaddr asked;
  struct inos_peer_id by;
  uint64_t nonce;
  bool came_back, answered, paid;
};

/* A dial back, before it has said its number. */
struct back {
  struct inos_autonat *autonat;
  struct inos_frames frames;
};

static uint64_t now_of (const struct inos_autonat *autonat)
{
  return inos_env_now (inos_host_env (autonat->host));
}

/* Which addresses */

static struct tested *find (struct inos_autonat *autonat, const struct inos_multiaddr *address)
{
  for (unsigned i = 0; i < autonat->n_tested; i++)
    if (inos_multiaddr_equal (&autonat->tested[i].address, address))
      return &autonat->tested[i];
  return NULL;
}

struct candidates {
  unsigned n;
  struct inos_multiaddr addresses[INOS_AUTONAT_TESTED_MAX];
};

static void add (const struct inos_autonat *autonat, struct candidates *list,
                 const struct inos_multiaddr *address)
{
  if (list->n == INOS_AUTONAT_TESTED_MAX ||
      inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT) ||
      (!autonat->anywhere && inos_multiaddr_reach (address) != INOS_REACH_PUBLIC))
    return;
  for (unsigned i = 0; i < list->n; i++)
    if (inos_multiaddr_equal (&list->addresses[i], address))
      return;
  list->addresses[list->n++] = *address;
}

static void collect (const struct inos_autonat *autonat, struct candidates *list)
{
  const GArray *listening = inos_host_listening_at (autonat->host);
  struct inos_multiaddr seen, joined;
  unsigned voters;

  list->n = 0;
  for (guint i = 0; i < listening->len; i++)
    add (autonat, list, &g_array_index (listening, struct inos_multiaddr, i));
  for (unsigned i = 0; inos_host_observed_at (autonat->host, i, &seen, &voters); i++)
    for (guint j = 0; voters >= VOTERS && j < listening->len; j++)
      if (inos_own_place_join (&seen, &g_array_index (listening, struct inos_multiaddr, j),
                               &joined))
        add (autonat, list, &joined);
}

/* Those that are no candidates any more go, with what was said of them. */
static void refresh (struct inos_autonat *autonat)
{
  struct candidates list;
  struct tested fresh[INOS_AUTONAT_TESTED_MAX] = {0};

  collect (autonat, &list);
  for (unsigned i = 0; i < list.n; i++) {
    const struct tested *old = find (autonat, &list.addresses[i]);
    if (old)
      fresh[i] = *old;
    fresh[i].address = list.addresses[i];
  }
  autonat->n_tested = list.n;
  memcpy (autonat->tested, fresh, sizeof fresh);
}

/* Verdicts */

static void judge (struct tested *tested, const struct inos_peer_id *by, enum outcome outcome,
                   uint64_t now)
{
  struct verdict *to = &tested->verdicts[0];

  for (unsigned i = 0; i < INOS_AUTONAT_VERDICTS; i++) { /* its own, or the oldest */
    struct verdict *one = &tested->verdicts[i];
    if (one->when > 0 && inos_peer_id_equal (&one->by, by)) {
      to = one;
      break;
    }
    if (one->when < to->when)
      to = one;
  }
  *to = (struct verdict){*by, outcome, now};
}

static void settle (struct inos_autonat *autonat, enum outcome outcome)
{
  struct tested *tested = find (autonat, &autonat->asked);

  if (tested)
    judge (tested, &autonat->by, outcome, now_of (autonat));
}

static bool has_asked (const struct tested *tested, const struct inos_peer_id *by, uint64_t now)
{
  for (unsigned i = 0; i < INOS_AUTONAT_VERDICTS; i++) {
    const struct verdict *one = &tested->verdicts[i];
    if (one->when > 0 && now - one->when < FRESH && inos_peer_id_equal (&one->by, by))
      return true;
  }
  return false;
}

/* The question */

static void say (struct inos_stream *stream, const struct inos_autonat_message *message)
{
  struct inos_buffer bytes = {0};

  inos_autonat_write (message, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

static void on_ask_open (struct inos_stream *stream, void *data)
{
  struct inos_autonat *autonat = data;
  g_autofree struct inos_autonat_message *message = g_new0 (struct inos_autonat_message, 1);

  message->kind = INOS_AUTONAT_REQUEST;
  message->nonce = autonat->nonce;
  message->n_addresses = 1;
  message->addresses[0] = autonat->asked;
  say (stream, message);
}

/* Once, and no more than the specification allows to be asked for. */
static bool pay (struct inos_autonat *autonat, uint64_t bytes)
{
  g_autofree struct inos_autonat_message *message = g_new0 (struct inos_autonat_message, 1);

  if (autonat->paid || bytes > INOS_AUTONAT_COST_MAX)
    return false;
  autonat->paid = true;
  message->kind = INOS_AUTONAT_DATA;
  message->bytes = INOS_AUTONAT_DATA_MAX;
  for (uint64_t sent = 0; sent < bytes; sent += INOS_AUTONAT_DATA_MAX)
    say (autonat->stream, message);
  return true;
}

static bool on_message (void *data, const uint8_t *bytes, size_t len)
{
  struct inos_autonat *autonat = data;
  g_autofree struct inos_autonat_message *message = g_new (struct inos_autonat_message, 1);

  if (!inos_autonat_read (message, bytes, len) || autonat->answered || message->index != 0)
    return false;
  if (message->kind == INOS_AUTONAT_DATA_REQUEST)
    return pay (autonat, message->bytes);
  if (message->kind != INOS_AUTONAT_RESPONSE)
    return false;
  autonat->answered = true;
  if (message->status != INOS_AUTONAT_OK)
    return true;
  if (message->dial_status == INOS_AUTONAT_DIAL_OK && autonat->came_back)
    settle (autonat, COULD);
  else if (message->dial_status == INOS_AUTONAT_DIAL_ERROR)
    settle (autonat, COULD_NOT);
  return true;
}

static void on_ask_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct inos_autonat *autonat = data;

  if (!inos_frames_feed (&autonat->frames, bytes, len, on_message, autonat))
    inos_stream_reset (stream);
  else if (autonat->answered)
    inos_stream_finish (stream);
}

static void on_ask_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct inos_autonat *autonat = data;

  autonat->stream = NULL;
  inos_frames_clear (&autonat->frames);
  autonat->next = now_of (autonat) + PAUSE;
}

static const struct inos_stream_handler asks = {
  .open = on_ask_open, .bytes = on_ask_bytes, .gone = on_ask_gone};

static void ask (struct inos_autonat *autonat, const struct tested *tested,
                 const struct inos_peer_id *whom)
{
  autonat->asked = tested->address;
  autonat->by = *whom;
  autonat->came_back = autonat->answered = autonat->paid = false;
  autonat->frames = (struct inos_frames){.max = INOS_AUTONAT_MESSAGE_MAX};
  inos_env_random (inos_host_env (autonat->host), &autonat->nonce, sizeof autonat->nonce);
  autonat->stream = inos_host_open (autonat->host, whom, ask_names, 1, &asks, autonat);
  settle (autonat, NOTHING); /* so that others have their turn */
  if (autonat->stream)
    autonat->next = now_of (autonat) + ASK_TIMEOUT;
}

/* Whom to ask what: the first of whom there is no fresh verdict. */
static void ask_somebody (struct inos_autonat *autonat)
{
  g_autoptr (GPtrArray) peers = inos_peer_book_list (inos_host_book (autonat->host));
  uint64_t now = now_of (autonat);

  autonat->next = now + PAUSE;
  for (unsigned i = 0; i < autonat->n_tested; i++)
    for (guint j = 0; j < peers->len; j++) {
      const struct inos_peer *peer = peers->pdata[j];
      if (peer->links->len == 0 || !inos_peer_speaks (peer, INOS_AUTONAT_DIAL_REQUEST) ||
          has_asked (&autonat->tested[i], &peer->id, now))
        continue;
      unsigned fresh = 0;
      for (unsigned k = 0; k < INOS_AUTONAT_VERDICTS; k++)
        fresh += autonat->tested[i].verdicts[k].outcome != NOTHING &&
                 now - autonat->tested[i].verdicts[k].when < FRESH;
      if (fresh >= INOS_AUTONAT_ENOUGH)
        break;
      struct inos_peer_id whom = peer->id;
      ask (autonat, &autonat->tested[i], &whom);
      return;
    }
}

/* Being dialled back */

static bool on_nonce (void *data, const uint8_t *bytes, size_t len)
{
  struct inos_stream *stream = ((void **)data)[0];
  struct inos_autonat *autonat = ((struct back *)((void **)data)[1])->autonat;
  struct inos_buffer thanks = {0};
  uint64_t nonce;

  if (!inos_autonat_read_nonce (&nonce, bytes, len) || !autonat->stream ||
      nonce != autonat->nonce || autonat->came_back)
    return false;
  autonat->came_back = true;
  inos_autonat_write_thanks (&thanks);
  inos_frames_write (stream, inos_buffer_data (&thanks), inos_buffer_len (&thanks));
  inos_buffer_clear (&thanks);
  inos_stream_finish (stream);
  return true;
}

static void on_back_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct back *back = data;
  void *both[] = {stream, back};

  if (!inos_frames_feed (&back->frames, bytes, len, on_nonce, both))
    inos_stream_reset (stream);
}

static void on_back_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

static void on_back_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct back *back = data;

  inos_frames_clear (&back->frames);
  g_free (back);
}

static const struct inos_stream_handler backs = {
  .bytes = on_back_bytes, .finish = on_back_finish, .gone = on_back_gone};

static bool on_accept (void *data, struct inos_stream *stream)
{
  struct back *back = g_new0 (struct back, 1);

  back->autonat = data;
  back->frames.max = INOS_AUTONAT_MESSAGE_MAX;
  inos_stream_take_over (stream, &backs, back);
  return true;
}

/* Life cycle */

struct inos_autonat *inos_autonat_new (struct inos_host *host, bool anywhere)
{
  struct inos_autonat *autonat = g_new0 (struct inos_autonat, 1);

  autonat->host = host;
  autonat->anywhere = anywhere;
  autonat->next = now_of (autonat) + PAUSE;
  autonat->offer = (struct inos_protocol_offer){.name = INOS_AUTONAT_DIAL_BACK,
                                                .streams_max = STREAMS_MAX,
                                                .open = true,
                                                .accept = on_accept,
                                                .data = autonat};
  inos_host_offer (host, &autonat->offer);
  return autonat;
}

void inos_autonat_free (struct inos_autonat *autonat)
{
  g_free (autonat);
}

uint64_t inos_autonat_deadline (const struct inos_autonat *autonat)
{
  return autonat->next;
}

void inos_autonat_tick (struct inos_autonat *autonat)
{
  if (autonat->next > now_of (autonat))
    return;
  if (autonat->stream)
    inos_stream_reset (autonat->stream); /* it does not answer */
  refresh (autonat);
  ask_somebody (autonat);
}

static void count (const struct tested *tested, unsigned *could, unsigned *could_not)
{
  *could = *could_not = 0;
  for (unsigned i = 0; i < INOS_AUTONAT_VERDICTS; i++) {
    *could += tested->verdicts[i].outcome == COULD;
    *could_not += tested->verdicts[i].outcome == COULD_NOT;
  }
}

enum inos_reachability inos_autonat_reachability (const struct inos_autonat *autonat)
{
  bool unknown = false;

  for (unsigned i = 0; i < autonat->n_tested; i++) {
    unsigned could, could_not;
    count (&autonat->tested[i], &could, &could_not);
    if (could > could_not)
      return INOS_REACHABILITY_REACHABLE;
    unknown |= could_not < INOS_AUTONAT_ENOUGH;
  }
  if (autonat->n_tested == 0)
    return INOS_REACHABILITY_NO_ADDRESS;
  return unknown ? INOS_REACHABILITY_UNKNOWN : INOS_REACHABILITY_UNREACHABLE;
}

bool inos_autonat_tested (const struct inos_autonat *autonat, unsigned index,
                          struct inos_multiaddr *address, unsigned *could, unsigned *could_not)
{
  if (index >= autonat->n_tested)
    return false;
  *address = autonat->tested[index].address;
  count (&autonat->tested[index], could, could_not);
  return true;
}
