/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/dcutr.h"

#include "node/mesh/host/frames.h"
#include "node/mesh/relay/dcutr_message.h"
#include "node/mesh/relay/own_place.h"

#define SECONDS(n) ((uint64_t)(n) * G_GUINT64_CONSTANT (1000000000))
#define GRACE SECONDS (3)           /* for what goes by the relay still */
#define ANSWER_TIMEOUT SECONDS (15) /* for a CONNECT that answers ours */
#define NEXT_TIMEOUT SECONDS (30)   /* for what the peer says next, after a failure too */
#define WAIT SECONDS (5)            /* for the other side's dial, where it names no address */
#define MINUTE SECONDS (60)

static const char *const names[] = {INOS_DCUTR_PROTOCOL};

enum step {
  IDLE,    /* nothing goes on */
  ALONE,   /* B dials A where that says it is */
  OPENING, /* B waits for its stream */
  ASKED,   /* B waits for A's CONNECT */
  HALFWAY, /* B waits for its SYNC to arrive */
  HEARING, /* A waits for a CONNECT */
  TOLD,    /* A waits for the SYNC */
  MEETING, /* both dial */
};

/* One peer. */
struct upgrade {
  struct inos_dcutr *dcutr;
  struct inos_peer_id peer;
  GList link;
  enum step step;
  bool begun;                 /* since it was connected */
  unsigned dials;             /* of which the host will say what became */
  bool hearing;               /* what came is being read: its stream goes afterwards */
  struct inos_stream *stream; /* NULL: none */
  struct inos_frames frames;
  unsigned rounds;            /* that it had us dial, since it was connected */
  uint64_t asked;             /* ns, when our CONNECT went */
  uint64_t deadline, hang_up; /* ns; INOS_NEVER */
  unsigned n_leads;
  struct inos_multiaddr leads[INOS_DCUTR_ADDRESSES_MAX];
  struct inos_dcutr_report report;
};

struct inos_dcutr {
  struct inos_host *host;
  bool anywhere;
  struct inos_protocol_offer offer;
  GQueue upgrades; /* struct upgrade.link; the latest first */
  uint64_t minute; /* ns, when it began */
  unsigned rounds; /* in it */
};

static void try_together (struct upgrade *upgrade);

static uint64_t now_of (const struct inos_dcutr *dcutr)
{
  return inos_env_now (inos_host_env (dcutr->host));
}

/* Whom it is tried with */

static struct upgrade *find (const struct inos_dcutr *dcutr, const struct inos_peer_id *peer)
{
  for (const GList *at = dcutr->upgrades.head; at; at = at->next)
    if (inos_peer_id_equal (&((const struct upgrade *)at->data)->peer, peer))
      return at->data;
  return NULL;
}

static bool is_busy (const struct upgrade *upgrade)
{
  return upgrade->step != IDLE || upgrade->stream || upgrade->dials > 0;
}

static unsigned count_running (const struct inos_dcutr *dcutr)
{
  unsigned running = 0;

  for (const GList *at = dcutr->upgrades.head; at; at = at->next)
    running += is_busy (at->data);
  return running;
}

/* The one that nothing was heard of for longest goes, of those with which nothing goes on. */
static void make_room (struct inos_dcutr *dcutr)
{
  for (GList *at = dcutr->upgrades.tail; at; at = at->prev) {
    struct upgrade *old = at->data;
    if (is_busy (old) || old->hang_up != INOS_NEVER)
      continue;
    g_queue_unlink (&dcutr->upgrades, at);
    g_free (old);
    return;
  }
}

static struct upgrade *get (struct inos_dcutr *dcutr, const struct inos_peer_id *peer)
{
  struct upgrade *upgrade = find (dcutr, peer);

  if (upgrade) {
    g_queue_unlink (&dcutr->upgrades, &upgrade->link);
    g_queue_push_head_link (&dcutr->upgrades, &upgrade->link);
    return upgrade;
  }
  if (dcutr->upgrades.length >= INOS_DCUTR_KEPT_MAX)
    make_room (dcutr);
  upgrade = g_new0 (struct upgrade, 1);
  upgrade->dcutr = dcutr;
  upgrade->peer = *peer;
  upgrade->deadline = upgrade->hang_up = INOS_NEVER;
  upgrade->link.data = upgrade;
  g_queue_push_head_link (&dcutr->upgrades, &upgrade->link);
  return upgrade;
}

