/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/datagrams.h"

#include <sodium.h>
#include <string.h>

#define SECOND UINT64_C (1000000000)
#define WINDOW 64u /* counters below the highest that may still come */

/* Keys that two nonces made. */
struct session {
  uint32_t ours, theirs; /* what each calls it; ours 0: there is none */
  struct inos_datagram_keys keys;
  uint8_t hello[INOS_DATAGRAM_NONCE], answer[INOS_DATAGRAM_NONCE]; /* of one that waits */
  uint64_t sent;                                                   /* counted */
  uint64_t top, seen; /* the highest that came, plus one; bits of those below it */
};

enum {
  CURRENT, /* what is sent goes in this one */
  FORMER,  /* and comes in it too, for what was under way */
  WAITING, /* we answered: the first datagram in it proves that the peer is there now */
  SESSIONS,
};

struct correspondent {
  struct inos_peer_id id;
  struct inos_datagram_secret secret;
  struct session sessions[SESSIONS];
  struct inos_datagram_place place; /* where it was last */
  bool placed, stranger;
  /* our HELLO that nobody has answered; hello_session 0: none */
  uint32_t hello_session;
  uint8_t hello[INOS_DATAGRAM_NONCE];
  unsigned hellos;
  uint64_t hello_at;   /* the next may go */
  uint64_t unanswered; /* since when what we sent has had no word after it; 0: it had */
  uint8_t *kept;       /* owned: a datagram that waits; NULL: none */
  size_t kept_len;
  uint64_t kept_at;
  GList used; /* in one of the queues */
};

struct inos_datagrams {
  struct inos_datagrams_setup setup;
  struct inos_datagrams_stats stats;
  GHashTable *by_id;       /* struct inos_peer_id in the value → struct correspondent, owned */
  GHashTable *by_session;  /* our number of a session → struct correspondent */
  GQueue known, strangers; /* struct correspondent.used; the last used first */
  uint64_t second;         /* that strangers are counted in */
  unsigned strangers_now;
};

static uint64_t now_of (const struct inos_datagrams *d)
{
  return inos_env_now (d->setup.env);
}

/* Correspondents */

static void forget_session (struct inos_datagrams *d, uint32_t *number)
{
  if (*number != 0)
    g_hash_table_remove (d->by_session, GUINT_TO_POINTER (*number));
  *number = 0;
}

static uint32_t new_session (struct inos_datagrams *d, struct correspondent *c)
{
  uint32_t number;

  do
    inos_env_random (d->setup.env, &number, sizeof number);
  while (number == 0 || g_hash_table_contains (d->by_session, GUINT_TO_POINTER (number)));
  g_hash_table_insert (d->by_session, GUINT_TO_POINTER (number), c);
  return number;
}

static GQueue *queue_of (struct inos_datagrams *d, const struct correspondent *c)
{
  return c->stranger ? &d->strangers : &d->known;
}

static void drop_kept (struct correspondent *c)
{
  g_clear_pointer (&c->kept, g_free);
  c->kept_len = 0;
}

static void forget (struct inos_datagrams *d, struct correspondent *c)
{
  struct inos_peer_id id = c->id;

  for (unsigned i = 0; i < SESSIONS; i++)
    forget_session (d, &c->sessions[i].ours);
  forget_session (d, &c->hello_session);
  g_queue_unlink (queue_of (d, c), &c->used);
  g_hash_table_remove (d->by_id, &id);
}

static void free_correspondent (void *data)
{
  struct correspondent *c = data;

  drop_kept (c);
  sodium_memzero (c, sizeof *c);
  g_free (c);
}

static void count (struct inos_datagrams *d)
{
  d->stats.peers = d->known.length + d->strangers.length;
  d->stats.strangers = d->strangers.length;
}

static void use (struct inos_datagrams *d, struct correspondent *c)
{
  g_queue_unlink (queue_of (d, c), &c->used);
  g_queue_push_head_link (queue_of (d, c), &c->used);
}

static void become_known (struct inos_datagrams *d, struct correspondent *c)
{
  g_queue_unlink (queue_of (d, c), &c->used);
  c->stranger = false;
  g_queue_push_head_link (&d->known, &c->used);
  if (d->known.length > INOS_DATAGRAMS_PEERS_MAX)
    forget (d, d->known.tail->data);
  count (d);
}

