/*
 * Which messages there have been in the last two minutes, and what became of them; a bounded
 * number, the oldest go first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/pubsub/message.h"

#define INOS_SEEN_TIME (120 * G_GUINT64_CONSTANT (1000000000)) /* ns */
#define INOS_SEEN_MAX 65536
#define INOS_SEEN_SENDERS 32 /* who brought one while it was being checked; more are forgotten */

enum inos_seen_state {
  INOS_SEEN_CHECKING, /* nobody has said yet whether it is valid */
  INOS_SEEN_VALID,
  INOS_SEEN_IGNORED,
  INOS_SEEN_REJECTED,
};

struct inos_seen_entry {
  struct inos_pubsub_message_id id;
  enum inos_seen_state state;
  uint64_t first, decided;    /* when it came, and when it was known to be valid */
  struct inos_peer_id sender; /* who brought it first; nobody for our own */
  GArray *senders;            /* (nullable): struct inos_peer_id: who else, while checking */
};

struct inos_seen;

/* An entry goes. */
typedef void (*inos_seen_dropped) (void *data, const struct inos_pubsub_message_id *id);

/** inos_seen_new: (transfer full): @dropped, which may not call back, is told with @data. */
struct inos_seen *inos_seen_new (inos_seen_dropped dropped, void *data);
void inos_seen_free (struct inos_seen *seen);
/** inos_seen_find: (nullable): lives until the next inos_seen_add() or inos_seen_expire(). */
struct inos_seen_entry *inos_seen_find (struct inos_seen *seen,
                                        const struct inos_pubsub_message_id *id);
/** inos_seen_add: a new entry of what inos_seen_find() does not find. */
struct inos_seen_entry *inos_seen_add (struct inos_seen *seen,
                                       const struct inos_pubsub_message_id *id,
                                       const struct inos_peer_id *sender, uint64_t now);
/** inos_seen_add_sender: @sender brought it too. */
void inos_seen_add_sender (struct inos_seen_entry *entry, const struct inos_peer_id *sender);
/** inos_seen_expire: forgets what is older than INOS_SEEN_TIME. */
void inos_seen_expire (struct inos_seen *seen, uint64_t now);
unsigned inos_seen_count (const struct inos_seen *seen);
