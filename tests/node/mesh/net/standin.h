/*
 * A stand-in for a host: it takes every link, counts what comes by it and sends numbered bytes, so
 * that networks can be tested alone and be given a hostile peer. The real one is tested with them
 * in test-mesh-real.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/network.h"

#define STANDIN_LINKS 64

struct inos_link {
  struct inos_host *host;
  const struct inos_link_class *klass;
  void *object; /* NULL: it has ended */
  uint64_t dial;
  struct inos_multiaddr remote, local;
  uint64_t sent, to_send; /* bytes, which are numbered: byte n is n * 31 */
  uint64_t received;
  bool wrong;  /* what was received was not numbered so */
  bool closed; /* by the other side */
  bool echo;   /* sends as much as it receives */
  GError *error;
};

struct inos_host {
  GMainContext *context;
  bool refuse;   /* does not take links */
  bool no_check; /* does not look at bytes, for speed */
  bool echo;     /* of those that are accepted */
  unsigned n_links;
  struct inos_link links[STANDIN_LINKS];
  unsigned n_dialled; /* dials that ended */
  GError *dial_error;
  unsigned n_listening;
  struct inos_multiaddr listening[STANDIN_LINKS];
};

struct inos_host *standin_new (GMainContext *context);
void standin_free (struct inos_host *host);
/** standin_send: @len more bytes, as there is room. */
void standin_send (struct inos_link *link, uint64_t len);
/** standin_close: this side ends it. */
void standin_close (struct inos_link *link);
/** standin_until: runs the loop until @condition; fails the test after 20 s. */
#define standin_until(host, condition)                                                             \
  do {                                                                                             \
    gint64 standin_end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;                             \
    while (!(condition)) {                                                                         \
      assert_true (g_get_monotonic_time() < standin_end);                                          \
      standin_turn (host);                                                                         \
    }                                                                                              \
  } while (0)
/** standin_turn: runs the loop once, 20 ms at most. */
void standin_turn (struct inos_host *host);