static struct correspondent *find (const struct inos_datagrams *d, const struct inos_peer_id *id)
{
  return g_hash_table_lookup (d->by_id, id);
}

/* Returns: (nullable): a new one; NULL: there is no agreeing with it. */
static struct correspondent *add (struct inos_datagrams *d, const struct inos_peer_id *id,
                                  bool stranger)
{
  uint8_t key[INOS_PUBLIC_KEY_SIZE];
  struct inos_datagram_secret secret;

  if (!inos_peer_id_key (id, key) ||
      memcmp (key, inos_identity_key (d->setup.identity), sizeof key) == 0 ||
      !inos_datagram_agree (&secret, d->setup.identity, d->setup.network, key))
    return NULL;
  struct correspondent *c = g_new0 (struct correspondent, 1);
  c->id = *id;
  c->secret = secret;
  c->stranger = stranger;
  c->used.data = c;
  sodium_memzero (&secret, sizeof secret);
  g_hash_table_insert (d->by_id, &c->id, c);
  g_queue_push_head_link (queue_of (d, c), &c->used);
  if (d->known.length > INOS_DATAGRAMS_PEERS_MAX)
    forget (d, d->known.tail->data);
  if (d->strangers.length > INOS_DATAGRAMS_STRANGERS_MAX)
    forget (d, d->strangers.tail->data);
  count (d);
  return c;
}

static bool may_meet_stranger (struct inos_datagrams *d)
{
  uint64_t second = now_of (d) / SECOND;

  if (second != d->second) {
    d->second = second;
    d->strangers_now = 0;
  }
  return d->strangers_now++ < INOS_DATAGRAMS_STRANGERS_RATE;
}

/* Whoever says HELLO. Returns: (nullable). */
static struct correspondent *greeter (struct inos_datagrams *d, const struct inos_peer_id *id)
{
  struct correspondent *c = find (d, id);
  enum inos_datagram_standing standing = d->setup.events->standing (d->setup.data, id);

  if (standing == INOS_DATAGRAM_REFUSED) {
    d->stats.strange++;
    return NULL;
  }
  if (c && c->stranger && standing == INOS_DATAGRAM_KNOWN)
    become_known (d, c);
  if (c || standing == INOS_DATAGRAM_KNOWN)
    return c ? c : add (d, id, false);
  if (may_meet_stranger (d))
    return add (d, id, true);
  d->stats.strange++;
  return NULL;
}

/* Sending */

static void emit (struct inos_datagrams *d, const struct inos_datagram_place *to, const void *bytes,
                  size_t len)
{
  d->setup.events->send (d->setup.data, to, bytes, len);
}

static bool is_open (const struct inos_datagrams *d, const struct correspondent *c)
{
  return c->sessions[CURRENT].ours != 0 && c->placed &&
         (c->unanswered == 0 || now_of (d) - c->unanswered < INOS_DATAGRAMS_SILENCE);
}

static void send_data (struct inos_datagrams *d, struct correspondent *c, const void *bytes,
                       size_t len)
{
  struct session *session = &c->sessions[CURRENT];
  uint8_t out[INOS_DATAGRAM_MAX];
  size_t size =
    inos_datagram_seal (session->keys.out, session->theirs, session->sent++, bytes, len, out);

  if (c->unanswered == 0)
    c->unanswered = now_of (d);
  d->stats.sent++;
  emit (d, &c->place, out, size);
}

/* To where it was last and where it is said to be. The same until it is answered: an answer that
 * is late is one. */
static void greet (struct inos_datagrams *d, struct correspondent *c)
{
  struct inos_datagram_place places[INOS_DATAGRAMS_PLACES_MAX];
  uint8_t hello[INOS_DATAGRAM_HELLO_SIZE];
  uint64_t now = now_of (d);

  if (now < c->hello_at)
    return;
  unsigned n = d->setup.events->locate (d->setup.data, &c->id, places);
  if (n == 0 && !c->placed)
    return;
  if (c->hello_session == 0) {
    c->hello_session = new_session (d, c);
    inos_env_random (d->setup.env, c->hello, sizeof c->hello);
  }
  c->hello_at = now + MIN (INOS_DATAGRAMS_AGAIN << MIN (c->hellos, 6u), INOS_DATAGRAMS_AGAIN_MAX);
  c->hellos++;
  inos_datagram_put_hello (&c->secret, c->hello_session, c->hello, hello);
  for (unsigned i = 0; i < n; i++)
    emit (d, &places[i], hello, sizeof hello);
  if (c->placed)
    emit (d, &c->place, hello, sizeof hello);
  d->stats.hellos++;
}

