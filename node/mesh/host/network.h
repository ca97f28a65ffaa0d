/*
 * Links, as a host sees them: what carries bytes to an address, which a real network, a relay or
 * the simulator provides. A host and its networks run on one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multiaddr.h"

#include <glib.h>
#include <stdbool.h>

struct inos_link;
struct inos_host;

/* What one kind of link can do. `link` is the network's own object, which it frees after it has
 * said inos_host_link_closed() or has been told close(). */
struct inos_link_class {
  /* Sends from @bytes what it can at once. Returns: how much it took; inos_host_link_room() is
   * called when it takes more. */
  size_t (*send) (void *link, const uint8_t *bytes, size_t len);
  /* Whether to read on: a host that is behind says false. */
  void (*read) (void *link, bool wanted);
  /* Ends it, after what it took is sent; nothing more is said of it. */
  void (*close) (void *link);
};

/* A way to make links. One handles the addresses that it says it does. */
struct inos_network {
  const char *name; /* "tcp", "ws", "relay" */
  void *data;
  bool (*handles) (void *data, const struct inos_multiaddr *address);
  /**
   * dial: @address without a /p2p/ at its end. It says inos_host_dialled() once, later, unless
   * cancelled.
   * Returns: (nullable): what cancel() takes; NULL: not at all, @error says why.
   */
  void *(*dial) (void *data, const struct inos_multiaddr *address, uint64_t dial, GError **error);
  void (*cancel) (void *data, void *dialling);
  /* Returns: whether it listens at @address; inos_host_listening() then says where exactly. */
  bool (*listen) (void *data, const struct inos_multiaddr *address, GError **error);
};

/**
 * inos_host_dialled: what became of a dial.
 * @dial: its number
 * @link: (nullable): the link; NULL: @error says why there is none
 *
 * Returns: whether the host takes the link, else it is the network's still.
 */
bool inos_host_dialled (struct inos_host *host, uint64_t dial, const struct inos_link_class *klass,
                        void *link, const GError *error);
/**
 * inos_host_accept: somebody dialled us.
 * @remote: where from
 * @local: where to
 *
 * Returns: (nullable): what the following functions take; NULL: refused, the link is the network's
 * still, to be closed.
 */
struct inos_link *inos_host_accept (struct inos_host *host, const struct inos_link_class *klass,
                                    void *link, const struct inos_multiaddr *remote,
                                    const struct inos_multiaddr *local);
/** inos_host_dials_whom: (out): whom the dial with this number is to find; whether it is known. */
bool inos_host_dials_whom (struct inos_host *host, uint64_t dial, struct inos_peer_id *peer);
/** inos_host_link_of: what a dialled link is called in the following functions. */
struct inos_link *inos_host_link_of (struct inos_host *host, uint64_t dial);
/** inos_host_link_bytes: bytes came; they may be decrypted in place. */
void inos_host_link_bytes (struct inos_link *link, uint8_t *bytes, size_t len);
/** inos_host_link_room: it takes bytes again. */
void inos_host_link_room (struct inos_link *link);
/** inos_host_link_closed: it has ended. @link is not to be used any more. */
void inos_host_link_closed (struct inos_link *link, const GError *error);
/** inos_host_listening: at @address from now on, or (@on false) no more. */
void inos_host_listening (struct inos_host *host, const struct inos_multiaddr *address, bool on);
