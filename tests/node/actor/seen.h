/*
 * An actor that does what it is told, to be looked at: it computes, waits, asks, passes on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "tests/node/actor/fixture.h"

#include <stdatomic.h>
#include <string.h>

struct word {
  uint64_t word;
};
struct whom {
  inos_actor_id id;
};
struct spin {
  uint32_t ms; /* 0: until `gate` opens */
};
struct many {
  inos_actor_id to;
  uint32_t count;
  uint32_t large; /* whether each is larger than a word */
};
struct page {
  uint64_t words[32];
};

#define SEEN(MESSAGE, REQUEST)                                                                     \
  MESSAGE (seen, nothing, struct word, 1)                                                          \
  MESSAGE (seen, high, struct word, 1, INOS_PRIORITY (INOS_PRIORITY_HIGH))                         \
  MESSAGE (seen, low, struct word, 1, INOS_PRIORITY (INOS_PRIORITY_LOW))                           \
  MESSAGE (seen, page, struct page, 1)                                                             \
  MESSAGE (seen, spin, struct spin, 1)                                                             \
  MESSAGE (seen, many, struct many, 1)                                                             \
  MESSAGE (seen, watch, struct whom, 1)                                                            \
  MESSAGE (seen, ask, struct whom, 1)                                                              \
  MESSAGE (seen, pass, struct whom, 1)                                                             \
  MESSAGE (seen, forward, struct whom, 1)                                                          \
  MESSAGE (seen, fail, struct word, 1)                                                             \
  MESSAGE (seen, end, struct word, 1)                                                              \
  MESSAGE (seen, later, struct word, 1)                                                            \
  REQUEST (seen, silence, struct word, struct word, 1)                                             \
  REQUEST (seen, answer, struct word, struct word, 1)
INOS_PROTOCOL (seen, SEEN);
INOS_PROTOCOL_DEFINE (seen, SEEN);

struct seen {
  uint64_t handled;
};

static _Atomic bool gate; /* closed: handlers of `spin` for 0 ms do not return */
static _Atomic uint32_t at_gate;

#define SEEN_TO(actor) ((seen_ref){INOS_TO (actor)})

static enum inos_outcome on_word (void *state, struct inos_context *context,
                                  enum inos_replied status, const struct word *reply, uint64_t tag)
{
  return INOS_OK;
}

INOS_HANDLE (seen, nothing, struct seen)
{
  self->handled++;
  return INOS_OK;
}

INOS_HANDLE (seen, high, struct seen)
{
  return INOS_OK;
}

INOS_HANDLE (seen, low, struct seen)
{
  return INOS_OK;
}

INOS_HANDLE (seen, page, struct seen)
{
  return INOS_OK;
}

INOS_HANDLE (seen, spin, struct seen)
{
  int64_t until = g_get_monotonic_time() + (int64_t)message->ms * 1000;

  if (message->ms) {
    while (g_get_monotonic_time() < until)
      ;
    return INOS_OK;
  }
  atomic_fetch_add (&at_gate, 1);
  while (!atomic_load (&gate))
    g_usleep (200);
  return INOS_OK;
}

INOS_HANDLE (seen, many, struct seen)
{
  for (uint32_t i = 0; i < message->count; i++)
    if (message->large)
      seen_send_page (context, SEEN_TO (message->to), (struct page){{i}});
    else
      seen_send_nothing (context, SEEN_TO (message->to), (struct word){i});
  return INOS_OK;
}

INOS_HANDLE (seen, watch, struct seen)
{
  inos_monitor (context, message->id);
  inos_link (context, message->id);
  return INOS_OK;
}

INOS_HANDLE (seen, ask, struct seen)
{
  seen_request_silence (context, SEEN_TO (message->id), (struct word){1}, 3600 * INOS_SECOND,
                        on_word, 0);
  return INOS_OK;
}

INOS_HANDLE (seen, pass, struct seen)
{
  seen_request_answer (context, SEEN_TO (message->id), (struct word){7}, 3600 * INOS_SECOND,
                       on_word, 0);
  seen_send_nothing (context, SEEN_TO (message->id), (struct word){8});
  return INOS_OK;
}

INOS_HANDLE (seen, forward, struct seen)
{
  if (message->id == inos_self (context))
    return INOS_OK;
  inos_forward (context, (struct inos_address){.id = message->id});
  return INOS_OK;
}

INOS_HANDLE (seen, fail, struct seen)
{
  return inos_fail (context, (int32_t)message->word, "it was asked to");
}

INOS_HANDLE (seen, end, struct seen)
{
  return INOS_DONE;
}

INOS_HANDLE (seen, later, struct seen)
{
  seen_send_nothing_after (context, SEEN_TO (inos_self (context)), (struct word){1},
                           3600 * INOS_SECOND, 0);
  return INOS_OK;
}

INOS_HANDLE (seen, silence, struct seen)
{
  return INOS_OK;
}

INOS_HANDLE (seen, answer, struct seen)
{
  seen_reply_answer (context, (struct word){message->word + 1});
  return INOS_OK;
}

static enum inos_action restart (void *state, struct inos_context *context,
                                 const struct inos_failure *failure)
{
  return failure->code == 1 ? INOS_RESTART : INOS_RESUME;
}

INOS_BEHAVIOUR (seen, SEEN, struct seen, .on_error = restart);

static inline inos_actor_id one (struct inos_runtime *runtime)
{
  return spawn (runtime, &seen_behaviour, NULL, 0);
}

/* Has @actor not return from its handler until the gate opens. */
static inline void shut (struct inos_runtime *runtime, inos_actor_id actor)
{
  atomic_store (&gate, false);
  atomic_store (&at_gate, 0);
  seen_post_spin (runtime, SEEN_TO (actor), (struct spin){0});
  while (atomic_load (&at_gate) == 0)
    g_usleep (100);
}

static inline void open_gate (struct inos_runtime *runtime)
{
  atomic_store (&gate, true);
  settle (runtime);
}