enum inos_datagram_way inos_datagrams_send (struct inos_datagrams *d, const struct inos_peer_id *to,
                                            const void *bytes, size_t len, bool keep)
{
  struct correspondent *c = find (d, to);

  if (c && c->stranger)
    become_known (d, c);
  if (!c)
    c = add (d, to, false);
  if (!c || len > INOS_DATAGRAM_PAYLOAD_MAX)
    return INOS_DATAGRAM_NOWAY;
  use (d, c);
  if (is_open (d, c)) {
    send_data (d, c, bytes, len);
    return INOS_DATAGRAM_SENT;
  }
  greet (d, c);
  if (!keep)
    return INOS_DATAGRAM_NOWAY;
  drop_kept (c);
  c->kept = g_memdup2 (bytes, len);
  c->kept_len = len;
  c->kept_at = now_of (d);
  return INOS_DATAGRAM_KEPT;
}

static void send_kept (struct inos_datagrams *d, struct correspondent *c)
{
  if (c->kept && now_of (d) - c->kept_at < INOS_DATAGRAMS_KEPT)
    send_data (d, c, c->kept, c->kept_len);
  drop_kept (c);
}

/* Receiving */

static void heard (struct correspondent *c, const struct inos_datagram_place *from)
{
  c->place = *from;
  c->placed = true;
  c->unanswered = 0;
  c->hellos = 0;
  c->hello_at = 0;
}

/* It takes the place of the one before. */
static void make_current (struct inos_datagrams *d, struct correspondent *c, struct session session)
{
  forget_session (d, &c->sessions[FORMER].ours);
  c->sessions[FORMER] = c->sessions[CURRENT];
  c->sessions[CURRENT] = session;
}

static void answer (struct inos_datagrams *d, struct correspondent *c,
                    const struct inos_datagram_place *to)
{
  const struct session *session = &c->sessions[WAITING];
  uint8_t out[INOS_DATAGRAM_ANSWER_SIZE];

  inos_datagram_put_answer (&c->secret, session->theirs, session->ours, session->hello,
                            session->answer, out);
  d->stats.answers++;
  emit (d, to, out, sizeof out);
}

/* A HELLO may be an old one: the session that it begins has to prove itself, and the others go on
 * meanwhile. */
static void on_hello (struct inos_datagrams *d, const struct inos_datagram_place *from,
                      const struct inos_datagram *datagram)
{
  struct inos_peer_id id = inos_peer_id_of_key (datagram->key);
  struct correspondent *c = greeter (d, &id);

  if (!c)
    return;
  if (!inos_datagram_hello_is_right (&c->secret, datagram)) {
    d->stats.forged++;
    return;
  }
  struct session *session = &c->sessions[WAITING];
  if (session->ours == 0 || session->theirs != datagram->from ||
      memcmp (session->hello, datagram->nonce, INOS_DATAGRAM_NONCE) != 0) {
    forget_session (d, &session->ours);
    *session = (struct session){.ours = new_session (d, c), .theirs = datagram->from};
    memcpy (session->hello, datagram->nonce, INOS_DATAGRAM_NONCE);
    inos_env_random (d->setup.env, session->answer, sizeof session->answer);
    inos_datagram_derive (&session->keys, &c->secret, session->hello, session->answer);
  }
  c->hellos = 0; /* it can be reached, it may be */
  c->hello_at = 0;
  answer (d, c, from);
}

static int session_of (const struct correspondent *c, uint32_t number)
{
  for (int i = 0; i < SESSIONS; i++)
    if (c->sessions[i].ours == number)
      return i;
  return -1;
}

static void on_answer (struct inos_datagrams *d, const struct inos_datagram_place *from,
                       const struct inos_datagram *datagram)
{
  struct correspondent *c = g_hash_table_lookup (d->by_session, GUINT_TO_POINTER (datagram->to));

  if (c && session_of (c, datagram->to) >= 0) { /* the HELLO went to several places */
    d->stats.repeated++;
    return;
  }
  if (!c || !inos_datagram_answer_is_right (&c->secret, datagram, c->hello)) {
    d->stats.forged++;
    return;
  }
  struct session session = {.ours = c->hello_session, .theirs = datagram->from};
  inos_datagram_derive (&session.keys, &c->secret, c->hello, datagram->nonce);
  c->hello_session = 0; /* its number is the session's now */
  make_current (d, c, session);
  heard (c, from);
  send_kept (d, c);
}

