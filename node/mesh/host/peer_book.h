/*
 * What a host knows of peers: where they are said to be, what they speak, what they are worth.
 *
 * Of peers that nobody is connected to, the longest unseen are forgotten first: a stranger who
 * names many costs no more than INOS_PEERS_MAX.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/dial_ending.h"
#include "node/mesh/link/bucket.h"
#include "node/mesh/link/flow.h"
#include "node/mesh/link/meter.h"
#include "node/mesh/wire/multiaddr.h"

#define INOS_PEERS_MAX 4096u         /* that nobody is connected to */
#define INOS_PEER_ADDRESSES_MAX 32u  /* of one peer */
#define INOS_PEER_PROTOCOLS_MAX 256u /* of one peer */
#define INOS_PEER_WORD_MAX 128u      /* bytes of a protocol's name, or an agent's */
#define INOS_PEER_TAGS_MAX 16u

/* Who said that a peer is at an address; the later ones are believed more. */
enum inos_address_source {
  INOS_ADDRESS_HEARSAY,    /* another peer */
  INOS_ADDRESS_SELF,       /* the peer, unsigned */
  INOS_ADDRESS_CERTIFIED,  /* the peer, signed */
  INOS_ADDRESS_CONFIGURED, /* a person; never forgotten */
  INOS_ADDRESS_CONNECTED,  /* we were there */
};

/** inos_address_source_name: "hearsay", "self" and so on; static. */
const char *inos_address_source_name (enum inos_address_source source);

struct inos_known_address {
  struct inos_multiaddr address; /* without a /p2p/ at its end */
  enum inos_address_source source;
  uint64_t expires;           /* ns; INOS_NEVER */
  uint64_t not_before;        /* ns, since the last dial failed; 0: it did not */
  unsigned failures;          /* since the last success */
  enum inos_dial_ending last; /* of the last dial */
  uint64_t dialled;           /* ns, when that ended */
};

struct inos_peer_tag {
  const char *tag; /* interned */
  unsigned points;
};

struct inos_peer {
  struct inos_peer_id id;
  GArray *addresses;              /* struct inos_known_address */
  GPtrArray *protocols;           /* char *, what identify said */
  char *agent, *protocol_version; /* what identify said; NULL: not yet */
  GBytes *record;                 /* its signed record, sealed; NULL: none */
  uint64_t record_sequence;
  GPtrArray *links;         /* struct inos_link: those that are ready, the oldest first */
  GArray *tags;             /* struct inos_peer_tag */
  struct inos_flow out, in; /* bytes of its links, once it had said who it is */
  struct inos_bucket may_send, may_receive; /* shape.c's */
  struct inos_memory memory;                /* what waits in its streams */
  bool identified;
  bool announced; /* watchers know that it is connected */
  uint64_t seen;  /* ns, when last heard of */
  GList queued;   /* among those that may be forgotten */
};

struct inos_peer_book;

struct inos_peer_book *inos_peer_book_new (void);
void inos_peer_book_free (struct inos_peer_book *book);

/** inos_peer_book_find: (nullable): what is known of @id. */
struct inos_peer *inos_peer_book_find (struct inos_peer_book *book, const struct inos_peer_id *id);
/** inos_peer_book_get: the same; a new one where nothing is. May forget another peer. */
struct inos_peer *inos_peer_book_get (struct inos_peer_book *book, const struct inos_peer_id *id,
                                      uint64_t now);
/** inos_peer_book_forget_old: drops addresses that have expired at @now, and peers without any. */
void inos_peer_book_forget_old (struct inos_peer_book *book, uint64_t now);
/** inos_peer_book_list: (transfer container): all of them, by id. */
GPtrArray *inos_peer_book_list (struct inos_peer_book *book);

/**
 * inos_peer_learn: @peer is said to be at @address until @expires (ns).
 * Where there are too many, the one that is believed least goes.
 */
void inos_peer_learn (struct inos_peer *peer, const struct inos_multiaddr *address,
                      enum inos_address_source source, uint64_t expires);
/** inos_peer_dialled: @how a dial of @address went; a failure is not repeated for a time that
 * doubles from 1 s to 5 min. */
void inos_peer_dialled (struct inos_peer *peer, const struct inos_multiaddr *address,
                        enum inos_dial_ending how, uint64_t now);
/** inos_peer_may_be_dialled: whether it has an address at which no dial has failed a moment ago. */
bool inos_peer_may_be_dialled (const struct inos_peer *peer, uint64_t now);
/** inos_peer_speaks: whether identify said so. */
bool inos_peer_speaks (const struct inos_peer *peer, const char *protocol);
/** inos_peer_value: sets what it is worth to @tag. */
void inos_peer_value (struct inos_peer *peer, const char *tag, unsigned points);
/** inos_peer_worth: the sum of its tags; G_MAXUINT: never to be closed. */
unsigned inos_peer_worth (const struct inos_peer *peer);
