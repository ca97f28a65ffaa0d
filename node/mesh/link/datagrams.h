/*
 * Datagrams between peers, sealed: sessions with many of them, over any one socket. Whoever knows
 * a peer's id and a place where it may be can send to it; no connection is needed.
 *
 * Who has no session says HELLO; the answer proves that the peer is there now, and what comes in a
 * session proves the same of whoever began it: both nonces are in its keys. So nothing that was
 * sent to an earlier life of either counts, and within a session nothing counts twice. Who begins
 * anew (a restart) begins another session, and what was sent meanwhile is lost, as datagrams are.
 *
 * What does not prove itself is dropped, counted and not answered. A stranger's key costs an
 * agreement of keys: a few in a second are done, and few strangers remembered.
 *
 * A core: see env.h; it has no deadlines. From `received` it may be called again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/link/datagram.h"
#include "node/mesh/wire/peer_id.h"

/* Those of time are in ns. */
#define INOS_DATAGRAMS_PEERS_MAX 2048u    /* remembered; the longest unused goes */
#define INOS_DATAGRAMS_STRANGERS_MAX 64u  /* of those that nobody here knows */
#define INOS_DATAGRAMS_STRANGERS_RATE 32u /* keys of strangers agreed with, in a second */
#define INOS_DATAGRAMS_PLACES_MAX 8u      /* where a HELLO goes at once */
#define INOS_DATAGRAMS_SILENCE UINT64_C (5000000000)    /* then it may not get through */
#define INOS_DATAGRAMS_KEPT UINT64_C (3000000000)       /* that one waits for an answer */
#define INOS_DATAGRAMS_AGAIN UINT64_C (1000000000)      /* to the second HELLO; doubled after */
#define INOS_DATAGRAMS_AGAIN_MAX UINT64_C (64000000000) /* up to this */

struct inos_datagrams;

/* Where datagrams go and come from. */
struct inos_datagram_place {
  uint8_t ip[16]; /* an IPv4 address as ::ffff:0:0/96 */
  uint16_t port;
  uint32_t zone; /* of a link-local address, else 0 */
};

enum inos_datagram_standing {
  INOS_DATAGRAM_REFUSED,
  INOS_DATAGRAM_STRANGER,
  INOS_DATAGRAM_KNOWN,
};

struct inos_datagrams_events {
  /* To be sent. May not call back. */
  void (*send) (void *data, const struct inos_datagram_place *to, const void *bytes, size_t len);
  /* @from sent this, once, now. */
  void (*received) (void *data, const struct inos_peer_id *from, const void *bytes, size_t len);
  /* Who this is, before anything is done for it. May not call back. */
  enum inos_datagram_standing (*standing) (void *data, const struct inos_peer_id *peer);
  /* Where @peer may be. Returns: how many places, at most INOS_DATAGRAMS_PLACES_MAX. May not call
   * back. */
  unsigned (*locate) (void *data, const struct inos_peer_id *peer,
                      struct inos_datagram_place places[INOS_DATAGRAMS_PLACES_MAX]);
};

struct inos_datagrams_setup {
  const struct inos_mesh_env *env;
  const struct inos_identity *identity;
  const uint8_t *network; /* 32 bytes, the key of a private mesh; NULL: none */
  const struct inos_datagrams_events *events;
  void *data;
};

struct inos_datagrams *inos_datagrams_new (const struct inos_datagrams_setup *setup);
void inos_datagrams_free (struct inos_datagrams *datagrams);

enum inos_datagram_way {
  INOS_DATAGRAM_SENT,  /* in a session that seems to get through */
  INOS_DATAGRAM_KEPT,  /* until there is one, for a while; one is kept of each peer */
  INOS_DATAGRAM_NOWAY, /* not sent, only that there should be a session was said */
};
/**
 * inos_datagrams_send:
 * @len: at most %INOS_DATAGRAM_PAYLOAD_MAX
 * @keep: whether it may be kept; a caller that has another way says false
 */
enum inos_datagram_way inos_datagrams_send (struct inos_datagrams *datagrams,
                                            const struct inos_peer_id *to, const void *bytes,
                                            size_t len, bool keep);
/** inos_datagrams_take: something came from @from, from anybody. */
void inos_datagrams_take (struct inos_datagrams *datagrams, const struct inos_datagram_place *from,
                          const uint8_t *bytes, size_t len);
/** inos_datagrams_is_open: whether there is a session with @peer that seems to get through. */
bool inos_datagrams_is_open (const struct inos_datagrams *datagrams,
                             const struct inos_peer_id *peer);
/** inos_datagrams_at: (out): where @peer was last; whether that is known. */
bool inos_datagrams_at (const struct inos_datagrams *datagrams, const struct inos_peer_id *peer,
                        struct inos_datagram_place *place);

struct inos_datagrams_stats {
  uint64_t sent, received;    /* data */
  uint64_t hellos, answers;   /* sent */
  uint64_t malformed, forged; /* refused: no datagram; of nobody who proves himself */
  uint64_t repeated, strange; /* refused: seen before or too old; a stranger too many */
  unsigned peers, strangers;  /* remembered */
};
const struct inos_datagrams_stats *inos_datagrams_stats (const struct inos_datagrams *datagrams);
