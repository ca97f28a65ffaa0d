/*
 * A host: one peer of the mesh, in libp2p's words. It has an identity, networks that carry bytes,
 * connections to other peers, and the protocols that those may speak with it.
 *
 * Does no I/O: see network.h for who does, env.h for the rules. For one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/network.h"
#include "node/mesh/host/peer_book.h"
#include "node/mesh/link/connection.h"

struct inos_host;

/* A protocol that peers may open streams for. */
struct inos_protocol_offer {
  const char *name;                          /* "/ipfs/ping/1.0.0" */
  unsigned streams_max;                      /* inbound at once, of one peer; 0: 32 */
  bool relayed;                              /* also over a relayed connection, which is limited */
  bool open;                                 /* also for those whom the guard does not let in */
  const struct inos_stream_handler *handler; /* what is told unless accept says otherwise */
  /* Returns: whether to take @stream; may inos_stream_take_over() it. NULL: yes. */
  bool (*accept) (void *data, struct inos_stream *stream);
  void *data;
};

struct inos_host_events {
  /* The first connection to @peer is there; the last has gone. */
  void (*connected) (void *data, const struct inos_peer_id *peer);
  void (*disconnected) (void *data, const struct inos_peer_id *peer);
  /* The first connection to @peer that is not relayed is there, after one that is. May be NULL. */
  void (*direct) (void *data, const struct inos_peer_id *peer);
  /* One of several connections to @peer has gone, and every stream on it. May be NULL. */
  void (*fewer) (void *data, const struct inos_peer_id *peer);
  /* What identify found out, or what changed of it. May be NULL. */
  void (*identified) (void *data, const struct inos_peer_id *peer);
  /* Where it listens, or can be reached, has changed. May be NULL. */
  void (*addresses) (void *data);
  /* A dial of @peer, known by its id, is over: @error NULL: it is there; else why not. Not of
   * probes and of what is punched. May be NULL. */
  void (*dialled) (void *data, const struct inos_peer_id *peer, const GError *error);
  /* @peer is @latest now: inos_host_succeed(). May be NULL. */
  void (*succeeded) (void *data, const struct inos_peer_id *peer,
                     const struct inos_peer_id *latest);
};

/* Who may speak the protocols that are not open. */
struct inos_host_guard {
  /* Whether @peer may. May not call back. */
  bool (*lets_in) (void *data, const struct inos_peer_id *peer);
  /* @peer wanted to speak @protocol, which is offered, and may not. May not call back. */
  void (*refused) (void *data, const struct inos_peer_id *peer, const char *protocol);
};

struct inos_host_limits {
  unsigned connections_max;    /* 0: 256; above it the least valuable are closed */
  unsigned connections_low;    /* down to this many; 0: three quarters of the former */
  unsigned per_peer;           /* 0: 4 */
  unsigned per_address;        /* inbound, from one IP address; 0: 32; loopback excepted */
  unsigned per_prefix;         /* inbound, from one /24 or /56; 0: 128; loopback excepted */
  unsigned pending_inbound;    /* not upgraded yet; 0: 64 */
  unsigned dials;              /* at once; 0: 16 */
  unsigned accepts_per_second; /* of one IP address; 0: 64 */
  /* bytes a second, of all connections, and of those of one peer; 0: no limit */
  uint64_t send_max, receive_max, peer_send_max, peer_receive_max;
  uint64_t peer_memory_max; /* bytes that wait in the streams of one peer; 0: as connections let */
};

/* What one protocol may do, over all connections. 0: no limit. */
struct inos_protocol_limits {
  uint64_t send_max, receive_max; /* bytes a second, of its streams */
  uint64_t memory_max;            /* bytes that wait in them; what is beyond ends its stream */
};

struct inos_host_setup {
  const struct inos_mesh_env *env;
  const struct inos_identity *identity;
  const char *agent;  /* "inos/0.1.0" */
  const uint8_t *psk; /* of a private mesh; NULL: none */
  struct inos_host_limits limits;
};

struct inos_host *inos_host_new (const struct inos_host_setup *setup);
void inos_host_free (struct inos_host *host);

void inos_host_add_network (struct inos_host *host, const struct inos_network *network);
/** inos_host_watch: @events are told from now on, in the order of the calls; both outlive @host. */
void inos_host_watch (struct inos_host *host, const struct inos_host_events *events, void *data);
/** inos_host_set_guard: @guard is asked about each stream of a protocol that is offered and not
 * open, in and out, from now on; it outlives @host. NULL: everybody may do everything, as before.
 */
