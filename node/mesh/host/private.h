/*
 * What the files of a host share.
 *
 * Everything that networks and connections tell comes in through inos_host_enter() and ends with
 * inos_host_leave(): what has ended meanwhile is freed, and what waits is sent, by the outermost
 * leave, so that nobody's object goes while somebody is inside it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/gate.h"
#include "node/mesh/host/host.h"
#include "node/mesh/host/peer_book.h"

#define INOS_SECONDS(n) ((uint64_t)(n) * G_GUINT64_CONSTANT (1000000000))

/* One link and what was made of it. */
struct inos_link {
  struct inos_host *host;
  const struct inos_link_class *klass;
  void *object; /* the network's; NULL once it has ended */
  struct inos_connection *connection;
  struct inos_peer *peer; /* NULL before it is ready */
  uint64_t dial;          /* the number of its dial; 0: inbound */
  uint64_t since;         /* ns, when it came */
  struct inos_multiaddr remote, local;
  bool ready, dirty, over; /* dirty: it may have bytes to send; over: to be freed */
  bool gated;              /* it counts at the gate */
  bool waits, paused;      /* shape.c: to send; not read from */
};

struct inos_dial;

struct inos_host_watcher {
  const struct inos_host_events *events;
  void *data;
};

struct inos_host {
  struct inos_host_setup setup;
  struct inos_host_limits limits;
  struct inos_peer_id id;
  GPtrArray *networks;  /* const struct inos_network; theirs */
  GArray *watchers;     /* struct inos_host_watcher */
  GPtrArray *offers;    /* const struct inos_protocol_offer, in the order of the calls; theirs */
  GHashTable *offer_of; /* name → offer */
  const struct inos_host_guard *guard; /* NULL: none */
  void *guard_data;
  GHashTable *latest; /* struct inos_peer_id → the same, owned: who has handed over to whom */
  struct inos_peer_book *book;
  struct inos_gate *gate;
  GPtrArray *links;  /* struct inos_link; in the order they came */
  GPtrArray *dials;  /* struct inos_dial; the oldest first */
  GArray *listening; /* struct inos_multiaddr: where networks listen */
  GArray *observed;  /* observed.c's */
  uint64_t last_dial;
  uint64_t past_sent, past_received; /* bytes of links that have gone */
  struct inos_flow out, in;          /* bytes of all links */
  struct inos_meter *meter;
  struct inos_bucket may_send, may_receive;
  bool shaped, in_turn; /* there is any limit; those that wait have their turn */
  guint turn;           /* who of them is the first */
  guint tick;           /* who of all is */
  unsigned depth;       /* of inos_host_enter() */
  bool dirty, litter;   /* some link is dirty; something is over */
  bool freeing;
  uint64_t next_trim;  /* ns, when to look for too many connections again */
  uint64_t next_sweep; /* ns, when to forget what is old */
};

void inos_host_enter (struct inos_host *host);
void inos_host_leave (struct inos_host *host);

/* links.c */
struct inos_link *inos_link_new (struct inos_host *host, const struct inos_link_class *klass,
                                 void *object, uint64_t dial, const struct inos_peer_id *expect,
                                 const struct inos_multiaddr *remote,
                                 const struct inos_multiaddr *local, bool initiator);
void inos_link_start (struct inos_link *link);
void inos_link_flush (struct inos_link *link);
/** inos_link_close: ends it in good order, or at once where it is not ready. */
void inos_link_close (struct inos_link *link);
void inos_link_free (struct inos_link *link);

/* dials.c */
uint64_t inos_dials_deadline (const struct inos_host *host);
void inos_dials_tick (struct inos_host *host);
/** inos_dials_ready: @link, which was dialled, has a connection to its peer. */
void inos_dials_ready (struct inos_host *host, struct inos_link *link);
/** inos_dials_failed: @link, which was dialled, has gone before. */
void inos_dials_failed (struct inos_host *host, struct inos_link *link, const GError *error);
/** inos_dials_met: there is a direct connection to @peer: who dials it together with us is done. */
void inos_dials_met (struct inos_host *host, const struct inos_peer_id *peer);
/** inos_dials_meets: (out): whom we dial at @remote at the same moment, as the initiator; whether
 * there is one. */
bool inos_dials_meets (struct inos_host *host, const struct inos_multiaddr *remote,
                       struct inos_peer_id *peer);
void inos_dials_clear (struct inos_host *host);

/* shape.c */
void inos_shape_init (struct inos_host *host);
/** inos_shape_link: how much may wait in it for its turn. */
void inos_shape_link (struct inos_link *link);
/** inos_shape_refuses: whether so much of @protocol came that no more streams of it are taken. */
bool inos_shape_refuses (struct inos_host *host, const char *protocol);
/** inos_shape_peer: it is connected: its limits count. */
void inos_shape_peer (struct inos_host *host, struct inos_peer *peer);
/** inos_shape_room: bytes that @link may send now; 0: it waits from now on. */
size_t inos_shape_room (struct inos_link *link);
void inos_shape_sent (struct inos_link *link, size_t bytes);
void inos_shape_received (struct inos_link *link, size_t bytes);
uint64_t inos_shape_deadline (const struct inos_host *host);
void inos_shape_tick (struct inos_host *host);

/* observed.c */
GArray *inos_observed_new (void);

/* stats.c */
/** inos_peer_best_link: (nullable): what new streams use: a direct connection before a relayed one,
 * the oldest of each. */
struct inos_link *inos_peer_best_link (const struct inos_peer *peer);

/** inos_peer_is_direct: whether it has a connection that is not relayed. */
bool inos_peer_is_direct (const struct inos_peer *peer);

/* trim.c */
void inos_host_trim (struct inos_host *host);

/* host.c */
const struct inos_protocol_offer *inos_host_offer_of (struct inos_host *host, const char *name);
/** inos_host_may_speak: whether @peer may be spoken with by @offer. */
bool inos_host_may_speak (const struct inos_host *host, const struct inos_peer_id *peer,
                          const struct inos_protocol_offer *offer);
void inos_host_tell_dialled (struct inos_host *host, const struct inos_peer_id *peer,
                             const GError *error);
void inos_host_tell_connected (struct inos_host *host, const struct inos_peer_id *peer);
void inos_host_tell_direct (struct inos_host *host, const struct inos_peer_id *peer);
void inos_host_tell_fewer (struct inos_host *host, const struct inos_peer_id *peer);
void inos_host_tell_disconnected (struct inos_host *host, const struct inos_peer_id *peer);
void inos_host_tell_identified (struct inos_host *host, const struct inos_peer_id *peer);
