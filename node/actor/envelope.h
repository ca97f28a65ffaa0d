/*
 * Envelopes, and the system messages that travel beside them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

#include <stdatomic.h>

/* Flags of an envelope. */
enum {
  INOS_E_BLOCK = 1 << 2,   /* the payload is a struct inos_block */
  INOS_E_REQUEST = 1 << 3, /* its sender waits for a reply */
  INOS_E_KICK = 1 << 4,    /* a kind: says only: look at your signals */
  INOS_E_START = 2 << 4,   /* a kind: the first one of an actor: `reply_to` is the behaviour, `id`
                            * the watcher, the payload the argument and `ttl_ms` its size */
  INOS_E_TIMER = 3 << 4,   /* a kind: the payload names one of the actor's own timers */
  INOS_E_REPLY = 4 << 4,   /* a kind, and a bit of its own */
  INOS_E_PATH = 1 << 7,    /* the path that is traced goes through it; where it is no reply,
                            * `reply_to` is what was handled when it was sent */
};
#define INOS_E_PRIORITY 3    /* the low two bits */
#define INOS_E_KIND (7 << 4) /* 0: a message */

/* 64 bytes: one cache line. */
struct inos_envelope {
  _Atomic (struct inos_envelope *) next;
  uint64_t id;
  inos_actor_id sender;
  uint64_t reply_to;   /* the request's id; of a failed reply the low byte of `payload` says why */
  uint64_t time;       /* ns, when it was sent */
  uint32_t generation; /* of the recipient */
  uint32_t ttl_ms;
  uint32_t key;
  uint16_t type; /* place in the section of types; INOS_NO_TYPE: none */
  uint8_t flags;
  bool counted; /* by the recipient's bound */
  union {
    uint64_t word;
    struct inos_block *block;
    void *pointer;
  } payload;
};
_Static_assert (sizeof (struct inos_envelope) == 64, "an envelope is a cache line");
#define INOS_NO_TYPE 0xffffu

/* A payload of more than a word, shared by counting. */
struct inos_block {
  _Atomic uint32_t refs;
  uint32_t size;
  _Alignas (16) unsigned char bytes[];
};

/* System messages. They pass every queue, and no policy drops them. */
enum inos_signal_kind {
  INOS_SIGNAL_STOP, /* `who` asks, for `reason` */
  INOS_SIGNAL_KILL,
  INOS_SIGNAL_EXIT, /* linked `who` has gone */
  INOS_SIGNAL_DOWN, /* monitored `who` has gone */
  INOS_SIGNAL_STARTED,
  INOS_SIGNAL_LINK,
  INOS_SIGNAL_UNLINK,
  INOS_SIGNAL_MONITOR,
  INOS_SIGNAL_DEMONITOR,
  INOS_SIGNAL_SWEEP,   /* the sweep timer; a signal, for it comes to a blocked actor too */
  INOS_SIGNAL_ROOM,    /* mailbox of `who` has room again, or is gone */
  INOS_SIGNAL_DRAIN,   /* take no more messages, and stop when those that are there are handled */
  INOS_SIGNAL_DRAINED, /* look whether that is done */
  INOS_SIGNAL_RESUME,  /* after inos_pause() */
  INOS_SIGNAL_CALL,    /* call `call` on the cell's own thread: health, trace */
};

struct inos_signal {
  struct inos_signal *next;
  enum inos_signal_kind kind;
  uint32_t generation; /* of the recipient */
  inos_actor_id who;
  struct inos_exit reason;
  void (*call) (struct inos_context *context,
                void *data); /* INOS_SIGNAL_CALL; NULL cell: it is dead */
  void *data;
};

extern const struct inos_message_type __start_inos_types[] __attribute__ ((weak));
extern const struct inos_message_type __stop_inos_types[] __attribute__ ((weak));

static inline const struct inos_message_type *inos_type_of (const struct inos_envelope *e)
{
  return e->type == INOS_NO_TYPE ? NULL : &__start_inos_types[e->type];
}

static inline uint16_t inos_type_index (const struct inos_message_type *type)
{
  return (uint16_t)(type - __start_inos_types);
}

/* Moves payload and all the rest but the link. @from is left without a payload. */
static inline void inos_envelope_move (struct inos_envelope *to, struct inos_envelope *from)
{
  to->id = from->id;
  to->sender = from->sender;
  to->reply_to = from->reply_to;
  to->time = from->time;
  to->generation = from->generation;
  to->ttl_ms = from->ttl_ms;
  to->key = from->key;
  to->type = from->type;
  to->flags = from->flags;
  to->counted = false;
  to->payload = from->payload;
  from->flags &= (uint8_t)~INOS_E_BLOCK;
  from->payload.word = 0;
  from->type = INOS_NO_TYPE;
}