void inos_host_set_guard (struct inos_host *host, const struct inos_host_guard *guard, void *data);
/** inos_host_is_guarded: whether there is one now. */
bool inos_host_is_guarded (const struct inos_host *host);
/** inos_host_lets_in: whether the guard does; true where there is none. */
bool inos_host_lets_in (const struct inos_host *host, const struct inos_peer_id *peer);
/** inos_host_succeed: whoever was @peer is @latest from now on, by a hand-over that has been
 * proven. Connections stay as they are; whoever keeps a list of peers is told. */
void inos_host_succeed (struct inos_host *host, const struct inos_peer_id *peer,
                        const struct inos_peer_id *latest);
/** inos_host_forget_successions: everybody is who it says again. */
void inos_host_forget_successions (struct inos_host *host);
/** inos_host_latest: who @peer is now; @peer where it has handed over to nobody. Good until the
 * next inos_host_succeed(). */
const struct inos_peer_id *inos_host_latest (const struct inos_host *host,
                                             const struct inos_peer_id *peer);
/** inos_host_offer: peers may open streams for it from now on; @offer outlives @host. */
void inos_host_offer (struct inos_host *host, const struct inos_protocol_offer *offer);
/** inos_host_withdraw: no more; streams that there are stay. */
void inos_host_withdraw (struct inos_host *host, const struct inos_protocol_offer *offer);
bool inos_host_listen (struct inos_host *host, const struct inos_multiaddr *address,
                       GError **error);

/** inos_host_limit: the limits of bytes in @limits, from now on; the others stay. */
void inos_host_limit (struct inos_host *host, const struct inos_host_limits *limits);
/** inos_host_limit_protocol: the limits of @protocol from now on. False: there are too many
 * protocols. */
bool inos_host_limit_protocol (struct inos_host *host, const char *protocol,
                               const struct inos_protocol_limits *limits);
/** inos_host_limits: those that count now. */
const struct inos_host_limits *inos_host_limits (const struct inos_host *host);
/** inos_host_urge: what @protocol sends goes before the rest, and does not wait for limits of all
 * and of peers, which wait for it afterwards. */
void inos_host_urge (struct inos_host *host, const char *protocol);

uint64_t inos_host_deadline (const struct inos_host *host);
void inos_host_tick (struct inos_host *host);

const struct inos_peer_id *inos_host_id (const struct inos_host *host);
const struct inos_mesh_env *inos_host_env (const struct inos_host *host);

/**
 * inos_host_open: a stream to @peer, to whom there is a connection: see inos_host_connect(). Where
 * there are only relayed ones, which are limited, only for a protocol that is offered on such.
 * @names: protocols, the best first; they and the array outlive the stream
 *
 * Returns: (nullable): a stream; NULL: there is no connection, or too much waits for it. Then
 * @handler is not called.
 */
struct inos_stream *inos_host_open (struct inos_host *host, const struct inos_peer_id *peer,
                                    const char *const *names, unsigned n_names,
                                    const struct inos_stream_handler *handler, void *data);

/* How a dial ended; @error NULL: there is a connection to @peer. */
typedef void (*inos_host_dial_done) (void *data, const struct inos_peer_id *peer,
                                     const GError *error);
/**
 * inos_host_connect:
 * @peer: (nullable): whom; NULL: whoever is at @addresses
 * @addresses: (nullable): where to look, beside what is known
 *
 * Calls @done once, from inside or later.
 */
void inos_host_connect (struct inos_host *host, const struct inos_peer_id *peer,
                        const struct inos_multiaddr *addresses, unsigned n_addresses,
                        inos_host_dial_done done, void *data);
/** inos_host_connect_direct: the same, and what is relayed does not count: neither a connection
 * that there is, nor an address. */
void inos_host_connect_direct (struct inos_host *host, const struct inos_peer_id *peer,
                               const struct inos_multiaddr *addresses, unsigned n_addresses,
                               inos_host_dial_done done, void *data);
/* How a probe ended: @connection is a new one to whom it was for, and kept like any other; NULL:
 * @error says why there is none. */
typedef void (*inos_host_probed) (void *data, struct inos_connection *connection,
                                  const GError *error);