static void become (struct upgrade *upgrade, enum inos_dcutr_outcome outcome)
{
  upgrade->report.outcome = outcome;
  upgrade->report.since = now_of (upgrade->dcutr);
}

static void end (struct upgrade *upgrade, enum inos_dcutr_outcome outcome)
{
  upgrade->step = IDLE;
  upgrade->deadline = INOS_NEVER;
  become (upgrade, outcome);
  if (upgrade->stream && !upgrade->hearing)
    inos_stream_reset (upgrade->stream);
}

/* Where they are */

static bool is_lead (const struct inos_dcutr *dcutr, const struct inos_multiaddr *address)
{
  return !inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT) &&
         (dcutr->anywhere || inos_multiaddr_reach (address) == INOS_REACH_PUBLIC) &&
         inos_host_can_dial (dcutr->host, address);
}

static void add_lead (struct upgrade *upgrade, const struct inos_multiaddr *address)
{
  struct inos_multiaddr bare;

  inos_multiaddr_without_peer (address, &bare);
  if (upgrade->n_leads == INOS_DCUTR_ADDRESSES_MAX || bare.len == 0 ||
      !is_lead (upgrade->dcutr, &bare))
    return;
  for (unsigned i = 0; i < upgrade->n_leads; i++)
    if (inos_multiaddr_equal (&upgrade->leads[i], &bare))
      return;
  upgrade->leads[upgrade->n_leads++] = bare;
}

/* What is said */