/* Whether @counter has not come before, and may still. */
static bool is_new (const struct session *session, uint64_t counter)
{
  if (counter >= session->top)
    return counter < UINT64_MAX;
  uint64_t behind = session->top - 1 - counter;
  return behind < WINDOW && !(session->seen >> behind & 1);
}

static void mark (struct session *session, uint64_t counter)
{
  if (counter >= session->top) {
    uint64_t by = counter + 1 - session->top;
    session->seen = by < WINDOW ? session->seen << by : 0;
    session->top = counter + 1;
  }
  session->seen |= UINT64_C (1) << (session->top - 1 - counter);
}

static void promote (struct inos_datagrams *d, struct correspondent *c)
{
  struct session session = c->sessions[WAITING];

  c->sessions[WAITING].ours = 0;
  make_current (d, c, session);
}

static void on_data (struct inos_datagrams *d, const struct inos_datagram_place *from,
                     const struct inos_datagram *datagram)
{
  struct correspondent *c = g_hash_table_lookup (d->by_session, GUINT_TO_POINTER (datagram->to));
  int which = c ? session_of (c, datagram->to) : -1;
  uint8_t payload[INOS_DATAGRAM_PAYLOAD_MAX];
  size_t len;

  if (which < 0) {
    d->stats.forged++;
    return;
  }
  if (d->setup.events->standing (d->setup.data, &c->id) == INOS_DATAGRAM_REFUSED) {
    d->stats.strange++; /* it was let in when the session began */
    return;
  }
  struct session *session = &c->sessions[which];
  if (!is_new (session, datagram->counter)) {
    d->stats.repeated++;
    return;
  }
  if (!inos_datagram_open (session->keys.in, datagram, payload, &len)) {
    d->stats.forged++;
    return;
  }
  mark (session, datagram->counter);
  if (which == WAITING)
    promote (d, c);
  heard (c, from);
  use (d, c);
  send_kept (d, c);
  d->stats.received++;
  struct inos_peer_id id = c->id; /* @c may be forgotten meanwhile */
  d->setup.events->received (d->setup.data, &id, payload, len);
}

void inos_datagrams_take (struct inos_datagrams *d, const struct inos_datagram_place *from,
                          const uint8_t *bytes, size_t len)
{
  struct inos_datagram datagram;

  if (!inos_datagram_read (&datagram, bytes, len)) {
    d->stats.malformed++;
    return;
  }
  switch (datagram.kind) {
  case INOS_DATAGRAM_HELLO:
    on_hello (d, from, &datagram);
    break;
  case INOS_DATAGRAM_ANSWER:
    on_answer (d, from, &datagram);
    break;
  default:
    on_data (d, from, &datagram);
    break;
  }
}

/* Looking */

bool inos_datagrams_is_open (const struct inos_datagrams *d, const struct inos_peer_id *peer)
{
  const struct correspondent *c = find (d, peer);

  return c && is_open (d, c);
}

bool inos_datagrams_at (const struct inos_datagrams *d, const struct inos_peer_id *peer,
                        struct inos_datagram_place *place)
{
  const struct correspondent *c = find (d, peer);

  if (!c || !c->placed)
    return false;
  *place = c->place;
  return true;
}

const struct inos_datagrams_stats *inos_datagrams_stats (const struct inos_datagrams *d)
{
  return &d->stats;
}

/* Life cycle */

struct inos_datagrams *inos_datagrams_new (const struct inos_datagrams_setup *setup)
{
  struct inos_datagrams *d = g_new0 (struct inos_datagrams, 1);

  d->setup = *setup;
  d->by_id = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, free_correspondent);
  d->by_session = g_hash_table_new (NULL, NULL);
  g_queue_init (&d->known);
  g_queue_init (&d->strangers);
  return d;
}

void inos_datagrams_free (struct inos_datagrams *d)
{
  if (!d)
    return;
  g_hash_table_unref (d->by_session);
  g_hash_table_unref (d->by_id);
  g_free (d);
}