/** inos_host_probe: dials @peer at @address and nowhere else, whether there is a connection or not.
 * Calls @done once, from inside or later. */
void inos_host_probe (struct inos_host *host, const struct inos_peer_id *peer,
                      const struct inos_multiaddr *address, inos_host_probed done, void *data);
/**
 * inos_host_punch: dials @peer at all of @addresses at the same moment and nowhere else, for
 * 5 s at most, whether there is a relayed connection or not. A direct connection that comes
 * meanwhile is as good.
 * @responds: the other side is the initiator of what is spoken on the link, although this one
 *   dialled it; else this side is, also of a link that comes from one of @addresses meanwhile
 *
 * Calls @done once, from inside or later.
 */
void inos_host_punch (struct inos_host *host, const struct inos_peer_id *peer,
                      const struct inos_multiaddr *addresses, unsigned n_addresses, bool responds,
                      inos_host_dial_done done, void *data);
/** inos_host_can_dial: whether a network of @host handles @address, which ends at no peer. */
bool inos_host_can_dial (struct inos_host *host, const struct inos_multiaddr *address);
/** inos_host_hang_up_relayed: closes those connections to @peer that are relayed. */
void inos_host_hang_up_relayed (struct inos_host *host, const struct inos_peer_id *peer);
/** inos_host_hang_up: closes every connection to @peer. */
void inos_host_hang_up (struct inos_host *host, const struct inos_peer_id *peer);
/** inos_host_value: @peer is worth @points more to whoever is @tag; 0: nothing. The least valued
 * go first when there are too many connections; one with G_MAXUINT never does. */
void inos_host_value (struct inos_host *host, const struct inos_peer_id *peer, const char *tag,
                      unsigned points);
/** inos_host_is_direct: whether there is one to @peer that is not relayed. */
bool inos_host_is_direct (const struct inos_host *host, const struct inos_peer_id *peer);
/** inos_host_is_connected: whether there is a connection to @peer. */
bool inos_host_is_connected (const struct inos_host *host, const struct inos_peer_id *peer);

/** inos_host_listening_at: struct inos_multiaddr; the host's. */
const GArray *inos_host_listening_at (const struct inos_host *host);
/** inos_host_meter: what each protocol moves. */
const struct inos_meter *inos_host_meter (const struct inos_host *host);
/** inos_host_book: what it knows of peers. */
struct inos_peer_book *inos_host_book (struct inos_host *host);
/** inos_host_remote_of: (out): where the other end of @stream's connection is. */
void inos_host_remote_of (struct inos_host *host, const struct inos_stream *stream,
                          struct inos_multiaddr *remote);
/** inos_host_observed: @by, a peer, says that it sees this node at the address @bytes. */
void inos_host_observed (struct inos_host *host, const struct inos_peer_id *by, const void *bytes,
                         size_t len);
/**
 * inos_host_observed_at: the @index'th address at which others see this node.
 * @voters: (out): how many peers say so, up to 4
 *
 * Returns: whether there is one.
 */
bool inos_host_observed_at (const struct inos_host *host, unsigned index,
                            struct inos_multiaddr *address, unsigned *voters);

struct inos_host_totals {
  unsigned peers, known, connections; /* connected to; known of at all */
  uint64_t sent, received;            /* bytes of all links, also of those that have gone */
  uint64_t sending, receiving;        /* bytes a second, now */
};
void inos_host_totals (const struct inos_host *host, struct inos_host_totals *totals);

struct inos_host_peer_stats {
  unsigned connections;
  bool inbound, relayed;   /* the one that new streams use */
  uint64_t sent, received; /* bytes of the connections that there are */
  uint64_t round_trip;     /* ns; 0: not known */
};
/** inos_host_peer_stats: zero where there is no connection. */
void inos_host_peer_stats (struct inos_host *host, const struct inos_peer_id *peer,
                           struct inos_host_peer_stats *stats);
/** inos_host_peer_memory: bytes that wait for @peer, or came from it and are not done with. */
size_t inos_host_peer_memory (const struct inos_host *host, const struct inos_peer *peer);
/** inos_host_peer_address: where the connection to @peer leads; whether there is one. */
bool inos_host_peer_address (struct inos_host *host, const struct inos_peer_id *peer,
                             struct inos_multiaddr *address);