static void say (struct inos_stream *stream, const struct inos_dcutr_message *message)
{
  struct inos_buffer bytes = {0};

  inos_dcutr_write (message, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

/* Returns: how many addresses it named. */
static unsigned say_connect (struct upgrade *upgrade)
{
  struct inos_dcutr *dcutr = upgrade->dcutr;
  g_autofree struct inos_dcutr_message *message = g_new0 (struct inos_dcutr_message, 1);

  message->kind = INOS_DCUTR_CONNECT;
  message->n_addresses =
    inos_own_places (dcutr->host, dcutr->anywhere, message->addresses, INOS_DCUTR_ADDRESSES_MAX);
  say (upgrade->stream, message);
  return message->n_addresses;
}

/* Dialling */

static void on_missed (struct upgrade *upgrade)
{
  const struct inos_dcutr_report *report = &upgrade->report;
  bool alone = upgrade->step == ALONE;

  if (!alone && upgrade->n_leads == 0)
    end (upgrade, INOS_DCUTR_NO_ADDRESS_THERE);
  else if (alone || (report->ours && report->tries < INOS_DCUTR_TRIES))
    try_together (upgrade);
  else if (report->ours || !upgrade->stream)
    end (upgrade, INOS_DCUTR_NO_WAY);
  else { /* B will say when to try again */
    upgrade->step = HEARING;
    upgrade->deadline = now_of (upgrade->dcutr) + NEXT_TIMEOUT;
  }
}

static void on_dialled (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct upgrade *upgrade = data;

  upgrade->dials--;
  if (upgrade->step != ALONE && upgrade->step != MEETING)
    return;
  if (!error)
    end (upgrade, INOS_DCUTR_SUCCEEDED);
  else if (upgrade->dials == 0)
    on_missed (upgrade);
}

static void meet (struct upgrade *upgrade, enum step step)
{
  upgrade->step = step;
  upgrade->report.tries += step == MEETING;
  if (upgrade->n_leads == 0) {
    upgrade->deadline = now_of (upgrade->dcutr) + WAIT;
    return;
  }
  upgrade->deadline = INOS_NEVER;
  upgrade->dials++;
  inos_host_punch (upgrade->dcutr->host, &upgrade->peer, upgrade->leads, upgrade->n_leads,
                   step == MEETING && upgrade->report.ours, on_dialled, upgrade);
}

/* Messages */

static void take_leads (struct upgrade *upgrade, const struct inos_dcutr_message *message)
{
  upgrade->n_leads = 0;
  for (unsigned i = 0; i < message->n_addresses; i++)
    add_lead (upgrade, &message->addresses[i]);
}

/* B hears where A is; who names no address may still dial. */
static bool on_answer (struct upgrade *upgrade, const struct inos_dcutr_message *message)
{
  uint64_t now = now_of (upgrade->dcutr);

  if (message->kind != INOS_DCUTR_CONNECT)
    return false;
  take_leads (upgrade, message);
  say (upgrade->stream, &(struct inos_dcutr_message){.kind = INOS_DCUTR_SYNC});
  upgrade->step = HALFWAY;
  upgrade->deadline = now + (now - upgrade->asked) / 2;
  return true;
}

/* A hears where B is. */
static bool on_question (struct upgrade *upgrade, const struct inos_dcutr_message *message)
{
  if (message->kind != INOS_DCUTR_CONNECT || upgrade->rounds >= INOS_DCUTR_ROUNDS_MAX)
    return false;
  upgrade->rounds++;
  take_leads (upgrade, message);
  say_connect (upgrade);
  upgrade->step = TOLD;
  upgrade->deadline = now_of (upgrade->dcutr) + NEXT_TIMEOUT;
  return true;
}

/* Strangers do not have us dial without end. */
static bool may_dial (struct inos_dcutr *dcutr)
{
  uint64_t now = now_of (dcutr);

  if (now - dcutr->minute >= MINUTE) {
    dcutr->minute = now;
    dcutr->rounds = 0;
  }
  return dcutr->rounds++ < INOS_DCUTR_ROUNDS_MINUTE;
}

static bool on_message (void *data, const uint8_t *bytes, size_t len)
{
  struct upgrade *upgrade = data;
  g_autofree struct inos_dcutr_message *message = g_new (struct inos_dcutr_message, 1);

  if (!inos_dcutr_read (message, bytes, len))
    return false;
  switch (upgrade->step) {
  case ASKED:
    return on_answer (upgrade, message);
  case HEARING:
    return on_question (upgrade, message);
  case MEETING: /* B's dials ended before ours */
    return !upgrade->report.ours && on_question (upgrade, message);
  case TOLD:
    if (message->kind != INOS_DCUTR_SYNC || !may_dial (upgrade->dcutr))
      return false;
    meet (upgrade, MEETING);
    return true;
  case IDLE:
    return true; /* it has ended from inside */
  case ALONE:
  case OPENING:
  case HALFWAY:
  default:
    return false;
  }
}

/* Streams */

static void on_open (struct inos_stream *stream, void *data)
{
  struct upgrade *upgrade = data;

  if (upgrade->step != OPENING)
    return;
  upgrade->step = ASKED;
  upgrade->asked = now_of (upgrade->dcutr);
  upgrade->deadline = upgrade->asked + ANSWER_TIMEOUT;
  if (say_connect (upgrade) == 0)
    end (upgrade, INOS_DCUTR_NO_ADDRESS);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct upgrade *upgrade = data;

  upgrade->hearing = true;
  bool good = inos_frames_feed (&upgrade->frames, bytes, len, on_message, upgrade);
  upgrade->hearing = false;
  if (!good || upgrade->step == IDLE)
    inos_stream_reset (stream);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

/* Who dials goes on without it: the other side may have said all. */
static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct upgrade *upgrade = data;

  upgrade->stream = NULL;
  inos_frames_clear (&upgrade->frames);
  if (upgrade->step == OPENING || upgrade->step == ASKED)
    end (upgrade, why == INOS_STREAM_UNSUPPORTED ? INOS_DCUTR_UNSUPPORTED : INOS_DCUTR_BROKEN);
  else if (upgrade->step == HEARING && upgrade->report.tries > 0)
    end (upgrade, INOS_DCUTR_NO_WAY);
  else if (upgrade->step == HEARING || upgrade->step == TOLD)
    end (upgrade, INOS_DCUTR_BROKEN);
}

static const struct inos_stream_handler handler = {
  .open = on_open, .bytes = on_bytes, .finish = on_finish, .gone = on_gone};

/* A stream is clean before its next message, and opened again where the peer has ended it. */
static void try_together (struct upgrade *upgrade)
{
  struct inos_dcutr *dcutr = upgrade->dcutr;
  const struct inos_peer *known =
    inos_peer_book_find (inos_host_book (dcutr->host), &upgrade->peer);

  if (!known || !inos_peer_speaks (known, INOS_DCUTR_PROTOCOL)) {
    end (upgrade, INOS_DCUTR_UNSUPPORTED);
    return;
  }
  upgrade->step = OPENING;
  upgrade->deadline = now_of (dcutr) + ANSWER_TIMEOUT;
  if (upgrade->stream) {
    on_open (upgrade->stream, upgrade);
    return;
  }
  upgrade->frames = (struct inos_frames){.max = INOS_DCUTR_MESSAGE_MAX};
  upgrade->stream = inos_host_open (dcutr->host, &upgrade->peer, names, 1, &handler, upgrade);
  if (!upgrade->stream)
    end (upgrade, upgrade->report.tries > 0 ? INOS_DCUTR_NO_WAY : INOS_DCUTR_BROKEN);
}

static bool on_accept (void *data, struct inos_stream *stream)
{
  struct inos_dcutr *dcutr = data;
  const struct inos_peer_id *peer = inos_stream_peer (stream);

  if (inos_host_is_direct (dcutr->host, peer) || count_running (dcutr) >= INOS_DCUTR_RUNNING_MAX) {
    inos_stream_reset (stream);
    return false;
  }
  struct upgrade *upgrade = get (dcutr, peer);
  if (is_busy (upgrade)) {
    inos_stream_reset (stream);
    return false;
  }
  upgrade->stream = stream;
  upgrade->frames = (struct inos_frames){.max = INOS_DCUTR_MESSAGE_MAX};
  upgrade->step = HEARING;
  upgrade->deadline = now_of (dcutr) + NEXT_TIMEOUT;
  upgrade->report.ours = false;
  upgrade->report.tries = 0;
  become (upgrade, INOS_DCUTR_RUNNING);
  inos_stream_take_over (stream, &handler, upgrade);
  return true;
}

/* What the host tells */

static void on_connected (void *data, const struct inos_peer_id *peer)
{
}

static void on_disconnected (void *data, const struct inos_peer_id *peer)
{
  struct upgrade *upgrade = find (data, peer);

  if (!upgrade)
    return;
  upgrade->begun = false;
  upgrade->rounds = 0;
  upgrade->hang_up = INOS_NEVER;
}

static void begin (struct upgrade *upgrade, const struct inos_peer *known)
{
  upgrade->begun = true;
  upgrade->report.ours = true;
  upgrade->report.tries = 0;
  if (count_running (upgrade->dcutr) >= INOS_DCUTR_RUNNING_MAX) {
    become (upgrade, INOS_DCUTR_BUSY);
    return;
  }
  become (upgrade, INOS_DCUTR_RUNNING);
  upgrade->n_leads = 0;
  for (guint i = 0; i < known->addresses->len; i++)
    add_lead (upgrade, &g_array_index (known->addresses, struct inos_known_address, i).address);
  if (upgrade->n_leads > 0)
    meet (upgrade, ALONE);
  else
    try_together (upgrade);
}

/* Who was called begins, as soon as it knows where the caller says that it is. */
static void on_identified (void *data, const struct inos_peer_id *peer)
{
  struct inos_dcutr *dcutr = data;
  const struct inos_peer *known = inos_peer_book_find (inos_host_book (dcutr->host), peer);
  struct inos_host_peer_stats stats;

  inos_host_peer_stats (dcutr->host, peer, &stats);
  if (!known || stats.connections == 0 || !stats.relayed || !stats.inbound)
    return;
  struct upgrade *upgrade = get (dcutr, peer);
  if (!upgrade->begun && !is_busy (upgrade))
    begin (upgrade, known);
}

static void on_direct (void *data, const struct inos_peer_id *peer)
{
  struct inos_dcutr *dcutr = data;
  struct upgrade *upgrade = get (dcutr, peer);

  upgrade->hang_up = now_of (dcutr) + GRACE;
  if (upgrade->report.outcome != INOS_DCUTR_NOTHING) /* also where it had just failed */
    end (upgrade, INOS_DCUTR_SUCCEEDED);
}

static const struct inos_host_events events = {.connected = on_connected,
                                               .disconnected = on_disconnected,
                                               .direct = on_direct,
                                               .identified = on_identified};

/* Life cycle */

struct inos_dcutr *inos_dcutr_new (struct inos_host *host, bool anywhere)
{
  struct inos_dcutr *dcutr = g_new0 (struct inos_dcutr, 1);

  dcutr->host = host;
  dcutr->anywhere = anywhere;
  dcutr->minute = now_of (dcutr);
  dcutr->offer = (struct inos_protocol_offer){.name = INOS_DCUTR_PROTOCOL,
                                              .streams_max = 1,
                                              .relayed = true,
                                              .accept = on_accept,
                                              .data = dcutr};
  inos_host_offer (host, &dcutr->offer);
  inos_host_watch (host, &events, dcutr);
  return dcutr;
}

void inos_dcutr_free (struct inos_dcutr *dcutr)
{
  if (!dcutr)
    return;
  while (dcutr->upgrades.head) {
    struct upgrade *upgrade = dcutr->upgrades.head->data;
    g_queue_unlink (&dcutr->upgrades, &upgrade->link);
    inos_frames_clear (&upgrade->frames);
    g_free (upgrade);
  }
  g_free (dcutr);
}

uint64_t inos_dcutr_deadline (const struct inos_dcutr *dcutr)
{
  uint64_t deadline = INOS_NEVER;

  for (const GList *at = dcutr->upgrades.head; at; at = at->next) {
    const struct upgrade *upgrade = at->data;
    deadline = MIN (deadline, MIN (upgrade->deadline, upgrade->hang_up));
  }
  return deadline;
}

static struct upgrade *find_due (struct inos_dcutr *dcutr, uint64_t now)
{
  for (GList *at = dcutr->upgrades.head; at; at = at->next) {
    struct upgrade *upgrade = at->data;
    if (MIN (upgrade->deadline, upgrade->hang_up) <= now)
      return upgrade;
  }
  return NULL;
}

/* A direct connection that has gone again leaves the relayed one as it is. */
static void leave_relay (struct upgrade *upgrade)
{
  struct inos_peer_id peer = upgrade->peer;

  upgrade->hang_up = INOS_NEVER;
  if (inos_host_is_direct (upgrade->dcutr->host, &peer))
    inos_host_hang_up_relayed (upgrade->dcutr->host, &peer);
}

void inos_dcutr_tick (struct inos_dcutr *dcutr)
{
  uint64_t now = now_of (dcutr);
  struct upgrade *upgrade;

  while ((upgrade = find_due (dcutr, now)) != NULL) {
    if (upgrade->hang_up <= now)
      leave_relay (upgrade);
    else if (upgrade->step == HALFWAY)
      meet (upgrade, MEETING);
    else if (upgrade->step == MEETING)
      on_missed (upgrade);
    else
      end (upgrade, upgrade->report.tries > 0 ? INOS_DCUTR_NO_WAY : INOS_DCUTR_BROKEN);
  }
}

void inos_dcutr_report (const struct inos_dcutr *dcutr, const struct inos_peer_id *peer,
                        struct inos_dcutr_report *report)
{
  const struct upgrade *upgrade = dcutr ? find (dcutr, peer) : NULL;

  *report = upgrade ? upgrade->report : (struct inos_dcutr_report){0};
}

const char *inos_dcutr_outcome_name (enum inos_dcutr_outcome outcome)
{
  static const char *const names_of[] = {
    [INOS_DCUTR_NOTHING] = "nothing",
    [INOS_DCUTR_RUNNING] = "running",
    [INOS_DCUTR_SUCCEEDED] = "succeeded",
    [INOS_DCUTR_UNSUPPORTED] = "unsupported",
    [INOS_DCUTR_NO_ADDRESS] = "no-address",
    [INOS_DCUTR_NO_ADDRESS_THERE] = "no-address-there",
    [INOS_DCUTR_NO_WAY] = "no-way",
    [INOS_DCUTR_BROKEN] = "broken",
    [INOS_DCUTR_BUSY] = "busy",
  };

  return names_of[outcome];
}
